// Which message of the thread the person clicked last: the log screen begins with it. Only their own clicks and keys count, no
// script's, and what the page doesn't tell for certain counts as nothing.
import { isInside } from "./dom.ts";
import type { OpenThread } from "./reading.ts";
import { composeBox, messageItem } from "./selectors.ts";

/** Names the message, or nobody. */
export type Clicked = (thread: OpenThread) => string | null;

/** The item of an open thread by its message's id, as the reader finds it. */
type FindItem = (messageId: string) => Element | null;

/**
 * Listens to `window` until `signal` ends it, and calls `notice` after each click that may matter. Gmail gives a folded message its
 * id only while it unfolds, so until the next reading the item that was clicked is kept, and no longer.
 */
export function followClicks(window: Window, find: FindItem, notice: () => void, signal: AbortSignal): Clicked {
  let item: Element | null = null;
  let id: string | null = null;

  function hear(event: Event): void {
    const { target } = event;
    if (!event.isTrusted || !isElementOf(window, target) || isInside(target, composeBox)) return;
    // The outermost item is the message: attachments can be a list as well.
    let at = target.closest(messageItem);
    if (at === null) return;
    for (let outer: Element | null = at; outer !== null; outer = outer.parentElement?.closest(messageItem) ?? null)
      at = outer;
    item = at;
    id = null;
    notice();
  }

  const options = { capture: true, passive: true, signal };
  window.addEventListener("click", hear, options);
  window.addEventListener("keydown", (event) => event.key === "Enter" && hear(event), options);

  return ({ messages }) => {
    const named = item && messages.find((message) => message.id !== null && find(message.id) === item);
    if (named) {
      id = named.id;
      item = null;
    } else if (item && !item.isConnected) item = null;
    // What was folded again isn't what the person is reading.
    return messages.some((message) => message.id === id && !message.collapsed) ? id : null;
  };
}

function isElementOf(window: Window, target: EventTarget | null): target is Element {
  return target instanceof (window as Window & typeof globalThis).Element;
}
