// What happens to the model when something happens. Pure: time comes with the event, effects are done by whoever calls.
import type { Deal, LoggedHere, Lookup, Person, RecordRef } from "../protocol/types.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Form } from "./forms/form.ts";
import { type Ask, initial, type Known, type LookupState, type Model, type Said } from "./model.ts";
import { delayOf, type Filter, secondsOf } from "./people.ts";
import type { Denial } from "./rights.ts";
import { askOf, screenOf } from "./screen.ts";

export type Event =
  | { readonly at: "worker"; readonly state: WorkerState }
  | { readonly at: "online"; readonly online: boolean }
  /** The lookup that was due has been sent. */
  | { readonly at: "started"; readonly ask: Ask }
  | { readonly at: "part"; readonly ask: Ask; readonly lookup: Lookup }
  | { readonly at: "answered"; readonly ask: Ask; readonly lookup: Lookup; readonly now: number }
  | { readonly at: "failed"; readonly ask: Ask; readonly trouble: Trouble; readonly now: number }
  /** Ask the portal again: the person wants it (`fresh`), or a pause is over. */
  | { readonly at: "again"; readonly fresh: boolean }
  | { readonly at: "stop" }
  | { readonly at: "fold"; readonly email: string; readonly open: boolean }
  | { readonly at: "filter"; readonly filter: Filter }
  | { readonly at: "form"; readonly form: Form | undefined }
  /** Of several records with the address, the person picked one, or none any more. */
  | { readonly at: "chosen"; readonly email: string; readonly record: RecordRef | undefined }
  /** A record was made or changed; the person it is about, if they could be looked up anew. */
  | { readonly at: "changed"; readonly person: Person | undefined; readonly now: number; readonly said: Said }
  /** A deal was moved, here or by somebody else. */
  | { readonly at: "deal"; readonly deal: Deal; readonly said?: Said }
  /** A comment or a to-do was added. */
  | { readonly at: "added"; readonly said: Said }
  /** An e-mail was logged, or its entry moved. `here`: the entry is this host's. */
  | { readonly at: "logged"; readonly said: Said; readonly here?: LoggedHere | undefined }
  /** The entry with that id was deleted. */
  | { readonly at: "undone"; readonly id: string; readonly said: Said }
  /** The portal said that the person has no right to it. */
  | { readonly at: "denied"; readonly denial: Denial }
  | { readonly at: "row"; readonly row: keyof Model["rows"]; readonly open: boolean };

/** People remembered at most; the oldest go first. */
const mostKnown = 1000;

export function update(model: Model, event: Event): Model {
  switch (event.at) {
    case "worker":
      return withWorker(model, event.state);
    case "online": {
      const next = { ...model, online: event.online };
      const wasCutOff = model.lookup.at === "failed" && event.online && !model.online;
      return wasCutOff ? due(next, false) : next;
    }
    case "started":
      return isFor(model, event.ask) ? { ...model, lookup: { at: "running", ask: event.ask } } : model;
    case "part":
      return isFor(model, event.ask) ? { ...model, ...told(model, event.lookup) } : model;
    case "answered":
      return isFor(model, event.ask) ? withAnswer(model, event.ask, event.lookup, event.now) : model;
    case "failed":
      return isFor(model, event.ask) ? { ...model, lookup: afterFailure(event) } : model;
    case "again":
      return due(model, event.fresh);
    case "stop":
      return "ask" in model.lookup ? { ...model, lookup: { at: "stopped", ask: model.lookup.ask } } : model;
    case "fold":
      return { ...model, folds: new Map(model.folds).set(event.email, event.open) };
    case "filter":
      return { ...model, filter: event.filter };
    case "form":
      return { ...model, form: event.form, said: undefined };
    case "chosen":
      return { ...model, known: withChoice(model.known, event.email, event.record) };
    case "changed":
      return withChange(model, event.person, event.now, event.said);
    case "deal":
      return { ...model, known: withDeal(model.known, event.deal), said: event.said ?? model.said };
    case "added":
      return { ...model, form: undefined, said: event.said };
    case "logged": {
      const logged = event.here ? [...model.logged, event.here] : model.logged;
      return { ...model, logged, form: undefined, said: event.said };
    }
    case "undone": {
      const logged = model.logged.filter(({ id }) => id !== event.id);
      return { ...model, known: withoutEntry(model.known, event.id), logged, form: undefined, said: event.said };
    }
    case "denied":
      return { ...model, denied: new Set(model.denied).add(event.denial) };
    case "row":
      return { ...model, rows: { ...model.rows, [event.row]: event.open } };
  }
}

function withWorker(model: Model, worker: WorkerState): Model {
  const next = { ...model, worker };
  const portal = portalOf(next);
  const known = portal === model.portal ? model.known : new Map();
  const sameThread = threadOf(model.worker) === threadOf(worker);
  const view = sameThread
    ? {}
    : { filter: "all" as const, rows: { external: false, colleagues: false }, said: undefined };
  // A form is about one portal's records; a host that ended for a moment loses nothing that was typed.
  const form = portal === model.portal ? model.form : undefined;
  const denied = portal === model.portal ? model.denied : initial.denied;
  const logged = portal === model.portal ? model.logged : initial.logged;
  const ask = askOf(screenOf(next));
  const before = "ask" in model.lookup ? model.lookup.ask.key : undefined;
  const lookup: LookupState =
    ask === undefined ? { at: "none" } : ask.key === before ? model.lookup : { at: "due", ask, fresh: false };
  return { ...next, ...view, portal, known, logged, denied, lookup, form };
}

