// Finding a record by hand, as somebody types and picks.
import assert from "node:assert/strict";
import { beforeEach, type TestContext, test } from "node:test";
import type { Actions } from "../../src/panel/actions.ts";
import { pauseInTyping } from "../../src/panel/find/use-search.ts";
import { initial } from "../../src/panel/model.ts";
import { type Event as PanelEvent, update } from "../../src/panel/update.ts";
import type { Change, Search } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { button, draw, field, letPeopleMean, names, openDocument, press, read, type } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");
const { render } = await import("preact");
const { act } = await import("preact/test-utils");

const label = "Find a contact or company";
const about = { email: sample.priya.email, mailName: "Priya Menon", mailbox: sample.mailbox, subject: "x" };

beforeEach(() => letPeopleMean(true));

/** A search whose answers the test gives when it likes. */
function desk() {
  const asked: { text: string; skip: number | undefined; types: readonly string[]; signal: AbortSignal }[] = [];
  const waiting: { resolve: (page: Search) => void; reject: (error: Error) => void }[] = [];
  const search: Actions["search"] = ({ text, skip, types }, signal) =>
    new Promise((resolve, reject) => {
      asked.push({ text, skip, types, signal });
      waiting.push({ resolve, reject });
    });
  const settle = async (index: number, answer: Search | Error) => {
    await act(async () => {
      if (answer instanceof Error) waiting[index]?.reject(answer);
      else waiting[index]?.resolve(answer);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    });
  };
  return { asked, search, settle };
}

/** The form for adding an address to an existing record. */
async function open({ mock }: TestContext, answers: Partial<Actions> = {}, before: PanelEvent[] = []) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const deeds: unknown[][] = [];
  const events: PanelEvent[] = [
    { at: "worker", state: sample.connected() },
    ...before,
    { at: "form", form: { at: "addTo", about } },
  ];
  const actions = fakeActions(deeds, answers);
  const root = await draw(<Panel model={events.reduce(update, initial)} actions={actions} />);
  const pause = (milliseconds = pauseInTyping) => act(() => mock.timers.tick(milliseconds));
  const write = async (text: string) => {
    await type(root, label, text);
    await pause();
  };
  const key = (name: string) =>
    act(() => {
      const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
      field(root, label).dispatchEvent(event);
    });
  return { root, deeds, pause, write, key, last: () => deeds.at(-1)?.[1] as PanelEvent | undefined };
}

const page = (found: Search["found"], rest: Partial<Search> = {}): Search => ({
  found,
  more: false,
  cut: false,
  notices: [],
  ...rest,
});
const options = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>("[role=option]")];
const status = (root: HTMLElement) => read(root.querySelector(".find [role=status]"));
const active = (root: HTMLElement) => {
  const id = field(root, label).getAttribute("aria-activedescendant");
  return id === null ? undefined : read(document.getElementById(id));
};

test("one letter asks nobody, and a pause in typing asks once", async (context) => {
  const { asked, search, settle } = desk();
  const { root, pause, write } = await open(context, { search });
  assert.match(status(root), /at least two letters/);
  await write("c");
  await write(" … c");
  assert.equal(asked.length, 0);
  await type(root, label, "co");
  await pause(pauseInTyping - 1);
  await type(root, label, "corvus ");
  await pause(pauseInTyping - 1);
  assert.equal(asked.length, 0);
  await pause(1);
  assert.deepEqual(
    asked.map(({ text, skip, types }) => ({ text, skip, types })),
    [{ text: "corvus", skip: 0, types: ["contact", "company"] }],
  );
  assert.equal(status(root), "Searching…");
  await settle(0, page([sample.namesake, sample.corvus]));
  assert.equal(status(root), "2 records");
  assert.match(
    read(options(root)[0]),
    /Priya Menon ?p\.menon@corvus\.example · Corvus Logistics · Responsible: .* ?Contact/,
  );
  // A blank more is the same search.
  await write("corvus");
  assert.equal(asked.length, 1);
});

test("what the portal has refused to change is shown with the reason and can't be picked", async (context) => {
  const { search, settle } = desk();
  const denial = `change contact ${sample.namesake.id}` as const;
  const { root, key, write } = await open(context, { search }, [{ at: "denied", denial }]);
  await write("corvus");
  await settle(0, page([sample.namesake, sample.corvus]));
  const [closed, free] = options(root);
  assert.equal(closed?.getAttribute("aria-disabled"), "true");
  assert.match(read(closed), /The portal gives you no right to change it\./);
  assert.doesNotMatch(read(free), /no right/);
  await key("ArrowDown");
  await key("Enter");
  await act(() => closed?.click());
  assert.equal(button(root, "Add address").disabled, true);
  await key("ArrowDown");
  await key("Enter");
  assert.equal(button(root, "Add address").disabled, false);
});

