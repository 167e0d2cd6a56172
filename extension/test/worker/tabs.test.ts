import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reading } from "../../src/gmail/reading.ts";
import { GmailTabs } from "../../src/worker/tabs.ts";
import { fiveNamed, mailbox, noThread, reading, thread } from "../panel/samples.ts";
import { settle } from "./fake-port.ts";

/** Tabs of which those in `readers` have a reader. */
function setUp(readers: Record<number, Reading> = {}) {
  const changed: number[] = [];
  const asked: number[] = [];
  const tabs = new GmailTabs(
    async (tabId) => {
      asked.push(tabId);
      const there = readers[tabId];
      if (!there) throw new Error("Could not establish connection. Receiving end does not exist.");
      return there;
    },
    (tabId) => changed.push(tabId),
  );
  return { tabs, changed, asked };
}

const open = reading(thread(fiveNamed));
const anonymous: Reading = { ...noThread, account: { email: null, candidates: [], delegated: false } };

test("a tab is asked the first time somebody looks, and only then", async () => {
  const { tabs, asked, changed } = setUp({ 5: open });
  assert.deepEqual(tabs.view(5), { at: "asking" });
  assert.deepEqual(tabs.view(5), { at: "asking" });
  await settle();
  assert.deepEqual(tabs.view(5), { at: "speaks", tabId: 5, reading: open, mailbox });
  assert.deepEqual(asked, [5]);
  assert.deepEqual(changed, [5]);
});

test("a tab without a reader is silent, and so is no tab", async () => {
  const { tabs } = setUp();
  tabs.view(5);
  await settle();
  assert.deepEqual(tabs.view(5), { at: "silent", tabId: 5 });
  assert.deepEqual(tabs.view(undefined), { at: "silent", tabId: undefined });
});

test("the newest report counts, and the tab that spoke last is known", () => {
  const { tabs } = setUp();
  tabs.heard(5, open);
  tabs.heard(6, open);
  tabs.heard(5, noThread);
  assert.deepEqual(tabs.view(5), { at: "speaks", tabId: 5, reading: noThread, mailbox });
  assert.equal(tabs.spokeLast, 5);
  tabs.forget(5);
  assert.equal(tabs.spokeLast, undefined);
  assert.equal(tabs.knows(5), false);
  assert.equal(tabs.knows(6), true);
});

test("looking again after the tab left Gmail makes it silent", async () => {
  const { tabs } = setUp();
  tabs.heard(5, open);
  await tabs.look(5);
  assert.deepEqual(tabs.view(5), { at: "silent", tabId: 5 });
});

test("whose mailbox it is the person says once per tab, and the page outranks them", () => {
  const { tabs } = setUp();
  tabs.name(5, mailbox);
  tabs.heard(5, anonymous);
  const named = () => {
    const tab = tabs.view(5);
    return tab.at === "speaks" ? tab.mailbox : undefined;
  };
  assert.equal(named(), null, "a tab that had not spoken can't be named");
  tabs.name(5, mailbox);
  assert.equal(named(), mailbox);
  tabs.heard(5, anonymous);
  assert.equal(named(), mailbox);
  tabs.heard(5, { ...noThread, account: { email: "other@x.example", candidates: [], delegated: false } });
  assert.equal(named(), "other@x.example");
  tabs.name(5, mailbox);
  assert.equal(named(), "other@x.example", "the page tells already");
  tabs.heard(5, anonymous);
  assert.equal(named(), null, "what was said of the tab before is over");
});
