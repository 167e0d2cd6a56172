// Who is in the thread, in which order, and what each is to the person reading.
import type { OpenThread } from "../gmail/reading.ts";
import type { Failure, Person, RecordRef } from "../protocol/types.ts";

/** A participant, with what is known of them. */
export interface Entry {
  /** Lower case. */
  readonly email: string;
  /** From the mail's header; null if it has none. */
  readonly mailName: string | null;
  /** The address is a mailing group's that rewrote the sender. */
  readonly viaGroup: boolean;
  readonly kind: Kind;
  /** As the portal knows them; absent while nothing is known. Of several records that match, only the one that was picked. */
  readonly person?: Person | undefined;
  /** The same, with all records. */
  readonly whole?: Person | undefined;
}

export type Kind =
  /** The answer is on its way. */
  | "pending"
  /** There was no answer about them. */
  | "missing"
  /** A contact or company, or records the person may not read. */
  | "inCrm"
  /** Leads only. */
  | "lead"
  /** No record, but a former colleague or an external user of the portal. */
  | "outside"
  | "unknown"
  | "colleague";

/** The order of the cards. */
const order: readonly Kind[] = ["inCrm", "lead", "pending", "missing", "outside", "unknown", "colleague"];

/** More addresses than this the host doesn't take at once. */
export const mostAddresses = 200;

/** Addresses of everyone but the mailbox's owner, the more important first: newest message first, its sender before others. */
export function addressesOf(thread: OpenThread, mailbox: string): string[] {
  const newestFirst = [...thread.messages].reverse().flatMap(({ from, to }) => [from, ...(to ?? [])]);
  const named = [...newestFirst, ...thread.participants].map((person) => person?.email?.toLowerCase());
  const wanted = new Set(thread.participants.map(({ email }) => email.toLowerCase()));
  return [...new Set(named)].filter(
    (email) => email !== undefined && wanted.has(email) && email !== mailbox.toLowerCase(),
  ) as string[];
}

/** The person reading, by addresses: so much is known of them before the host answers. */
export interface Reader {
  readonly mailbox: string;
  /** What they call their own, lower case. */
  readonly addresses: readonly string[];
}

/** The thread's people but for the person reading, grouped and in order. `waiting`: more answers are to come. */
export function entriesOf(
  thread: OpenThread,
  me: Reader,
  known: (email: string) => Person | undefined,
  waiting: boolean,
): Entry[] {
  const participants = new Map(
    thread.participants.map((participant) => [participant.email.toLowerCase(), participant]),
  );
  const entries = addressesOf(thread, me.mailbox).flatMap((email): Entry[] => {
    const whole = known(email);
    if (me.addresses.includes(email) || whole?.role.is === "me") return [];
    const { name = null, viaGroup = false } = participants.get(email) ?? {};
    const kind = whole ? kindOf(whole) : waiting ? "pending" : "missing";
    return [{ email, mailName: name, viaGroup, kind, person: whole && picked(whole), whole }];
  });
  return order.flatMap((kind) => entries.filter((entry) => entry.kind === kind));
}

function kindOf({ role, contacts, companies, leads, hidden }: Person): Kind {
  if (role.is === "notLookedUp") return "missing";
  if (role.is === "colleague") return "colleague";
  if (contacts.length + companies.length > 0) return "inCrm";
  if (leads.length > 0) return "lead";
  if (hidden > 0) return "inCrm";
  return role.is === "external" ? "unknown" : "outside";
}

/** The best name there is: the portal's, else the mail's, else the address. */
export function nameOf({ email, mailName, person }: Entry): string {
  const lead = person?.leads.length === 1 ? person.leads[0]?.name : undefined;
  return (
    only(person?.contacts)?.name ||
    (person?.contacts.length === 0 ? only(person.companies)?.title : "") ||
    lead ||
    (person && "user" in person.role ? person.role.user?.name : "") ||
    mailName ||
    email
  );
}

/** Of the contacts and companies that match, the one the person picked; all, if none was. */
function picked(person: Person): Person {
  const { chosen, contacts, companies } = person;
  if (chosen === undefined) return person;
  const of = (type: RecordRef["type"]) => (record: { id: string }) => type === chosen.type && record.id === chosen.id;
  return { ...person, contacts: contacts.filter(of("contact")), companies: companies.filter(of("company")) };
}

/** How many contacts and companies match. */
export const matchesOf = ({ contacts, companies }: Person) => contacts.length + companies.length;

/** The one item of a list; of several none is better than another. */
export function only<T>(items: readonly T[] | undefined): T | undefined {
  return items?.length === 1 ? items[0] : undefined;
}

/** Several contacts or companies hold the address; a contact and the company it belongs to are one match. */
export function severalMatches({ contacts, companies }: Person): boolean {
  const contact = only(contacts);
  const others = companies.filter(({ id }) => id !== contact?.company?.id);
  return contacts.length + others.length > 1;
}

/** Which people a filter shows. */
export type Filter = "all" | "inCrm" | "notInCrm" | "colleagues";

/** Filters in the order of their buttons. */
export const filters: readonly Filter[] = ["all", "inCrm", "notInCrm", "colleagues"];

/** Whether a filter shows somebody. */
export function passes(filter: Filter, { kind }: Entry): boolean {
  switch (filter) {
    case "all":
      return true;
    case "inCrm":
      return kind === "inCrm" || kind === "lead";
    case "notInCrm":
      return kind === "unknown" || kind === "outside";
    case "colleagues":
      return kind === "colleague";
  }
}

/** How many seconds the portal asks to wait before the rest, if it does. */
export function delayOf(people: readonly Person[], notices: readonly Failure[]): number | undefined {
  const failures = [
    ...notices,
    ...people.filter(({ role }) => role.is === "notLookedUp").flatMap(({ problems }) => problems),
  ];
  const waits = failures.filter(({ code }) => code === "try_later").map(secondsOf);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** The wait a failure names: whole seconds, at least one and at most an hour. */
export function secondsOf({ args }: Failure): number {
  const seconds = Math.ceil(Number(args["seconds"] ?? Number.NaN));
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 3600) : 30;
}
