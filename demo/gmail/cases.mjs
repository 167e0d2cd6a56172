// Pages that have fooled readers of Gmail before, or may. Each is one state of the page with the address it has.
import { decimal, encodeToken, idAt, threadToken } from "./ids.mjs";
import {
  allText,
  composeWindow,
  english,
  inlineReply,
  list,
  page,
  savedDraft,
  splitPane,
  thread,
  view,
} from "./page.mjs";
import { ann, digest, jonas, layla, lena, marie, priya, salesDesk, short, tom } from "./people.mjs";
import { inbox, pilotOrder, rowOf, text } from "./threads.mjs";
import { h, toHtml } from "./tree.mjs";

/**
 * @typedef {import("./page.mjs").Thread} Thread
 * @typedef {import("./page.mjs").Message} Message
 * @typedef {import("./page.mjs").Words} Words
 * @typedef {import("./tree.mjs").Tree} Tree
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {string} shows
 * @property {string} url
 * @property {Tree} tree
 */

const mail = (/** @type {string} */ rest) => `https://mail.google.com/mail/${rest}`;
const at = (/** @type {Thread} */ { id }) => mail(`u/0/#inbox/${threadToken(id)}`);
const titled = (/** @type {string} */ subject, account = lena) => `${subject} - ${account.email} - Gmail`;

/** Ids of the cases' threads, a minute apart. @param {number} minute */
const idOf = (minute, low = 0x100) => idAt(`2026-10-05T12:${String(minute).padStart(2, "0")}:00Z`, low);

/**
 * One message from Marie to Lena, with changes.
 * @param {number} minute
 * @param {Partial<Message>} [change]
 * @returns {Message}
 */
function letter(minute, change = {}) {
  return {
    id: idOf(minute),
    from: marie,
    to: [short(lena)],
    date: "Oct 5, 2026",
    body: text("Hello Lena, see below."),
    ...change,
  };
}

/**
 * @param {number} minute
 * @param {string} subject
 * @param {Partial<Message>} [change]
 * @returns {Thread}
 */
function simple(minute, subject, change) {
  return { id: idOf(minute), subject: [subject], messages: [letter(minute, change)] };
}

/**
 * @param {string} name
 * @param {string} shows
 * @param {Thread} open
 * @param {{ url?: string, words?: Words, account?: import("./page.mjs").Person | null, title?: string, bodyClass?: string,
 *   before?: Tree[], after?: Tree[], outside?: Tree[] }} [more]
 * @returns {Case}
 */
function openCase(
  name,
  shows,
  open,
  { url = at(open), words = english, account = lena, title, bodyClass, before = [], after = [], outside = [] } = {},
) {
  return {
    name,
    shows,
    url,
    tree: page({
      title: title ?? titled(allText(open.subject), account ?? lena),
      account,
      words,
      views: [...before, view([thread(open, account ?? lena, words)]), ...after],
      outside,
      ...(bodyClass === undefined ? {} : { bodyClass }),
    }),
  };
}

/** @type {Words} */
const german = { language: "de", direction: "ltr", to: "an ", bcc: "Bcc: ", me: "mich", account: "Google-Konto: " };
/** @type {Words} */
const arabic = {
  language: "ar",
  direction: "rtl",
  to: "إلى ",
  bcc: "نسخة مخفية: ",
  me: "أنا",
  account: "حساب Google: ",
};

const rows = inbox.map(rowOf);
const decoy = { name: "Decoy", email: "unopened@decoy.example" };
const decoyRows = [{ ...rowOf(pilotOrder), from: decoy, subject: "Unopened words", heading: true }, ...rows];

/**
 * Takes every obfuscated class away and leaves roles and attributes, as if Gmail had renamed them all.
 * @param {Tree} tree
 * @returns {Tree}
 */
function withoutClasses(tree) {
  const { class: name, ...attributes } = tree.attributes;
  // Gmail's sanitiser prefixes classes in bodies and renames none of its own there.
  const kept = name !== undefined && /\ba3s\b/.test(name) ? { ...attributes, class: name } : attributes;
  return h(
    tree.tag,
    kept,
    ...tree.children.map((child) => (typeof child === "string" ? child : withoutClasses(child))),
  );
}

