// The screens without people: what is missing, and the way on.
import { useEffect, useState } from "preact/hooks";
import type { Status } from "../protocol/types.ts";
import { Field } from "../ui/form.tsx";
import { formatMoment } from "../ui/format.ts";
import { Command, CopyButton, Foreign, Statement } from "../ui/parts.tsx";
import { locale, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { detailsOf, sentenceOf, wordsOf } from "../ui/words.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";
import type { Screen } from "./screen.ts";

type Of<At extends Screen["at"]> = Extract<Screen, { at: At }>;

export function ScreenBody({ screen, actions }: { screen: Exclude<Screen, { at: "thread" }>; actions: Actions }) {
  switch (screen.at) {
    case "starting":
      return <p class="starting">{text("starting")}</p>;
    case "hostMissing":
      return <HostMissing actions={actions} />;
    case "versions":
      return <Versions older={screen.older} actions={actions} />;
    case "notConnected":
      return <NotConnected actions={actions} />;
    case "sessionNeeded":
      return <SessionNeeded actions={actions} />;
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
    case "mailboxAsk":
      return <MailboxAsk screen={screen} actions={actions} />;
    case "mailboxOff":
      return <MailboxOff mailbox={screen.mailbox} actions={actions} />;
  }
}

/** Looks again by itself while somebody can see it. */
function useLookingAgain(refresh: () => Promise<unknown>) {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void refresh();
    };
    const timer = setInterval(look, 5000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [refresh]);
}

function HostMissing({ actions }: { actions: Actions }) {
  useLookingAgain(actions.refresh);
  return (
    <Statement icon="terminal" look="warn" title={text("hostMissingTitle")} lines={[text("hostMissingText")]}>
      <ol class="steps-box">
        <li>
          <h2>{text("hostStep1")}</h2>
          <p>{text("hostStep1Text")}</p>
        </li>
        <li>
          <h2>{text("hostStep2")}</h2>
          <Command line="gmail-sync-host register" />
        </li>
        <li>
          <h2>{text("hostStep3")}</h2>
          <Command line="gmail-sync-host --check" />
          <p>{text("hostStep3Text")}</p>
        </li>
      </ol>
      <p class="aside">{text("looksAgain")}</p>
      <button type="button" class="button" onClick={() => void actions.refresh()}>
        {text("lookAgain")}
      </button>
    </Statement>
  );
}

function Versions({ older, actions }: { older: "host" | "extension"; actions: Actions }) {
  const host = older === "host";
  return (
    <Statement
      icon="terminal"
      look="warn"
      title={text(host ? "hostTooOld" : "hostTooNew")}
      lines={[text(host ? "hostTooOldText" : "hostTooNewText")]}
      actions={
        <button type="button" class="button primary" onClick={() => void actions.refresh()}>
          {text("lookAgain")}
        </button>
      }
    />
  );
}

function NotConnected({ actions }: { actions: Actions }) {
  return (
    <Statement
      icon="plug"
      title={text("notConnectedTitle")}
      lines={[text("notConnectedText")]}
      actions={
        <button type="button" class="button primary" onClick={actions.openConnect}>
          {text("connect")}
        </button>
      }
    >
      <div class="box">
        <h2>{text("threeValues")}</h2>
        <p>{text("threeValuesText")}</p>
        <CopyButton value={text("adminRequest")} name={text("copyAdminRequest")} label={text("copyAdminRequest")} />
      </div>
    </Statement>
  );
}

function SessionNeeded({ actions }: { actions: Actions }) {
  const [code, setCode] = useState("");
  const { busy, trouble, run } = useDeed();
  return (
    <Statement icon="key" title={text("sessionNeededTitle")} lines={[text("sessionNeededText")]}>
      <Command line="gmail-sync-host sessions allow" />
      <form
        class="box"
        onSubmit={(event) => {
          event.preventDefault();
          run(() => actions.allow(code.trim()));
        }}
      >
        <Field
          label={text("oneTimeCode")}
          value={code}
          onInput={setCode}
          error={trouble && sentenceOf(trouble)}
          disabled={busy}
        />
        <button type="submit" class="button primary" disabled={busy || code.trim() === ""}>
          {text("useCode")}
        </button>
      </form>
      <button type="button" class="button quiet" onClick={actions.openConnect}>
        {text("connectInstead")}
      </button>
    </Statement>
  );
}

/** Whatever else is wrong: the sentence, its cure, and details for support. */
function Broken({ trouble, actions }: { trouble: Trouble; actions: Actions }) {
  const { message, hint } = wordsOf(trouble);
  const again = trouble.from === "port";
  return (
    <Statement
      icon={again ? "terminal" : "unlink"}
      look="danger"
      title={message}
      lines={[hint]}
      actions={
        <button type="button" class="button primary" onClick={() => void actions.refresh()}>
          {text("tryAgain")}
        </button>
      }
    >
      {again && <LooksAgain refresh={actions.refresh} />}
      <Details lines={[detailsOf(trouble), formatMoment(Date.now(), locale())]} />
    </Statement>
  );
}

function LooksAgain({ refresh }: { refresh: () => Promise<unknown> }) {
  useLookingAgain(refresh);
  return <p class="aside">{text("looksAgain")}</p>;
}

/** For support: codes and times, nothing about people. */
export function Details({ lines }: { lines: readonly string[] }) {
  return (
    <details class="box details">
      <summary>{text("details")}</summary>
      {lines.map((line) => (
        <p key={line}>
          <Foreign>{line}</Foreign>
        </p>
      ))}
      <CopyButton value={lines.join("\n")} name={text("copyDetails")} label={text("copyDetails")} />
    </details>
  );
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

function MailboxAsk({ screen: { mailbox, status }, actions }: { screen: Of<"mailboxAsk">; actions: Actions }) {
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

function MailboxOff({ mailbox, actions }: { mailbox: string; actions: Actions }) {
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
function MailboxUnknown({ screen, actions }: { screen: Of<"mailboxUnknown">; actions: Actions }) {
  const [address, setAddress] = useState("");
  const { account, status, tabId } = screen;
  const name = (mailbox: string) => void actions.nameMailbox(tabId, mailbox.trim().toLowerCase());
  const offered = account.candidates.length > 0 ? account.candidates : knownMailboxes(status);
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

function knownMailboxes({ mailboxes }: Status): string[] {
  return mailboxes.filter(({ on }) => on).map(({ address }) => address);
}
