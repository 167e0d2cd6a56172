// Our own pages, each with the result it must give, written out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { caseHtml, cases } from "../../../demo/gmail/cases.mjs";
import { readPage } from "../../src/gmail/read.ts";
import type { Person, Reading } from "../../src/gmail/reading.ts";
import { parsePage } from "../../tools/page-report.ts";

/** A reading as short lines. Who isn't named isn't there; `?` is a recipient without an address. */
type Lines = {
  state: string;
  mailbox: string;
  thread?: string | null;
  subject?: string | null;
  messages?: string[];
  participants?: string[];
  gaps?: string[];
  fallbacks?: string[];
  hidden?: number;
};

const MARIE = "Marie Rousseau <marie.rousseau@helion.example>";
const MARIE_SHORT = "Marie <marie.rousseau@helion.example>";
const JONAS = "Jonas Weber <jonas.weber@nordwerk.example>";
const PRIYA = "Priya Menon <priya@corvus-logistics.example>";
const ANN = "Ann Keller <ann@brightline.example>";
const ANN_SHORT = "Ann <ann@brightline.example>";
const LENA = "<lena@brightline.example>";
const LENA_NAMED = "Lena Hartmann <lena@brightline.example>";
const MAILBOX = "lena@brightline.example";

const nothing: Lines = { state: "none", mailbox: MAILBOX };
/** What one letter from Marie to Lena gives. */
const letter = (id: string, subject: string, change: Partial<Lines> = {}): Lines => ({
  state: "thread",
  mailbox: MAILBOX,
  thread: id,
  subject,
  messages: [`${id} ${MARIE} to ${LENA}`],
  participants: [MARIE, LENA],
  ...change,
});

const expected: Record<string, Lines> = {
  "six-messages": {
    state: "thread",
    mailbox: MAILBOX,
    thread: "1a1e890188003a01",
    subject: "Re: Pilot order, 40 sensors for the Lyon plant",
    messages: [
      `- ${MARIE}`,
      `1a1e917980003a01 ${LENA}`,
      `- ${JONAS}`,
      `- ${ANN}`,
      `- ${PRIYA}`,
      `1a1f95f130003a01 ${MARIE} to ${LENA}, ${ANN_SHORT}, Jonas <jonas.weber@nordwerk.example>, Tom <tom@brightline.example>`,
    ],
    participants: [MARIE, LENA, JONAS, ANN, PRIYA, "Tom <tom@brightline.example>"],
  },
  list: nothing,
  "split-pane-open": letter("1a10bf30b8000100", "Side by side"),
  "split-pane-empty": nothing,
  "super-collapsed": {
    state: "thread",
    mailbox: MAILBOX,
    thread: "1a10bf3f5e000100",
    subject: "Rückfrage zur Montage",
    messages: [
      `- ${JONAS}`,
      `- ${LENA}`,
      `- ${PRIYA}`,
      `- ${LENA}`,
      `1a10bf79f6000100 ${JONAS} to ${LENA}, Priya <priya@corvus-logistics.example>`,
    ],
    participants: [JONAS, LENA, PRIYA],
    hidden: 2,
  },
  "stale-hidden-previous": letter("1a10bf889c000100", "Current words"),
  "perm-id-undefined": letter("1a10bfb48e000100", "Stand 4, hall 7"),
  "heading-without-ids": letter("1a10bfc334000100", "Bare heading"),
  "reply-and-compose": letter("1a10bfd1da000100", "Lift"),
  "draft-in-thread": letter("1a10c122c4000100", "Answer half written"),
  delegated: {
    state: "thread",
    mailbox: "sales@brightline.example (delegated)",
    thread: "1a10bfe080000100",
    subject: "To the desk",
    messages: [`1a10bfe080000100 ${MARIE} to <sales@brightline.example>, Lena ${LENA}`],
    participants: [MARIE, "<sales@brightline.example>", `Lena ${LENA}`],
  },
  "via-group": {
    state: "thread",
    mailbox: MAILBOX,
    thread: "1a10bfef26000100",
    subject: "Spare parts",
    messages: [
      "1a10bfef26000100 'Marie Rousseau' via Sales desk <sales@brightline.example> to Sales desk <sales@brightline.example>",
    ],
    participants: ["'Marie Rousseau' via Sales desk <sales@brightline.example> (group)"],
  },
  "older-pill": {
    state: "thread",
    mailbox: MAILBOX,
    thread: "1a10bffdcc000100",
    subject: "Introduction",
    messages: [`- ${JONAS}`, `1a10c00c72000100 ${JONAS} to ?, Priya ?`],
    participants: [JONAS],
    gaps: ["address-missing", "messages-absent"],
    hidden: 5,
  },
  "print-view": nothing,
  "renamed-classes": {
    state: "thread",
    mailbox: MAILBOX,
    thread: "1a10bf04c6000100",
    subject: "Calibration sheets",
    messages: [`- ${MARIE}`, `1a10bf136c000100 ${JONAS} to ${LENA}, ${MARIE_SHORT}`],
    participants: [MARIE, JONAS, LENA],
    fallbacks: [
      "h2[data-legacy-thread-id]",
      "span[email][role=gridcell], [role=gridcell] span[email]",
      "[translate=no]:not([role=gridcell]):has([email])",
    ],
  },
  settings: nothing,
  "many-recipients": letter("1a10c01b18000100", "Invitation", {
    messages: [`1a10c01b18000100 ${MARIE} to ${guests(200).join(", ")}`],
    participants: [MARIE, ...guests(200)],
  }),
  "recipients-cut": letter("1a10c029be000100", "Invitation", {
    messages: [`1a10c029be000100 ${MARIE} to ${guests(3).join(", ")}`],
    participants: [MARIE, ...guests(3)],
    gaps: ["recipients-cut"],
  }),
  "blind-copies": letter("1a10c03864000100", "Price list", {
    messages: [`1a10c03864000100 ${LENA_NAMED} to ${MARIE_SHORT}, ${ANN_SHORT}`],
    participants: [LENA_NAMED, MARIE_SHORT, ANN_SHORT],
  }),
  "only-blind-copies": letter("1a10c0470a000100", "Price list", {
    messages: [`1a10c0470a000100 ${LENA_NAMED} to `],
    participants: [LENA_NAMED],
  }),
  "details-open": letter("1a10c055b0000100", "Details", {
    messages: [`1a10c055b0000100 ${MARIE} to ${LENA}, ${ANN_SHORT}`],
    participants: [MARIE, LENA, ANN_SHORT],
  }),
  "right-to-left": letter("1a10c06456000100", "عرض سعر", {
    messages: [
      `1a10c06456000100 ليلى حداد <layla.haddad@nakhla-automation.example> to ${LENA}, أحمد <ahmad@nakhla-automation.example>`,
    ],
    participants: [
      "ليلى حداد <layla.haddad@nakhla-automation.example>",
      LENA,
      "أحمد <ahmad@nakhla-automation.example>",
    ],
  }),
  hostile: letter("1a10c1141e000100", `Subject ${"y".repeat(991)}…`, {
    messages: [
      `1a10c1141e000100 ${MARIE} to ${[...hostileNames(), ...Array(12).fill("Nobody ?"), MARIE_SHORT].join(", ")}`,
    ],
    participants: [MARIE, ...hostileNames()],
    gaps: ["address-missing"],
  }),
  "messages-unknown": {
    state: "unreadable: no-messages",
    mailbox: MAILBOX,
    thread: "1a10bf2212000100",
    subject: "New form",
  },
  "accounts-disagree": letter("1a10c072fc000100", "Whose?", {
    mailbox: "ann@brightline.example or lena@brightline.example",
  }),
  "address-in-subject": letter("1a10c081a2000100", "decoy@decoy.example"),
  "popped-out": letter("1a10c09048000100", "Popped out"),
  "conversation-view-off": letter("1a10c09eee000100", "One by one"),
  "stale-heading": letter("1a10c0ad94000100", "New words", { gaps: ["stale"] }),
  "just-sent": letter("1a10c0cb00000100", "Just sent", {
    thread: null,
    messages: [`- ${LENA_NAMED} to ${MARIE_SHORT}`],
    participants: [LENA_NAMED, MARIE_SHORT],
    gaps: ["no-thread-id", "message-id-missing"],
  }),
  "no-heading": { state: "unreadable: no-heading", mailbox: MAILBOX, thread: "1a10c0d986000100", subject: null },
  "two-headings": { state: "unreadable: several-headings", mailbox: MAILBOX, thread: null, subject: null },
};

