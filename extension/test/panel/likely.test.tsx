// What the button that logs a message says of an earlier log, before anything is asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loggable } from "../../src/panel/log/form.ts";
import { beforeOf, wordsOfBefore } from "../../src/panel/log/likely.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { type Entry, entriesOf } from "../../src/panel/people.ts";
import { update } from "../../src/panel/update.ts";
import type { LoggedHere, Person, RecentEmail } from "../../src/protocol/types.ts";
import { draw, openDocument, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

const open = sample.loggableThread;
const [message] = loggable(open);
assert.ok(message);
const me = { id: "7", name: "Lena Hartmann", url: "" };
const at = Date.parse("2026-11-20T15:00:00Z");
const logged: RecentEmail = {
  id: "31",
  subject: message.subject,
  sentAt: message.sentAt - 5000,
  emails: [message.from.email],
  by: sample.ann,
  at,
};
const here: LoggedHere = { gmailId: message.gmailId, id: "31", at };

/** Marie's card, with these e-mails in her record's history. */
function entriesWith(...recentEmails: RecentEmail[]): Entry[] {
  const people: Person[] = [{ ...sample.marie, recentEmails }];
  return entriesOf(open, sample.reader, (email) => people.find((person) => person.email === email), false);
}

test("same subject, minute and people are a likely match, and never more", () => {
  const before = beforeOf(message, [], entriesWith({ ...logged, subject: "Another" }, logged));
  assert.deepEqual(before, { is: "likely", entry: logged });
  assert.equal(before && wordsOfBefore(before, me), `Probably logged by ${sample.ann.name}, Nov 20`);
});

test("what is otherwise in subject, minute or people is no match", () => {
  for (const change of [
    { subject: `${message.subject}!` },
    { subject: "" },
    { sentAt: message.sentAt - 60_001 },
    { sentAt: message.sentAt + 60_001 },
    { emails: ["somebody@else.example"] },
    { emails: [] },
  ])
    assert.equal(beforeOf(message, [], entriesWith({ ...logged, ...change })), undefined, JSON.stringify(change));
  const nameless = { ...message, subject: "" };
  assert.equal(beforeOf(nameless, [], entriesWith({ ...logged, subject: "" })), undefined);
});

test("what the way into the portal changes of a subject makes no difference", () => {
  const written = "  Re: AW:\u202e  Größe \n\t der  Teile ";
  const long = "x".repeat(600);
  for (const [page, portal] of [
    [written, "Größe der Teile"],
    ["Größe der Teile", "Fwd: re[2]: GRÖSSE der Teile".replace("SS", "ß")],
    ["Grö\u00dfe", "Gro\u0308ße"],
    [long, long.slice(0, 500)],
  ] as const)
    assert.ok(beforeOf({ ...message, subject: page }, [], entriesWith({ ...logged, subject: portal })), page);
});

test("what was logged from here is certain, whatever the portal tells", () => {
  assert.deepEqual(beforeOf(message, [here], entriesWith(logged)), { is: "loggedHere", entry: here });
  assert.equal(wordsOfBefore({ is: "loggedHere", entry: here }, me), "Logged from here, Nov 20");
  assert.equal(beforeOf(message, [{ ...here, gmailId: "1a1f95f13000ffff" }], entriesWith()), undefined);
});

test("who and when are said as far as they are known", () => {
  const words = (change: Partial<RecentEmail>) => wordsOfBefore({ is: "likely", entry: { ...logged, ...change } }, me);
  const { by: _, ...unsigned } = logged;
  const { at: __, ...undated } = logged;
  assert.equal(words({ by: me }), "Probably logged by you, Nov 20");
  assert.equal(words({ by: { ...sample.ann, name: "" } }), "Probably logged already");
  assert.equal(wordsOfBefore({ is: "likely", entry: unsigned }, me), "Probably logged already");
  assert.equal(wordsOfBefore({ is: "likely", entry: undated }, me), "Probably logged already");
});

function drawn(recentEmails: RecentEmail[], known: { logged?: LoggedHere[] } = {}): Model {
  const opened = update(initial, { at: "worker", state: sample.connected(sample.reading(open)) });
  assert.ok("ask" in opened.lookup);
  const { ask } = opened.lookup;
  const people = sample.five.map((person) =>
    person.email === sample.marie.email ? { ...person, recentEmails } : person,
  );
  return update(opened, { at: "answered", ask, lookup: { ...sample.lookup(people), ...known }, now: at });
}

const hintOf = async (model: Model) => {
  const root = await draw(<Panel model={model} actions={fakeActions([])} />);
  const button = [...root.querySelectorAll("button")].find((one) => read(one) === "Log e-mail");
  const hint = root.querySelector(`#${button?.getAttribute("aria-describedby")}`);
  return hint && read(hint);
};

test("the button says so, and says nothing else", async () => {
  assert.equal(await hintOf(drawn([])), null);
  assert.equal(await hintOf(drawn([logged])), `Probably logged by ${sample.ann.name}, Nov 20`);
  assert.equal(await hintOf(drawn([logged], { logged: [here] })), "Logged from here, Nov 20");
});

test("logging is known at once, and taking back forgets it", async () => {
  const said = { words: "", url: undefined, notices: [] };
  const done = update(drawn([logged]), { at: "logged", said, here });
  assert.equal(await hintOf(done), "Logged from here, Nov 20");
  assert.equal(await hintOf(update(done, { at: "logged", said })), "Logged from here, Nov 20");
  assert.equal(await hintOf(update(done, { at: "undone", id: "31", said })), null);
});

test("a hostile subject and name are only compared and drawn as text", async () => {
  const by = { ...sample.ann, name: "<img src=x onerror=alert(1)>\u202e" };
  const model = drawn([{ ...logged, by }]);
  assert.match((await hintOf(model)) ?? "", /^Probably logged by <img src=x onerror=alert\(1\)>, /);
});

test("where nobody has a record one can be looked for", async () => {
  const strangers = sample.five.map((person) => ({
    ...person,
    role: { is: "external" as const },
    contacts: [],
    companies: [],
    leads: [],
    deals: [],
    dealsTotal: 0,
    hidden: 0,
  }));
  const opened = update(initial, { at: "worker", state: sample.connected(sample.reading(open)) });
  assert.ok("ask" in opened.lookup);
  const hasButton = async (model: Model) =>
    read(await draw(<Panel model={model} actions={fakeActions([])} />)).includes("Log e-mail");
  assert.equal(await hasButton(opened), false);
  const { ask } = opened.lookup;
  const answered = (people: Person[]) =>
    update(opened, { at: "answered", ask, lookup: sample.lookup(people), now: at });
  assert.equal(await hasButton(answered(strangers)), true);
  const colleagues = strangers.map((person) => ({ ...person, role: { is: "colleague" as const, position: "" } }));
  assert.equal(await hasButton(answered(colleagues)), false);
});
