// Screens on the way to a connection.
import { useState } from "preact/hooks";
import { Field } from "../ui/form.tsx";
import { Command, CopyButton, Statement } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";
import type { Actions } from "./actions.ts";

export function NotConnected({ actions }: { actions: Actions }) {
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

export function SessionNeeded({ actions }: { actions: Actions }) {
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
