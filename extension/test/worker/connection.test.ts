import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Connection } from "../../src/worker/connection.ts";
import { Host } from "../../src/worker/host.ts";
import { Store } from "../../src/worker/store.ts";
import { failure, lookup, mailbox, marie, person, reference, status } from "../panel/samples.ts";
import { FakeArea } from "./fake-area.ts";
import { FakePort, settle } from "./fake-port.ts";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const notConnected = failure(
  "not_connected",
  "not_connected",
  "This computer isn't connected to a portal.",
  "Connect.",
);

function setUp(items: Record<string, unknown> = {}, { watched = false } = {}) {
  const area = new FakeArea();
  area.items = items;
  const store = new Store(area);
  const ports: FakePort[] = [];
  const host: Host = new Host({
    open: () => {
      const port = new FakePort();
      ports.push(port);
      return port;
    },
    lastError: () => "Native host has exited.",
    extension: "0.1.0",
    session: async () => (await store.read()).session,
    onEvent: () => {},
    onClose: (trouble) => connection.lost(trouble, watched),
  });
  let changes = 0;
  const clock = { now: Date.UTC(2026, 10, 26) };
  const onChange = () => {
    changes += 1;
  };
  const connection: Connection = new Connection(host, store, onChange, () => clock.now);
  const port = () => {
    const newest = ports.at(-1);
    assert.ok(newest);
    return newest;
  };
  /** Greets, and answers the question how things stand. */
  const greet = async (answer: { result: unknown } | { error: unknown }) => {
    await settle();
    port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
    await settle();
    port().say({ id: port().last("status").id, ...answer });
    await settle();
  };
  return { area, clock, connection, port, ports, greet, changes: () => changes };
}

test("a connection that stands is told, and the portal's lists are kept", async () => {
  const { connection, greet, port, area } = setUp({ session: "token" });
  const done = connection.refresh();
  assert.deepEqual(connection.standing, { at: "asking" });
  await greet({ result: status });
  await done;
  assert.deepEqual(connection.standing, { at: "connected", status });
  assert.equal(connection.version, "0.1.0");
  port().answer("reference", reference);
  await settle();
  assert.deepEqual(connection.reference, reference);
  assert.deepEqual(area.items, { session: "token", reference });
});

test("no connection is a standing too, and never a rejection", async () => {
  const { connection, greet } = setUp();
  const done = connection.refresh();
  await greet({ error: notConnected });
  await done;
  assert.deepEqual(connection.standing, { at: "trouble", trouble: { from: "host", failure: notConnected } });
});

test("several who ask at once share one question", async () => {
  const { connection, greet, port } = setUp();
  const all = [connection.refresh(), connection.refresh(), connection.begin()];
  await greet({ result: status });
  await Promise.all(all);
  assert.equal(port().sent.filter(({ method }) => method === "status").length, 1);
  await connection.begin();
  assert.equal(port().sent.filter(({ method }) => method === "status").length, 1, "what is known isn't asked again");
});

test("connecting keeps the session in the worker and gives the page the rest", async () => {
  const { connection, port, area } = setUp();
  const connecting = connection.connect("connect", { portal: "brightline.bitrix24.example", mailbox }, {});
  await settle();
  port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
  await settle();
  port().answer("connect", { session: "token", status });
  assert.deepEqual(await connecting, status);
  assert.deepEqual(area.items, { session: "token", portal: status.portal });
  assert.deepEqual(connection.standing, { at: "connected", status });
  void connection.refresh();
  await settle();
  assert.equal(port().last("status").session, "token", "from now on requests carry the session");
});

test("another portal's lists are never taken for this one's", async () => {
  const { connection, greet, port } = setUp({ session: "token", portal: status.portal, reference });
  void connection.refresh();
  await greet({ result: status });
  assert.deepEqual(connection.reference, reference, "those remembered serve until newer ones come");
  void connection.connect("connect", { portal: "other.bitrix24.com" }, {});
  await settle();
  port().answer("connect", { session: "other", status: { ...status, portal: "other.bitrix24.com" } });
  await settle();
  assert.equal(connection.reference, undefined);
  assert.equal(port().sent.filter(({ method }) => method === "reference").length, 2);
});

