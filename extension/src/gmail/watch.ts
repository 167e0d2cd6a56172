// Notices that another thread is open, cheaply: a signal only sets a timer, and most readings end at "no h2".
import { followClicks } from "./clicked.ts";
import { readPage } from "./read.ts";
import type { Gap, Reading } from "./reading.ts";
import { region } from "./selectors.ts";

/** A signal is acted upon once the page was quiet for this long … */
const QUIET_MS = 200;
/** … and at the latest after this long. */
const LATEST_MS = 1000;
/** A reading with something missing may be a page still rendering (Gmail shows the heading first): it has to last this long … */
const SETTLE_MS = 2000;
/** … and one without any heading, though the address names a thread, this long: Gmail's own start takes up to 15 s. */
const START_MS = 15_000;

/** Attributes that change when a thread opens, or a message expands; all others would fire at every keystroke. */
const ATTRIBUTES = ["style", "role", "aria-expanded", "data-legacy-thread-id", "data-legacy-message-id", "email"];

/** Time as the watcher sees it; tests put in their own. */
export type Clock = {
  now: () => number;
  /** Calls back after `ms`; the answer cancels. */
  after: (ms: number, callback: () => void) => () => void;
};

export const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Answers with what the page surely shows: what was read twice. What it changes to is reported soon after. */
export type ReadNow = () => Reading;

/**
 * Calls `report` with what the page shows, at once and then at each change, after the same was read twice. Ends with `signal`.
 */
export function watchPage(
  window: Window,
  report: (reading: Reading) => void,
  signal: AbortSignal,
  clock = realClock,
): ReadNow {
  const { document } = window;
  const clicked = followClicks(window, notice, signal);
  const read = (): Reading => {
    const reading = readPage(document, window.location.href);
    if (reading.state !== "thread") return reading;
    const message = clicked(reading.thread);
    return message === null ? reading : { ...reading, thread: { ...reading.thread, clicked: message } };
  };
  /** What the other side knows. */
  let reported: { key: string; reading: Reading } | null = null;
  /** The last reading that differs from the reported one, and since when it has been the same. */
  let pending: { key: string; since: number } | null = null;
  let burstSince: number | null = null;
  let cancel = () => {};
  let observed: Node | null = null;

  const observer = new (window as Window & typeof globalThis).MutationObserver(notice);

  /** Follows the element whose children are Gmail's views; it appears late, and is replaced when Gmail starts over. */
  function observe(): void {
    const target = document.querySelector(region)?.parentElement ?? document.body;
    if (target === observed) return;
    observer.disconnect();
    observer.observe(target, { childList: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES });
    const title = document.querySelector("title") ?? document.head;
    observer.observe(title, { childList: true, characterData: true, subtree: true });
    observed = target;
  }

  function notice(): void {
    const now = clock.now();
    burstSince ??= now;
    schedule(Math.max(0, Math.min(QUIET_MS, burstSince + LATEST_MS - now)));
  }

  function schedule(ms: number): void {
    cancel();
    cancel = clock.after(ms, look);
  }

  function look(): void {
    burstSince = null;
    observe();
    const reading = read();
    const key = fingerprint(reading);
    if (key === reported?.key) {
      pending = null;
      return;
    }
    const now = clock.now();
    if (pending?.key !== key) pending = { key, since: now };
    const wait = pending.since + settleTime(reading) - now;
    if (wait > 0) {
      schedule(wait);
      return;
    }
    pending = null;
    reported = { key, reading };
    report(reading);
  }

  function readNow(): Reading {
    const reading = read();
    if (reported?.key === fingerprint(reading)) {
      // The same people and thread; what is unfolded may have changed.
      reported = { ...reported, reading };
      return reading;
    }
    // Seen once only: it is reported when it was seen again.
    notice();
    return reported?.reading ?? { state: "none", account: reading.account };
  }

  signal.addEventListener("abort", () => {
    cancel();
    observer.disconnect();
  });
  window.addEventListener("hashchange", notice, { signal });
  if (!signal.aborted) look();
  return readNow;
}

/** Gaps that a page still rendering has for a moment. */
const PASSING: ReadonlySet<Gap> = new Set([
  "stale",
  "no-thread-id",
  "message-unknown",
  "recipients-missing",
  "message-id-missing",
]);

/** How long a reading has to stay the same to be believed. */
function settleTime(reading: Reading): number {
  if (reading.state === "none") return QUIET_MS;
  if (reading.state === "unreadable") return reading.why === "no-heading" ? START_MS : SETTLE_MS;
  return reading.thread.gaps.some((gap) => PASSING.has(gap)) ? SETTLE_MS : QUIET_MS;
}

/** Equal for readings that are the same to everybody who gets them. */
function fingerprint(reading: Reading): string {
  if (reading.state !== "thread") return JSON.stringify(reading);
  const { threadId, subject, messages, clicked, participants, gaps, hiddenMessages } = reading.thread;
  return JSON.stringify([
    threadId,
    subject,
    participants.map(({ email }) => email).sort(),
    messages.map(({ id, collapsed }) => [id, collapsed]),
    clicked,
    gaps,
    hiddenMessages,
    reading.account,
  ]);
}
