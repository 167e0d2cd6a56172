// The log form: the messages of a thread, and the records one of them can go to, as they were when the form was opened.
import type { OpenThread, Person } from "../../gmail/reading.ts";
import type { LoggedRecord, MailAddress, MailMessage, RecordRef, Stage } from "../../protocol/types.ts";
import type { Entry } from "../people.ts";

/** Logs one message of a thread. What is chosen lives in the form's screen, and as long as it. */
export interface LogForm {
  readonly at: "log";
  readonly mailbox: string;
  /** The tab whose page holds the messages' texts. */
  readonly tabId: number;
  /** The messages without their texts, the newest first. */
  readonly messages: readonly [MailMessage, ...MailMessage[]];
  /** The one that is chosen at first. */
  readonly first: MailMessage;
  /** The addresses that were looked up. */
  readonly people: readonly string[];
  readonly targets: readonly Target[];
}

/** A record a message can go to. */
export interface Target {
  readonly record: RecordRef;
  /** Name or title; the participant's address if the portal has none. */
  readonly title: string;
  /** The participant's address that leads to it. */
  readonly email: string;
  readonly stage?: Stage | undefined;
}

/** How much of a message goes. */
export type Amount = "subject" | "own" | "whole";

/** Equal for the same record. */
export const keyOf = ({ type, id }: RecordRef): string => `${type}:${id}`;

/** The messages that can be logged, the newest first: their sender, id and so their time are known. */
export function loggable({ messages, subject }: OpenThread): MailMessage[] {
  return messages.toReversed().flatMap(({ id, from, to, recipientsMissing }) => {
    if (id === null || from?.email == null) return [];
    const sender = { name: from.name ?? "", email: from.email };
    const recipients = withAddress(to ?? []);
    return [
      { gmailId: id, from: sender, to: recipients, incomplete: recipientsMissing, sentAt: arrivalOf(id), subject },
    ];
  });
}

/** The message that is meant without a word: the one the person clicked, else the newest. */
export function firstMessage({ clicked }: OpenThread, messages: LogForm["messages"]): MailMessage {
  return messages.find(({ gmailId }) => gmailId === clicked) ?? messages[0];
}

/** Whom the page gives an address; the others make the list incomplete. */
export function withAddress(people: readonly Person[]): MailAddress[] {
  return people.flatMap(({ name, email }) => (email === null ? [] : [{ name: name ?? "", email }]));
}

/** Gmail's id holds the time of arrival: shifted right by 20 bits it is milliseconds since 1970. */
function arrivalOf(id: string): number {
  return Number(BigInt(`0x${id}`) >> 20n);
}

/** The records of the thread's people from outside the company, each once: what was picked first, then contacts with their deals. */
export function targetsOf(entries: readonly Entry[]): Target[] {
  const all = entries
    .filter(({ kind }) => kind !== "colleague")
    .flatMap(({ email, whole: person }): Target[] => {
      if (!person) return [];
      const target = (type: RecordRef["type"], id: string, title: string, stage?: Stage): Target => ({
        record: { type, id },
        title: title || email,
        email,
        ...(stage && { stage }),
      });
      const companies = [...person.contacts.flatMap(({ company }) => company ?? []), ...person.companies];
      const targets = [
        ...person.contacts.map(({ id, name }) => target("contact", id, name)),
        ...person.deals.map(({ id, title, stage }) => target("deal", id, title, stage)),
        ...companies.map(({ id, title }) => target("company", id, title)),
        ...person.leads.map(({ id, title, status }) => target("lead", id, title, status)),
      ];
      const isChosen = ({ record }: Target) => person.chosen !== undefined && keyOf(record) === keyOf(person.chosen);
      return [...targets.filter(isChosen), ...targets.filter((target) => !isChosen(target))];
    });
  const distinct = new Map(all.toReversed().map((target) => [keyOf(target.record), target]));
  return all.filter((target) => distinct.get(keyOf(target.record)) === target);
}

/** What is chosen at first: the record of whoever wrote the message, else of the first recipient who has one. */
export function firstChoice(targets: readonly Target[], { from, to }: MailMessage): Target | undefined {
  const people = [from, ...to].map(({ email }) => email.toLowerCase());
  const best = people.map((email) => targets.find((target) => target.email === email)).find((target) => target);
  return best ?? targets[0];
}

/** An entry that was made from here, and what it can be moved to. */
export interface Made {
  /** The portal's id of it. */
  readonly id: string;
  /** Where it stands. */
  readonly records: readonly LoggedRecord[];
  readonly mailbox: string;
  /** The addresses that were looked up. */
  readonly people: readonly string[];
  readonly targets: readonly Target[];
}
