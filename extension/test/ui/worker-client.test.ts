import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { type ClientPort, WorkerClient } from "../../src/ui/worker-client.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import { HostError, type Trouble } from "../../src/worker/trouble.ts";
import { connected, lookup } from "../panel/samples.ts";
import { FakePort } from "../worker/fake-port.ts";

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(globalThis, { chrome: { runtime: {} } });
});
afterEach(() => mock.timers.reset());

function setUp() {
  const ports: FakePort[] = [];
  const states: WorkerState[] = [];
  const client = new WorkerClient(
    () => {
      const port = new FakePort();
      ports.push(port);
      return port as unknown as ClientPort;
    },
    3,
    (state) => states.push(state),
  );
  const port = () => {
    const newest = ports.at(-1);
    assert.ok(newest);
    return newest;
  };
  return { client, ports, port, states };
}

const params = { mailbox: "l@x.example", addresses: ["a@x.example"], fresh: false };
const troubleIn = (promise: Promise<unknown>): Promise<Trouble | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof HostError ? error.trouble : undefined),
  );

test("says first which window it is about, and passes on the state", () => {
  const { port, states } = setUp();
  assert.deepEqual(port().sent, [{ watch: 3 }]);
  port().say({ state: connected() });
  assert.deepEqual(states, [connected()]);
});

test("answers come back to whoever asked, pieces before them", async () => {
  const { client, port } = setUp();
  const parts: unknown[] = [];
  const first = client.call("lookup", params, { onPart: (part) => parts.push(part) });
  const second = client.call("refresh", {});
  const [, one, two] = port().sent;
  port().say({ id: two?.id, result: null });
  port().say({ id: one?.id, part: lookup([]) });
  port().say({ id: one?.id, result: lookup([]) });
  port().say({ id: "99", result: 1 });
  assert.deepEqual(await first, lookup([]));
  assert.equal(await second, null);
  assert.deepEqual(parts, [lookup([])]);
});

test("a trouble comes as it was", async () => {
  const { client, port } = setUp();
  const told = troubleIn(client.call("refresh", {}));
  port().say({ id: port().sent[1]?.id, trouble: { from: "clock", method: "status", seconds: 15 } });
  assert.deepEqual(await told, { from: "clock", method: "status", seconds: 15 });
});

test("taking back rejects at once, tells the worker, and ignores the late answer", async () => {
  const { client, port } = setUp();
  const control = new AbortController();
  const told = troubleIn(client.call("lookup", params, { signal: control.signal }));
  const id = port().sent[1]?.id;
  control.abort();
  assert.deepEqual(await told, { from: "caller" });
  assert.deepEqual(port().sent[2], { cancel: id });
  port().say({ id, result: lookup([]) });
});

test("a worker that ended: whoever waits is told, and a new port says again what it is about", async () => {
  const { client, ports, port } = setUp();
  const told = troubleIn(client.call("lookup", params));
  port().end();
  assert.deepEqual(await told, { from: "port", cause: "unknown", detail: "" });
  assert.equal(ports.length, 1);
  mock.timers.tick(250);
  assert.equal(ports.length, 2);
  assert.deepEqual(port().sent, [{ watch: 3 }]);
});

test("asking between two ports is a trouble, not a wait for ever", async () => {
  const { client, port } = setUp();
  port().end();
  port().disconnect();
  assert.deepEqual(await troubleIn(client.call("refresh", {})), { from: "port", cause: "unknown", detail: "" });
});
