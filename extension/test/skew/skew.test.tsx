// This extension with hosts that are not of its release: recorded conversations, one frame a line. `first` and `before-never-log`
// were held by earlier hosts; `next` is what the rules of docs/PROTOCOL.md let a later one say: new fields everywhere, a
// further version, an event nobody knows. The host's tests read the same requests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { initial } from "../../src/panel/model.ts";
import { update } from "../../src/panel/update.ts";
import type { EventKind, Lookup, Methods } from "../../src/protocol/types.ts";
import { Host } from "../../src/worker/host.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { fakeActions } from "../panel/fake-actions.ts";
import * as sample from "../panel/samples.ts";
import { extensionRoot } from "../project.ts";
import { draw, openDocument, read } from "../ui/dom.ts";
import { FakePort, type Sent, settle } from "../worker/fake-port.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

type Frame = Record<string, unknown> & { id?: string; method?: keyof Methods };

/** A host that says what was recorded. */
class Recorded extends FakePort {
  readonly #frames: readonly Frame[];

  constructor(name: string) {
    super();
    const file = join(extensionRoot, "test/skew", `${name}.jsonl`);
    this.#frames = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  override postMessage(message: unknown): void {
    super.postMessage(message);
    const { id, method } = message as Sent;
    const asked = this.#frames.find((frame) => frame.method === method);
    if (!asked) {
      const failure = { code: "bad_request", reason: "unknown_method", args: { method }, message: "m", hint: "h" };
      this.say({ id, error: failure });
      return;
    }
    for (const frame of this.#frames) {
      if ("event" in frame) this.say(frame);
      else if (frame.id === asked.id && frame.method === undefined) this.say({ ...frame, id });
    }
  }
}

function conversation(name: string) {
  const port = new Recorded(name);
  const events: EventKind[] = [];
  const host = new Host({
    open: () => port,
    lastError: () => undefined,
    extension: "0.1.0",
    session: async () => "b64url-token",
    onEvent: (kind) => events.push(kind),
    onClose: (trouble) => assert.fail(JSON.stringify(trouble)),
  });
  return { host, port, events };
}

/** The sidebar over a thread whose people this host has just looked up. */
async function sidebar(status: Methods["status"]["result"], lookup: Lookup) {
  const thread = sample.thread(lookup.people.map(({ email }) => ({ email, name: null })));
  const on = { ...status, mailboxes: [{ address: sample.mailbox, on: true }] };
  const state = { ...sample.connected(sample.reading(thread)), standing: { at: "connected", status: on } as const };
  const asking = update(initial, { at: "worker", state });
  assert.ok("ask" in asking.lookup, "the thread is looked up");
  const { ask } = asking.lookup;
  const running = update(asking, { at: "started", ask });
  const model = update(running, { at: "answered", ask, lookup, now: lookup.asOf });
  return read(await draw(<Panel model={model} actions={fakeActions([])} />));
}

for (const name of ["first", "before-never-log", "next"])
  test(`the sidebar works with a host of another release: ${name}`, async () => {
    const { host, port, events } = conversation(name);
    const { protocol } = await host.hello();
    assert.equal(protocol, 1);
    const status = await host.call("status", {});
    const parts: unknown[] = [];
    const params = { mailbox: sample.mailbox, addresses: ["marie.rousseau@helion.example"], fresh: false };
    const lookup = await host.call("lookup", params, { onPart: (part) => parts.push(part) });
    assert.equal(parts.length, 1);
    const seen = await sidebar(status, lookup);
    for (const words of ["Marie Rousseau", "Helion Automation SAS", "Pilot order, 40 sensors", "Ann Keller"])
      assert.ok(seen.includes(words), `${words} in: ${seen}`);
    assert.equal((await host.call("reference", { fresh: false })).pipelines[0]?.name, "Sales");
    assert.equal((await host.call("disconnect", { everywhere: false })).connectionEnded, true);
    await settle();
    assert.deepEqual(events, [], "no event that isn't known gets further");
    assert.ok(!port.closedByUs);
  });

test("what an earlier host doesn't know is a failure with a sentence, and the line stays open", async () => {
  const { host, port } = conversation("first");
  const search = host.call("search", {} as Methods["search"]["params"]);
  await assert.rejects(search, (error) => {
    assert.ok(error instanceof HostError && error.trouble.from === "host");
    return error.trouble.failure.reason === "unknown_method";
  });
  assert.ok(!port.closedByUs);
  assert.equal((await host.call("status", {})).portal, "brightline.bitrix24.com");
});
