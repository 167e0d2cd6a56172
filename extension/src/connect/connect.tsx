// The connect form's page: a tab, since a popup closes when the person goes to copy something.
import { render } from "preact";
import type { ConnectProgress } from "../protocol/types.ts";
import { openPage } from "../ui/page.ts";
import { text } from "../ui/text.ts";
import type { WorkerState } from "../worker/contract.ts";
import { connectParams } from "./fields.ts";
import { type ConnectActions, ConnectPage } from "./view.tsx";

const { root, worker } = await openPage(draw);

const actions: ConnectActions = {
  connect: (way, values, mailboxInView, onProgress, signal, confirmed) => {
    const mailbox = mailboxInView === null ? {} : { mailbox: mailboxInView };
    const yes = confirmed === undefined ? {} : { confirmed };
    const onPart = (part: unknown) => onProgress(part as ConnectProgress);
    switch (way) {
      case "app":
        return worker.call("connect", { ...connectParams(values, mailboxInView), ...yes }, { onPart, signal });
      case "webhook":
        return worker.call("connectWebhook", { url: values.webhook.trim(), ...mailbox, ...yes }, { signal });
      case "code":
        return worker.call("allow", { code: values.code.trim(), ...mailbox }, { signal });
    }
  },
  pasteCallback: (address) => worker.call("pasteCallback", { address }),
};

function draw(state?: WorkerState): void {
  render(<ConnectPage state={state} actions={actions} />, root);
}

document.title = `${text("notConnectedTitle")} – ${document.title}`;
draw();
