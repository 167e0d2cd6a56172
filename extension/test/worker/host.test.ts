import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { EventKind } from "../../src/protocol/types.ts";
import { Host } from "../../src/worker/host.ts";
import { HostError, type Trouble } from "../../src/worker/trouble.ts";
import { FakePort, settle } from "./fake-port.ts";

const greeting = { protocol: 1, protocols: [1], host: "0.1.0" };

/** A host client, its ports so far, and what it told. */
function setUp({ session }: { session?: string } = {}) {
  const ports: FakePort[] = [];
  const events: EventKind[] = [];
  const closed: Trouble[] = [];
  const browser: { lastError: string | undefined; refuse: string | undefined } = {
    lastError: undefined,
    refuse: undefined,
  };
  const host = new Host({
    open: () => {
      if (browser.refuse !== undefined) throw new Error(browser.refuse);
      const port = new FakePort();
      ports.push(port);
      return port;
    },
    lastError: () => browser.lastError,
    extension: "0.1.0",
    session: async () => session,
    onEvent: (kind) => events.push(kind),
    onClose: (trouble) => closed.push(trouble),
  });
  const port = () => {
    const newest = ports.at(-1);
    assert.ok(newest, "no port was opened");
    return newest;
  };
  return { host, ports, port, events, closed, browser };
}

/** The same, with the greeting done and `status` under way. */
async function underWay(needs: { session?: string } = {}) {
  const all = setUp(needs);
  const status = outcome(all.host.call("status", {}));
  await settle();
  all.port().answer("hello", greeting);
  await settle();
  return { ...all, status };
}

