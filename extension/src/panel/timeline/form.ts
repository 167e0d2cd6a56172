// The forms of a comment and a to-do, and what is typed into them.
import type { NewEntry, RecordRef } from "../../protocol/types.ts";
import type { About } from "../forms/form.ts";
import { type Target, targetsOf } from "../log/form.ts";
import { type Entry, severalMatches } from "../people.ts";
import { type Denied, mayChange } from "../rights.ts";

export type EntryType = NewEntry["type"];

/** Adds a comment or a to-do to one of a participant's records. */
export interface EntryForm {
  readonly at: "entry";
  readonly type: EntryType;
  readonly about: Pick<About, "email">;
  /** At least one. */
  readonly records: readonly Target[];
  /** The record it goes to unless another one is chosen; of several matches none is better than another. */
  readonly first: RecordRef | undefined;
}

/** The form for somebody, if they have a record that the person may change. */
export function entryForm(type: EntryType, entry: Entry, denied: Denied): EntryForm | undefined {
  const records = recordsOf(entry).filter(({ record }) => mayChange(denied, record));
  if (records.length === 0) return undefined;
  return { at: "entry", type, about: { email: entry.email }, records, first: mainRecord(entry, records) };
}

/** Somebody's records: the contact or company first, then deals and leads. */
export const recordsOf = (entry: Entry): Target[] => targetsOf([entry]);

/** The record somebody is, if there is no doubt. */
export function mainRecord({ person }: Entry, records: readonly Target[]): RecordRef | undefined {
  return person && severalMatches(person) ? undefined : records[0]?.record;
}

/** What is typed. */
export interface Typed {
  readonly text: string;
  readonly title: string;
  /** As the browser's date-time field writes it, in this computer's time zone: `2026-11-27T09:00`. */
  readonly due: string;
}

/** What is wrong with it. */
export type WrongEntry = "missing" | "past";

export function wrongIn(type: EntryType, { text, title, due }: Typed, now: number): Map<keyof Typed, WrongEntry> {
  const wrong = new Map<keyof Typed, WrongEntry>();
  if (type === "comment") {
    if (text.trim() === "") wrong.set("text", "missing");
    return wrong;
  }
  const at = instantOf(due);
  if (title.trim() === "") wrong.set("title", "missing");
  if (at === undefined) wrong.set("due", "missing");
  else if (at < now) wrong.set("due", "past");
  return wrong;
}

/** The entry as the host takes it; nothing may be wrong with what is typed. */
export function entryOf(type: EntryType, { text, title, due }: Typed): NewEntry {
  return type === "comment" ? { type, text } : { type, title, text, deadline: instantOf(due) ?? 0 };
}

/** The instant that a date and time mean on this computer (ms since 1970). */
export function instantOf(local: string): number | undefined {
  const at = local === "" ? Number.NaN : new Date(local).getTime();
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

/** Tomorrow at nine, by this computer's clock. */
export function tomorrowMorning(now: number): string {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T09:00`;
}
