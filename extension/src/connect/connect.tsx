// The connect form's page: a tab, since a popup closes when the person goes to copy something.
import { render } from "preact";
import type { ConnectProgress } from "../protocol/types.ts";
import { openPage } from "../ui/page.ts";
import { text } from "../ui/text.ts";
import type { WorkerState } from "../worker/contract.ts";
import { type ConnectActions, ConnectPage } from "./view.tsx";

const { root, worker } = await openPage(draw);

const actions: ConnectActions = {
  connect: (way, values, mailboxInView, onProgress, signal) => {
    const mailbox = mailboxInView === null ? {} : { mailbox: mailboxInView };
    const onPart = (part: unknown) => onProgress(part as ConnectProgress);
    switch (way) {
      case "app":
        return worker.call(
          "connect",
          { portal: values.portal.trim(), ...credentials(values), ...mailbox },
          { onPart, signal },
        );
      case "webhook":
        return worker.call("connectWebhook", { url: values.webhook.trim(), ...mailbox }, { signal });
      case "code":
        return worker.call("allow", { code: values.code.trim(), ...mailbox }, { signal });
    }
  },
  pasteCallback: (address) => worker.call("pasteCallback", { address }),
};

/** What is left empty the host takes from policy, or from the connection there is. */
function credentials({ clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  const [id, secret] = [clientId.trim(), clientSecret.trim()];
  return { ...(id === "" ? {} : { clientId: id }), ...(secret === "" ? {} : { clientSecret: secret }) };
}

function draw(state?: WorkerState): void {
  render(<ConnectPage state={state} actions={actions} />, root);
}

document.title = `${text("notConnectedTitle")} – ${document.title}`;
draw();
