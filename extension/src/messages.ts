// What the parts of the extension say to each other through chrome.runtime. Plain data, no functions.
import type { Reading } from "./gmail/reading.ts";

/** Content script to worker: the page shows something else now, seen twice. The sender's tab is the page's. */
export type ThreadMessage = { type: "thread"; reading: Reading };

/** Worker to content script: what does the page show at this moment? The answer is a ThreadMessage. */
export type ReadNowRequest = { type: "readNow" };

/** True for a request the content script answers. */
export function isReadNow(message: unknown): message is ReadNowRequest {
  return typeof message === "object" && message !== null && "type" in message && message.type === "readNow";
}
