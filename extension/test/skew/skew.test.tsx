// This extension with hosts that are not of its release: conversations that were recorded between extension and host as they were
// before it, one frame a line, with other secrets. A later host says the same, and what docs/PROTOCOL.md lets it add: new fields
// everywhere, a further version, an event nobody knows. The host's tests read the same requests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Form } from "../../src/panel/forms/form.ts";
import { initial } from "../../src/panel/model.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { EventKind, Methods } from "../../src/protocol/types.ts";
import { Host } from "../../src/worker/host.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { fakeActions } from "../panel/fake-actions.ts";
import * as sample from "../panel/samples.ts";
import { extensionRoot } from "../project.ts";
import { draw, openDocument, read } from "../ui/dom.ts";
import { FakePort, type Sent, settle } from "../worker/fake-port.ts";

openDocument();
// An answer's effects come at once, and not with a frame that nobody draws.
const { options } = await import("preact");
options.requestAnimationFrame = (effects) => queueMicrotask(effects);
const { act } = await import("preact/test-utils");
const { OptionsPage } = await import("../../src/options/view.tsx");
const { Panel } = await import("../../src/panel/view.tsx");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

interface Frame {
  readonly id?: string;
  readonly method?: keyof Methods;
  readonly params?: object;
  readonly part?: object;
  readonly result?: object;
  readonly error?: { readonly reason: string };
  readonly event?: string;
}

