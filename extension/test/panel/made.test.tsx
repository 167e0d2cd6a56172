// What can be done about an entry that was just made.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Made } from "../../src/panel/log/form.ts";
import { change, type Denied } from "../../src/panel/rights.ts";
import type { Event } from "../../src/panel/update.ts";
import type { Methods } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { draw, letPeopleMean, openDocument, press, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { MadeEntry } = await import("../../src/panel/log/made.tsx");

const { records } = sample.logPreview;
const [contact] = records;
assert.ok(contact);
const deal = { type: "deal", id: "31" } as const;
const target = { record: deal, title: "<b>Pilot\u202e order", email: sample.marie.email };
const own = { record: { type: contact.type, id: contact.id }, title: contact.title, email: contact.email };
const made: Made = {
  id: "3165",
  records,
  mailbox: sample.mailbox,
  people: [sample.marie.email],
  targets: [own, target],
};

type Moved = Methods["moveLog"]["result"];

async function open(moveLog: () => Promise<Moved>, known: Made = made, denied: Denied = new Set()) {
  const asked: Methods["moveLog"]["params"][] = [];
  const events: Event[] = [];
  const actions = fakeActions([], {
    dispatch: (event) => void events.push(event),
    moveLog: (params) => {
      asked.push(params);
      return moveLog();
    },
  });
  const root = await draw(<MadeEntry made={known} denied={denied} actions={actions} />);
  return { root, asked, events };
}

beforeEach(() => letPeopleMean(true));

test("where the entry leaves and where it goes is said before it is moved, and exactly that is asked for", async () => {
  const moved = { ...contact, ...deal, title: "Pilot order" };
  const { root, asked, events } = await open(async () => ({ id: "3165", records: [moved], notices: [] }));
  await press(root, "Move");
  assert.deepEqual(asked, []);
  assert.match(read(root.querySelector("[role=group]")), /Take the entry from Marie Rousseau to <b>Pilot order\?/);
  assert.equal(root.querySelectorAll("option").length, 1);
  assert.equal(root.querySelectorAll("b").length, 0);
  await press(root, "Move the entry");
  const { type, id } = contact;
  const params = { id: "3165", mailbox: sample.mailbox, people: [sample.marie.email], from: [{ type, id }], to: deal };
  assert.deepEqual(asked, [params]);
  const [event] = events;
  assert.ok(event?.at === "logged");
  assert.deepEqual([event.said.words, event.said.made?.records], ["The entry was moved to <b>Pilot order.", [moved]]);
});

test("a script's click moves nothing", async () => {
  const { root, asked } = await open(() => new Promise(() => {}));
  await press(root, "Move");
  letPeopleMean(false);
  await press(root, "Move the entry");
  assert.deepEqual(asked, []);
});

test("why it wasn't moved is said beside the question", async () => {
  const failure = sample.failure("failed", "move_log_missing", "Too old.", "Undo it.");
  const { root, events } = await open(async () => {
    throw new HostError({ from: "host", failure });
  });
  await press(root, "Move");
  await press(root, "Move the entry");
  assert.ok(root.querySelector("[role=alert]"));
  assert.deepEqual(events, []);
});

test("with nowhere else to go there is nothing to press", async () => {
  const { root } = await open(() => new Promise(() => {}), { ...made, targets: [own] });
  assert.deepEqual([...root.querySelectorAll("button")].map(read), ["Undo"]);
});

test("where the portal gives no right to change it, it isn't offered to go", async () => {
  const other = { ...target, record: { type: "deal", id: "32" } as const, title: "Service" };
  const both = { ...made, targets: [own, target, other] };
  const { root } = await open(() => new Promise(() => {}), both, new Set([change(deal)]));
  await press(root, "Move");
  assert.deepEqual([...root.querySelectorAll("option")].map(read), ["Service · Deal"]);
  const none = await open(() => new Promise(() => {}), made, new Set([change(deal)]));
  assert.deepEqual([...none.root.querySelectorAll("button")].map(read), ["Undo"]);
});
