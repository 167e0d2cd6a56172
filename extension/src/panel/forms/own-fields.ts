// The fields each form has of its own accord, as data, and how what is typed becomes a request.
import type { NewRecord, RecordForm, RecordType } from "../../protocol/types.ts";
import type { TextKey } from "../../ui/text.ts";
import { decimal, type More, type Wrong, writtenMore, wrongMore } from "./values.ts";

/** A field of the form's own. */
export interface OwnField {
  /** As the protocol calls it. */
  readonly name: string;
  readonly label: TextKey;
  readonly kind: "text" | "phone" | "decimal";
  readonly help?: TextKey;
  /** Two of them stand beside each other. */
  readonly half?: boolean;
}

/** In the order of the form. */
export const ownFields: Readonly<Record<RecordType, readonly OwnField[]>> = {
  contact: [
    { name: "firstName", label: "firstName", kind: "text", half: true },
    { name: "lastName", label: "lastName", kind: "text", half: true },
    { name: "company", label: "company", kind: "text", help: "companyHelp" },
    { name: "position", label: "position", kind: "text" },
    { name: "phone", label: "phone", kind: "phone" },
  ],
  company: [],
  lead: [],
  deal: [],
};

/** Of each of these groups one text is enough, and one is needed. */
const needed: Readonly<Record<RecordType, readonly string[]>> = {
  contact: ["firstName", "lastName"],
  company: [],
  lead: [],
  deal: [],
};

/** Texts by the names of their fields. */
export type Values = Readonly<Record<string, string>>;

/** What a form begins with. */
export function firstValues(type: RecordType, { filled }: RecordForm): Values {
  const known: Values = { ...filled };
  return Object.fromEntries(ownFields[type].map(({ name }) => [name, known[name] ?? ""]));
}

/** Whether a field may stay empty. */
export function isOptional(type: RecordType, { required }: RecordForm, name: string): boolean {
  return !needed[type].includes(name) && !required.includes(name);
}

/** What is wrong before anybody is asked, by the names and ids of the fields. */
export function wrongOf(type: RecordType, form: RecordForm, values: Values, more: More): Map<string, Wrong> {
  const wrong = wrongMore(form.fields, more);
  const isEmpty = (name: string) => (values[name] ?? "").trim() === "";
  for (const { name, kind } of ownFields[type]) {
    if (isEmpty(name)) {
      if (form.required.includes(name)) wrong.set(name, "missing");
    } else if (kind === "decimal" && decimal(values[name] ?? "") === undefined) wrong.set(name, "number");
  }
  const [first] = needed[type];
  if (first !== undefined && needed[type].every(isEmpty)) wrong.set(first, "missing");
  return wrong;
}

/** The record as it is asked for; what is empty is left to the portal. */
export function recordOf(type: RecordType, form: RecordForm, values: Values, more: More): NewRecord {
  const typed = ownFields[type].flatMap(({ name, kind }) => {
    const value = (values[name] ?? "").trim();
    const written = kind === "decimal" ? (decimal(value) ?? "") : value;
    return written === "" ? [] : [[name, written] as const];
  });
  return { type, ...Object.fromEntries(typed), more: writtenMore(form.fields, more) } as NewRecord;
}
