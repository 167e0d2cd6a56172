// The form's own fields, drawn.
import type { RecordForm, RecordType } from "../../protocol/types.ts";
import { Field } from "../../ui/form.tsx";
import { text } from "../../ui/text.ts";
import { isOptional, type OwnField, ownFields, type Values } from "./own-fields.ts";
import { wordsOfWrong } from "./portal-fields.tsx";
import type { Wrong } from "./values.ts";

export function OwnFields({
  type,
  form,
  values,
  wrong,
  disabled,
  onType,
}: {
  type: RecordType;
  form: RecordForm;
  values: Values;
  wrong: ReadonlyMap<string, Wrong>;
  disabled: boolean;
  onType: (name: string, value: string) => void;
}) {
  const field = ({ name, label, kind, help }: OwnField) => (
    <Field
      key={name}
      label={text(label)}
      value={values[name] ?? ""}
      error={wordsOfWrong(wrong.get(name))}
      help={help && text(help)}
      optional={isOptional(type, form, name)}
      disabled={disabled}
      direction={kind === "text" ? "auto" : "ltr"}
      kind={kind === "decimal" ? "decimal" : "text"}
      onInput={(value) => onType(name, value)}
    />
  );
  const halves = ownFields[type].filter(({ half }) => half);
  return (
    <>
      {halves.length > 0 && <div class="halves">{halves.map(field)}</div>}
      {ownFields[type].filter(({ half }) => !half).map(field)}
    </>
  );
}
