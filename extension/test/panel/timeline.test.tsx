// Comments, to-dos and what happened last, as somebody meets them.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Actions } from "../../src/panel/actions.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { type Entry, entriesOf } from "../../src/panel/people.ts";
import {
  entryForm,
  entryOf,
  instantOf,
  mainRecord,
  recordsOf,
  tomorrowMorning,
  wrongIn,
} from "../../src/panel/timeline/form.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { AddedEntry, Methods, Person, Recent } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { button, draw, field, letPeopleMean, names, openDocument, press, read, type } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

type Params = Methods["addEntry"]["params"];
type Add = (params: Params, before: (before: { newest: string }) => void) => Promise<AddedEntry>;

/** As the sidebar lists them. */
function entryFor(person: Person): Entry {
  const thread = sample.thread([{ email: person.email, name: null }]);
  const [entry] = entriesOf(thread, sample.reader, () => person, false);
  assert.ok(entry);
  return entry;
}
const typed = { text: "", title: "", due: "" };

/** The sidebar after these events, redrawn whenever something happens. */
async function open(events: (model: Model) => Event[], answers: Partial<Actions> = {}) {
  const { act } = await import("preact/test-utils");
  const { render } = await import("preact");
  let model: Model = update(initial, { at: "worker", state: sample.connected() });
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const looked: Event[] = [
    { at: "started", ask },
    { at: "answered", ask, lookup: sample.lookup(sample.five), now: sample.asOf },
  ];
  model = [...looked, ...events(model)].reduce(update, model);
  const actions: Actions = fakeActions([], {
    ...answers,
    dispatch: (event) => {
      model = update(model, event);
      void act(() => render(<Panel model={model} actions={actions} />, root));
    },
  });
  const root = await draw(<Panel model={model} actions={actions} />);
  const settle = () =>
    act(async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    });
  await settle();
  return { root, settle, model: () => model };
}

async function openForm(what: "comment" | "todo", addEntry?: Add) {
  const form = entryForm(what, entryFor(sample.marie), new Set());
  assert.ok(form);
  return open(() => [{ at: "form", form }], addEntry ? { addEntry } : {});
}

async function fill(root: HTMLElement, value: string) {
  const { act } = await import("preact/test-utils");
  const area = root.querySelector("textarea");
  assert.ok(area);
  await act(() => {
    area.value = value;
    area.dispatchEvent(new globalThis.Event("input", { bubbles: true }));
  });
}

const failing = (...failure: Parameters<typeof sample.failure>) =>
  new HostError({ from: "host", failure: sample.failure(...failure) });

beforeEach(() => letPeopleMean(true));

test("an entry goes to the record somebody is, and of several matches to none until one is chosen", () => {
  const records = recordsOf(entryFor(sample.marie));
  assert.deepEqual(
    records.map(({ record: { type: kind, id } }) => `${kind} ${id}`),
    ["contact 11", "deal 31", "deal 32", "company 21"],
  );
  assert.deepEqual(mainRecord(entryFor(sample.marie), records), { type: "contact", id: "11" });
  const two = sample.person("info@x.example", { contacts: [sample.contact("1", "A"), sample.contact("2", "B")] });
  assert.equal(entryForm("todo", entryFor(two), new Set())?.first, undefined);
  const picked = { type: "contact", id: "2" } as const;
  assert.deepEqual(entryForm("todo", entryFor({ ...two, chosen: picked }), new Set())?.first, picked);
  assert.equal(entryForm("comment", entryFor(sample.priya), new Set()), undefined);
});

test("what is typed is checked before anybody is asked", () => {
  const now = new Date(2026, 10, 26, 14, 0).getTime();
  assert.equal(tomorrowMorning(now), "2026-11-27T09:00");
  assert.equal(tomorrowMorning(new Date(2026, 11, 31, 23, 59).getTime()), "2027-01-01T09:00");
  assert.deepEqual([...wrongIn("comment", { ...typed, text: " \n" }, now)], [["text", "missing"]]);
  assert.deepEqual(
    [...wrongIn("todo", { ...typed, due: "2026-11-26T13:59" }, now)],
    [
      ["title", "missing"],
      ["due", "past"],
    ],
  );
  assert.deepEqual([...wrongIn("todo", { ...typed, title: "Call" }, now)], [["due", "missing"]]);
  assert.deepEqual([...wrongIn("todo", { text: "", title: "Call", due: "2026-11-27T09:00" }, now)], []);
  const deadline = new Date(2026, 10, 27, 9, 0).getTime();
  assert.deepEqual(entryOf("todo", { text: "x", title: "Call", due: "2026-11-27T09:00" }), {
    type: "todo",
    title: "Call",
    text: "x",
    deadline,
  });
  for (const none of ["", "tomorrow", "0000-00-00T00:00"]) assert.equal(instantOf(none), undefined, none);
});

