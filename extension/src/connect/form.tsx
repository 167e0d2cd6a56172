// The form: three ways in, one at a time.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { addressToConfirm, ConfirmAddress } from "../ui/confirm-address.tsx";
import { Field } from "../ui/form.tsx";
import { plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { CopyButton, Notice } from "../ui/parts.tsx";
import { portOf, redirectAddress } from "../ui/redirect.ts";
import { type TextKey, text } from "../ui/text.ts";
import { sentenceOf, wordsOf } from "../ui/words.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import { fieldOf, type Values, type Way } from "./fields.ts";
import { Redirect } from "./redirect.tsx";

const wayNames: Readonly<Record<Way, TextKey>> = { app: "wayApp", webhook: "wayWebhook", code: "wayCode" };

/** What connecting needs, for the way chosen; each error beside its field, the others above. */
export function ConnectForm({
  ways,
  way,
  setWay,
  values,
  type,
  trouble,
  standing,
  mailbox,
  onSubmit,
  onConfirm,
}: {
  ways: readonly Way[];
  way: Way;
  setWay: (way: Way) => void;
  values: Values;
  type: (field: keyof Values, value: string) => void;
  trouble: Trouble | undefined;
  standing: WorkerState["standing"] | undefined;
  mailbox: string | null;
  onSubmit: () => void;
  /** The person agrees to where the portal is. */
  onConfirm: (address: string) => void;
}) {
  const wrong = fieldOf(trouble, way);
  const [portRefused, setPortRefused] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another way, another trouble or a refused port is when the focus moves
  useLayoutEffect(() => {
    const all = [...(form.current?.querySelectorAll("input") ?? [])];
    const inputs = all.filter((input) => input.closest("details:not([open])") === null);
    const first =
      inputs.find((input) => input.getAttribute("aria-invalid") === "true") ??
      inputs.find((input) => input.value === "");
    first?.focus();
  }, [way, trouble, portRefused]);
  const failed = (name: keyof Values) => (trouble && wrong === name ? sentenceOf(trouble) : undefined);
  const field = (name: keyof Values, label: TextKey, help?: TextKey, secret = false) => (
    <Field
      key={name}
      label={text(label)}
      value={values[name]}
      onInput={(value) => type(name, value)}
      help={help && text(help)}
      error={failed(name)}
      secret={secret}
    />
  );
  const asks = addressToConfirm(trouble) !== undefined;
  const again = standing?.at === "connected";
  return (
    <>
      {again && (
        <Notice look="calm" icon="link">
          {text("connectedAlready", standing.status.portal, plain(standing.status.user.name))}
        </Notice>
      )}
      {trouble && asks && <ConfirmAddress trouble={trouble} onYes={onConfirm} />}
      {trouble && !asks && wrong === undefined && trouble.from !== "caller" && <Failed trouble={trouble} />}
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
          const refused = way === "app" && portOf(values.callbackPort) === "wrong";
          setPortRefused(refused);
          if (!refused) onSubmit();
        }}
      >
        {way === "app" && [
          field("portal", "portalAddress", "portalAddressHelp"),
          field("clientId", "clientId", again ? "leaveEmpty" : "clientIdHelp"),
          field("clientSecret", "clientSecret", again ? "leaveEmpty" : "secretHelp", true),
        ]}
        {way === "app" && (
          <Redirect
            port={values.callbackPort}
            onInput={(port) => {
              setPortRefused(false);
              type("callbackPort", port);
            }}
            error={portRefused ? text("callbackPortWrong") : failed("callbackPort")}
          />
        )}
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
          <CopyButton
            value={text("adminRequest", redirectAddress(values.callbackPort))}
            name={text("copyAdminRequest")}
            label={text("copyAdminRequest")}
          />
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
