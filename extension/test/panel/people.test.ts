import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressesOf,
  delayOf,
  entriesOf,
  filters,
  nameOf,
  passes,
  secondsOf,
  severalMatches,
} from "../../src/panel/people.ts";
import type { Person } from "../../src/protocol/types.ts";
import * as sample from "./samples.ts";

const known = (people: readonly Person[]) => (email: string) => people.find((person) => person.email === email);
const named = (emails: readonly string[]) => emails.map((email) => ({ email, name: null }));

test("addresses come newest message first, its sender before the others, each once and never the mailbox's own", () => {
  const message = (from: string, to: string[] | null) => ({
    id: null,
    permId: null,
    from: { name: null, email: from },
    to: to && named(to),
    recipientsMissing: to === null,
    collapsed: false,
  });
  const open = sample.thread(named(["a@x.example", "b@x.example", "c@x.example", "d@x.example"]), {
    messages: [
      message("a@x.example", ["B@x.example", sample.mailbox]),
      message(sample.mailbox, null),
      message("C@x.example", [sample.mailbox, "a@x.example", "stranger@x.example"]),
    ],
  });
  assert.deepEqual(addressesOf(open, "LENA@brightline.example"), [
    "c@x.example",
    "a@x.example",
    "b@x.example",
    "d@x.example",
  ]);
});

test("a name without an address is nobody to look up", () => {
  const nameless = { name: "Somebody", email: null };
  const open = sample.thread([], {
    messages: [
      {
        id: null,
        permId: null,
        from: nameless,
        to: [nameless],
        recipientsMissing: true,
        collapsed: false,
      },
    ],
  });
  assert.deepEqual(addressesOf(open, sample.mailbox), []);
});

test("cards: in the CRM, leads, unknown, colleagues; the person reading is none of them", () => {
  const me = sample.person("lena.alias@brightline.example", { role: { is: "me" } });
  const people = [sample.annKeller, sample.priya, me, sample.jonas, sample.marie];
  const entries = entriesOf(
    sample.thread(named(people.map(({ email }) => email))),
    sample.reader,
    known(people),
    false,
  );
  assert.deepEqual(
    entries.map(({ email, kind }) => [email, kind]),
    [
      [sample.marie.email, "inCrm"],
      [sample.jonas.email, "lead"],
      [sample.priya.email, "unknown"],
      [sample.annKeller.email, "colleague"],
    ],
  );
});

test("extranet users and former colleagues are shown as what they are, records or not", () => {
  const user = sample.ann;
  const table: [Person, string][] = [
    [sample.person("a@x.example", { role: { is: "extranet", user } }), "outside"],
    [sample.person("a@x.example", { role: { is: "formerColleague", user } }), "outside"],
    [sample.person("a@x.example", { role: { is: "extranet", user }, contacts: sample.marie.contacts }), "inCrm"],
    [sample.person("a@x.example", { hidden: 2 }), "inCrm"],
    [sample.person("a@x.example", { role: { is: "notLookedUp" } }), "missing"],
    [sample.person("a@x.example", { role: { is: "colleague", position: "" }, leads: sample.jonas.leads }), "colleague"],
  ];
  for (const [person, kind] of table) {
    const [entry] = entriesOf(sample.thread(named(["a@x.example"])), sample.reader, () => person, false);
    assert.equal(entry?.kind, kind, JSON.stringify(person.role));
  }
});

test("the person reading is nobody's card, by an own address not even while the answer is on its way", () => {
  const open = sample.thread(named(["LENA.private@freemail.example", sample.mailbox, "work@x.example", "a@x.example"]));
  const emails = (people: readonly Person[]) =>
    entriesOf(open, sample.reader, known(people), true).map(({ email }) => email);
  assert.deepEqual(emails([]), ["work@x.example", "a@x.example"]);
  assert.deepEqual(emails([sample.person("work@x.example", { role: { is: "me" } })]), ["a@x.example"]);
});

test("somebody without an answer is pending while one is to come, and missing after that", () => {
  const open = sample.thread(named(["a@x.example"]));
  const kind = (waiting: boolean) => entriesOf(open, sample.reader, () => undefined, waiting)[0]?.kind;
  assert.equal(kind(true), "pending");
  assert.equal(kind(false), "missing");
});

test("the portal's name is better than the mail's, and that better than the address", () => {
  const entry = (person: Person | undefined, mailName: string | null = "Mail Name") =>
    nameOf({ email: "a@x.example", mailName, viaGroup: false, kind: "unknown", person });
  assert.equal(entry(sample.marie), "Marie Rousseau");
  assert.equal(entry(sample.jonas), "Jonas Weber");
  assert.equal(entry(sample.annKeller), "Ann Keller");
  assert.equal(entry(sample.priya), "Mail Name");
  assert.equal(entry(sample.priya, null), "a@x.example");
  assert.equal(entry(undefined, null), "a@x.example");
  assert.equal(entry({ ...sample.marie, contacts: [sample.contact("1", "")] }), "Mail Name");
  assert.equal(entry(sample.many[0]), "Mail Name", "of several records none is better than another");
});

test("a contact and its own company are one match, anything else is several", () => {
  const company = { id: "21", title: "Helion", url: "" };
  assert.equal(severalMatches(sample.marie), false);
  assert.equal(severalMatches({ ...sample.marie, companies: [company] }), false);
  assert.equal(severalMatches({ ...sample.marie, companies: [{ ...company, id: "22" }] }), true);
  assert.equal(severalMatches(sample.person("a@x.example", { companies: [company] })), false);
  assert.equal(severalMatches(sample.jonas), false);
});

test("every person passes the filter for all and at most one other", () => {
  const people = [...sample.five, ...sample.many];
  const entries = entriesOf(
    sample.thread(named(people.map(({ email }) => email))),
    sample.reader,
    known(people),
    false,
  );
  assert.equal(entries.length, people.length);
  for (const entry of entries) {
    assert.ok(passes("all", entry));
    assert.ok(filters.filter((filter) => filter !== "all" && passes(filter, entry)).length <= 1);
  }
});

test("a wait is whole seconds between one and an hour, and half a minute where none is told", () => {
  const busy = (seconds?: string) =>
    sample.failure("try_later", "portal_busy", "", "", seconds === undefined ? {} : { seconds });
  const table: [string | undefined, number][] = [
    ["18", 18],
    ["0.2", 1],
    ["-5", 1],
    ["1e9", 3600],
    ["soon", 30],
    [undefined, 30],
  ];
  for (const [seconds, expected] of table) assert.equal(secondsOf(busy(seconds)), expected, seconds);

  const skipped = sample.person("a@x.example", { role: { is: "notLookedUp" }, problems: [busy("7")] });
  const known = sample.person("b@x.example", { problems: [busy("9")] });
  assert.equal(delayOf([skipped, known], []), 7);
  assert.equal(delayOf([skipped], [busy("12")]), 12);
  assert.equal(delayOf([known], []), undefined, "what is known waits for nothing");
});
