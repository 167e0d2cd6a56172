import assert from "node:assert/strict";
import { test } from "node:test";
import { mostAddresses } from "../../src/panel/people.ts";
import { askOf, screenOf } from "../../src/panel/screen.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import * as sample from "./samples.ts";

const at = (worker: WorkerState) => screenOf({ worker }).at;
const host = (code: Parameters<typeof sample.failure>[0], args = {}) =>
  sample.troubled({ from: "host", failure: sample.failure(code, code, "m", "h", args) });

test("each state of host and connection has its screen, whatever the tab shows", () => {
  assert.equal(at({ ...sample.connected(), standing: { at: "asking" } }), "starting");
  assert.equal(at(sample.troubled({ from: "port", cause: "hostMissing", detail: "" })), "hostMissing");
  for (const cause of ["forbidden", "exited", "blockedByPolicy", "unknown"] as const)
    assert.equal(at(sample.troubled({ from: "port", cause, detail: "" })), "error");
  assert.equal(at(sample.troubled({ from: "clock", method: "hello", seconds: 15 })), "error");
  assert.deepEqual(screenOf({ worker: host("not_connected") }), { at: "notConnected", codeMayHelp: false });
  assert.deepEqual(screenOf({ worker: host("session_needed") }), { at: "notConnected", codeMayHelp: true });
  assert.equal(at(host("failed")), "error");
});

test("of two versions the lower one is too old", () => {
  const older = (theirs: string, ours: string) => {
    const screen = screenOf({ worker: host("unsupported_version", { theirs, ours }) });
    return screen.at === "versions" ? screen.older : undefined;
  };
  assert.equal(older("2", "1"), "host");
  assert.equal(older("2, 3", "1"), "host");
  assert.equal(older("1", "2, 3"), "extension");
  assert.equal(older("10", "9"), "host");
  assert.equal(older("", "2"), "extension");
});

test("each state of the tab has its screen", () => {
  const tab = (state: WorkerState["tab"]) => at({ ...sample.connected(), tab: state });
  assert.equal(tab({ at: "asking" }), "starting");
  assert.equal(tab({ at: "silent", tabId: 3 }), "noGmail");
  const { account } = sample.noThread;
  assert.equal(at(sample.connected(sample.noThread)), "noThread");
  assert.equal(
    at(sample.connected({ state: "unreadable", why: "no-heading", threadId: null, subject: null, account })),
    "gmailChanged",
  );
  assert.equal(at(sample.connected()), "thread");
});

test("without the person's word nothing is asked of the portal", () => {
  const open = sample.reading(sample.thread(sample.fiveNamed));
  const silent: WorkerState[] = [
    sample.connected(open, { mailboxes: [] }),
    sample.connected(open, { mailboxes: [{ address: sample.mailbox, on: false }] }),
    sample.connected(open, { mailboxes: [{ address: "other@brightline.example", on: true }] }),
    sample.connected({ ...open, account: { email: null, candidates: [sample.mailbox], delegated: false } }),
    sample.connected(sample.noThread),
    host("session_needed"),
  ];
  assert.deepEqual(silent.map(at), [
    "mailboxAsk",
    "mailboxOff",
    "mailboxAsk",
    "mailboxUnknown",
    "noThread",
    "notConnected",
  ]);
  for (const worker of silent) assert.equal(askOf(screenOf({ worker })), undefined);
});

test("whose mailbox it may be: what the page's sources disagree about, else what is switched on", () => {
  const open = sample.reading(sample.thread(sample.fiveNamed));
  const offered = (candidates: string[]) => {
    const worker = sample.connected({ ...open, account: { email: null, candidates, delegated: false } });
    const screen = screenOf({ worker });
    return screen.at === "mailboxUnknown" ? screen.offered : undefined;
  };
  assert.deepEqual(offered(["a@x.example", "b@x.example"]), ["a@x.example", "b@x.example"]);
  assert.deepEqual(offered([]), [sample.mailbox]);
});

test("what is asked is the mailbox and the participants' addresses, and nothing else of the thread", () => {
  const ask = askOf(screenOf({ worker: sample.connected() }));
  assert.ok(ask);
  assert.deepEqual(Object.keys(ask).sort(), ["addresses", "key", "mailbox"]);
  assert.deepEqual(
    ask.addresses,
    sample.fiveNamed.map(({ email }) => email),
  );
  assert.ok(!ask.key.includes("Pilot order"));
});

test("a thread of nobody else asks nothing, one of too many asks for the first", () => {
  const ask = (emails: string[]) =>
    askOf(
      screenOf({
        worker: sample.connected(sample.reading(sample.thread(emails.map((email) => ({ email, name: null }))))),
      }),
    );
  assert.equal(ask([]), undefined);
  assert.equal(ask([sample.mailbox]), undefined);
  assert.equal(ask(Array.from({ length: 500 }, (_, index) => `p${index}@x.example`))?.addresses.length, mostAddresses);
});

test("a mailbox that the administrator doesn't allow is neither asked about nor looked up, whatever was decided before", () => {
  const managed = { mailboxes: ["acme.com"] };
  const open = sample.reading(sample.thread(sample.fiveNamed));
  for (const mailboxes of [[], [{ address: sample.mailbox, on: true }]]) {
    const screen = screenOf({ worker: { ...sample.connected(open, { mailboxes }), managed } });
    assert.deepEqual(screen, { at: "mailboxClosed", mailbox: sample.mailbox });
    assert.equal(askOf(screen), undefined);
  }
  assert.equal(at({ ...sample.connected(open), managed: { mailboxes: ["brightline.example"] } }), "thread");
});

test("where the administrator allows no codes none is asked for", () => {
  const worker = { ...host("session_needed"), managed: { connectBy: ["application"] as const } };
  assert.deepEqual(screenOf({ worker }), { at: "notConnected", codeMayHelp: false });
});
