// The connect form: three ways in, one at a time.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ConnectProgress, Status } from "../protocol/types.ts";
import { Field } from "../ui/form.tsx";
import { Icon } from "../ui/icons.tsx";
import { CopyButton, Notice, Statement } from "../ui/parts.tsx";
import { type TextKey, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf, wordsOf } from "../ui/words.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import { fieldOf, nothingTyped, type Values, type Way, ways } from "./fields.ts";

/** What the form can have done. */
export interface ConnectActions {
  readonly connect: (
    way: Way,
    values: Values,
    mailbox: string | null,
    onProgress: (progress: ConnectProgress) => void,
    signal: AbortSignal,
  ) => Promise<Status>;
  readonly pasteCallback: (address: string) => Promise<unknown>;
}

type Stage = ConnectProgress["stage"] | "asked";

const wayNames: Readonly<Record<Way, TextKey>> = { app: "wayApp", webhook: "wayWebhook", code: "wayCode" };
const stageTexts: Readonly<Record<Stage, TextKey>> = {
  asked: "stageAsked",
  browserOpened: "stageBrowserOpened",
  exchanging: "stageExchanging",
  checking: "stageChecking",
};

export function ConnectPage({ state, actions }: { state: WorkerState | undefined; actions: ConnectActions }) {
  const [way, setWay] = useState<Way>("app");
  const [typed, setTyped] = useState<Partial<Values>>({});
  const [stage, setStage] = useState<Stage | undefined>();
  const [connected, setConnected] = useState<Status | undefined>();
  const attempt = useRef<AbortController | undefined>(undefined);
  const { trouble, run } = useDeed();

  const values: Values = { ...nothingTyped, portal: state?.portal ?? "", ...typed };
  const mailbox = state?.tab.at === "speaks" ? state.tab.mailbox : null;

  const connect = () =>
    run(async () => {
      const control = new AbortController();
      attempt.current = control;
      setStage("asked");
      try {
        const status = await actions.connect(way, values, mailbox, ({ stage }) => setStage(stage), control.signal);
        // What was typed has done its work.
        setTyped({});
        setConnected(status);
      } finally {
        setStage(undefined);
      }
    });

  if (connected) return <Done status={connected} mailbox={mailbox} />;
  return (
    <div class="connect">
      <h1>{text("notConnectedTitle")}</h1>
      <p class="lead">{text("notConnectedText")}</p>
      {stage ? (
        <Progress stage={stage} actions={actions} onCancel={() => attempt.current?.abort()} />
      ) : (
        <Form
          way={way}
          setWay={setWay}
          values={values}
          type={(field, value) => setTyped({ ...typed, [field]: value })}
          trouble={trouble}
          standing={state?.standing}
          mailbox={mailbox}
          onSubmit={connect}
        />
      )}
    </div>
  );
}

function Form({
  way,
  setWay,
  values,
  type,
  trouble,
  standing,
  mailbox,
  onSubmit,
}: {
  way: Way;
  setWay: (way: Way) => void;
  values: Values;
  type: (field: keyof Values, value: string) => void;
  trouble: Trouble | undefined;
  standing: WorkerState["standing"] | undefined;
  mailbox: string | null;
  onSubmit: () => void;
}) {
  const wrong = fieldOf(trouble, way);
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another way or another trouble is when the focus moves
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll("input") ?? [])];
    const first =
      inputs.find((input) => input.getAttribute("aria-invalid") === "true") ??
      inputs.find((input) => input.value === "");
    first?.focus();
  }, [way, trouble]);
  const field = (name: keyof Values, label: TextKey, help?: TextKey, secret = false) => (
    <Field
      key={name}
      label={text(label)}
      value={values[name]}
      onInput={(value) => type(name, value)}
      help={help && text(help)}
      error={trouble && wrong === name ? sentenceOf(trouble) : undefined}
      secret={secret}
    />
  );
  const again = standing?.at === "connected";
  return (
    <>
      {again && (
        <Notice look="calm" icon="link">
          {text("connectedAlready", standing.status.portal, standing.status.user.name)}
        </Notice>
      )}
      {trouble && wrong === undefined && trouble.from !== "caller" && <Failed trouble={trouble} />}
      <div class="ways" role="radiogroup" aria-label={text("wayToConnect")}>
        {ways.map((name) => (
          <label key={name}>
            <input type="radio" name="way" checked={way === name} onChange={() => setWay(name)} />
            {text(wayNames[name])}
          </label>
        ))}
      </div>
      <form
        ref={form}
        class="box"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {way === "app" && [
          field("portal", "portalAddress", "portalAddressHelp"),
          field("clientId", "clientId", again ? "leaveEmpty" : "clientIdHelp"),
          field("clientSecret", "clientSecret", again ? "leaveEmpty" : "secretHelp", true),
        ]}
        {way === "webhook" && field("webhook", "webhookAddress", "webhookHelp", true)}
        {way === "code" && field("code", "oneTimeCode", "codeHelp")}
        <p class="note">{mailbox === null ? text("mailboxLater") : text("mailboxGoesOn", mailbox)}</p>
        <button type="submit" class="button primary wide">
          {way === "app" && <Icon name="open" />}
          {text(way === "app" ? "continueInBrowser" : "connectNow")}
        </button>
      </form>
      {way === "app" && (
        <div class="box">
          <h2>{text("threeValues")}</h2>
          <p>{text("threeValuesText")}</p>
          <CopyButton value={text("adminRequest")} name={text("copyAdminRequest")} label={text("copyAdminRequest")} />
        </div>
      )}
    </>
  );
}

function Failed({ trouble }: { trouble: Trouble }) {
  const { message, hint } = wordsOf(trouble);
  return (
    <div role="alert">
      <Notice look="danger" icon="alert" title={message}>
        {hint}
      </Notice>
    </div>
  );
}

function Progress({ stage, actions, onCancel }: { stage: Stage; actions: ConnectActions; onCancel: () => void }) {
  const waits = stage === "browserOpened";
  return (
    <div class="box progress">
      <p role="status">
        <Icon name="clock" /> {text(stageTexts[stage])}
      </p>
      {waits && <Paste paste={actions.pasteCallback} />}
      <button type="button" class="button" onClick={onCancel}>
        {text("cancel")}
      </button>
    </div>
  );
}

/** For when the browser shows an error page instead of coming back to the host. */
function Paste({ paste }: { paste: ConnectActions["pasteCallback"] }) {
  const [address, setAddress] = useState("");
  const { busy, trouble, run } = useDeed();
  return (
    <form
      class="paste"
      onSubmit={(event) => {
        event.preventDefault();
        run(() => paste(address.trim()));
      }}
    >
      <Field
        label={text("pasteAddress")}
        value={address}
        onInput={setAddress}
        help={text("pasteHelp")}
        error={trouble && sentenceOf(trouble)}
        disabled={busy}
      />
      <button type="submit" class="button small" disabled={busy || address.trim() === ""}>
        {text("useAddress")}
      </button>
    </form>
  );
}

function Done({ status, mailbox }: { status: Status; mailbox: string | null }) {
  return (
    <Statement
      icon="check"
      title={text("connectedTitle", status.portal)}
      lines={[
        text("connectedAs", status.user.name || status.user.id),
        mailbox === null ? "" : text("lookupsAreOn", mailbox),
        text("closeTab"),
      ]}
    />
  );
}
