// Screens about a mailbox: may its threads be looked up, and whose is it?
import { useState } from "preact/hooks";
import { Field } from "../ui/form.tsx";
import { Foreign, Statement } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";
import type { Actions } from "./actions.ts";
import type { Screen } from "./screen.ts";

type Of<At extends Screen["at"]> = Extract<Screen, { at: At }>;

export function MailboxAsk({ screen: { mailbox, status }, actions }: { screen: Of<"mailboxAsk">; actions: Actions }) {
  const { busy, trouble, run } = useDeed();
  const decide = (on: boolean) => () => run(() => actions.setMailbox(mailbox, on));
  return (
    <Statement
      icon="mail"
      title={text("mailboxAskTitle", mailbox)}
      lines={[text("mailboxAskText", status.portal)]}
      actions={
        <>
          <button type="button" class="button primary" disabled={busy} onClick={decide(true)}>
            {text("mailboxOn")}
          </button>
          <button type="button" class="button" disabled={busy} onClick={decide(false)}>
            {text("mailboxNot")}
          </button>
        </>
      }
    >
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
    </Statement>
  );
}

export function MailboxOff({ mailbox, actions }: { mailbox: string; actions: Actions }) {
  const { busy, trouble, run } = useDeed();
  return (
    <Statement
      icon="mail"
      title={text("mailboxOffTitle")}
      lines={[text("mailboxOffText", mailbox)]}
      actions={
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => run(() => actions.setMailbox(mailbox, true))}
        >
          {text("mailboxOn")}
        </button>
      }
    >
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
    </Statement>
  );
}

/** Gmail doesn't tell whose mailbox it is: the person does, for this tab. */
export function MailboxUnknown({ screen, actions }: { screen: Of<"mailboxUnknown">; actions: Actions }) {
  const [address, setAddress] = useState("");
  const { offered, tabId } = screen;
  const name = (mailbox: string) => void actions.nameMailbox(tabId, mailbox.trim().toLowerCase());
  return (
    <Statement icon="mail" title={text("mailboxUnknownTitle")} lines={[text("mailboxUnknownText")]}>
      {offered.length > 0 && (
        <ul class="choices">
          {offered.map((mailbox) => (
            <li key={mailbox}>
              <button type="button" class="button" onClick={() => name(mailbox)}>
                <Foreign ltr>{mailbox}</Foreign>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        class="box"
        onSubmit={(event) => {
          event.preventDefault();
          name(address);
        }}
      >
        <Field label={text("mailboxAddress")} value={address} onInput={setAddress} />
        <button type="submit" class="button" disabled={!/^\S+@\S+$/.test(address.trim())}>
          {text("mailboxIsThis")}
        </button>
      </form>
    </Statement>
  );
}