test("another portal's lists don't stay on disk until newer ones come", async () => {
  const { connection, port, area } = setUp({ session: "token", portal: status.portal, reference });
  void connection.connect("connect", { portal: "other.bitrix24.com" }, {});
  await settle();
  port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
  await settle();
  port().answer("connect", { session: "other", status: { ...status, portal: "other.bitrix24.com" } });
  await settle();
  assert.deepEqual(area.items, { session: "other", portal: "other.bitrix24.com" });
});

test("an answer about the session of before doesn't undo connecting", async () => {
  const { connection, port } = setUp();
  const connecting = connection.connect("connect", { portal: "brightline.bitrix24.example" }, {});
  await settle();
  port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
  await settle();
  // The host tells of the new connection before it answers, and is asked without a session.
  const asking = connection.refresh();
  await settle();
  const early = port().last("status");
  assert.equal(early.session, undefined);
  port().answer("connect", { session: "token", status });
  await connecting;
  port().say({ id: early.id, error: notConnected });
  await settle();
  assert.deepEqual(connection.standing, { at: "connected", status });
  assert.equal(port().last("status").session, "token", "asked again, with the session");
  port().answer("status", status);
  await asking;
  assert.deepEqual(connection.standing, { at: "connected", status });
});

/** Connected, with the portal's lists; and how often those were asked for, freshly or not. */
async function withReference() {
  const set = setUp({ session: "token" });
  void set.connection.refresh();
  await set.greet({ result: status });
  set.port().answer("reference", reference);
  await settle();
  const asked = () =>
    set
      .port()
      .sent.filter(({ method }) => method === "reference")
      .slice(1)
      .map(({ params }) => params);
  return { ...set, asked };
}

const [deal] = marie.deals;
assert.ok(deal);
const known = lookup([{ ...marie, deals: [deal] }]);
const rentals = { id: "12", name: "Rentals", stages: [{ id: "C12:NEW", name: "Asked for", outcome: "open" as const }] };
const moved = { ...deal, pipelineId: "12", stage: { id: "C12:NEW", name: "C12:NEW", outcome: "open" as const } };

test("after half a day the portal's lists are read again, and not before", async () => {
  const { asked, clock, connection, port, area } = await withReference();
  clock.now += 12 * 60 * 60 * 1000 - 1;
  await connection.compare(known);
  assert.deepEqual(asked(), []);
  clock.now += 1;
  const comparing = connection.compare(known);
  await settle();
  assert.deepEqual(asked(), [{ fresh: true }]);
  const renewed = { ...reference, currencies: ["EUR", "CHF"] };
  port().answer("reference", renewed);
  await comparing;
  assert.deepEqual([connection.reference, area.items["reference"]], [renewed, renewed]);
  await connection.compare(known);
  assert.equal(asked().length, 1);
});

test("a stage the lists don't know has them read again, and once only if it stays unknown", async () => {
  const { asked, connection, port } = await withReference();
  const found = lookup([{ ...marie, deals: [moved] }]);
  const comparing = connection.compare(found);
  await settle();
  assert.deepEqual(asked(), [{ fresh: false }], "the host has noticed, too");
  port().answer("reference", { ...reference, pipelines: [...reference.pipelines, rentals] });
  await comparing;
  await connection.compare(found);
  assert.equal(asked().length, 1);
  const secret = lookup([person("a@x.example", { deals: [{ ...moved, pipelineId: "13" }] })]);
  const again = connection.compare(secret);
  await settle();
  port().answer("reference", reference);
  await again;
  await connection.compare(secret);
  assert.equal(asked().length, 2);
});

