// Logging a message: what and where to, exactly what that sends, and one button that does it.
import { useState } from "preact/hooks";
import type { MailMessage, Status } from "../../protocol/types.ts";
import { Select } from "../../ui/form.tsx";
import { formatMinute, plain } from "../../ui/format.ts";
import { Notice } from "../../ui/parts.tsx";
import { count, locale, type TextKey, text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { Frame } from "../forms/frame.tsx";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { recordNames } from "../record-names.ts";
import { type Denied, mayChange } from "../rights.ts";
import { StageChip } from "../stage.tsx";
import { Blocked } from "./blocked.tsx";
import { Earlier } from "./earlier.tsx";
import { FindTarget } from "./find-target.tsx";
import { type Amount, firstChoice, keyOf, type LogForm, type Target } from "./form.ts";
import { Preview } from "./preview.tsx";
import { type Logging, useLog } from "./use-log.ts";

const amounts: readonly (readonly [Amount, TextKey])[] = [
  ["subject", "logSubjectOnly"],
  ["own", "logWithoutQuotes"],
  ["whole", "logFullText"],
];

interface Props {
  readonly form: LogForm;
  readonly status: Status;
  readonly denied: Denied;
  readonly actions: Actions;
}

export function Log({ form, status, denied, actions }: Props) {
  const { messages } = form;
  const [found, setFound] = useState<readonly Target[]>([]);
  const targets = [...form.targets, ...found];
  const isOpen = ({ record }: Target) => mayChange(denied, record);
  // What is refused from now on is no longer chosen, and it's the person who chooses another one.
  const [deniedBefore] = useState(denied);
  const [gmailId, setGmailId] = useState(form.first.gmailId);
  const message = messages.find((one) => one.gmailId === gmailId) ?? form.first;
  const [wanted, setAmount] = useState<Amount>("own");
  const amount = status.subjectOnly ? "subject" : wanted;
  const [picked, setPicked] = useState<ReadonlySet<string>>();
  // Until the person picks records, each message has its own first choice.
  const first = firstChoice(
    form.targets.filter(({ record }) => mayChange(deniedBefore, record)),
    message,
  );
  const keys = picked ?? new Set(first ? [keyOf(first.record)] : []);
  const chosen = targets.filter((target) => isOpen(target) && keys.has(keyOf(target.record)));
  const logging = useLog(form, message, chosen, amount, actions);
  const { busy, trouble, preview } = logging;
  const shown = preview.at === "shown" ? preview.preview : undefined;
  // Above, a notice says why there is nothing to show.
  const textless = preview.at === "none" && chosen.length > 0 && logging.body.at === "absent";
  const choose = (key: string, on: boolean) =>
    setPicked(new Set([...[...keys].filter((old) => old !== key), ...(on ? [key] : [])]));
  const add = (target: Target) => {
    const key = keyOf(target.record);
    if (targets.every(({ record }) => keyOf(record) !== key)) setFound([...found, target]);
    choose(key, true);
  };

  return (
    <Frame
      title={text("logEmail")}
      submit={shown?.logged && shown.digest !== undefined ? text("logComplete") : count("logSubmit", chosen.length)}
      actions={actions}
      busy={busy}
      ready={shown?.digest !== undefined}
      attention={0}
      onSubmit={logging.commit}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
      <section class="log-part">
        {messages.length === 1 ? (
          <OnlyMessage message={message} />
        ) : (
          <Select
            label={text("logMessage")}
            value={message.gmailId}
            choices={messages.map((one) => ({ id: one.gmailId, name: nameOf(one) }))}
            decided
            disabled={busy}
            onInput={setGmailId}
          />
        )}
      </section>
      {!shown?.blocked && (
        <>
          <fieldset class="log-part" disabled={busy}>
            <legend>{text("logRecords")}</legend>
            {targets.length > 0 && (
              <ul class="box log-targets">
                {targets.map((target) => (
                  <TargetRow
                    key={keyOf(target.record)}
                    target={target}
                    on={chosen.includes(target)}
                    closed={!isOpen(target)}
                    onToggle={(on) => choose(keyOf(target.record), on)}
                  />
                ))}
              </ul>
            )}
            <FindTarget search={actions.search} denied={denied} disabled={busy} onFind={add} />
          </fieldset>
          {status.subjectOnly ? (
            <p class="note log-part">{text("logSubjectByPolicy")}</p>
          ) : (
            <fieldset class="log-part" disabled={busy}>
              <legend>{text("logAmount")}</legend>
              <div class="segments">
                {amounts.map(([value, name]) => (
                  <label key={value}>
                    <input type="radio" name="amount" checked={amount === value} onChange={() => setAmount(value)} />
                    <span>{text(name)}</span>
                  </label>
                ))}
              </div>
            </fieldset>
          )}
          <BodyNotices logging={logging} amount={amount} />
        </>
      )}
      <section class="log-part" aria-busy={preview.at === "asking"}>
        {!shown?.blocked && !textless && <h2>{text("logPreview")}</h2>}
        {chosen.length === 0 && <p class="note">{text("logChooseRecord")}</p>}
        <PreviewArea logging={logging} status={status} />
      </section>
    </Frame>
  );
}

/** The one message a thread has, where there is nothing to choose. */
function OnlyMessage({ message }: { message: MailMessage }) {
  return (
    <>
      <h2>{text("logMessage")}</h2>
      <div class="box log-message">
        <p>
          <bdi>{senderOf(message)}</bdi>
        </p>
        <p class="note">{formatMinute(message.sentAt, locale())}</p>
      </div>
    </>
  );
}

const nameOf = (message: MailMessage) => `${senderOf(message)} · ${formatMinute(message.sentAt, locale())}`;

const senderOf = ({ from }: MailMessage) => plain(from.name ?? "") || plain(from.email);

interface TargetRowProps {
  readonly target: Target;
  readonly on: boolean;
  /** The portal has refused to change it. */
  readonly closed: boolean;
  readonly onToggle: (on: boolean) => void;
}

function TargetRow({ target, on, closed, onToggle }: TargetRowProps) {
  const { record, title, stage } = target;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={on}
          disabled={closed}
          onChange={(event) => onToggle(event.currentTarget.checked)}
        />
        <span class="log-target">
          <bdi>{plain(title)}</bdi>
          <span class="note">{text(recordNames[record.type])}</span>
          {closed && <span class="note">{text("noRightToChange")}</span>}
        </span>
        {stage && <StageChip stage={stage} />}
      </label>
    </li>
  );
}

