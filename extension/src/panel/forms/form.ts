// Which form is open, and what it is about.
import type { RecordRef, RecordType } from "../../protocol/types.ts";
import type { LogForm } from "../log/form.ts";
import type { EntryForm } from "../timeline/form.ts";

/** A form over the people of the thread. What is typed lives in the form itself, and as long as it. */
export type Form = CreateForm | AddToForm | EntryForm | LogForm;

/** Makes a record for a participant. */
export interface CreateForm {
  readonly at: "create";
  readonly type: RecordType;
  readonly about: About;
  /** Whom a deal is for. */
  readonly ties?: readonly Tie[];
  /** The same for each try, so that a record whose confirmation got lost is found again. */
  readonly key: string;
}

/** Adds a participant's address to a record that is there already. */
export interface AddToForm {
  readonly at: "addTo";
  readonly about: About;
}

/** A contact or company that a deal belongs to. */
export interface Tie extends RecordRef {
  readonly type: "contact" | "company";
  readonly title: string;
}

/** The participant a form is about, as they were when it was opened: another thread may be opened meanwhile. */
export interface About {
  /** Lower case. */
  readonly email: string;
  /** From the mail's header; null if it has none. */
  readonly mailName: string | null;
  readonly mailbox: string;
  /** Of the thread. */
  readonly subject: string;
}

/** The element that opens a form, to give the focus back to. */
export function openerId(
  form:
    | { at: CreateForm["at"]; type: RecordType; about: Pick<About, "email"> }
    | { at: AddToForm["at"]; about: Pick<About, "email"> }
    | Pick<EntryForm, "at" | "type" | "about">
    | Pick<LogForm, "at">,
): string {
  if (form.at === "log") return form.at;
  if (form.at === "addTo") return `${form.at}-${form.about.email}`;
  return `${form.at}-${form.type}-${form.about.email}`;
}