function outcome(promise: Promise<unknown>): Promise<{ result: unknown } | { trouble: Trouble }> {
  return promise.then(
    (result) => ({ result }),
    (error: unknown) => {
      assert.ok(error instanceof HostError, String(error));
      return { trouble: error.trouble };
    },
  );
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("the greeting goes first, in version 1, and nothing follows before its answer", async () => {
  const { host, port, ports } = setUp({ session: "token" });
  const first = outcome(host.call("status", {}));
  const second = outcome(host.call("lookup", { addresses: ["a@x.example"], fresh: false }));
  await settle();
  assert.deepEqual(port().sent, [
    { v: 1, id: "1", method: "hello", session: "token", params: { protocols: [1], extension: "0.1.0" } },
  ]);
  port().answer("hello", greeting);
  await settle();
  assert.deepEqual(
    port()
      .sent.slice(1)
      .map((sent) => [sent.id, sent.method, sent.session]),
    [
      ["2", "status", "token"],
      ["3", "lookup", "token"],
    ],
  );
  port().answer("lookup", { people: [] });
  port().answer("status", { portal: "acme.bitrix24.com" });
  assert.deepEqual(await second, { result: { people: [] } });
  assert.deepEqual(await first, { result: { portal: "acme.bitrix24.com" } });
  assert.equal(ports.length, 1);
});

test("without a session no field of that name crosses", async () => {
  const { port } = await underWay();
  assert.ok(port().sent.every((sent) => !("session" in sent)));
});

test("parts come before the result, and none after it", async () => {
  const { host, port } = await underWay();
  const parts: unknown[] = [];
  const lookup = outcome(host.call("lookup", { addresses: [], fresh: false }, { onPart: (part) => parts.push(part) }));
  await settle();
  const { id } = port().last("lookup");
  port().say({ id, part: { people: ["one"] } });
  port().say({ id, part: { people: ["one", "two"] } });
  port().say({ id, result: { people: ["one", "two", "three"] } });
  port().say({ id, part: { people: [] } });
  assert.deepEqual(await lookup, { result: { people: ["one", "two", "three"] } });
  assert.deepEqual(parts, [{ people: ["one"] }, { people: ["one", "two"] }]);
});

test("unknown ids, second replies and frames of another shape are nobody's answer", async () => {
  const { port, status } = await underWay();
  for (const stray of [null, 5, "text", [], {}, { id: "99", result: 1 }, { id: null, error: {} }, { id: 2, result: 1 }])
    port().say(stray);
  const { id } = port().last("status");
  port().say({ id, result: "first" });
  port().say({ id, result: "second" });
  port().say({ id, error: { code: "failed" } });
  assert.deepEqual(await status, { result: "first" });
});

test("a failure keeps code, reason, values and sentence", async () => {
  const { port, status } = await underWay();
  const failure = {
    code: "try_later",
    reason: "portal_busy",
    args: { seconds: "18" },
    message: "The portal asks us to slow down.",
    hint: "It goes on by itself in 18 s.",
  };
  port().say({ id: port().last("status").id, error: failure });
  assert.deepEqual(await status, { trouble: { from: "host", failure } });
});

test("a reply that is neither result nor whole failure still ends the wait", async () => {
  for (const odd of [{}, { error: null }, { error: "text" }, { error: { code: 7, args: [1], message: {} } }]) {
    const { port, status } = await underWay();
    port().say({ id: port().last("status").id, ...odd });
    const told = await status;
    assert.ok("trouble" in told && told.trouble.from === "host");
    assert.equal(told.trouble.failure.code, "failed");
    assert.equal(told.trouble.failure.message, "");
  }
});

test("a port that closes in the middle tells everyone who waits, and the next call opens another", async () => {
  const { host, port, ports, status, closed, browser } = await underWay();
  const lookup = outcome(host.call("lookup", { addresses: [], fresh: false }));
  await settle();
  browser.lastError = "Native host has exited.";
  port().end();
  const trouble: Trouble = { from: "port", cause: "exited", detail: "Native host has exited." };
  assert.deepEqual(await status, { trouble });
  assert.deepEqual(await lookup, { trouble });
  assert.deepEqual(closed, [trouble]);

  const again = outcome(host.call("status", {}));
  await settle();
  assert.equal(ports.length, 2);
  port().answer("hello", greeting);
  await settle();
  port().answer("status", "back");
  assert.deepEqual(await again, { result: "back" });
});

test("a port that closes before the greeting was answered tells what the browser says", async () => {
  const texts: [string | undefined, string][] = [
    ["Specified native messaging host not found.", "hostMissing"],
    ["Access to the specified native messaging host is forbidden.", "forbidden"],
    ["Access to the native messaging host was disabled by the system administrator.", "blockedByPolicy"],
    ["Native host has exited.", "exited"],
    ["Error when communicating with the native messaging host.", "exited"],
    ["Invalid native messaging host name specified.", "unknown"],
    [undefined, "exited"],
  ];
  for (const [text, cause] of texts) {
    const { host, port, browser } = setUp();
    const status = outcome(host.call("status", {}));
    await settle();
    browser.lastError = text;
    port().end();
    assert.deepEqual(await status, { trouble: { from: "port", cause, detail: text ?? "" } });
  }
});

test("a port that can't even be opened is a trouble too", async () => {
  const { host, browser } = setUp();
  browser.refuse = "no nativeMessaging permission";
  const trouble: Trouble = { from: "port", cause: "unknown", detail: "no nativeMessaging permission" };
  assert.deepEqual(await outcome(host.call("status", {})), { trouble });
  assert.deepEqual(await outcome(host.hello()), { trouble });
});

test("each method has its time limit, and the host is told to stop", async () => {
  const { host, port, status } = await underWay();
  const lookup = outcome(host.call("lookup", { addresses: [], fresh: false }));
  const connect = outcome(host.call("connect", { portal: "acme.bitrix24.com" }));
  await settle();
  const { id } = port().last("status");
  mock.timers.tick(15_000);
  assert.deepEqual(await status, { trouble: { from: "clock", method: "status", seconds: 15 } });
  assert.deepEqual(port().last("cancel").params, { id });
  mock.timers.tick(45_000);
  assert.deepEqual(await lookup, { trouble: { from: "clock", method: "lookup", seconds: 60 } });
  mock.timers.tick(300_000);
  assert.deepEqual(await connect, { trouble: { from: "clock", method: "connect", seconds: 360 } });
});

test("a host that never greets is hung up on", async () => {
  const { host, port, ports } = setUp();
  const status = outcome(host.call("status", {}));
  await settle();
  mock.timers.tick(15_000);
  assert.deepEqual(await status, { trouble: { from: "clock", method: "hello", seconds: 15 } });
  await settle();
  assert.ok(port().closedByUs);
  void outcome(host.hello());
  await settle();
  assert.equal(ports.length, 2);
});

test("taking a request back rejects at once, tells the host its id, and ignores the late reply", async () => {
  const { host, port } = await underWay();
  const control = new AbortController();
  const lookup = outcome(host.call("lookup", { addresses: [], fresh: false }, { signal: control.signal }));
  await settle();
  const { id } = port().last("lookup");
  control.abort();
  assert.deepEqual(await lookup, { trouble: { from: "caller" } });
  assert.deepEqual(port().last("cancel").params, { id });
  port().say({ id, error: { code: "cancelled" } });
  port().say({ id: port().last("cancel").id, result: {} });
});

test("a request taken back before it was sent is never sent", async () => {
  const { host, port } = await underWay();
  const before = port().sent.length;
  const lookup = outcome(host.call("lookup", { addresses: [], fresh: false }, { signal: AbortSignal.abort() }));
  assert.deepEqual(await lookup, { trouble: { from: "caller" } });
  assert.equal(port().sent.length, before);
});

test("events are forwarded, unknown ones are not", async () => {
  const { port, events } = await underWay();
  for (const event of ["connection", "session", "settings", "weather", 3]) port().say({ event });
  assert.deepEqual(events, ["connection", "session", "settings"]);
});

test("a host of another protocol version is told apart, whether it says so or not", async () => {
  const silent = setUp();
  const told = outcome(silent.host.call("status", {}));
  await settle();
  silent.port().answer("hello", { protocol: 3, protocols: [2, 3], host: "9.0.0" });
  const trouble = await told;
  assert.ok("trouble" in trouble && trouble.trouble.from === "host");
  assert.equal(trouble.trouble.failure.code, "unsupported_version");
  assert.deepEqual(trouble.trouble.failure.args, { theirs: "1", ours: "2, 3" });
  await settle();
  assert.ok(silent.port().closedByUs);

  const frank = setUp();
  const said = outcome(frank.host.call("status", {}));
  await settle();
  const failure = { code: "unsupported_version", reason: "unsupported_version", args: {}, message: "m", hint: "h" };
  frank.port().say({ id: frank.port().last("hello").id, error: failure });
  assert.deepEqual(await said, { trouble: { from: "host", failure } });
});
