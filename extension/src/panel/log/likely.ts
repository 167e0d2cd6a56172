// Whether a message was logged before, as far as that is known without asking about it: for certain only of what was logged from
// here. The portal isn't told which message is open; its people's newest e-mails are compared with it here.
import type { LoggedHere, MailMessage, PortalUser, RecentEmail } from "../../protocol/types.ts";
import { formatDay, plain } from "../../ui/format.ts";
import { locale, text } from "../../ui/text.ts";
import type { Entry } from "../people.ts";

export type Before =
  | { readonly is: "loggedHere"; readonly entry: LoggedHere }
  | { readonly is: "likely"; readonly entry: RecentEmail };

/** What the message's sender says and when it arrived are rarely further apart. */
const MINUTE = 60_000;

/** What is known of an earlier log; undefined: nothing. */
export function beforeOf(
  message: MailMessage,
  logged: readonly LoggedHere[],
  entries: readonly Entry[],
): Before | undefined {
  const here = logged.findLast(({ gmailId }) => gmailId === message.gmailId);
  if (here) return { is: "loggedHere", entry: here };
  const likely = entries.flatMap(({ whole }) => whole?.recentEmails ?? []).find((entry) => isLike(message, entry));
  return likely && { is: "likely", entry: likely };
}

/** Same subject, minute and people. */
function isLike({ subject, sentAt, from, to }: MailMessage, entry: RecentEmail): boolean {
  const people = new Set([from, ...to].map(({ email }) => email.toLowerCase()));
  return (
    Math.abs(entry.sentAt - sentAt) <= MINUTE &&
    entry.emails.some((email) => people.has(email)) &&
    bare(subject) !== "" &&
    bare(entry.subject) === bare(subject)
  );
}

/** What mail programs put before a subject they answer or forward, in the languages met most. */
const answers = /^(?:(?:re|aw|sv|antw|odp|ha|fwd?|wg|tr|vs|на|отв|ответ|пересл)(?:\[\d+\])?\s*:\s*)+/iu;

/** A subject without what its way into the portal may have changed. */
function bare(subject: string): string {
  const line = subject
    .normalize()
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  return [...line.replace(answers, "").toLowerCase()].slice(0, 400).join("");
}

/** In words; never more certain than it is. */
export function wordsOfBefore(before: Before, me: PortalUser): string {
  if (before.is === "loggedHere") return text("logHere", formatDay(before.entry.at, locale()));
  const { by, at } = before.entry;
  if (at === undefined) return text("logLikely");
  const day = formatDay(at, locale());
  if (by?.id === me.id) return text("logLikelyByYou", day);
  const name = by && plain(by.name);
  return name ? text("logLikelyBy", name, day) : text("logLikely");
}
