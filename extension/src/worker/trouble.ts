// Why something asked of the host didn't work: plain data, since it crosses from the worker to the pages.
import type { Failure } from "../protocol/types.ts";

/** What a browser's words about a closed port amount to; one for each thing a person does about it. */
export type PortCause = "hostMissing" | "forbidden" | "blockedByPolicy" | "exited" | "unknown";

/** Why a call has no result. */
export type Trouble =
  /** The host answered with a sentence of its own. */
  | { readonly from: "host"; readonly failure: Failure }
  /** The browser closed the port, or never opened it; `detail` is the browser's own text. */
  | { readonly from: "port"; readonly cause: PortCause; readonly detail: string }
  /** No answer in time. The browser drops a frame that isn't JSON without a word, so waiting has to end by itself. */
  | { readonly from: "clock"; readonly method: string; readonly seconds: number }
  /** A setting of the browser's administrator forbids it. */
  | { readonly from: "policy"; readonly cause: "refused"; readonly name: "ConnectBy" | "Mailboxes" | "ReadOnly" }
  /** A setting of the browser's administrator means nothing. */
  | { readonly from: "policy"; readonly cause: "wrong"; readonly name: string }
  /** The caller took the request back. */
  | { readonly from: "caller" };

/** A `Trouble` on its way up. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.from === "host" ? trouble.failure.message : trouble.from);
    this.trouble = trouble;
  }
}

// Chromium's extensions/browser/api/messaging/native_message_port.cc and native_message_process_host.cc. A host that can't be
// executed gives "has exited" or "communicating" by chance, so the two are one cause.
const causes: readonly (readonly [text: string, cause: PortCause])[] = [
  ["Specified native messaging host not found.", "hostMissing"],
  ["Access to the specified native messaging host is forbidden.", "forbidden"],
  ["Access to the native messaging host was disabled by the system administrator.", "blockedByPolicy"],
  ["Native host has exited.", "exited"],
  ["Error when communicating with the native messaging host.", "exited"],
];

/** Finds the cause behind the text of `chrome.runtime.lastError`; without a text the host simply ended. */
export function portTrouble(lastError: string | undefined): Trouble {
  const detail = lastError ?? "";
  const known = causes.find(([text]) => detail.startsWith(text));
  return { from: "port", cause: known?.[1] ?? (detail === "" ? "exited" : "unknown"), detail };
}

/** The trouble in whatever was thrown; a bug of our own becomes one too, so that a page never waits for ever. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof HostError) return error.trouble;
  return { from: "port", cause: "unknown", detail: error instanceof Error ? error.message : "" };
}
