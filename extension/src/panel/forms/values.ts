// What is typed into a form, and what of it is wrong before anybody is asked.
import type { FieldInput, FormField, NewContact } from "../../protocol/types.ts";

/** The texts of a contact's own fields. */
export type ContactValues = Required<Omit<NewContact, "more">>;

/** The texts of the portal's own fields, by their ids. */
export type More = Readonly<Record<string, string>>;

/** What is wrong with a text. */
export type Wrong = "missing" | "number";

/** What is wrong with the portal's own fields; those that nobody can fill in here are nobody's fault. */
export function wrongMore(fields: readonly FormField[], more: More): Map<string, Wrong> {
  const wrong = new Map<string, Wrong>();
  for (const { id, input } of fields) {
    const typed = (more[id] ?? "").trim();
    if (typed === "" && input.is !== "elsewhere") wrong.set(id, "missing");
    else if (input.is === "number" && decimal(typed) === undefined) wrong.set(id, "number");
  }
  return wrong;
}

/** The portal's own fields in the protocol's spelling; empty ones are left out. */
export function writtenMore(fields: readonly FormField[], more: More): Record<string, string> {
  const written = fields.map(({ id, input }) => [id, writtenValue(input, (more[id] ?? "").trim())] as const);
  return Object.fromEntries(written.filter(([, value]) => value !== ""));
}

function writtenValue(input: FieldInput, typed: string): string {
  if (input.is === "number") return decimal(typed) ?? "";
  // A date-time field of the browser is in this computer's time zone, and says so nowhere.
  if (input.is === "time") return typed === "" ? "" : new Date(typed).toISOString();
  return typed;
}

/** A number as people type it, as a decimal with a point: `48 600,50` is 48600.50. Undefined if it is none, or may be two. */
export function decimal(typed: string): string | undefined {
  const text = typed.replace(/[\s\u00a0\u202f'’]/g, "");
  if (/^-?\d+$/.test(text)) return text;
  const [, whole = "", mark = "", fraction = ""] = /^(-?\d[\d.,]*)([.,])(\d+)$/.exec(text) ?? [];
  if (mark === "") return undefined;
  const other = mark === "." ? "," : ".";
  // The mark of thousands stands before groups of three: 1,234,567 or 1.234.567,89.
  const grouped = (digits: string, group: string) =>
    new RegExp(`^-?\\d{1,3}(?:\\${group}\\d{3})*$`).test(digits) || /^-?\d+$/.test(digits);
  if (whole.includes(mark)) {
    return grouped(`${whole}${mark}${fraction}`, mark) ? `${whole}${fraction}`.replaceAll(mark, "") : undefined;
  }
  // 1,234 is either: only the person knows.
  if (fraction.length === 3 && !whole.includes(other)) return undefined;
  return grouped(whole, other) ? `${whole.replaceAll(other, "")}.${fraction}` : undefined;
}
