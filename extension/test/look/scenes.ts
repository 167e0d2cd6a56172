// Every screen of the sidebar, the popup and the connect form, as somebody would meet it.
import * as sample from "../panel/samples.ts";
import type { Script } from "./stub.ts";

/** A screen to look at. */
export interface Scene extends Script {
  readonly name: string;
  readonly page: "panel" | "popup" | "connect" | "options";
  /** Pressed, in order, before the picture: buttons by what they are called, or by the key of the message, with its values after it: `moveTo|Won`. */
  readonly press?: readonly string[];
  /** Typed into the form's large field before the last button is pressed. */
  readonly write?: string;
  /** Then typed into the search field. */
  readonly find?: string;
  /** Then picked: the option that holds this. */
  readonly pick?: string;
}

const named = (people: readonly { email: string }[]) => people.map(({ email }) => ({ email, name: null }));
const fiveLooked = { lookup: [{ result: sample.lookup(sample.five, { asOf: Date.now() }) }] };
const panel = (name: string, state: Script["state"], answers: Script["answers"] = {}): Scene => ({
  name,
  page: "panel",
  state,
  answers,
});

/** The form for somebody who isn't in the CRM; with an answer to it, its button has been pressed. */
const form = (name: string, answers: Script["answers"]): Scene => ({
  ...panel(name, sample.connected(), { ...fiveLooked, recordForm: [{ result: sample.contactForm }], ...answers }),
  press: Object.keys(answers).length > 0 ? ["createContact", "createContact"] : ["createContact"],
});

/** The form for adding somebody's address to an existing record, with something typed into its search field. */
const addTo = (name: string, search: readonly object[], pick?: string): Scene => ({
  ...panel(name, sample.connected(), { ...fiveLooked, search }),
  press: ["addToExisting"],
  find: "corvus",
  ...(pick !== undefined && { pick }),
});
const manyFound = Array.from({ length: 20 }, (_, at) => ({ ...sample.namesake, id: String(at) }));
const longFound = {
  ...sample.corvus,
  id: "45",
  title:
    "Azul Pescados e Frutos do Mar, Comércio Internacional e Logística Refrigerada Lda. (antes Irmãos Carvalho de Albuquerque)",
  emails: ["a.very.long.address.of.a.very.long.company@compras.azul-pescados-e-frutos-do-mar.example"],
};

/** The log screen beside a thread whose newest message can be logged. */
const withMessage = sample.connected(sample.reading(sample.loggableThread));
const log = (name: string, answers: Script["answers"]): Scene => ({
  name,
  page: "panel",
  state: withMessage,
  answers: { ...fiveLooked, readHeader: [{ result: null }], ...answers },
  press: ["logEmail"],
});
const mailText = { own: sample.logPreview.text, whole: sample.logPreview.text, cut: false, clipped: false, bcc: [] };

const logWarnings = [
  sample.failure(
    "failed",
    "many_recipients",
    "This message has 34 recipients.",
    "Log it only if it is about these records.",
  ),
  sample.failure(
    "failed",
    "blind_copy",
    "The other recipients can’t see who got a blind copy (2).",
    "The entry doesn’t name them.",
  ),
];

/** Marie's first deal, of which something was done. */
const moving = (name: string, press: readonly string[], moveDeal: readonly object[] = []): Scene => ({
  ...panel(name, sample.connected(), { ...fiveLooked, moveDeal }),
  press: ["stageOf|Pilot order, 40 sensors|Offer sent", ...press],
});

/** Adding a comment or a to-do; with an answer to it, its button has been pressed. */
const entry = (name: string, type: "comment" | "todo", addEntry: readonly object[] = []): Scene => {
  const submit = type === "comment" ? "addComment" : "addTodo";
  return {
    ...panel(name, sample.connected(), { ...fiveLooked, addEntry }),
    press: [type, ...(addEntry.length > 0 ? [submit] : [])],
    ...(addEntry.length > 0 && { write: "Marie asks for two pallets in week 50." }),
  };
};

/** What happened last with Marie. */
const recent = (name: string, answers: readonly object[]): Scene => ({
  ...panel(name, sample.connected(), { ...fiveLooked, recent: answers }),
  press: ["recent"],
});

const other =
  (page: "popup" | "connect" | "options") =>
  (name: string, state: Script["state"], answers: Script["answers"] = {}, press: readonly string[] = []): Scene => ({
    name,
    page,
    state,
    answers,
    press,
  });
const popup = other("popup");
const connect = other("connect");
const options = other("options");

