// A list a person keeps: what is on it, each with its way out, and a field for one more.
import { useRef, useState } from "preact/hooks";
import { Field } from "../ui/form.tsx";
import { isMeant } from "../ui/meant.ts";
import { Foreign, IconButton } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";

export interface ListEditorProps {
  readonly title: string;
  readonly help: string;
  /** What the field asks for. */
  readonly label: string;
  readonly values: readonly string[];
  /** On the list too, by the administrator's policy: they stay. */
  readonly fixed?: readonly string[];
  readonly add: (value: string) => Promise<unknown>;
  readonly remove: (value: string) => Promise<unknown>;
}

export function ListEditor({ title, help, label, values, fixed = [], add, remove }: ListEditorProps) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLElement>(null);
  const { busy, trouble, run } = useDeed();
  // A removed row takes the focus with it; the field is where one goes on.
  const focusField = () => box.current?.querySelector("input")?.focus();
  return (
    <section class="box" ref={box}>
      <h2>{title}</h2>
      <p class="note">{help}</p>
      {(values.length > 0 || fixed.length > 0) && (
        <ul class="kept" aria-label={title}>
          {fixed.map((value) => (
            <li key={`fixed ${value}`}>
              <Foreign ltr>{value}</Foreign> <span class="note">{text("setByPolicy")}</span>
            </li>
          ))}
          {values.map((value) => (
            <li key={value}>
              <Foreign ltr>{value}</Foreign>
              <IconButton
                icon="cross"
                name={text("remove", value)}
                onClick={(event) => isMeant(event) && run(() => remove(value).then(focusField))}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        class="one-more"
        onSubmit={(event) => {
          event.preventDefault();
          const value = typed.trim();
          if (value !== "" && isMeant(event)) run(() => add(value).then(() => setTyped("")));
        }}
      >
        <Field label={label} value={typed} onInput={setTyped} error={trouble && sentenceOf(trouble)} />
        <button type="submit" class="button" disabled={busy || typed.trim() === ""}>
          {text("add")}
        </button>
      </form>
    </section>
  );
}
