import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkerMessage, WorkerState } from "../../src/worker/contract.ts";
import { type Handlers, type How, type PagePort, Pages, type Permit } from "../../src/worker/pages.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { connected, lookup } from "../panel/samples.ts";
import { settle } from "./fake-port.ts";

/** A page's port, seen from the page. */
class FakePage {
  readonly heard: WorkerMessage[] = [];
  #say: (message: unknown) => void = () => {};
  #leave: () => void = () => {};
  readonly port = {
    name: "page",
    postMessage: (message: WorkerMessage) => this.heard.push(message),
    onMessage: {
      addListener: (listener: (message: unknown) => void) => {
        this.#say = listener;
      },
    },
    onDisconnect: {
      addListener: (listener: () => void) => {
        this.#leave = listener;
      },
    },
  } as unknown as PagePort;

  say = (message: unknown) => this.#say(message);
  leave = () => this.#leave();
}

function setUp(lookUp: Handlers["lookup"], permit: Permit = async () => {}) {
  let state: WorkerState = connected();
  const refuse = async () => {
    throw new HostError({ from: "caller" });
  };
  const handlers: Handlers = {
    lookup: lookUp,
    setMailbox: refuse,
    changeTeam: refuse,
    changeNeverLog: refuse,
    pasteCallback: refuse,
    newCode: refuse,
    disconnect: refuse,
    ledger: refuse,
    check: refuse,
    connect: refuse,
    connectWebhook: refuse,
    allow: refuse,
    refresh: async () => null,
    nameMailbox: async () => null,
    search: refuse,
    searchUsers: refuse,
    chooseRecord: refuse,
    recordForm: refuse,
    renewReference: refuse,
    create: refuse,
    addAddress: refuse,
    moveDeal: refuse,
    addEntry: refuse,
    recent: refuse,
    previewLog: refuse,
    commitLog: refuse,
    undoLog: refuse,
    moveLog: refuse,
    readBody: refuse,
    readHeader: refuse,
  };
  const watched: (number | undefined)[] = [];
  const pages = new Pages(
    handlers,
    permit,
    () => state,
    ({ window }) => watched.push(window),
  );
  const page = new FakePage();
  pages.add(page.port, undefined);
  return { pages, page, watched, setState: (next: WorkerState) => (state = next) };
}

const answer = lookup([]);

test("a page gets the state once it has said which window it is about, and each change after that", () => {
  const { pages, page, watched, setState } = setUp(async () => answer);
  pages.pushAll();
  assert.deepEqual(page.heard, []);
  page.say({ watch: 3 });
  assert.deepEqual(watched, [3]);
  const next = { ...connected(), host: "0.2.0" };
  setState(next);
  pages.pushAll();
  assert.deepEqual(page.heard, [{ state: connected() }, { state: next }]);
  page.leave();
  pages.pushAll();
  assert.equal(page.heard.length, 2);
});

test("answers, pieces and troubles go back under the page's own id", async () => {
  const { page } = setUp(async (_, { onPart }) => {
    onPart(answer);
    return answer;
  });
  page.say({ id: "a", method: "lookup", params: {} });
  page.say({ id: "b", method: "disconnect", params: {} });
  await settle();
  assert.deepEqual(page.heard, [
    { id: "a", part: answer },
    { id: "a", result: answer },
    { id: "b", trouble: { from: "caller" } },
  ]);
});

test("what isn't permitted isn't done", async () => {
  let done = 0;
  const refused = async () => {
    done++;
    return answer;
  };
  const { page } = setUp(refused, async (method, params) => {
    assert.deepEqual([method, params], ["lookup", { mailbox: "m" }]);
    throw new HostError({ from: "policy", cause: "refused", name: "Mailboxes" });
  });
  page.say({ id: "a", method: "lookup", params: { mailbox: "m" } });
  await settle();
  assert.deepEqual(page.heard, [{ id: "a", trouble: { from: "policy", cause: "refused", name: "Mailboxes" } }]);
  assert.equal(done, 0);
});

test("what isn't in the table is refused, inherited names included", async () => {
  const { page } = setUp(async () => answer);
  for (const method of ["hello", "status", "constructor", "__proto__"]) page.say({ id: method, method, params: {} });
  await settle();
  assert.ok(page.heard.length === 4 && page.heard.every((message) => "trouble" in message));
});

test("a page that cancels or closes takes its requests back", async () => {
  const hows: How[] = [];
  const { page } = setUp((_, how) => {
    hows.push(how);
    return new Promise(() => {});
  });
  page.say({ id: "a", method: "lookup", params: {} });
  page.say({ id: "b", method: "lookup", params: {} });
  await settle();
  page.say({ cancel: "a" });
  page.say({ cancel: "unknown" });
  assert.deepEqual(
    hows.map(({ signal }) => signal.aborted),
    [true, false],
  );
  page.leave();
  assert.deepEqual(
    hows.map(({ signal }) => signal.aborted),
    [true, true],
  );
});

test("the tabs of our own pages are known while those are open", () => {
  const { pages } = setUp(async () => answer);
  const form = new FakePage();
  pages.add(form.port, 9);
  assert.deepEqual([pages.holds(9), pages.holds(8)], [true, false]);
  form.leave();
  assert.equal(pages.holds(9), false);
});

test("a port of another name is no page", () => {
  const { pages } = setUp(async () => answer);
  const stranger = new FakePage();
  pages.add({ ...stranger.port, name: "other" } as PagePort, undefined);
  stranger.say({ watch: 3 });
  assert.deepEqual(stranger.heard, []);
});