/** What is to be known of the text before it goes. */
function BodyNotices({ logging: { body, readAgain }, amount }: { logging: Logging; amount: Amount }) {
  if (amount === "subject" || body.at === "reading") return null;
  if (body.at === "absent") {
    const again = (
      <button type="button" class="button small" onClick={readAgain}>
        {text("tryAgain")}
      </button>
    );
    return <Notice look="warn" icon="alert" title={text("logNoBody")} actions={again} />;
  }
  const { own, whole, cut, clipped } = body.body;
  return (
    <>
      {amount === "own" && own === "" && whole !== "" && (
        <Notice look="calm" icon="mail" title={text("logOnlyQuotes")} />
      )}
      {cut && <Notice look="warn" icon="alert" title={text("logCut")} />}
      {clipped && <Notice look="warn" icon="alert" title={text("logClipped")} />}
    </>
  );
}

function PreviewArea({ logging: { body, preview, previewAgain }, status }: { logging: Logging; status: Status }) {
  switch (preview.at) {
    case "none":
      return body.at === "reading" ? <p class="starting">{text("logReading")}</p> : null;
    case "asking":
      return (
        <p class="starting" role="status">
          {text("logPreparing")}
        </p>
      );
    case "failed":
      return (
        <TroubleNotice
          trouble={preview.trouble}
          actions={
            <button type="button" class="button small" onClick={previewAgain}>
              {text("tryAgain")}
            </button>
          }
        />
      );
    case "shown":
      if (preview.preview.blocked) return <Blocked block={preview.preview.blocked} />;
      if (preview.preview.logged) return <Earlier preview={preview.preview} />;
      return <Preview preview={preview.preview} portal={status.portal} />;
  }
}
