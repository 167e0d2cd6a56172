// What a content script says, checked before anything relies on it: it runs in a process that also runs Gmail's and other
// extensions' code.
import type { MailBody } from "../gmail/body.ts";
import type { MailHeader } from "../gmail/header.ts";
import type { Person, Reading } from "../gmail/reading.ts";

/** The reading in a content script's message, or undefined if it isn't one. */
export function readingOf(message: unknown): Reading | undefined {
  if (!isObject(message) || message["type"] !== "thread") return undefined;
  const reading = message["reading"];
  return isReading(reading) ? reading : undefined;
}

/** The text in a content script's answer; null if it has none, or the answer isn't one. */
export function bodyOf(message: unknown): MailBody | null {
  if (!isObject(message) || message["type"] !== "body" || !isObject(message["body"])) return null;
  const { own, whole, cut, clipped, bcc } = message["body"];
  const isBody = isText(own) && isText(whole) && typeof cut === "boolean" && typeof clipped === "boolean";
  return isBody && isListOf(bcc, isPerson) ? { own, whole, cut, clipped, bcc: bcc as Person[] } : null;
}

/** The header in a content script's answer; null if it has none, or the answer isn't one. */
export function headerOf(message: unknown): MailHeader | null {
  if (!isObject(message) || message["type"] !== "header" || !isObject(message["header"])) return null;
  const { messageId, sentAt } = message["header"];
  const isTime = sentAt === null || isCount(sentAt);
  return isTextOrNull(messageId) && isTime ? { messageId, sentAt: sentAt as number | null } : null;
}

function isReading(value: unknown): value is Reading {
  if (!isObject(value) || !isObject(value["account"])) return false;
  const { email, candidates } = value["account"];
  if (!isTextOrNull(email) || !isListOf(candidates, isText)) return false;
  switch (value["state"]) {
    case "none":
      return true;
    case "unreadable":
      return isText(value["why"]) && isTextOrNull(value["subject"]);
    case "thread":
      return isThread(value["thread"]);
    default:
      return false;
  }
}

function isThread(value: unknown): boolean {
  return (
    isObject(value) &&
    isTextOrNull(value["threadId"]) &&
    isTextOrNull(value["permId"]) &&
    isText(value["subject"]) &&
    (value["clicked"] === undefined || isText(value["clicked"])) &&
    isCount(value["hiddenMessages"]) &&
    isListOf(value["participants"], isParticipant) &&
    isListOf(value["gaps"], isText) &&
    isListOf(
      value["messages"],
      (message) =>
        isObject(message) &&
        (message["from"] === null || isPerson(message["from"])) &&
        (message["to"] === null || isListOf(message["to"], isPerson)) &&
        typeof message["recipientsMissing"] === "boolean",
    )
  );
}

const isPerson = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && isTextOrNull(value["email"]) && isTextOrNull(value["name"]);
const isParticipant = (value: unknown) => isPerson(value) && value["email"] !== null;
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): value is string => typeof value === "string";
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isListOf = (value: unknown, test: (item: unknown) => boolean) => Array.isArray(value) && value.every(test);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
