// The screens without people: what is missing, and the way on.
import { Statement } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { NotConnected } from "./connect-screens.tsx";
import { Broken, Details, HostMissing, Versions } from "./host-screens.tsx";
import { MailboxAsk, MailboxOff, MailboxUnknown } from "./mailbox-screens.tsx";
import type { Screen } from "./screen.ts";

export function ScreenBody({ screen, actions }: { screen: Exclude<Screen, { at: "thread" }>; actions: Actions }) {
  switch (screen.at) {
    case "starting":
      return <p class="starting">{text("starting")}</p>;
    case "hostMissing":
      return <HostMissing actions={actions} />;
    case "versions":
      return <Versions older={screen.older} actions={actions} />;
    case "notConnected":
      return <NotConnected codeMayHelp={screen.codeMayHelp} actions={actions} />;
    case "error":
      return <Broken trouble={screen.trouble} actions={actions} />;
    case "noGmail":
      return <NoGmail tabId={screen.tabId} actions={actions} />;
    case "gmailChanged":
      return (
        <Statement icon="alert" look="warn" title={text("gmailChangedTitle")} lines={[text("gmailChangedText")]}>
          <Details lines={[`gmail / ${screen.why}`]} />
        </Statement>
      );
    case "noThread":
      return <Statement icon="panel" title={text("noThreadTitle")} lines={[text("noThreadText")]} />;
    case "mailboxUnknown":
      return <MailboxUnknown screen={screen} actions={actions} />;
    case "mailboxClosed":
      return (
        <Statement
          icon="mail"
          title={text("managedMailboxes")}
          lines={[text("mailboxClosedText", screen.mailbox), text("managedHint")]}
        />
      );
    case "mailboxAsk":
      return <MailboxAsk screen={screen} actions={actions} />;
    case "mailboxOff":
      return <MailboxOff mailbox={screen.mailbox} actions={actions} />;
  }
}

function NoGmail({ tabId, actions }: { tabId: number | undefined; actions: Actions }) {
  return (
    <Statement icon="panel" title={text("noThreadTitle")} lines={[text("noThreadText")]}>
      {tabId !== undefined && (
        <div class="box">
          <h2>{text("oldTabTitle")}</h2>
          <p>{text("oldTabText")}</p>
          <button type="button" class="button small" onClick={() => actions.reloadTab(tabId)}>
            {text("reloadTab")}
          </button>
        </div>
      )}
    </Statement>
  );
}
