// The popup behind the toolbar button.
import { render } from "preact";
import type { CheckReport } from "../protocol/types.ts";
import { openConnectTab, openPage } from "../ui/page.ts";
import type { WorkerState } from "../worker/contract.ts";
import { Popup, type PopupActions } from "./view.tsx";

const page = await openPage(draw);

const actions: PopupActions = {
  openSidebar: () => {
    // First and without an await, or Chrome no longer sees the click.
    chrome.sidePanel.open({ windowId: page.window }).then(
      () => window.close(),
      // Refused: the popup stays, and Chrome's own side panel menu still opens it.
      () => undefined,
    );
  },
  openConnect: () => {
    void openConnectTab().then(() => window.close());
  },
  openOptions: () => {
    void chrome.runtime.openOptionsPage().then(() => window.close());
  },
  setMailbox: (address, on) => page.worker.call("setMailbox", { address, on }),
  readLedger: (before) => page.worker.call("ledger", before === undefined ? {} : { before }),
  check: (onPart, signal) => page.worker.call("check", {}, { onPart: (part) => onPart(part as CheckReport), signal }),
  renewReference: () => page.worker.call("renewReference", {}),
  newCode: () => page.worker.call("newCode", {}),
  disconnect: (everywhere) => page.worker.call("disconnect", { everywhere }),
};

function draw(state?: WorkerState): void {
  render(<Popup state={state} actions={actions} />, page.root);
}

draw();