function guests(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Guest ${index + 1} <guest${index + 1}@fair.example>`);
}

function hostileNames(): string[] {
  const names = ["<img src=x onerror=alert(1)>", "elpmaxe.knab@yap", "Line break", `Long ${"x".repeat(194)}…`];
  return names.map((name, index) => `${name} <hostile${index + 1}@decoy-names.example>`);
}

const line = ({ name, email }: Person) =>
  [name, email === null ? "?" : `<${email}>`].filter((part) => part !== null).join(" ");

function toLines(reading: Reading): Lines {
  const { email, candidates, delegated } = reading.account;
  const mailbox = `${email ?? candidates.join(" or ")}${delegated ? " (delegated)" : ""}`;
  if (reading.state === "none") return { state: "none", mailbox };
  if (reading.state === "unreadable") {
    return { state: `unreadable: ${reading.why}`, mailbox, thread: reading.threadId, subject: reading.subject };
  }
  const { threadId, subject, messages, participants, gaps, fallbacks, hiddenMessages } = reading.thread;
  return {
    state: "thread",
    mailbox,
    thread: threadId,
    subject,
    messages: messages.map(({ id, from, to, collapsed }) => {
      assert.equal(
        to === null,
        collapsed,
        "in these pages recipients are missing from collapsed messages and no others",
      );
      return `${id ?? "-"} ${from === null ? "nobody" : line(from)}${to === null ? "" : ` to ${to.map(line).join(", ")}`}`;
    }),
    participants: participants.map((person) => `${line(person)}${person.viaGroup ? " (group)" : ""}`),
    ...(gaps.length > 0 ? { gaps } : {}),
    ...(fallbacks.length > 0 ? { fallbacks } : {}),
    ...(hiddenMessages > 0 ? { hidden: hiddenMessages } : {}),
  };
}

test("every page has its expected result, and the other way round", () => {
  assert.deepEqual(Object.keys(expected).sort(), cases.map(({ name }) => name).sort());
});

for (const example of cases) {
  test(`${example.name}: ${example.shows}, and nothing of drafts, unopened or earlier mail`, () => {
    const html = caseHtml(example);
    const reading = readPage(parsePage(html, example.url), example.url);
    assert.deepEqual(toLines(reading), expected[example.name]);
    // Drafts, unopened mail, bodies, earlier threads and Reply-To bear this name in every page.
    const said = JSON.stringify(reading).replace(/"subject":"[^"]*"/, "");
    assert.doesNotMatch(said, /@decoy\.example|Unopened words|Unsent words|Stale words|Spoofed words|1111111111111111/);
    assert.doesNotMatch(said, /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
  });
}
