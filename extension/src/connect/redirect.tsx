// The redirect address, folded away: it matters only to whom port 17485 is taken.
import { useState } from "preact/hooks";
import { Field } from "../ui/form.tsx";
import { redirectAddress } from "../ui/redirect.ts";
import { text } from "../ui/text.ts";

/** Shows the address to register, and takes another port; stands open while the port is what is wrong. */
export function Redirect({
  port,
  onInput,
  error,
}: {
  port: string;
  onInput: (port: string) => void;
  error: string | undefined;
}) {
  const [unfolded, setUnfolded] = useState(port !== "");
  return (
    <details
      class="redirect"
      open={unfolded || error !== undefined}
      onToggle={(event) => setUnfolded(event.currentTarget.open)}
    >
      <summary>{text("redirectAddress")}</summary>
      <p>
        <code dir="ltr">{redirectAddress(port)}</code>
      </p>
      <Field
        label={text("callbackPort")}
        value={port}
        onInput={onInput}
        help={text("callbackPortHelp")}
        error={error}
        digits
      />
    </details>
  );
}