const timeout = sample.failure(
  "unreachable",
  "portal_slow",
  "The portal took longer than 10 seconds for this address.",
  "Try again.",
);
const noDeals = sample.failure(
  "refused",
  "deals_hidden",
  "Deals are hidden from you.",
  "The portal lets you read contacts only. Ask its administrator for the right to read deals.",
);
const noComments = sample.failure(
  "refused",
  "comments_hidden",
  "Comments are hidden from you.",
  "Ask the portal's administrator for the right to read them.",
);
const host = (failure: ReturnType<typeof sample.failure>) => sample.troubled({ from: "host", failure });
const manyThread = sample.reading(
  sample.thread(named(sample.many), {
    subject: "Fwd: Framework agreement 2027 to 2029, annexes 1 to 14, redlined by legal, please read before Friday",
  }),
);

export const scenes: readonly Scene[] = [
  panel("five", sample.connected(), fiveLooked),
  panel("many", sample.connected(manyThread), { lookup: [{ result: sample.lookup(sample.many) }] }),
  panel("loading", sample.connected()),
  panel("partial", sample.connected(), {
    lookup: [
      {
        result: sample.lookup([
          { ...sample.marie, deals: [], dealsTotal: 0, hidden: 2, problems: [noDeals] },
          sample.jonas,
          sample.person(sample.priya.email, { role: { is: "notLookedUp" }, problems: [timeout] }),
          sample.annKeller,
          sample.tomBrandt,
        ]),
      },
    ],
  }),
  panel("part-came", sample.connected(), { lookup: [{ part: sample.lookup([sample.marie, sample.annKeller]) }] }),
  panel("others", sample.connected(sample.reading(sample.thread(sample.fiveNamed.slice(0, 3)))), {
    lookup: [
      {
        result: sample.lookup([
          sample.person(sample.marie.email, { role: { is: "extranet", user: sample.ann } }),
          sample.person(sample.jonas.email, { role: { is: "formerColleague", user: sample.ann } }),
          sample.person(sample.priya.email, { role: { is: "extranet", user: sample.ann, dismissed: true } }),
        ]),
      },
    ],
  }),
  panel("moved", sample.connected(), {
    lookup: [
      {
        trouble: {
          from: "host",
          failure: {
            ...sample.failure(
              "not_connected",
              "portal_moved",
              `${sample.status.portal} has moved to brightline-group.bitrix24.example, and nothing was sent there.`,
              "h",
            ),
            args: { portal: sample.status.portal, to: "brightline-group.bitrix24.example" },
          },
        },
      },
    ],
  }),
  panel("colleagues", sample.connected(sample.reading(sample.thread(sample.fiveNamed.slice(3)))), {
    lookup: [{ result: sample.lookup([sample.annKeller, sample.tomBrandt]) }],
  }),
  panel("no-thread", sample.connected(sample.noThread)),
  panel("no-gmail", { ...sample.connected(), tab: { at: "silent", tabId: 3 } }),
  panel(
    "gmail-changed",
    sample.connected({
      state: "unreadable",
      why: "no-messages",
      threadId: null,
      subject: null,
      account: { email: sample.mailbox, candidates: [], delegated: false },
    }),
  ),
  panel("mailbox-ask", sample.connected(undefined, { mailboxes: [] })),
  panel("mailbox-off", sample.connected(undefined, { mailboxes: [{ address: sample.mailbox, on: false }] })),
  panel(
    "mailbox-unknown",
    sample.connected({
      ...sample.reading(sample.thread(sample.fiveNamed)),
      account: { email: null, candidates: [], delegated: false },
    }),
  ),
  panel(
    "host-missing",
    sample.troubled({ from: "port", cause: "hostMissing", detail: "Specified native messaging host not found." }),
  ),
  panel(
    "host-forbidden",
    sample.troubled({
      from: "port",
      cause: "forbidden",
      detail: "Access to the specified native messaging host is forbidden.",
    }),
  ),
  panel(
    "host-old",
    host(sample.failure("unsupported_version", "unsupported_version", "", "", { theirs: "2", ours: "1" })),
  ),
  panel("not-connected", host(sample.failure("not_connected", "not_connected", "m", "h"))),
  panel("session-needed", host(sample.failure("session_needed", "session_needed", "m", "h"))),
  panel(
    "error",
    host(sample.failure("failed", "keychain_locked", "The keychain is locked.", "Unlock it, then try again.")),
  ),
  panel("unreachable", sample.connected(), {
    lookup: [
      { part: sample.lookup(sample.five) },
      { trouble: { from: "host", failure: sample.failure("unreachable", "portal_unreachable", "m", "h") } },
    ],
  }),
  panel("rate-limited", sample.connected(), {
    lookup: [
      { part: sample.lookup(sample.five.slice(0, 2)) },
      { trouble: { from: "host", failure: sample.failure("try_later", "portal_busy", "m", "h", { seconds: "18" }) } },
    ],
  }),
  form("form-contact", {}),
  form("form-duplicate", {
    create: [{ result: { is: "duplicates", found: [{ record: sample.namesake, same: "name" }] } }],
  }),
  form("form-refused", { create: [{ result: { is: "refused", words: "The field “Phone” is required." } }] }),
  form("form-unconfirmed", {
    create: [
      {
        trouble: {
          from: "host",
          failure: sample.failure(
            "try_later",
            "create_unconfirmed",
            "brightline.bitrix24.example didn't confirm that it made the record, and it isn't there so far.",
            "Try again in 60 s: the record is looked for first, so that there won't be two.",
            { portal: "brightline.bitrix24.example", seconds: "60" },
          ),
        },
      },
    ],
  }),
  form("form-done", {
    create: [
      {
        result: {
          is: "created",
          record: { type: "contact", id: "312" },
          url: `${sample.origin}/crm/contact/details/312/`,
          person: { ...sample.priya, contacts: [sample.contact("312", "Priya Menon", { position: "Dispatch" })] },
          notices: [],
        },
      },
    ],
  }),

  { ...addTo("find-empty", []), find: "" },
  addTo("find-loading", []),
  addTo("find", [
    { result: { found: [sample.namesake, sample.corvus, longFound], more: false, cut: false, notices: [] } },
  ]),
  addTo(
    "find-picked",
    [{ result: { found: [sample.namesake, sample.corvus], more: false, cut: false, notices: [] } }],
    "Priya",
  ),
  addTo("find-many", [{ result: { found: manyFound, more: true, cut: true, notices: [] } }]),
  addTo("find-none", [{ result: { found: [], more: false, cut: false, notices: [] } }]),
  addTo("find-error", [
    {
      trouble: {
        from: "host",
        failure: sample.failure("try_later", "portal_busy", "m", "h", { portal: sample.status.portal, seconds: "18" }),
      },
    },
  ]),
  moving("stage-list", []),
  moving("stage-asks", ["Delivered"]),
  moving("stage-moving", ["Order confirmed"]),
  moving("stage-moved", ["Order confirmed"], [{ result: { is: "moved", deal: sample.pilotConfirmed } }]),
  moving("stage-elsewhere", ["Order confirmed"], [{ result: { is: "elsewhere", deal: sample.pilotConfirmed } }]),
  moving(
    "stage-refused",
    ["Order confirmed"],
    [{ result: { is: "refused", words: "The field “Delivery date” is required." } }],
  ),
  moving(
    "stage-closed",
    ["Delivered", "moveTo|Delivered"],
    [{ result: { is: "moved", deal: { ...sample.pilotConfirmed, stage: sample.won } } }],
  ),

  entry("entry-comment", "comment"),
  entry("entry-todo", "todo"),
  entry("entry-refused", "comment", [{ result: { is: "refused", words: "Element not found" } }]),
  entry("entry-unconfirmed", "comment", [
    {
      trouble: {
        from: "host",
        failure: sample.failure("try_later", "entry_unconfirmed", "m", "h", {
          portal: "brightline.bitrix24.example",
          seconds: "60",
        }),
      },
    },
  ]),
  entry("entry-done", "comment", [{ result: { is: "added", id: "999" } }]),
  recent("recent-reading", []),
  recent("recent", [{ result: sample.recent }]),
  recent("recent-partial", [{ result: { ...sample.recent, notices: [noComments] } }]),
  recent("recent-none", [{ result: { entries: [], more: false, notices: [] } }]),
  recent("recent-refused", [{ trouble: { from: "host", failure: noComments } }]),

  log("log", { readBody: [{ result: mailText }], previewLog: [{ result: sample.logPreview }] }),
  {
    ...log("log-older", { readBody: [{ result: mailText }], previewLog: [{ result: sample.logPreview }] }),
    state: sample.connected(sample.reading(sample.severalLoggable)),
  },
  {
    ...log("log-undo", {
      readBody: [{ result: mailText }],
      previewLog: [{ result: sample.logPreview }],
      commitLog: [{ result: { id: "3165", records: sample.logPreview.records, notices: [] } }],
    }),
    press: ["logEmail", "logSubmit_one|1", "undo"],
  },
  {
    ...log("log-move", {
      readBody: [{ result: mailText }],
      previewLog: [{ result: sample.logPreview }],
      commitLog: [{ result: { id: "3165", records: sample.logPreview.records, notices: [] } }],
    }),
    press: ["logEmail", "logSubmit_one|1", "logMove"],
  },
  log("log-warned", {
    readBody: [{ result: mailText }],
    previewLog: [{ result: { ...sample.logPreview, warnings: logWarnings } }],
  }),
  log("log-blocked", { readBody: [{ result: mailText }], previewLog: [{ result: sample.blockedPreview }] }),
  log("log-reading", {}),
  log("log-unfold", { readBody: [{ result: null }] }),
  log("log-refused", {
    readBody: [{ result: { ...mailText, cut: true, clipped: true } }],
    previewLog: [{ trouble: { from: "host", failure: sample.failure("failed", "record_not_of_thread", "m", "h") } }],
  }),

  popup("popup", sample.connected()),
  popup("popup-code", sample.connected(), { newCode: [{ result: { code: "K7QF-2MXD", seconds: 120 } }] }, [
    "anotherProfile",
  ]),
  panel("mailbox-closed", { ...sample.connected(), managed: { mailboxes: ["acme.com"] } }),
  panel("policy-wrong", sample.troubled({ from: "policy", cause: "wrong", name: "Mailboxes" })),
  popup("popup-asks", sample.connected(), {}, ["disconnect"]),
  popup("popup-ledger", sample.connected(), { ledger: [{ result: sample.ledger({ next: "2026-11-23:7" }) }] }, [
    "leftTitle",
  ]),
  popup(
    "popup-ledger-changed",
    sample.connected(),
    {
      ledger: [
        {
          result: sample.ledger({
            problem: sample.failure(
              "failed",
              "ledger_changed",
              "Line 7 of the ledger's file of 2026-11-23 doesn't follow from the one before it: a line was changed or removed.",
              "If that wasn't you, look for the program that did it; new lines vouch for each other again.",
            ),
          }),
        },
      ],
    },
    ["leftTitle"],
  ),
  popup("popup-check", sample.connected(), { check: [{ result: sample.checkReport() }] }, ["check"]),
  popup("popup-check-well", sample.connected(), { check: [{ result: sample.wellReport }] }, ["check"]),
  popup("popup-check-partial", sample.connected(), { check: [{ part: sample.checkReport() }] }, ["check"]),
  popup(
    "popup-check-failed",
    sample.connected(),
    { check: [{ trouble: { from: "clock", method: "check", seconds: 240 } }] },
    ["check"],
  ),
  popup("popup-exited", {
    ...sample.troubled({ from: "port", cause: "exited", detail: "Native host has exited." }),
    host: undefined,
  }),
  popup("popup-none", {
    ...host(
      sample.failure(
        "not_connected",
        "not_connected",
        "This computer isn't connected to a portal.",
        "Connect in the extension.",
      ),
    ),
    portal: undefined,
  }),
  popup("popup-missing", { ...sample.troubled({ from: "port", cause: "hostMissing", detail: "" }), host: undefined }),
  connect("connect", host(sample.failure("not_connected", "not_connected", "m", "h"))),
  connect(
    "connect-waits",
    host(sample.failure("not_connected", "not_connected", "m", "h")),
    { connect: [{ part: { stage: "browserOpened" } }] },
    ["continueInBrowser"],
  ),
  connect(
    "connect-wrong",
    sample.connected(),
    {
      connect: [
        {
          trouble: {
            from: "host",
            failure: sample.failure(
              "refused",
              "client_secret_wrong",
              "The client secret is wrong, or the application was deleted from the portal.",
              "Copy the client secret again from the local application's page, and connect again.",
            ),
          },
        },
      ],
    },
    ["continueInBrowser"],
  ),
  connect(
    "connect-failed",
    host(sample.failure("not_connected", "not_connected", "m", "h")),
    {
      connect: [
        {
          trouble: {
            from: "host",
            failure: sample.failure(
              "failed",
              "callback_port_taken",
              "Port 17485 on this computer is taken, so the browser could not come back.",
              "Close the program that uses it.",
            ),
          },
        },
      ],
    },
    ["continueInBrowser"],
  ),
  connect(
    "connect-confirm",
    host(sample.failure("not_connected", "not_connected", "m", "h")),
    {
      connect: [
        {
          trouble: {
            from: "host",
            failure: {
              ...sample.failure(
                "refused",
                "portal_unconfirmed",
                "crm.brightline.example isn't one of Bitrix24's own addresses. The way there leads to 10.20.0.5, and nothing was sent yet.",
                "h",
              ),
              args: { portal: "crm.brightline.example", address: "10.20.0.5" },
            },
          },
        },
      ],
    },
    ["continueInBrowser"],
  ),
  connect(
    "connect-done",
    host(sample.failure("not_connected", "not_connected", "m", "h")),
    { connect: [{ result: sample.status }] },
    ["continueInBrowser"],
  ),

  options(
    "options",
    sample.connected(undefined, {
      team: {
        ownAddresses: [
          "sales@brightline.example",
          "a.very.long.alias.of.mine.for.framework.agreements@brightline.example",
        ],
        domains: ["brightline.example"],
        policyDomains: ["brightline-group.example"],
      },
      neverLog: { entries: ["counsel@opal-law.example"], policyEntries: ["works-council.brightline.example"] },
    }),
  ),
  options("options-empty", sample.connected()),
  options("options-none", host(sample.failure("not_connected", "not_connected", "m", "h"))),
];
