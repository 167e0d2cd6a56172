// What a try to write left behind.
import type { Trouble } from "../../worker/trouble.ts";
import { secondsOf } from "../people.ts";

/** How long the portal may be at work on a request whose answer got lost, in milliseconds: the host's own figure. */
const atWork = 60_000;

/** The host's reasons for that nobody knows whether something was made. */
const unconfirmed = ["create_unconfirmed", "entry_unconfirmed"];

/**
 * When a record may have been made that nobody confirmed (ms since 1970); undefined if nothing can have been made. The host is told
 * with the next try, whichever process of it that is.
 */
export function unconfirmedSince(trouble: Trouble, now: number): number | undefined {
  if (trouble.from !== "host") return now;
  if (!unconfirmed.includes(trouble.failure.reason)) return undefined;
  return now - atWork + secondsOf(trouble.failure) * 1000;
}

/** When it makes sense to press the button again (ms since 1970). */
export function pauseUntil(trouble: Trouble, now: number): number | undefined {
  const waits = trouble.from === "host" && trouble.failure.code === "try_later";
  return waits ? now + secondsOf(trouble.failure) * 1000 : undefined;
}