/** The portal people are known from; a host that ended for a moment changes nothing, losing session or connection does. */
function portalOf(model: Model): string | undefined {
  const { standing } = model.worker;
  if (standing.at === "connected") return standing.status.portal;
  return screenOf(model).at === "notConnected" ? undefined : model.portal;
}

/** Something that changes when another thread is opened. */
function threadOf({ tab }: WorkerState): string | undefined {
  if (tab.at !== "speaks" || tab.reading.state !== "thread") return undefined;
  const { threadId, permId, subject } = tab.reading.thread;
  return threadId ?? permId ?? subject;
}

/** An answer that comes after the thread changed is about somebody else's question. */
function isFor({ lookup }: Model, ask: Ask): boolean {
  return "ask" in lookup && lookup.ask.key === ask.key && lookup.at !== "stopped";
}

function due(model: Model, fresh: boolean): Model {
  const ask = askOf(screenOf(model));
  if (!ask) return model;
  // Rights may have changed, too.
  const denied = fresh ? initial.denied : model.denied;
  return { ...model, denied, lookup: { at: "due", ask, fresh } };
}

function withAnswer(model: Model, ask: Ask, lookup: Lookup, now: number): Model {
  const seconds = delayOf(lookup.people, lookup.notices);
  const { notices } = lookup;
  return {
    ...model,
    ...told(model, lookup),
    lookup:
      seconds === undefined
        ? { at: "done", ask, notices }
        : { at: "waiting", ask, until: now + seconds * 1000, notices },
  };
}

/** What was learned is drawn at once; if nothing was, the thread is looked up again. */
function withChange(model: Model, person: Person | undefined, now: number, said: Said): Model {
  const next = { ...model, form: undefined, said };
  if (person === undefined) return due(next, true);
  const known = learn(model.known, { people: [person], asOf: now, notices: [] });
  return { ...next, known, folds: new Map(model.folds).set(person.email, true) };
}

/** On every card that has it the deal stands where it stands now; a closed one is on none. */
function withDeal(known: ReadonlyMap<string, Known>, deal: Deal): ReadonlyMap<string, Known> {
  const next = new Map(known);
  for (const [email, { person, asOf }] of known) {
    if (!person.deals.some(({ id }) => id === deal.id)) continue;
    const deals = person.deals.flatMap((other) => (other.id !== deal.id ? [other] : isOpen(deal) ? [deal] : []));
    const dealsTotal = person.dealsTotal - (person.deals.length - deals.length);
    next.set(email, { person: { ...person, deals, dealsTotal }, asOf });
  }
  return next;
}

const isOpen = ({ stage }: Deal) => stage.outcome === "open";

function withChoice(known: Model["known"], email: string, record: RecordRef | undefined): Model["known"] {
  const before = known.get(email);
  if (!before) return known;
  const { chosen: _, ...person } = before.person;
  return new Map(known).set(email, { ...before, person: { ...person, ...(record && { chosen: record }) } });
}

function afterFailure({ ask, trouble, now }: { ask: Ask; trouble: Trouble; now: number }): LookupState {
  if (trouble.from === "host" && trouble.failure.code === "try_later")
    return { at: "waiting", ask, until: now + secondsOf(trouble.failure) * 1000, notices: [] };
  return { at: "failed", ask, trouble };
}

/** What the model knows after an answer. */
function told(model: Model, lookup: Lookup): Pick<Model, "known" | "logged"> {
  return { known: learn(model.known, lookup), logged: lookup.logged ?? [] };
}

/** Nobody's history holds the entry any more. */
function withoutEntry(known: ReadonlyMap<string, Known>, id: string): ReadonlyMap<string, Known> {
  const next = new Map(known);
  for (const [email, { person, asOf }] of known) {
    const { recentEmails } = person;
    if (recentEmails?.some((entry) => entry.id === id)) {
      const others = recentEmails.filter((entry) => entry.id !== id);
      next.set(email, { person: { ...person, recentEmails: others }, asOf });
    }
  }
  return next;
}

/** Adds what a lookup says. Somebody it didn't get to keeps what was known of them, with the reason beside it. */
function learn(known: ReadonlyMap<string, Known>, { people, asOf }: Lookup): ReadonlyMap<string, Known> {
  const next = new Map(known);
  for (const person of people) {
    const before = next.get(person.email);
    next.delete(person.email);
    next.set(
      person.email,
      before && skipped(person) && !skipped(before.person) ? stale(before, person) : { person, asOf },
    );
  }
  for (const email of [...next.keys()].slice(0, Math.max(0, next.size - mostKnown))) next.delete(email);
  return next;
}

const skipped = ({ role }: Person) => role.is === "notLookedUp";

function stale({ person, asOf }: Known, { problems }: Person): Known {
  return { person: { ...person, problems }, asOf };
}
