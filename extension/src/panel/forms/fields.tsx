// The form's own fields, drawn.
import type { RecordForm, RecordType, Reference } from "../../protocol/types.ts";
import { Field, Select } from "../../ui/form.tsx";
import { text } from "../../ui/text.ts";
import { choicesOf, isOptional, type OwnField, ownFields, type Values } from "./own-fields.ts";
import { wordsOfWrong } from "./portal-fields.tsx";
import type { Wrong } from "./values.ts";

interface Props {
  readonly type: RecordType;
  readonly form: RecordForm;
  readonly reference: Reference | undefined;
  readonly values: Values;
  readonly wrong: ReadonlyMap<string, Wrong>;
  readonly disabled: boolean;
  readonly onType: (name: string, value: string) => void;
}

export function OwnFields(props: Props) {
  const rows: OwnField[][] = [];
  for (const field of ownFields[props.type]) {
    const last = rows.at(-1);
    if (last && field.row !== undefined && last[0]?.row === field.row) last.push(field);
    else rows.push([field]);
  }
  return (
    <>
      {rows.map((fields) => (
        <div key={fields[0]?.name} class="field-row">
          {fields.map((field) => (
            <One key={field.name} {...props} field={field} />
          ))}
        </div>
      ))}
    </>
  );
}

function One({ type, form, reference, values, wrong, disabled, onType, field }: Props & { field: OwnField }) {
  const { name, label, kind, help } = field;
  const common = {
    label: text(label),
    value: values[name] ?? "",
    error: wordsOfWrong(wrong.get(name)),
    help: help && text(help),
    optional: isOptional(type, form, field),
    disabled,
    onInput: (value: string) => onType(name, value),
  };
  if (kind === "pipeline" || kind === "stage" || kind === "currency") {
    const choices = choicesOf(kind, values, reference);
    // Without the portal's lists the portal's own first choice stands.
    return choices.length > 0 ? <Select {...common} choices={choices} decided /> : null;
  }
  return (
    <Field {...common} direction={kind === "text" ? "auto" : "ltr"} kind={kind === "decimal" ? "decimal" : "text"} />
  );
}
