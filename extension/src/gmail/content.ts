// The content script: tells the worker what the Gmail page shows. It draws nothing, and changes nothing in the page.
import {
  type BodyMessage,
  type HeaderMessage,
  isReadBody,
  isReadHeader,
  isReadNow,
  type ThreadMessage,
} from "../messages.ts";
import { readBody } from "./body.ts";
import { readHeader } from "./header.ts";
import type { Reading } from "./reading.ts";
import { watchPage } from "./watch.ts";

const end = new AbortController();

const readNow = watchPage(window, send, end.signal);

function send(reading: Reading): void {
  // After the extension was reloaded or removed this script lives on in the page without its extension, and says no more.
  if (!isAlive()) {
    end.abort();
    return;
  }
  const message: ThreadMessage = { type: "thread", reading };
  // Nobody may be listening yet; whoever comes later asks with readNow.
  chrome.runtime.sendMessage(message).catch(() => {
    if (!isAlive()) end.abort();
  });
}

function isAlive(): boolean {
  return chrome.runtime?.id !== undefined;
}

chrome.runtime.onMessage.addListener((message: unknown, sender, answer) => {
  if (sender.id !== chrome.runtime.id) return undefined;
  if (isReadNow(message)) {
    const reply: ThreadMessage = { type: "thread", reading: readNow() };
    answer(reply);
  } else if (isReadBody(message)) {
    const reply: BodyMessage = { type: "body", body: readBody(document, window.location.href, message.messageId) };
    answer(reply);
  } else if (isReadHeader(message)) {
    void readHeader(location.href, message.messageId, (address, options) => fetch(address, options)).then((header) => {
      const reply: HeaderMessage = { type: "header", header };
      answer(reply);
    });
    // The answer comes later.
    return true;
  }
  return undefined;
});
