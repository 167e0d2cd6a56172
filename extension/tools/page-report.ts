// A saved Gmail page as the reader sees it, in the flat form that people paste into reports.
import { Window } from "happy-dom";
import { readPage } from "../src/gmail/read.ts";
import type { Person, Reading } from "../src/gmail/reading.ts";

type MessageReport = {
  messageId: string | null;
  from: Person | null;
  /** Null: recipients are not in the page. */
  to: Person[] | null;
  /** Always null: Cc can't be told from To, and `to` holds both. */
  cc: null;
  collapsed: boolean;
};

export type PageReport = {
  openThread: boolean;
  threadId: string | null;
  subject: string | null;
  userEmail: string | null;
  messages: MessageReport[];
  participants: Person[];
  incomplete: boolean;
};

/** Reads a page from its HTML; scripts in it don't run and nothing is loaded. */
export function reportPage(html: string, address: string): PageReport {
  return toReport(readPage(parsePage(html, address), address));
}

/** Parses HTML into a document as the content script would meet it. */
export function parsePage(html: string, address: string): Document {
  const window = new Window({ url: address });
  window.document.write(html);
  return window.document as unknown as Document;
}

/** Flattens a reading. */
export function toReport(reading: Reading): PageReport {
  const userEmail = reading.account.email;
  const report: PageReport = {
    openThread: false,
    threadId: null,
    subject: null,
    userEmail,
    messages: [],
    participants: [],
    incomplete: false,
  };
  if (reading.state === "none") return report;
  if (reading.state === "unreadable") {
    const { threadId, subject, why } = reading;
    // Without exactly one heading nothing says that a thread is open, whatever the address names.
    return why === "no-messages"
      ? { ...report, openThread: true, threadId, subject, incomplete: true }
      : { ...report, incomplete: true };
  }
  const { threadId, subject, messages, participants, gaps } = reading.thread;
  return {
    openThread: true,
    threadId,
    subject,
    userEmail,
    messages: messages.map(({ id, from, to, collapsed }) => ({ messageId: id, from, to, cc: null, collapsed })),
    participants: participants.map(({ name, email }) => ({ name, email })),
    incomplete: gaps.length > 0,
  };
}
