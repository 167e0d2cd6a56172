// A labelled field with help or an error below it.
import { useId, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { IconButton } from "./parts.tsx";
import { text } from "./text.ts";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  /** A secret is hidden until its owner wants to see it, and no password manager is offered it. */
  readonly secret?: boolean;
  readonly disabled?: boolean;
  /** A number: a touch keyboard shows its digits. */
  readonly digits?: boolean;
}

export function Field({
  label,
  value,
  onInput,
  help,
  error,
  secret = false,
  disabled = false,
  digits = false,
}: FieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const note = error ?? help;
  // The compiler wants to know which of the two; their attributes are the same.
  const type = (secret && !shown ? "password" : "text") as "text";
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <input
          id={id}
          dir="ltr"
          type={type}
          inputMode={digits ? "numeric" : "text"}
          value={value}
          disabled={disabled}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        {secret && (
          <IconButton
            icon="eye"
            name={text(shown ? "hideSecret" : "showSecret")}
            expanded={shown}
            onClick={() => setShown(!shown)}
          />
        )}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} class={error === undefined ? "note" : "note wrong"}>
          {error !== undefined && <Icon name="alert" />}
          {note}
        </p>
      )}
    </div>
  );
}