/** @param {Tree} tree @param {(tree: Tree) => boolean} drop @returns {Tree} */
function without(tree, drop) {
  const kept = tree.children.filter((child) => typeof child === "string" || !drop(child));
  return h(
    tree.tag,
    tree.attributes,
    ...kept.map((child) => (typeof child === "string" ? child : without(child, drop))),
  );
}

const renamed = openCase("renamed-classes", "every class renamed, roles and attributes kept", {
  ...simple(1, "Calibration sheets", { state: "collapsed" }),
  messages: [
    letter(1, { state: "collapsed" }),
    letter(2, {
      from: jonas,
      to: [short(lena), short(marie)],
      body: [
        h("span", { email: "body@decoy.example", "data-hovercard-id": "body@decoy.example", translate: "no" }, "x"),
        ...text("Hello"),
      ],
    }),
  ],
});

const unknownMessages = openCase(
  "messages-unknown",
  "a heading, and messages in a form nobody knows",
  simple(3, "New form"),
);

const crowd = Array.from({ length: 200 }, (_, index) => ({
  name: `Guest ${index + 1}`,
  email: `guest${index + 1}@fair.example`,
}));

const newThreadToken = encodeToken("a:r4100000000000000002");

/** @type {Case[]} */
export const cases = [
  openCase(
    "six-messages",
    "the demo's thread: collapsed, opened before, expanded, own messages, a quotation",
    pilotOrder,
  ),
  {
    name: "list",
    shows: "the inbox",
    url: mail("u/0/#inbox"),
    tree: page({ title: titled("Inbox (2)"), account: lena, views: [view([list(decoyRows)])] }),
  },
  {
    name: "split-pane-open",
    shows: "list and open thread side by side",
    url: at(idThread(4)),
    tree: page({
      title: titled("Side by side"),
      account: lena,
      views: [view([splitPane(decoyRows, thread(simple(4, "Side by side"), lena))])],
    }),
  },
  {
    name: "split-pane-empty",
    shows: "a reading pane with nothing in it",
    url: mail("u/0/#inbox"),
    tree: page({ title: titled("Inbox"), account: lena, views: [view([splitPane(decoyRows, null)])] }),
  },
  openCase(
    "super-collapsed",
    "German, before 2023: no aria-expanded, two messages behind a number",
    {
      id: idOf(5),
      subject: ["Rückfrage zur Montage"],
      messages: [
        letter(5, { from: jonas, state: "bare" }),
        letter(6, { from: lena, state: "super", notice: 2 }),
        letter(7, { from: priya, state: "super" }),
        letter(8, { from: lena, state: "bare" }),
        letter(9, { from: jonas, to: [lena, short(priya)] }),
      ],
    },
    { words: german },
  ),
  openCase("stale-hidden-previous", "two earlier threads still in the page, hidden", simple(10, "Current words"), {
    before: [view([thread(simple(11, "Stale words", { from: decoy }), lena)], { hidden: true })],
    after: [view([thread(simple(12, "Stale words", { from: decoy }), lena)], { hidden: true })],
  }),
  openCase("perm-id-undefined", "the heading's sync id is the word undefined", {
    ...simple(13, "Stand 4, hall 7"),
    heading: { "data-thread-perm-id": "undefined", "data-legacy-thread-id": idOf(13) },
  }),
  openCase("heading-without-ids", "the heading has no ids at all: the address bar has one", {
    ...simple(14, "Bare heading"),
    heading: {},
  }),
  openCase(
    "reply-and-compose",
    "a reply in the thread and a compose window, both unsent",
    { ...simple(15, "Lift"), after: [inlineReply(decoy)] },
    {
      url: `${at(simple(15, "Lift"))}?compose=new`,
      outside: [composeWindow(decoy)],
    },
  ),
  openCase("draft-in-thread", "a saved draft among the messages, with its writer's name and ids", {
    ...simple(38, "Answer half written"),
    after: [savedDraft(lena, decoy)],
  }),
  openCase("delegated", "somebody else's mailbox", simple(16, "To the desk", { to: [salesDesk, short(lena)] }), {
    account: salesDesk,
    url: mail(`u/0/d/AEoRXRS_invented/#inbox/${threadToken(idOf(16))}`),
  }),
  openCase(
    "via-group",
    "a sender rewritten by a group",
    simple(17, "Spare parts", {
      from: { name: "'Marie Rousseau' via Sales desk", email: salesDesk.email },
      to: [salesDesk],
    }),
  ),
  openCase("older-pill", "five messages without elements, chips without addresses", {
    id: idOf(18),
    subject: ["Introduction"],
    messages: [
      letter(18, { from: jonas, state: "collapsed" }),
      letter(19, {
        from: jonas,
        to: [
          { ...lena, name: "me", bare: true },
          { ...short(priya), bare: true },
        ],
      }),
    ],
    older: 5,
  }),
  printView(),
  { ...renamed, tree: withoutClasses(renamed.tree) },
  {
    name: "settings",
    shows: "the settings, with addresses",
    url: mail("u/0/#settings/accounts"),
    tree: page({
      title: titled("Settings"),
      account: lena,
      views: [
        view([
          h("h2", { class: "dt" }, "Settings"),
          h("span", { class: "rc", email: decoy.email }, `Decoy <${decoy.email}>`),
        ]),
      ],
    }),
  },
  openCase("many-recipients", "two hundred recipients", simple(20, "Invitation", { to: crowd })),
  openCase(
    "recipients-cut",
    "a recipient line that ends in a number",
    simple(21, "Invitation", { to: crowd.slice(0, 3), more: ", and 197 more" }),
  ),
  openCase("blind-copies", "own mail with blind copies", {
    ...simple(22, "Price list"),
    messages: [letter(22, { from: lena, to: [short(marie), short(ann)], bcc: [decoy, short(tom)] })],
  }),
  openCase("only-blind-copies", "own mail with nothing but blind copies", {
    ...simple(23, "Price list"),
    messages: [letter(23, { from: lena, to: [], bcc: [decoy] })],
  }),
  openCase(
    "details-open",
    "the details pop-up repeats the sender and adds Reply-To",
    simple(24, "Details", { to: [short(lena), short(ann)], details: true }),
  ),
  openCase(
    "right-to-left",
    "Arabic, with marks of direction in subject, names and addresses",
    {
      ...simple(25, "x", {
        from: { name: `\u202b${layla.name}\u202c`, email: `\u202a${layla.email}\u202c` },
        to: [lena, { name: "أحمد\u200f", email: "Ahmad@Nakhla-Automation.example\u200e" }],
      }),
      subject: ["\u2067عرض سعر\u2069"],
    },
    { words: arabic, title: `\u202b\u202bعرض سعر\u202c - \u202a${lena.email}\u202c - Gmail` },
  ),
  hostile(),
  { ...unknownMessages, tree: without(unknownMessages.tree, ({ attributes }) => attributes["role"] === "list") },
  openCase("accounts-disagree", "title and account button name two mailboxes", simple(26, "Whose?"), {
    title: titled("Whose?", ann),
  }),
  openCase("address-in-subject", "a subject that is an address", simple(27, "decoy@decoy.example"), {}),
  openCase("popped-out", "a thread in a window of its own: no hash, no bar", simple(28, "Popped out"), {
    url: mail(`u/0/?ui=2&view=btop&ver=1&search=inbox&th=%23thread-f%3A${decimal(idOf(28))}&cvid=1`),
    account: null,
    bodyClass: "aAU xE Su",
  }),
  openCase(
    "conversation-view-off",
    "the token names thread and message",
    {
      ...simple(29, "One by one"),
      heading: {
        "data-thread-perm-id": `thread-f:${decimal(idOf(29))}|msg-f:${decimal(idOf(29))}`,
        "data-legacy-thread-id": idOf(29),
      },
    },
    { url: mail(`u/0/#inbox/${encodeToken(`f:${decimal(idOf(29))}|msg-f:${decimal(idOf(29))}`)}`) },
  ),
  openCase("stale-heading", "new messages below a heading that still has the old ids", {
    ...simple(30, "New words"),
    heading: { "data-thread-perm-id": `thread-f:${decimal(idOf(31))}`, "data-legacy-thread-id": idOf(31) },
  }),
  openCase(
    "just-sent",
    "a thread this browser made and the server has not numbered",
    {
      ...simple(32, "Just sent"),
      heading: { "data-thread-perm-id": "thread-a:r4100000000000000002" },
      messages: [letter(32, { id: "undefined", permId: "msg-a:r4100000000000000003", from: lena, to: [short(marie)] })],
    },
    { url: mail(`u/0/#sent/${newThreadToken}`) },
  ),
  {
    name: "no-heading",
    shows: "the address names a thread, and the page shows none",
    url: at(idThread(33)),
    tree: page({ title: titled("Loading"), account: lena, views: [view([h("div", { class: "nH" }, "Loading")])] }),
  },
  {
    name: "two-headings",
    shows: "two open threads on show",
    url: mail("u/0/#inbox"),
    tree: page({
      title: titled("Two"),
      account: lena,
      views: [view([thread(simple(34, "First"), lena), thread(simple(35, "Second", { from: digest }), lena)])],
    }),
  },
];

