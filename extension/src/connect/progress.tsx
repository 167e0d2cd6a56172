// While the host connects.
import { useState } from "preact/hooks";
import type { ConnectProgress } from "../protocol/types.ts";
import { Field } from "../ui/form.tsx";
import { Icon } from "../ui/icons.tsx";
import { type TextKey, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";

/** Where an attempt to connect is: as the host tells, or just sent. */
export type Stage = ConnectProgress["stage"] | "asked";

const stageTexts: Readonly<Record<Stage, TextKey>> = {
  asked: "stageAsked",
  browserOpened: "stageBrowserOpened",
  exchanging: "stageExchanging",
  checking: "stageChecking",
};

/** How far the host has come, and the way back. */
export function Progress({
  stage,
  pasteCallback,
  onCancel,
}: {
  stage: Stage;
  pasteCallback: (address: string) => Promise<unknown>;
  onCancel: () => void;
}) {
  const waits = stage === "browserOpened";
  return (
    <div class="box progress">
      <p role="status">
        <Icon name="clock" /> {text(stageTexts[stage])}
      </p>
      {waits && <Paste paste={pasteCallback} />}
      <button type="button" class="button" onClick={onCancel}>
        {text("cancel")}
      </button>
    </div>
  );
}

/** For when the browser shows an error page instead of coming back to the host. */
function Paste({ paste }: { paste: (address: string) => Promise<unknown> }) {
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
