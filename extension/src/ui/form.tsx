// Labelled fields with help or an error below them.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { IconButton } from "./parts.tsx";
import { text } from "./text.ts";

/** What every field has. */
interface Common {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** It may stay empty: said beside its label. */
  readonly optional?: boolean | undefined;
}

export interface FieldProps extends Common {
  /** A secret is hidden until its owner wants to see it, and no password manager is offered it. */
  readonly secret?: boolean;
  /** A number: a touch keyboard shows its digits. */
  readonly digits?: boolean;
  /** What is typed; a decimal is typed as text, since browsers disagree about points and commas. */
  readonly kind?: "text" | "decimal" | "date" | "datetime-local";
  /** Names and titles may run either way; addresses and keys never do. */
  readonly direction?: "ltr" | "auto";
}

export function Field({ secret = false, digits = false, kind = "text", direction = "ltr", ...common }: FieldProps) {
  const { value, disabled, onInput } = common;
  const [shown, setShown] = useState(false);
  // The compiler wants to know which of them; their attributes are the same.
  const type = (secret && !shown ? "password" : kind === "decimal" ? "text" : kind) as "text";
  return (
    <Labelled {...common}>
      {(attributes) => (
        <div class="input">
          <input
            {...attributes}
            dir={direction}
            type={type}
            inputMode={digits ? "numeric" : kind === "decimal" ? "decimal" : "text"}
            value={value}
            disabled={disabled}
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
      )}
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea(common: Common) {
  const { value, disabled, onInput } = common;
  return (
    <Labelled {...common}>
      {(attributes) => (
        <div class="input">
          <textarea
            {...attributes}
            dir="auto"
            rows={5}
            value={value}
            disabled={disabled}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        </div>
      )}
    </Labelled>
  );
}

export interface SelectProps extends Common {
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  /** There is always a choice; else the first one is none. */
  readonly decided?: boolean;
}

/** One of several. */
export function Select({ choices, decided = false, ...common }: SelectProps) {
  const { value, disabled, onInput } = common;
  return (
    <Labelled {...common}>
      {(attributes) => (
        <div class="input">
          <select
            {...attributes}
            value={value}
            disabled={disabled}
            onChange={(event) => onInput(event.currentTarget.value)}
          >
            {!decided && <option value="">{text("choose")}</option>}
            {choices.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
    </Labelled>
  );
}

/** What ties a field to its label and its note. */
interface Attributes {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

function Labelled({
  label,
  help,
  error,
  optional = false,
  children,
}: Pick<Common, "label" | "help" | "error" | "optional"> & {
  children: (attributes: Attributes) => ComponentChildren;
}) {
  const id = useId();
  const note = error ?? help;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="optional"> {text("optional")}</span>}
      </label>
      {children({
        id,
        "aria-invalid": error !== undefined,
        "aria-describedby": note === undefined ? undefined : `${id}-note`,
      })}
      {note !== undefined && (
        <p id={`${id}-note`} class={error === undefined ? "note" : "note wrong"}>
          {error !== undefined && <Icon name="alert" />}
          {note}
        </p>
      )}
    </div>
  );
}
