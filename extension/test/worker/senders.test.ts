import assert from "node:assert/strict";
import { test } from "node:test";
import { gmailTabOf, isOwnPage } from "../../src/worker/senders.ts";

const id = "abcdefghijklmnopabcdefghijklmnop";
const base = `chrome-extension://${id}/`;
type Sender = chrome.runtime.MessageSender;
const tab = { id: 5 } as chrome.tabs.Tab;

const reader: Sender = {
  id,
  tab,
  frameId: 0,
  origin: "https://mail.google.com",
  url: "https://mail.google.com/mail/u/0/",
};
const page: Sender = { id, origin: `chrome-extension://${id}`, url: `${base}panel.html` };

/** The sender without one of its properties. */
function without(sender: Sender, key: keyof Sender): Sender {
  const { [key]: _, ...rest } = sender;
  return rest;
}

test("the reader in Gmail's top frame is known by its tab", () => {
  assert.equal(gmailTabOf(reader, id), 5);
});

test("nobody else is Gmail's reader", () => {
  const refused: Sender[] = [
    {},
    page,
    { ...reader, id: "ponmlkjihgfedcbaponmlkjihgfedcba" },
    { ...reader, frameId: 3 },
    { ...reader, origin: "http://mail.google.com" },
    { ...reader, origin: "https://mail.google.com.evil.example" },
    { ...reader, origin: "null" },
    ...(["id", "tab", "frameId", "origin"] as const).map((key) => without(reader, key)),
  ];
  for (const sender of refused) assert.equal(gmailTabOf(sender, id), undefined, JSON.stringify(sender));
});

test("a page is one of our own by origin and address both", () => {
  assert.ok(isOwnPage(page, id, base));
  const refused: Sender[] = [
    {},
    reader,
    { ...page, id: "ponmlkjihgfedcbaponmlkjihgfedcba" },
    { ...page, origin: "https://mail.google.com" },
    { ...page, url: `https://evil.example/${base}` },
    { ...page, url: `chrome-extension://${id}.evil/panel.html` },
    ...(["id", "origin", "url"] as const).map((key) => without(page, key)),
  ];
  for (const sender of refused) assert.ok(!isOwnPage(sender, id, base), JSON.stringify(sender));
});
