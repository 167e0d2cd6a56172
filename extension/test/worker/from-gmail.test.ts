import assert from "node:assert/strict";
import { test } from "node:test";
import type { ThreadMessage } from "../../src/messages.ts";
import { bodyOf, readingOf } from "../../src/worker/from-gmail.ts";
import { fiveNamed, noThread, reading, thread } from "../panel/samples.ts";

const good: ThreadMessage = { type: "thread", reading: reading(thread(fiveNamed)) };
const { account } = noThread;

test("what the reader says is taken as it is", () => {
  assert.equal(readingOf(good), good.reading);
  assert.equal(readingOf({ type: "thread", reading: noThread }), noThread);
  const unreadable = { state: "unreadable", why: "no-messages", threadId: null, subject: null, account };
  assert.equal(readingOf({ type: "thread", reading: unreadable }), unreadable);
});

test("anything else is nothing", () => {
  const withThread = (change: object) => ({
    type: "thread",
    reading: { ...good.reading, thread: { ...thread(fiveNamed), ...change } },
  });
  const refused: unknown[] = [
    undefined,
    null,
    "thread",
    [],
    { type: "thread" },
    { ...good, type: "readNow" },
    { type: "thread", reading: { state: "none" } },
    { type: "thread", reading: { state: "none", account: { email: 5, candidates: [] } } },
    { type: "thread", reading: { state: "none", account: { email: null, candidates: "all" } } },
    { type: "thread", reading: { state: "somewhere", account } },
    { type: "thread", reading: { state: "thread", account } },
    { type: "thread", reading: { state: "unreadable", why: "no-messages", subject: 5, account } },
    { type: "thread", reading: { state: "unreadable", why: {}, subject: null, account } },
    withThread({ subject: {} }),
    withThread({ participants: null }),
    withThread({ participants: [{ name: null }] }),
    withThread({ participants: [{ name: {}, email: "a@x.example" }] }),
    withThread({ messages: [{ from: "a@x.example", to: null }] }),
    withThread({ messages: [{ from: null, to: null }] }),
    withThread({ messages: [{ from: null, to: ["a@x.example"] }] }),
    withThread({ messages: [{ from: { name: null, email: 5 }, to: null }] }),
    withThread({ messages: [{ from: null, to: [{ name: {}, email: null }] }] }),
    withThread({ participants: [{ name: null, email: null }] }),
    withThread({ permId: 5 }),
    withThread({ clicked: 5 }),
    withThread({ hiddenMessages: "7" }),
    withThread({ hiddenMessages: -1 }),
    withThread({ gaps: [{}] }),
  ];
  for (const message of refused) assert.equal(readingOf(message), undefined, JSON.stringify(message));
});

test("a message's text is text, and nothing more comes along", () => {
  const body = {
    own: "Yes.",
    whole: "Yes.\n\nOld words",
    cut: false,
    clipped: true,
    bcc: [{ name: null, email: "tom@x.example" }],
  };
  assert.deepEqual(bodyOf({ type: "body", body: { ...body, digest: "x" } }), body);
  const refused: unknown[] = [
    undefined,
    null,
    "body",
    { type: "body", body: null },
    { type: "thread", body },
    { type: "body", body: { ...body, own: 5 } },
    { type: "body", body: { ...body, whole: undefined } },
    { type: "body", body: { ...body, cut: "no" } },
    { type: "body", body: { ...body, bcc: undefined } },
    { type: "body", body: { ...body, bcc: ["tom@x.example"] } },
  ];
  for (const message of refused) assert.equal(bodyOf(message), null, JSON.stringify(message));
});