/** @param {number} minute */
function idThread(minute) {
  return simple(minute, "");
}

/** A page meant for paper: other elements altogether. @returns {Case} */
function printView() {
  const id = idOf(36);
  const letterTable = h(
    "table",
    { class: "message" },
    h(
      "tbody",
      {},
      h(
        "tr",
        {},
        h("td", {}, h("b", {}, `${marie.name} `), `<${marie.email}>`),
        h("td", { align: "right" }, "Oct 5, 2026"),
      ),
      h(
        "tr",
        {},
        h("td", { colspan: "2" }, h("font", { class: "recipient" }, h("div", {}, `To: ${lena.name} <${lena.email}>`))),
      ),
      h("tr", {}, h("td", { colspan: "2" }, "Hello Lena")),
    ),
  );
  const owner = h("td", { align: "right" }, h("font", {}, h("b", {}, `${lena.name} <${lena.email}>`)));
  return {
    name: "print-view",
    shows: "the print view",
    url: mail(`u/0/?ik=0123456789&view=pt&search=all&permthid=thread-f:${decimal(id)}`),
    tree: h(
      "html",
      { lang: "en" },
      h("head", {}, h("title", {}, "Gmail - On paper")),
      h(
        "body",
        {},
        h(
          "div",
          { class: "bodycontainer" },
          h("table", {}, h("tbody", {}, h("tr", {}, h("td", {}, h("img", { class: "logo", alt: "" })), owner))),
          h(
            "div",
            { class: "maincontent" },
            h("table", {}, h("tbody", {}, h("tr", {}, h("td", {}, h("b", {}, "On paper"))))),
            letterTable,
          ),
        ),
      ),
    ),
  };
}

