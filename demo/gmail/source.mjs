// A message as it came in, as Gmail's `view=att` gives it: the header that pages don't show, and the text.
import { decimal } from "./ids.mjs";
import { allText } from "./page.mjs";
import { inbox } from "./threads.mjs";

/**
 * The message with a hex id; null if the mailbox has none.
 * @param {string} id
 */
export function sourceOf(id) {
  const thread = inbox.find(({ messages }) => messages.some((message) => message.id === id));
  const message = thread?.messages.find((one) => one.id === id);
  if (thread === undefined || message === undefined) return null;
  const { from, to, body } = message;
  // A message's number holds its arrival.
  const arrived = new Date(Number(BigInt(`0x${id}`) >> 20n));
  return [
    `Delivered-To: ${to[0]?.email ?? from.email}`,
    "Received: by 2002:a05:6402:1d52:b0:5ad:example",
    `        with SMTP id ${decimal(id)}; ${arrived.toUTCString()}`,
    "MIME-Version: 1.0",
    `From: ${from.name} <${from.email}>`,
    `To: ${to.map(({ email }) => email).join(", ")}`,
    `Date: ${arrived.toUTCString().replace("GMT", "+0000 (UTC)")}`,
    `Message-ID:\r\n <${messageIdOf(id)}>`,
    `Subject: ${allText(thread.subject)}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    allText(body),
  ].join("\r\n");
}

/** The same in every mailbox that has the message. @param {string} id */
export const messageIdOf = (id) => `${decimal(id)}@mail.example`;