test("lists that can't be read leave those there are, and the next lookup tries again", async () => {
  const { asked, clock, connection, port } = await withReference();
  clock.now += 24 * 60 * 60 * 1000;
  for (const tries of [1, 2]) {
    const comparing = connection.compare(known);
    await settle();
    assert.equal(asked().length, tries);
    port().say({ id: port().last("reference").id, error: failure("try_later", "portal_busy", "Busy.", "Wait.") });
    await comparing;
    assert.deepEqual(connection.reference, reference);
  }
});

test("by hand the lists are read at once, and what goes wrong is told", async () => {
  const { asked, connection, port } = await withReference();
  const renewing = connection.renewReference();
  await settle();
  assert.deepEqual(asked(), [{ fresh: true }]);
  port().answer("reference", { ...reference, leads: false });
  await renewing;
  assert.equal(connection.reference?.leads, false);
  const failing = connection.renewReference();
  await settle();
  port().say({ id: port().last("reference").id, error: failure("try_later", "portal_busy", "Busy.", "Wait.") });
  await assert.rejects(failing);
  assert.equal(connection.reference?.leads, false);
});

test("disconnecting forgets everything in the browser and asks how things stand now", async () => {
  const { connection, port, area } = setUp({ session: "token", portal: "p", reference });
  const ending = connection.disconnect({ everywhere: true });
  await settle();
  port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
  await settle();
  assert.deepEqual(port().last("disconnect").params, { everywhere: true });
  port().answer("disconnect", { connectionEnded: true, sessionsLeft: 0 });
  await settle();
  assert.deepEqual(area.items, {});
  assert.equal(port().last("status").session, undefined);
  port().say({ id: port().last("status").id, error: notConnected });
  assert.deepEqual(await ending, { connectionEnded: true, sessionsLeft: 0 });
  assert.equal(connection.standing.at, "trouble");
});

test("a failed disconnect leaves everything as it was", async () => {
  const { connection, port, area } = setUp({ session: "token" });
  const ending = connection.disconnect({ everywhere: false });
  ending.catch(() => {});
  await settle();
  port().answer("hello", { protocol: 1, protocols: [1], host: "0.1.0" });
  await settle();
  port().say({ id: port().last("disconnect").id, error: failure("failed", "keychain_locked", "m", "h") });
  await assert.rejects(ending);
  assert.deepEqual(area.items, { session: "token" });
});

test("a host that ends while somebody looks is started anew, once", async () => {
  const { connection, greet, port, ports } = setUp({ session: "token" }, { watched: true });
  void connection.refresh();
  await greet({ result: status });
  port().end();
  assert.equal(connection.standing.at, "connected");
  await greet({ result: status });
  assert.equal(ports.length, 2);
  assert.equal(connection.standing.at, "connected");
  port().end();
  await settle();
  port().end();
  await settle();
  assert.equal(connection.standing.at, "trouble");
  assert.equal(ports.length, 3, "one that ends before it greets is left alone");
});

test("a session revoked elsewhere takes with it what was kept for it", async () => {
  const items = { session: "token", portal: status.portal, reference };
  const { connection, greet, area } = setUp(items);
  const done = connection.refresh();
  await greet({ error: failure("session_needed", "session_needed", "No session.", "Connect.") });
  await done;
  assert.deepEqual(area.items, {});
  assert.equal(connection.portal, undefined);
  assert.equal(connection.standing.at, "trouble");
});

test("a port that closes is told at once, and asking again opens another", async () => {
  const { connection, greet, port, ports } = setUp();
  void connection.refresh();
  await greet({ result: status });
  port().end();
  const trouble = { from: "port", cause: "exited", detail: "Native host has exited." };
  assert.deepEqual(connection.standing, { at: "trouble", trouble });
  void connection.refresh();
  await greet({ result: status });
  assert.equal(ports.length, 2);
  assert.equal(connection.standing.at, "connected");
});