function recorded(name: string): Frame[] {
  const lines = readFileSync(join(extensionRoot, "test/skew", `${name}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** What a later host may say instead. */
function later(frames: readonly Frame[]): Frame[] {
  const grown = JSON.stringify(frames, (key, value) => {
    const closed = Array.isArray(value) || value === null || typeof value !== "object" || key === "params";
    return closed ? value : { ...value, sinceTheNext: ["any", 1, null] };
  });
  return [{ event: "weather" }, ...JSON.parse(grown.replaceAll('"protocols":[1],"host"', '"protocols":[1,2],"host"'))];
}

/** A host that says what was recorded: each answer to a method once, in that order. */
class Recorded extends FakePort {
  #rest: readonly Frame[];

  constructor(frames: readonly Frame[]) {
    super();
    this.#rest = frames;
  }

  override postMessage(message: unknown): void {
    super.postMessage(message);
    const { id, method } = message as Sent;
    const asked = this.#rest.find((frame) => frame.method === method);
    if (!asked) {
      const failure = { code: "bad_request", reason: "unknown_method", args: { method }, message: "m", hint: "h" };
      this.say({ id, error: failure });
      return;
    }
    const said = this.#rest.filter((frame) => "event" in frame || (frame.id === asked.id && !frame.method));
    this.#rest = this.#rest.filter((frame) => frame !== asked && !said.includes(frame));
    for (const frame of said) this.say(frame.event === undefined ? { ...frame, id } : frame);
  }
}

function conversation(frames: readonly Frame[]) {
  const port = new Recorded(frames);
  const events: EventKind[] = [];
  const host = new Host({
    open: () => port,
    lastError: () => undefined,
    extension: "0.1.0",
    session: async () => "session-token",
    onEvent: (kind) => events.push(kind),
    onClose: (trouble) => assert.fail(JSON.stringify(trouble)),
  });
  return { host, port, events };
}

type Answers = { [M in keyof Methods]?: Methods[M]["result"] };

/** Holds the whole conversation; the last good answer to each method, why others were refused, and how many pieces came. */
async function hold(frames: readonly Frame[], host: Host) {
  const answers: Answers = {};
  const refused: string[] = [];
  let parts = 0;
  for (const { method, params } of frames) {
    if (!method || method === "hello") continue;
    try {
      const onPart = () => parts++;
      Object.assign(answers, { [method]: await host.call(method, params as never, { onPart }) });
    } catch (error) {
      assert.ok(error instanceof HostError && error.trouble.from === "host", String(error));
      refused.push(error.trouble.failure.reason);
    }
  }
  return { answers, refused, parts };
}

/** What the sidebar shows of the thread that was looked up, or in a form over it. */
async function sidebar({ status, lookup, recordForm, previewLog }: Answers, form?: Form): Promise<string> {
  assert.ok(status && lookup);
  const thread = sample.thread(lookup.people.map(({ email }) => ({ email, name: null })));
  const state = { ...sample.connected(sample.reading(thread)), standing: { at: "connected", status } as const };
  const asking = update(initial, { at: "worker", state });
  assert.ok("ask" in asking.lookup, "the thread is looked up");
  const { ask } = asking.lookup;
  const events: Event[] = [
    { at: "started", ask },
    { at: "answered", ask, lookup, now: lookup.asOf },
  ];
  if (form) events.push({ at: "form", form });
  const actions = fakeActions([], {
    readBody: async () => ({ own: "Week 50 suits us.", whole: "", cut: false, clipped: false, bcc: [] }),
    readHeader: async () => null,
    ...(recordForm && { recordForm: async () => recordForm }),
    ...(previewLog && { previewLog: async () => previewLog }),
  });
  const root = await draw(<Panel model={events.reduce(update, asking)} actions={actions} />);
  await act(settle);
  return read(root);
}

function includesAll(seen: string, ...words: string[]) {
  for (const some of words) assert.ok(seen.includes(some), `${some} in: ${seen}`);
}

const conversations = ["first", "second"].flatMap((name) => [
  { name, frames: recorded(name) },
  { name: `${name}, with what a later host adds`, frames: later(recorded(name)) },
]);

for (const { name, frames } of conversations) {
  test(`a host of another release is understood: ${name}`, async () => {
    const { host, port, events } = conversation(frames);
    assert.equal((await host.hello()).protocol, 1);
    const { answers, refused, parts } = await hold(frames, host);
    const how = (what: keyof Frame) => frames.filter((frame) => frame[what]).length;
    assert.deepEqual([how("error"), how("part")], [refused.length, parts]);
    assert.ok(refused.every((reason) => reason === "session_needed"));
    assert.equal(answers.disconnect?.connectionEnded, true);
    const known = frames.flatMap(({ event }) => (event === undefined || event === "weather" ? [] : event));
    assert.deepEqual(events, known, "no event that isn't known gets further");
    assert.ok(!port.closedByUs);

    assert.ok(answers.reference?.pipelines.some((pipeline) => pipeline.name === "Sales"));
    const people = ["Marie Rousseau", "Helion Automation SAS", "Pilot order, 40 sensors", "Ann Keller"];
    includesAll(await sidebar(answers), ...people);
    assert.ok(answers.status);
    const state = { ...sample.connected(), standing: { at: "connected", status: answers.status } as const };
    const nothing = async () => undefined;
    const actions = { openConnect: nothing, changeTeam: nothing, changeNeverLog: nothing };
    includesAll(read(await draw(<OptionsPage state={state} actions={actions} />)), "Lena Hartmann");
  });

  if (name.startsWith("second"))
    test(`its forms and previews are shown: ${name}`, async () => {
      const { answers } = await hold(frames, conversation(frames).host);
      const about = {
        email: sample.priya.email,
        mailName: "Priya Menon",
        mailbox: sample.mailbox,
        subject: "Re: Pilot",
      };
      includesAll(
        await sidebar(answers, { at: "create", type: "contact", about, key: "1" }),
        "Sales region",
        "Benelux",
      );
      assert.ok(answers.create?.is === "created");
      assert.equal(answers.create.person?.contacts[0]?.name, "Priya Menon");

      const asked = frames.find(({ method }) => method === "previewLog")?.params as Methods["previewLog"]["params"];
      const [record] = asked.records;
      assert.ok(record);
      const target = { record, title: "Marie Rousseau", email: sample.marie.email };
      const { message, people } = asked;
      const form: Form = {
        at: "log",
        mailbox: sample.mailbox,
        tabId: 5,
        messages: [message],
        first: message,
        people,
        targets: [target],
      };
      includesAll(await sidebar(answers, form), "week 50 suits us", "Log to 1 record");
      assert.equal(answers.commitLog?.records[0]?.title, "Marie Rousseau");
    });
}

test("what an earlier host doesn't know is a failure with a sentence, and the line stays open", async () => {
  const { host, port } = conversation(recorded("first"));
  const search = host.call("search", {} as Methods["search"]["params"]);
  await assert.rejects(search, (error) => {
    assert.ok(error instanceof HostError && error.trouble.from === "host");
    return error.trouble.failure.reason === "unknown_method";
  });
  assert.ok(!port.closedByUs);
  assert.equal((await host.call("status", {})).portal, "127.0.0.1:8080");
});
