// Screens on the way to a connection.
import { useState } from "preact/hooks";
import { Field } from "../ui/form.tsx";
import { Command, CopyButton, Statement } from "../ui/parts.tsx";
import { redirectAddress } from "../ui/redirect.ts";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";
import type { Actions } from "./actions.ts";

/** `codeMayHelp`: this profile lacks a session, and the host doesn't tell whether another one is connected. */
export function NotConnected({ codeMayHelp, actions }: { codeMayHelp: boolean; actions: Actions }) {
  return (
    <Statement
      icon="plug"
      title={text("notConnectedTitle")}
      lines={[text("notConnectedText")]}
      actions={
        <button type="button" class="button primary" onClick={() => actions.openConnect()}>
          {text("connect")}
        </button>
      }
    >
      <div class="box">
        <h2>{text("threeValues")}</h2>
        <p>{text("threeValuesText")}</p>
        <CopyButton
          value={text("adminRequest", redirectAddress())}
          name={text("copyAdminRequest")}
          label={text("copyAdminRequest")}
        />
      </div>
      {codeMayHelp && <OneTimeCode allow={actions.allow} />}
    </Statement>
  );
}

function OneTimeCode({ allow }: { allow: Actions["allow"] }) {
  const [code, setCode] = useState("");
  const { busy, trouble, run } = useDeed();
  return (
    <form
      class="box"
      onSubmit={(event) => {
        event.preventDefault();
        run(() => allow(code.trim()));
      }}
    >
      <h2>{text("codeTitle")}</h2>
      <p>{text("codeText")}</p>
      <Command line="gmail-sync-host sessions allow" />
      <Field
        label={text("oneTimeCode")}
        value={code}
        onInput={setCode}
        error={trouble && sentenceOf(trouble)}
        disabled={busy}
      />
      <button type="submit" class="button" disabled={busy || code.trim() === ""}>
        {text("useCode")}
      </button>
    </form>
  );
}