/** Senders choose their names, and software their addresses. @returns {Case} */
function hostile() {
  const names = [
    "<img src=x onerror=alert(1)>",
    "\u202eelpmaxe.knab@yap",
    "Line\nbreak\u0007",
    `Long ${"x".repeat(5000)}`,
  ];
  const addresses = [
    "plain words",
    "two@at@signs.example",
    "a b@space.example",
    `${"x".repeat(65)}@long.example`,
    `a@${"long-label-".repeat(30)}.example`,
    "nodot@localhost",
    'quote"d@decoy.example',
    "<script>@decoy.example",
    "javascript:alert(1)",
    "",
    "undefined",
    "x".repeat(100_000),
  ];
  const to = [
    ...names.map((name, index) => ({ name, email: `hostile${index + 1}@decoy-names.example` })),
    ...addresses.map((email) => ({ name: "Nobody", email })),
    { name: "Marie", email: "MARIE.Rousseau@HELION.example" },
  ];
  const body = [
    h(
      "div",
      { class: "gE", role: "listitem" },
      h("span", { class: "gD", email: "body@decoy.example", name: "Body" }, "Body"),
    ),
    h("h2", { class: "hP", "data-legacy-thread-id": "1111111111111111" }, "Spoofed words"),
    h("span", { class: "hb" }, h("span", { class: "g2", email: "body@decoy.example", name: "Body" }, "Body")),
    h("div", { class: "a3s m1111111111111111" }, "nested"),
  ];
  return openCase("hostile", "names and addresses made to break something, and a body that imitates Gmail", {
    ...simple(37, `Subject \u202e${"y".repeat(5000)}`, { to, body }),
  });
}

/**
 * A case as an HTML file.
 * @param {Case} example
 */
export function caseHtml({ shows, tree }) {
  return `<!doctype html>\n<!-- Invented: ${shows}. Built after Gmail's structure, not saved from Gmail. -->\n${toHtml(tree)}\n`;
}
