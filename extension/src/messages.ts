// What the parts of the extension say to each other through chrome.runtime. Plain data, no functions.
import type { MailBody } from "./gmail/body.ts";
import type { MailHeader } from "./gmail/header.ts";
import type { Reading } from "./gmail/reading.ts";

/** Content script to worker: the page shows something else now, seen twice. The sender's tab is the page's. */
export type ThreadMessage = { type: "thread"; reading: Reading };

/** Worker to content script: what does the page show at this moment? The answer is a ThreadMessage. */
export type ReadNowRequest = { type: "readNow" };

/** True for a request the content script answers. */
export function isReadNow(message: unknown): message is ReadNowRequest {
  return typeof message === "object" && message !== null && "type" in message && message.type === "readNow";
}

/** Worker to content script: the text of one message, since the person wants to log it. The answer is a BodyMessage. */
export type ReadBodyRequest = { type: "readBody"; messageId: string };

/** Content script to worker; null: the page doesn't hold the message's text. */
export type BodyMessage = { type: "body"; body: MailBody | null };

/** True for a request for a message's text. */
export function isReadBody(message: unknown): message is ReadBodyRequest {
  if (typeof message !== "object" || message === null || !("type" in message)) return false;
  return message.type === "readBody" && "messageId" in message && typeof message.messageId === "string";
}

/** Worker to content script: the header of one message, since the person wants to log it. The answer is a HeaderMessage. */
export type ReadHeaderRequest = { type: "readHeader"; messageId: string };

/** Content script to worker; null: Gmail doesn't give it. */
export type HeaderMessage = { type: "header"; header: MailHeader | null };

/** True for a request for a message's header. */
export function isReadHeader(message: unknown): message is ReadHeaderRequest {
  if (typeof message !== "object" || message === null || !("type" in message)) return false;
  return message.type === "readHeader" && "messageId" in message && typeof message.messageId === "string";
}
