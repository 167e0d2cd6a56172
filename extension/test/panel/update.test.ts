import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ask, initial, type Model } from "../../src/panel/model.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import * as sample from "./samples.ts";

const now = sample.asOf + 60_000;
const after = (events: readonly Event[], model: Model = initial) => events.reduce(update, model);
const worker = (state: WorkerState): Event => ({ at: "worker", state });
const askIn = ({ lookup }: Model): Ask => {
  assert.ok("ask" in lookup, `nothing is asked: ${lookup.at}`);
  return lookup.ask;
};

const open = after([worker(sample.connected())]);
const ask = askIn(open);
const running = after([{ at: "started", ask }], open);
const answered = (people = sample.five, known = {}): Event => ({
  at: "answered",
  ask,
  lookup: sample.lookup(people, known),
  now,
});
const failed = (code: Parameters<typeof sample.failure>[0], args = {}): Event => ({
  at: "failed",
  ask,
  trouble: { from: "host", failure: sample.failure(code, code, "m", "h", args) },
  now,
});

test("an open thread of a mailbox that is on is due at once, and the same thread again is not", () => {
  assert.deepEqual(open.lookup, { at: "due", ask, fresh: false });
  assert.equal(after([worker({ ...sample.connected(), host: "0.2.0" })], running).lookup, running.lookup);
});

test("pieces and the answer fill in what is known", () => {
  const part = after([{ at: "part", ask, lookup: sample.lookup([sample.marie]) }], running);
  assert.equal(part.lookup.at, "running");
  assert.deepEqual([...part.known.keys()], [sample.marie.email]);
  const done = after([answered()], part);
  assert.deepEqual(done.lookup, { at: "done", ask, notices: [] });
  assert.deepEqual(done.known.get(sample.priya.email), { person: sample.priya, asOf: sample.asOf });
});

test("an answer about the thread before is nobody's", () => {
  const other = sample.connected(
    sample.reading(sample.thread([{ name: null, email: "x@y.example" }], { threadId: "0".repeat(16) })),
  );
  const moved = after([worker(other)], running);
  assert.equal(moved.lookup.at, "due");
  for (const late of [answered(), failed("failed"), { at: "part", ask, lookup: sample.lookup(sample.five) } as const])
    assert.equal(after([late], moved), moved);
});

test("leaving the thread asks nothing more, but people stay known", () => {
  const left = after([answered(), worker(sample.connected(sample.noThread))], running);
  assert.deepEqual(left.lookup, { at: "none" });
  assert.equal(left.known.size, 5);
  const back = after([worker(sample.connected())], left);
  assert.equal(back.lookup.at, "due");
  assert.equal(back.known.size, 5);
});

test("another portal knows nobody of this one's", () => {
  const there = after([answered()], running);
  const other = sample.connected(undefined, { portal: "other.bitrix24.com", origin: "https://other.bitrix24.com" });
  assert.equal(after([worker(other)], there).known.size, 0);
  const gone = worker(sample.troubled({ from: "clock", method: "status", seconds: 15 }));
  assert.equal(after([gone, worker(sample.connected())], there).known.size, 5, "a host that ended is no other portal");
  const ended = sample.failure("not_connected", "not_connected", "m", "h");
  assert.equal(after([worker(sample.troubled({ from: "host", failure: ended }))], there).known.size, 0);
});

test("a portal that asks to wait gets its pause, and then the rest is asked for", () => {
  const waiting = after([failed("try_later", { seconds: "18" })], running);
  assert.deepEqual(waiting.lookup, { at: "waiting", ask, until: now + 18_000, notices: [] });
  assert.deepEqual(after([{ at: "again", fresh: false }], waiting).lookup, { at: "due", ask, fresh: false });
  const stopped = after([{ at: "stop" }], waiting);
  assert.deepEqual(stopped.lookup, { at: "stopped", ask });
  assert.equal(after([answered()], stopped), stopped, "stopped means stopped");
});

test("an answer that leaves somebody out for a while waits for them", () => {
  const busy = sample.failure("try_later", "portal_busy", "m", "h", { seconds: "5" });
  const skipped = sample.person(sample.priya.email, { role: { is: "notLookedUp" }, problems: [busy] });
  const waiting = after([answered([sample.marie, skipped])], running);
  assert.deepEqual(waiting.lookup, { at: "waiting", ask, until: now + 5000, notices: [] });
  assert.equal(waiting.known.size, 2);
});

test("somebody a later answer leaves out keeps what was known, with the reason beside it", () => {
  const slow = sample.failure("unreachable", "answer_too_slow", "m", "h");
  const skipped = sample.person(sample.marie.email, { role: { is: "notLookedUp" }, problems: [slow] });
  const later = after([answered(), answered([skipped], { asOf: now })], running);
  assert.deepEqual(later.known.get(sample.marie.email), {
    person: { ...sample.marie, problems: [slow] },
    asOf: sample.asOf,
  });
});

test("a lookup that was cut off starts again when the network is back", () => {
  const cutOff = after([{ at: "online", online: false }, failed("unreachable")], running);
  assert.equal(cutOff.lookup.at, "failed");
  assert.equal(after([{ at: "online", online: true }], cutOff).lookup.at, "due");
  const done = after([{ at: "online", online: false }, answered()], running);
  assert.equal(after([{ at: "online", online: true }], done).lookup.at, "done");
});

test("asking again is fresh when the person wants it", () => {
  const done = after([answered()], running);
  assert.deepEqual(after([{ at: "again", fresh: true }], done).lookup, { at: "due", ask, fresh: true });
  assert.equal(after([{ at: "again", fresh: true }], initial), initial, "there is nothing to ask");
});

test("folds are remembered by person, filters and rows end with the thread", () => {
  const touched = after(
    [
      { at: "fold", email: sample.marie.email, open: false },
      { at: "filter", filter: "inCrm" },
      { at: "row", row: "colleagues", open: true },
    ],
    running,
  );
  const same = after([worker(sample.connected())], touched);
  assert.equal(same.filter, "inCrm");
  assert.deepEqual(same.rows, { external: false, colleagues: true });
  const other = sample.connected(sample.reading(sample.thread(sample.fiveNamed, { threadId: "0".repeat(16) })));
  const next = after([worker(other)], touched);
  assert.equal(next.filter, "all");
  assert.deepEqual(next.rows, { external: false, colleagues: false });
  assert.equal(next.folds.get(sample.marie.email), false);
});

test("people known are at most a thousand, and the oldest go", () => {
  const crowd = Array.from({ length: 1200 }, (_, index) => sample.person(`p${index}@x.example`));
  const model = after([answered(crowd), answered([sample.marie])], running);
  assert.equal(model.known.size, 1000);
  assert.ok(model.known.has(sample.marie.email));
  assert.ok(!model.known.has("p0@x.example"));
});
