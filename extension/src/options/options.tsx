// The settings page, as Chrome calls it: the extension's options.
import { render } from "preact";
import { openConnectTab, openPage } from "../ui/page.ts";
import { text } from "../ui/text.ts";
import type { WorkerState } from "../worker/contract.ts";
import { type OptionsActions, OptionsPage } from "./view.tsx";

const { root, worker } = await openPage(draw);

const actions: OptionsActions = {
  openConnect: () => void openConnectTab(),
  changeTeam: (change) => worker.call("changeTeam", change),
  changeNeverLog: (change) => worker.call("changeNeverLog", change),
};

function draw(state?: WorkerState): void {
  render(<OptionsPage state={state} actions={actions} />, root);
}

document.title = `${text("settings")} – ${document.title}`;
draw();
