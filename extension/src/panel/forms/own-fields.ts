// The fields each form has of its own accord, as data, and how what is typed becomes a request.
import type { NewRecord, RecordForm, RecordType, Reference } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import type { TextKey } from "../../ui/text.ts";
import type { CreateForm } from "./form.ts";
import { decimal, type More, type Wrong, writtenMore, wrongMore } from "./values.ts";

/** A field of the form's own. */
export interface OwnField {
  /** As the protocol calls it. */
  readonly name: string;
  readonly label: TextKey;
  /** The last three are pickers of the portal's lists. */
  readonly kind: "text" | "phone" | "decimal" | "pipeline" | "stage" | "currency";
  readonly help?: TextKey;
  /** Fields with the same number stand beside each other. */
  readonly row?: number;
}

const title: OwnField = { name: "title", label: "title", kind: "text" };
const name: readonly OwnField[] = [
  { name: "firstName", label: "firstName", kind: "text", row: 1 },
  { name: "lastName", label: "lastName", kind: "text", row: 1 },
];
const phone: OwnField = { name: "phone", label: "phone", kind: "phone" };
const amount: readonly OwnField[] = [
  { name: "amount", label: "amount", kind: "decimal", row: 3 },
  { name: "currency", label: "currency", kind: "currency", row: 3 },
];

/** In the order of the form. */
export const ownFields: Readonly<Record<RecordType, readonly OwnField[]>> = {
  contact: [
    ...name,
    { name: "company", label: "company", kind: "text", help: "companyHelp" },
    { name: "position", label: "position", kind: "text" },
    phone,
  ],
  company: [{ ...title, label: "companyName" }, phone],
  lead: [title, ...name, { name: "company", label: "company", kind: "text" }, phone, ...amount],
  deal: [
    title,
    { name: "pipeline", label: "pipeline", kind: "pipeline", row: 2 },
    { name: "stage", label: "stage", kind: "stage", row: 2 },
    ...amount,
  ],
};

/** Of each of these groups one text is enough, and one is needed. */
const needed: Readonly<Record<RecordType, readonly string[]>> = {
  contact: ["firstName", "lastName"],
  company: ["title"],
  lead: ["title"],
  deal: ["title"],
};

/** Texts by the names of their fields. */
export type Values = Readonly<Record<string, string>>;

/** What can be chosen from in a picker, given what else is chosen. */
export function choicesOf(kind: OwnField["kind"], values: Values, reference: Reference | undefined) {
  const named = ({ id, name }: { id: string; name: string }) => ({ id, name: plain(name) || id });
  switch (kind) {
    case "pipeline":
      return reference?.pipelines.map(named) ?? [];
    case "stage": {
      const pipeline = reference?.pipelines.find(({ id }) => id === values["pipeline"]);
      return pipeline?.stages.filter(({ outcome }) => outcome === "open").map(named) ?? [];
    }
    case "currency":
      return reference?.currencies.map((id) => ({ id, name: id })) ?? [];
    default:
      return [];
  }
}

/** What a form begins with. */
export function firstValues({ type, about }: CreateForm, { filled }: RecordForm, reference?: Reference): Values {
  const known: Values = { ...filled, title: type === "company" ? filled.company : titleOf(about.subject) };
  const values = Object.fromEntries(ownFields[type].map(({ name }) => [name, known[name] ?? ""]));
  return decided(type, values, reference);
}

/** A picker whose choice isn't among its choices takes the first: another pipeline has other stages. */
export function decided(type: RecordType, values: Values, reference: Reference | undefined): Values {
  let next = values;
  for (const { name, kind } of ownFields[type]) {
    const choices = choicesOf(kind, next, reference);
    if (choices.length > 0 && !choices.some(({ id }) => id === next[name]))
      next = { ...next, [name]: choices[0]?.id ?? "" };
  }
  return next;
}

/** A thread's subject without what mail programs put before it. */
export function titleOf(subject: string): string {
  const marks = /^(?:(?:re|fwd?|aw|wg|antw|sv|vs|tr|rv|enc|res|odp|на|ответ|пересл)(?:\[\d+\])?\s*:\s*)+/i;
  return plain(subject).replace(marks, "");
}

/** Whether a field may stay empty. */
export function isOptional(type: RecordType, { required }: RecordForm, { name, kind }: OwnField): boolean {
  const picked = kind === "pipeline" || kind === "stage" || kind === "currency";
  return !picked && !needed[type].includes(name) && !required.includes(name);
}

/** What is wrong before anybody is asked, by the names and ids of the fields. */
export function wrongOf(type: RecordType, form: RecordForm, values: Values, more: More): Map<string, Wrong> {
  const wrong = new Map<string, Wrong>();
  const isEmpty = (name: string) => (values[name] ?? "").trim() === "";
  const [first] = needed[type];
  if (first !== undefined && needed[type].every(isEmpty)) wrong.set(first, "missing");
  for (const { name, kind } of ownFields[type]) {
    if (isEmpty(name)) {
      if (form.required.includes(name)) wrong.set(name, "missing");
    } else if (kind === "decimal" && decimal(values[name] ?? "") === undefined) wrong.set(name, "number");
  }
  return new Map([...wrong, ...wrongMore(form.fields, more)]);
}

/** The record as it is asked for; what is empty is left to the portal. */
export function recordOf({ type, ties }: CreateForm, form: RecordForm, values: Values, more: More): NewRecord {
  const typed = ownFields[type].flatMap(({ name, kind }) => {
    const value = (values[name] ?? "").trim();
    const written = kind === "decimal" ? (decimal(value) ?? "") : value;
    return written === "" ? [] : [[name, written] as const];
  });
  const tied = Object.fromEntries((ties ?? []).map(({ type, id }) => [type, id]));
  return { type, ...Object.fromEntries(typed), ...tied, more: writtenMore(form.fields, more) } as NewRecord;
}