test("a comment goes out once it is typed and its button pressed, and is said", async () => {
  const asked: Params[] = [];
  const { root, settle } = await openForm("comment", async (params, before) => {
    asked.push(params);
    before({ newest: "998" });
    return { is: "added", id: "999" };
  });
  assert.equal(read(root.querySelector("h1")), "Add comment");
  await press(root, "Add comment");
  assert.match(read(root), /Fill this in\./);
  assert.deepEqual(asked, []);
  await fill(root, "Asks for <b>two</b> pallets");
  letPeopleMean(false);
  await press(root, "Add comment");
  assert.deepEqual(asked, []);
  letPeopleMean(true);
  await press(root, "Add comment");
  await settle();
  const entry = { type: "comment", text: "Asks for <b>two</b> pallets" };
  assert.deepEqual(asked, [{ record: { type: "contact", id: "11" }, entry }]);
  assert.match(read(root.querySelector(".said")), /Comment added to Marie Rousseau/);
});

test("a to-do is due tomorrow morning unless another time is chosen", async () => {
  const asked: Params[] = [];
  const { root, settle } = await openForm("todo", async (params) => {
    asked.push(params);
    return { is: "refused", words: "Owner was not found" };
  });
  assert.match(field(root, "By when").value, /^\d{4}-\d\d-\d\dT09:00$/);
  assert.match(read(root), /Your time: .*Responsible: Lena Hartmann \(you\)/);
  await type(root, "What is to be done", "Call Marie");
  await type(root, "By when", "2030-01-02T10:30");
  await press(root, "Add to-do");
  await settle();
  const deadline = new Date(2030, 0, 2, 10, 30).getTime();
  assert.deepEqual(asked[0]?.entry, { type: "todo", title: "Call Marie", text: "", deadline });
  // Refused: nothing typed is lost.
  assert.match(read(root.querySelector("[role=alert]")), /Owner was not found/);
  assert.equal(field(root, "What is to be done").value, "Call Marie");
});

test("a try that nobody confirmed is named with the next one, and nothing typed is lost", async () => {
  const asked: Params[] = [];
  const lost = failing("try_later", "entry_unconfirmed", "m", "h", { seconds: "0" });
  const port = new HostError({ from: "port", cause: "exited", detail: "" });
  const { root, settle } = await openForm("comment", async (params, before) => {
    asked.push(params);
    if (asked.length === 1) throw port;
    if (params.tried === undefined) before({ newest: "998" });
    if (asked.length === 2) throw port;
    if (asked.length === 3) throw lost;
    return { is: "added", id: "999" };
  });
  await fill(root, "Once");
  const before = Date.now();
  for (let tries = 0; tries < 3; tries += 1) {
    await press(root, "Add comment");
    await settle();
    assert.equal(root.querySelector("textarea")?.value, "Once");
  }
  // Nothing had been sent when the first one ended; the second one may have worked.
  assert.equal(asked[1]?.tried, undefined);
  assert.equal(asked[2]?.tried?.newest, "998");
  assert.ok((asked[2]?.tried?.at ?? 0) >= before);
  assert.match(read(root.querySelector("[role=alert]")), /m\./);
  assert.ok(button(root, "Add comment").disabled, "it waits as long as the host says");
});

test("what happened last is asked for when it is opened, and not before", async () => {
  const asked: Methods["recent"]["params"][] = [];
  const recent: Recent = {
    entries: [
      { kind: { is: "comment" }, at: sample.asOf, author: sample.ann, subject: "<i>Asks</i> for two pallets" },
      { kind: { is: "email", direction: "outgoing" }, subject: "" },
      { kind: { is: "todo" }, at: sample.asOf, subject: "Call", due: sample.asOf },
    ],
    more: true,
    notices: [sample.failure("refused", "x", "Comments are hidden.", "Ask.")],
  };
  const { root, settle } = await open(() => [], {
    recent: async (params) => {
      asked.push(params);
      return recent;
    },
  });
  assert.deepEqual(asked, []);
  await press(root, "Recent activity");
  await settle();
  assert.deepEqual(asked, [{ record: { type: "contact", id: "11" } }]);
  const rows = [...root.querySelectorAll(".recent li")].map(read);
  assert.match(rows[0] ?? "", /^<i>Asks<\/i> for two palletsComment · Ann Keller · /);
  assert.equal(rows[1], "(no title)E-mail sent");
  assert.match(rows[2] ?? "", /CallTo-do · .* · due /);
  assert.match(read(root.querySelector(".recent")), /Comments are hidden\. Ask\..*There is more in the portal\./);
});

test("what can't be read is said, and can be tried again", async () => {
  let tries = 0;
  const { root, settle } = await open(() => [], {
    recent: async () => {
      tries += 1;
      if (tries === 1) throw failing("refused", "x", "You have no right to it.", "Ask.");
      return { entries: [], more: false, notices: [] };
    },
  });
  await press(root, "Recent activity");
  await settle();
  assert.match(read(root.querySelector(".recent [role=alert]")), /You have no right to it\. Ask\./);
  await press(root, "Try again");
  await settle();
  assert.match(read(root.querySelector(".recent")), /Nothing has happened here yet\./);
});

test("where an administrator wants nothing written there are no such buttons, but what happened can be read", async () => {
  const state = { ...sample.connected(), managed: { readOnly: true } };
  const { root } = await open(() => [{ at: "worker", state }]);
  for (const name of ["To-do", "Comment"]) assert.ok(!names(root).includes(name), name);
  assert.ok(names(root).includes("Recent activity"));
});
