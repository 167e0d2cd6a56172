// Which message of the thread the person clicked last: the log screen begins with it. Only their own clicks and keys count, no
// script's, and what the page doesn't tell for certain counts as nothing.
import { isElement, isInside } from "./dom.ts";
import { readIds } from "./message.ts";
import { threadItems } from "./read.ts";
import type { OpenThread } from "./reading.ts";
import { composeBox } from "./selectors.ts";

/** The id of the message, if there is one in the thread. */
export type Clicked = (thread: OpenThread) => string | null;

/**
 * Listens to `window` until `signal` ends it, and calls `notice` after each click that may matter. Gmail replaces elements, and gives
 * a message that was never unfolded its id only while it unfolds: until it has one, its place in the list stands for it.
 */
export function followClicks(window: Window, notice: () => void, signal: AbortSignal): Clicked {
  const { document } = window;
  let place: { index: number; of: number } | null = null;
  let id: string | null = null;

  function hear(event: Event): void {
    const target = event.target as Node | null;
    if (!event.isTrusted || target === null || !isElement(target) || isInside(target, composeBox)) return;
    const items = threadItems(document);
    const index = items.findIndex((item) => item.contains(target));
    if (index < 0) return;
    place = { index, of: items.length };
    id = null;
    notice();
  }

  const options = { capture: true, passive: true, signal };
  window.addEventListener("click", hear, options);
  window.addEventListener("keydown", (event) => event.key === "Enter" && hear(event), options);
  window.addEventListener(
    "hashchange",
    () => {
      place = null;
      id = null;
    },
    { signal },
  );

  return ({ messages }) => {
    if (place !== null) {
      const items = threadItems(document);
      const item = items.length === place.of ? items[place.index] : undefined;
      id = item === undefined ? null : readIds(item, new Set()).id;
      if (item === undefined || id !== null) place = null;
    }
    // What was folded again isn't what the person is reading.
    return messages.some((message) => message.id === id && !message.collapsed) ? id : null;
  };
}