test("what was typed over is called off, and its answer drawn no more", async (context) => {
  const { asked, search, settle } = desk();
  const { root, write } = await open(context, { search });
  await write("corvus");
  await write("corvus logistics");
  assert.deepEqual(
    asked.map(({ signal }) => signal.aborted),
    [true, false],
  );
  await settle(0, page([sample.namesake]));
  assert.equal(options(root).length, 0);
  await settle(1, page([sample.corvus]));
  assert.equal(options(root).length, 1);
  await write("");
  assert.equal(options(root).length, 0);
  assert.match(status(root), /at least two letters/);
});

test("a form that is closed calls its search off", async (context) => {
  const { asked, search } = desk();
  const { root, write } = await open(context, { search });
  await write("corvus");
  await act(() => render(null, root));
  assert.equal(asked[0]?.signal.aborted, true);
});

test("the keyboard is enough: through the list, round its ends, pick, clear, close", async (context) => {
  const { search, settle } = desk();
  const { root, deeds, write, key, last } = await open(context, { search });
  const input = field(root, label);
  assert.equal(input.getAttribute("role"), "combobox");
  assert.equal(input.getAttribute("aria-expanded"), "false");
  await key("ArrowDown");
  await write("corvus");
  await settle(0, page([sample.namesake, sample.corvus]));
  assert.equal(input.getAttribute("aria-expanded"), "true");
  assert.equal(document.getElementById(input.getAttribute("aria-controls") ?? "")?.getAttribute("role"), "listbox");
  assert.equal(active(root), undefined);
  await key("Enter");
  assert.deepEqual(deeds, []);
  await key("ArrowUp");
  assert.match(active(root) ?? "", /Corvus Logistics/);
  await key("ArrowDown");
  assert.match(active(root) ?? "", /Priya Menon/);
  await key("Enter");
  assert.equal(options(root)[0]?.getAttribute("aria-selected"), "true");
  assert.match(read(root), /becomes one more e-mail of Priya Menon\. Nothing else of the record changes\./);
  assert.deepEqual(deeds, []);
  await key("Escape");
  assert.equal(input.value, "");
  assert.deepEqual(deeds, []);
  await key("Escape");
  assert.deepEqual(last(), { at: "form", form: undefined });
});

test("nothing found, too much, and a portal that doesn't answer are said", async (context) => {
  const { asked, search, settle } = desk();
  const { root, pause, write } = await open(context, { search });
  await write("zz");
  await settle(0, page([]));
  assert.match(status(root), /^Nothing found\./);
  await write("an");
  const many = (from: number) => Array.from({ length: 20 }, (_, at) => ({ ...sample.namesake, id: String(from + at) }));
  await settle(1, page(many(0), { more: true }));
  assert.equal(status(root), "The first 20 records");
  await press(root, "Show more");
  await pause(0);
  assert.equal(asked[2]?.skip, 20);
  await settle(2, page(many(20), { cut: true }));
  assert.equal(options(root).length, 40);
  assert.match(read(root), /The portal has more than these/);
  assert.ok(!names(root).includes("Show more"));
  await write("ann");
  await settle(
    3,
    new HostError({ from: "host", failure: sample.failure("unreachable", "x", "No way.", "Try again.") }),
  );
  assert.match(read(root.querySelector("[role=alert]")), /No way/);
  await press(root, "Try again");
  await pause(0);
  assert.deepEqual([asked[4]?.text, asked[4]?.skip], ["ann", 0]);
  await settle(4, page([sample.namesake], { notices: [sample.failure("refused", "y", "No leads.", "Ask.")] }));
  assert.equal(status(root), "1 record");
  assert.match(read(root), /No leads\./);
});

test("the address goes to what was picked, after a press that was meant", async (context) => {
  const { search, settle } = desk();
  const asked: unknown[] = [];
  const answers: Change[] = [{ is: "refused", words: "Not <b>yours</b>." }, { is: "done" }];
  const addAddress: Actions["addAddress"] = async (params) => {
    asked.push(params);
    return answers.shift() as Change;
  };
  const { root, write, last, deeds } = await open(context, { search, addAddress });
  assert.equal(button(root, "Add address").disabled, true);
  await write("corvus");
  await settle(0, page([sample.namesake, sample.corvus]));
  await act(() => options(root)[1]?.click());
  letPeopleMean(false);
  await press(root, "Add address");
  assert.deepEqual(asked, []);
  letPeopleMean(true);
  await press(root, "Add address");
  await act(async () => {});
  assert.match(read(root.querySelector("[role=alert]")), /The portal refuses this\. Not <b>yours<\/b>\./);
  assert.equal(field(root, label).value, "corvus");
  await press(root, "Add address");
  await act(async () => {});
  const params = {
    mailbox: sample.mailbox,
    email: sample.priya.email,
    record: { type: "company", id: sample.corvus.id },
  };
  assert.deepEqual(asked, [params, params]);
  assert.equal(deeds.length, 1);
  assert.match(JSON.stringify(last()), /"changed".*Address added to Corvus Logistics/);
});
