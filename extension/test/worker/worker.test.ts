// The worker as the browser starts it: which listeners are there at once, and what they let in.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fiveNamed, reading, thread } from "../panel/samples.ts";
import { settle } from "./fake-port.ts";

const id = "abcdefghijklmnopabcdefghijklmnop";
type Listener = (...values: unknown[]) => unknown;
const listeners = new Map<string, Listener>();
const done: string[] = [];
let managed: Record<string, unknown> = {};
const event = (name: string) => ({ addListener: (listener: Listener) => listeners.set(name, listener) });
const fire = (name: string, ...values: unknown[]) => listeners.get(name)?.(...values);

before(async () => {
  const area = { get: async () => ({}), set: async () => {}, remove: async () => {} };
  const fake = {
    runtime: {
      id,
      getManifest: () => ({ version: "0.1.0" }),
      getURL: (path: string) => `chrome-extension://${id}/${path}`,
      connectNative: (name: string) => {
        done.push(`connectNative ${name}`);
        throw new Error("no host here");
      },
      onConnect: event("connect"),
      onMessage: event("message"),
    },
    storage: {
      managed: { get: async () => managed, onChanged: event("managed") },
      local: { ...area, setAccessLevel: async (level: object) => done.push(JSON.stringify(level)) },
    },
    tabs: {
      query: async () => [{ id: 5 }],
      sendMessage: async () => {
        throw new Error("Receiving end does not exist.");
      },
      onActivated: event("activated"),
      onUpdated: event("updated"),
      onRemoved: event("removed"),
    },
    windows: { onRemoved: event("window removed") },
    commands: { onCommand: event("command") },
    sidePanel: { open: async (what: object) => done.push(`open ${JSON.stringify(what)}`) },
  };
  Object.assign(globalThis, { chrome: fake });
  await import("../../src/worker/worker.ts");
});

/** A page's port; what the worker says to it is kept. */
function port(sender: object) {
  const heard: unknown[] = [];
  let say: Listener = () => {};
  let refused = false;
  const end = {
    name: "page",
    sender,
    postMessage: (message: unknown) => heard.push(message),
    disconnect: () => {
      refused = true;
    },
    onMessage: {
      addListener: (listener: Listener) => {
        say = listener;
      },
    },
    onDisconnect: { addListener: () => {} },
  };
  return { end, heard, say: (message: unknown) => say(message), refused: () => refused };
}

const own = { id, origin: `chrome-extension://${id}`, url: `chrome-extension://${id}/panel.html` };
const gmail = { id, tab: { id: 5 }, frameId: 0, origin: "https://mail.google.com" };

test("the session is closed to content scripts from the start", () => {
  assert.deepEqual(done, ['{"accessLevel":"TRUSTED_CONTEXTS"}']);
});

test("the command opens the sidebar within the press: before anything else happens", () => {
  fire("command", "open-sidebar", { windowId: 3 });
  assert.equal(done.at(-1), 'open {"windowId":3}');
  fire("command", "something-else", { windowId: 4 });
  fire("command", "open-sidebar", undefined);
  assert.equal(done.at(-1), 'open {"windowId":3}');
});

test("only the extension's own pages get a port; nothing starts the host before one does", () => {
  for (const sender of [gmail, {}, { ...own, id: "x" }, { ...own, origin: "https://evil.example" }]) {
    const stranger = port(sender);
    fire("connect", stranger.end);
    assert.ok(stranger.refused(), JSON.stringify(sender));
  }
  assert.ok(!done.some((deed) => deed.startsWith("connectNative")));
});

test("what a content script asks for is no page's request: nothing is logged and nothing made for it", async () => {
  const before = done.length;
  for (const method of ["previewLog", "commitLog", "create", "addAddress", "disconnect"]) {
    fire("message", { id: "1", method, params: { digest: "0" } }, gmail);
    fire("message", { type: method, digest: "0" }, gmail);
    const stranger = port(gmail);
    fire("connect", stranger.end);
    stranger.say({ id: "1", method, params: { digest: "0" } });
    assert.deepEqual(stranger.heard, []);
  }
  await settle();
  assert.equal(done.length, before);
});

test("a page in a tab of its own is about the Gmail tab that spoke last, found again after a start", async () => {
  const form = port({ ...own, url: `chrome-extension://${id}/connect.html`, tab: { id: 9 } });
  fire("connect", form.end);
  form.say({ watch: 3 });
  await settle();
  const last = () => (form.heard.at(-1) as { state: { tab: object } }).state.tab;
  assert.deepEqual(last(), { at: "silent", tabId: undefined });
  fire("message", { type: "thread", reading: reading(thread(fiveNamed)) }, gmail);
  assert.equal(Reflect.get(last(), "at"), "speaks");
  fire("message", { type: "thread", reading: reading(thread(fiveNamed)) }, { ...gmail, tab: { id: 7 } });
  assert.equal(Reflect.get(last(), "tabId"), 5, "another mailbox's report doesn't take the page away");
  fire("removed", 5);
  fire("message", { type: "thread", reading: reading(thread(fiveNamed)) }, { ...gmail, tab: { id: 7 } });
  assert.equal(Reflect.get(last(), "tabId"), 7, "its own tab is gone");
  fire("removed", 7);
});

test("a page is told how host and tab stand, and what the reader in its tab reports", async () => {
  const page = port(own);
  fire("connect", page.end);
  page.say({ watch: 3 });
  await settle();
  assert.ok(done.includes("connectNative local.gmail_sync_bitrix24"));
  const last = () => (page.heard.at(-1) as { state: { standing: { at: string }; tab: { at: string } } }).state;
  assert.equal(last().standing.at, "trouble");
  assert.deepEqual(last().tab, { at: "silent", tabId: 5 });

  const message = { type: "thread", reading: reading(thread(fiveNamed)) };
  fire("message", message, { ...gmail, frameId: 1 });
  fire("message", message, { ...gmail, origin: "https://evil.example" });
  fire("message", message, own);
  assert.equal(last().tab.at, "silent", "nobody but Gmail's reader speaks for a tab");
  fire("message", message, gmail);
  assert.equal(last().tab.at, "speaks");

  fire("activated", { tabId: 6, windowId: 3 });
  await settle();
  assert.deepEqual(last().tab, { at: "silent", tabId: 6 });
  fire("activated", { tabId: 5, windowId: 3 });
  assert.equal(last().tab.at, "speaks");
  fire("updated", 5, { status: "complete" });
  await settle();
  assert.equal(last().tab.at, "silent", "the tab went elsewhere");
});

test("settings of the administrator that can't be read stop every page, until they are mended", async () => {
  const page = port(own);
  fire("connect", page.end);
  page.say({ watch: 3 });
  const last = () => (page.heard.at(-1) as { state: { standing: object; managed?: object } }).state;
  managed = { Mailboxes: ["nonsense"] };
  fire("managed");
  await settle();
  assert.deepEqual(last().standing, {
    at: "trouble",
    trouble: { from: "policy", cause: "wrong", name: "Mailboxes" },
  });
  const before = done.length;
  page.say({ id: "1", method: "lookup", params: { mailbox: "lena@acme.com", addresses: [], fresh: false } });
  await settle();
  assert.deepEqual(page.heard.at(-1), { id: "1", trouble: { from: "policy", cause: "wrong", name: "Mailboxes" } });
  assert.equal(done.length, before, "the host isn't asked");
  managed = { Mailboxes: ["acme.com"] };
  fire("managed");
  await settle();
  assert.deepEqual(last().managed, { mailboxes: ["acme.com"] });
});
