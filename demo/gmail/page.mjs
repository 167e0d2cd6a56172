// Gmail's page, rebuilt from what is known of its structure: the elements, classes, roles and attributes that say where things are.
// Everybody and everything in it is invented. Knows nothing of the reader it is meant for.
import { decimal } from "./ids.mjs";
import { h } from "./tree.mjs";

/**
 * @typedef {import("./tree.mjs").Tree} Tree
 * @typedef {import("./tree.mjs").Child} Child
 *
 * @typedef {object} Person
 * @property {string} email
 * @property {string} name
 * @property {boolean} [bare] a chip that shows the name and holds no address
 *
 * @typedef {object} Message
 * @property {string} id hex
 * @property {Person} from
 * @property {Person[]} to
 * @property {Person[]} [bcc]
 * @property {string} date as Gmail would write it
 * @property {Child[]} body
 * @property {string} [snippet] by default the body's first words
 * @property {"expanded" | "collapsed" | "loaded" | "super" | "bare"} [state] `loaded`: collapsed again, its ids stay; `super`: behind
 *   the number of older messages; `bare`: collapsed in the way of years without `aria-expanded`
 * @property {number} [notice] "N older messages" in this item
 * @property {string} [more] text after the last recipient, where Gmail cuts the line
 * @property {string} [permId] instead of `msg-f:<decimal>`
 * @property {boolean} [details] with the details pop-up open
 *
 * @typedef {object} Thread
 * @property {string} id hex
 * @property {Child[]} subject
 * @property {Message[]} messages
 * @property {number} [older] "N older messages" between the messages, which aren't in the page
 * @property {Record<string, string>} [heading] attributes of the heading, instead of the usual
 * @property {Tree[]} [after] more in the message list, after the last message
 *
 * @typedef {object} Row a row of a list
 * @property {Person} from
 * @property {string} threadId hex
 * @property {string} subject
 * @property {string} snippet
 * @property {string} date
 * @property {boolean} [unread]
 * @property {boolean} [heading] the subject is a heading, as screen readers would like it
 *
 * @typedef {object} Words what Gmail calls things in the page's language
 * @property {string} language
 * @property {"ltr" | "rtl"} direction
 * @property {string} to
 * @property {string} bcc
 * @property {string} me as recipient
 * @property {string} account what the account button's label begins with
 */

/** @type {Words} */
export const english = {
  language: "en",
  direction: "ltr",
  to: "to ",
  bcc: "bcc: ",
  me: "me",
  account: "Google Account: ",
};

/**
 * A whole page.
 * @param {{ title: string, account: Person | null, views: Tree[], words?: Words, outside?: Tree[], bodyClass?: string, head?: Tree[],
 *   bar?: Tree[], aside?: Tree[] }} page `outside`: what lies beside the views (compose windows); `head`, `bar`, `aside`: more in the
 *   page's head, in Google's bar and left of the views, for the page that people look at
 */
export function page({
  title,
  account,
  views,
  words = english,
  outside = [],
  bodyClass = "",
  head = [],
  bar = [],
  aside = [],
}) {
  return h(
    "html",
    { lang: words.language, dir: words.direction },
    h("head", {}, h("meta", { charset: "utf-8" }), h("title", {}, title), head),
    h(
      "body",
      { class: bodyClass, dir: words.direction },
      account !== null && banner(account, words, bar),
      h(
        "div",
        { class: "nH ar4 z" },
        aside,
        h("div", { class: "aeJ" }, h("div", { class: "aeF" }, h("div", { class: "nH" }, views))),
      ),
      outside,
    ),
  );
}

/**
 * Google's bar with the account button.
 * @param {Person} account
 * @param {Words} words
 * @param {Tree[]} bar
 */
function banner(account, words, bar) {
  const attributes = {
    class: "gb_B",
    role: "button",
    tabindex: "0",
    href: "https://accounts.google.com/SignOutOptions?hl=en&continue=https://mail.google.com/mail&service=mail",
    "aria-label": `${words.account}${account.name}\n(${account.email})`,
  };
  return h(
    "header",
    { role: "banner", class: "gb_Ha" },
    bar,
    h("a", attributes, h("img", { alt: "", src: portrait(account) })),
  );
}

/**
 * One of Gmail's views. Earlier ones stay in the page, hidden and without the role.
 * @param {Child[]} content
 * @param {{ hidden?: boolean }} [options]
 */
export function view(content, { hidden = false } = {}) {
  return h(
    "div",
    { class: "BltHke nH", role: !hidden && "main", style: hidden ? "display: none;" : "" },
    h("div", { class: "G-atb", gh: "tm" }),
    content,
  );
}

/**
 * The open thread.
 * @param {Thread} thread
 * @param {Person} self
 * @param {Words} [words]
 */
export function thread({ id, subject, messages, older, heading, after = [] }, self, words = english) {
  const attributes = heading ?? { "data-thread-perm-id": `thread-f:${decimal(id)}`, "data-legacy-thread-id": id };
  const items = messages.map((message) => messageItem(message, self, words));
  if (older !== undefined) {
    const pill = h(
      "button",
      { class: "q8Zdrf", "aria-label": `Show ${older} older messages` },
      h("span", { class: "adx" }, h("span", {}, String(older))),
    );
    items.splice(1, 0, h("div", { class: "nH", role: "presentation" }, pill));
  }
  return h(
    "div",
    { class: "nH a98 iY" },
    h(
      "div",
      { class: "nH V8djrc byY" },
      h("div", { class: "ha" }, h("h2", { class: "hP", tabindex: "-1", ...attributes }, subject)),
    ),
    h("div", { class: "nH hx" }, h("div", { class: "nH", role: "list" }, items, after)),
  );
}

/**
 * One message in the list.
 * @param {Message} message
 * @param {Person} self
 * @param {Words} [words]
 */
export function messageItem(message, self, words = english) {
  const { state = "expanded", notice } = message;
  const classes = { expanded: "h7 ie", collapsed: "kv", loaded: "kv", super: "kQ bg", bare: "kv bg" };
  const expanded = state === "expanded" ? "true" : "false";
  return h(
    "div",
    {
      class: `${classes[state]}${notice === undefined ? "" : " adv"}`,
      role: "listitem",
      tabindex: "-1",
      "aria-expanded": state !== "super" && state !== "bare" && expanded,
    },
    notice !== undefined && h("span", { class: "adx" }, h("span", {}, String(notice))),
    state === "expanded" ? expandedMessage(message, self, words) : collapsedMessage(message, self, words),
    state === "loaded" && h("div", { class: "adn ads", style: "display: none;", ...messageIds(message) }),
  );
}

/** @param {Message} message */
function messageIds({ id, permId = `msg-f:${decimal(id)}` }) {
  return { "data-message-id": `#${permId}`, "data-legacy-message-id": id };
}

/**
 * @param {Message} message
 * @param {Person} self
 * @param {Words} words
 */
function collapsedMessage(message, self, words) {
  const from = message.from.email === self.email ? { ...message.from, name: words.me } : message.from;
  return h(
    "div",
    { class: "adf ads" },
    picture(from, message.from),
    h(
      "div",
      { class: "gs gt" },
      h(
        "table",
        { class: "cf gJ", role: "presentation" },
        h(
          "tbody",
          {},
          h(
            "tr",
            {},
            h(
              "td",
              { class: "gF gK" },
              h("span", { ...personAttributes(from), class: "gD", role: "gridcell" }, from.name),
            ),
            h(
              "td",
              { class: "gK" },
              h("div", { class: "iA g6" }, message.snippet ?? allText(message.body).slice(0, 140)),
            ),
            h("td", { class: "gH" }, date(message)),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {Message} message
 * @param {Person} self
 * @param {Words} words
 */
function expandedMessage(message, self, words) {
  const { from, body, details } = message;
  return h(
    "div",
    { class: "adn ads", ...messageIds(message) },
    picture(from),
    h(
      "div",
      { class: "gs" },
      h(
        "div",
        { class: "gE iv" },
        details && detailsPopup(message, self, words),
        h(
          "h3",
          { class: "iw" },
          h(
            "span",
            { class: "qu", translate: "no", role: "gridcell", tabindex: "-1" },
            h("span", { ...personAttributes(from), class: "gD" }, h("span", {}, from.name)),
            " ",
            h("span", { class: "go" }, `<${from.email}>`),
          ),
        ),
        date(message),
        h("div", { class: "iw ajw" }, recipientLine(message, self, words)),
        h("div", {
          class: "ajy",
          role: "button",
          tabindex: "0",
          "aria-haspopup": "true",
          "aria-label": "Show details",
        }),
      ),
      h("div", { class: "ii gt" }, h("div", { class: "a3s aiL" }, body)),
    ),
  );
}

/**
 * @param {Message} message
 * @param {Person} self
 * @param {Words} words
 */
function recipientLine({ to, bcc = [], more }, self, words) {
  return h(
    "span",
    { class: "hb", translate: "no" },
    words.to,
    commaSeparated(to.map((person) => chip(person, self, words))),
    bcc.length > 0 && [
      to.length > 0 ? ", " : "",
      words.bcc,
      ...commaSeparated(bcc.map((person) => chip(person, self, words))),
    ],
    more,
    " ",
  );
}

/**
 * @param {Person} person
 * @param {Person} self
 * @param {Words} words
 */
function chip(person, self, words) {
  const name = person.email.toLowerCase() === self.email ? words.me : person.name;
  return h("span", { class: "g2", ...(person.bare ? {} : personAttributes({ ...person, name })) }, name);
}

/**
 * The pop-up behind the arrow: sender and recipients once more, with Reply-To.
 * @param {Message} message
 * @param {Person} self
 * @param {Words} words
 */
function detailsPopup({ from, to }, self, words) {
  const row = (/** @type {string} */ label, /** @type {Child[]} */ value) =>
    h(
      "tr",
      { class: "ajv" },
      h("td", { class: "gG" }, h("span", { class: "gI" }, label)),
      h("td", { class: "gL" }, value),
    );
  const replies = { email: "replies@decoy.example", name: "Reply Desk" };
  return h(
    "div",
    { class: "ajA SK" },
    h(
      "table",
      { class: "ajC" },
      h(
        "tbody",
        {},
        row("reply-to:", [h("span", { class: "gD", ...personAttributes(replies) }, replies.name)]),
        row("from:", [h("span", { class: "gD", ...personAttributes(from) }, from.name)]),
        row("to:", commaSeparated(to.map((person) => chip(person, self, words)))),
      ),
    ),
  );
}

/**
 * @param {Person} person as Gmail names them here
 * @param {Person} [full]
 */
function picture({ email, name }, full = { email, name }) {
  const src = portrait(full);
  return h("img", { class: "ajn", src, jid: email, "data-hovercard-id": email, "data-name": name, alt: "" });
}

/**
 * A disc with an initial, in a colour of the address's own.
 * @param {Person} person
 */
function portrait({ email, name }) {
  let hue = 0;
  for (const letter of email.slice(0, 60)) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  const initial = /\p{L}/u.exec(name)?.[0]?.toUpperCase() ?? "";
  const style = `font: 500 18px sans-serif; fill: white; text-anchor: middle`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="hsl(${hue} 42% 48%)"/><text x="20" y="26.5" style="${style}">${initial}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** @param {Person} person */
function personAttributes({ email, name }) {
  return { email, name, "data-hovercard-id": email };
}

/** @param {Message} message */
function date({ date: text }) {
  return h("span", { class: "g3", title: text, role: "gridcell" }, text);
}

/**
 * A list of conversations, as a page of its own or beside the open thread.
 * @param {Row[]} rows
 */
export function list(rows) {
  return h(
    "div",
    { class: "UI", gh: "tl" },
    h("table", { class: "F cf zt", role: "grid" }, h("tbody", {}, rows.map(listRow))),
  );
}

/** @param {Row} row */
function listRow({ from, threadId, subject, snippet, date: text, unread = false, heading = false }) {
  const ids = {
    "data-thread-id": `#thread-f:${decimal(threadId)}`,
    "data-legacy-thread-id": threadId,
    "data-legacy-last-message-id": threadId,
  };
  return h(
    "tr",
    { class: `zA ${unread ? "zE" : "yO"}`, role: "row", tabindex: "-1" },
    h(
      "td",
      { class: "yX" },
      h("span", { ...personAttributes(from), class: unread ? "zF" : "yP", translate: "no" }, from.name),
    ),
    h(
      "td",
      { class: "a4W" },
      h("div", { class: "y6" }, h("span", { class: "bog" }, h(heading ? "h2" : "span", ids, subject))),
      h("span", { class: "y2" }, ` - ${snippet}`),
    ),
    h("td", { class: "xW" }, h("span", { title: text }, text)),
  );
}

/**
 * List and reading pane side by side; the pane says so if nothing is open.
 * @param {Row[]} rows
 * @param {Tree | null} open
 */
export function splitPane(rows, open) {
  return h(
    "div",
    { class: "aia" },
    list(rows),
    h("div", { class: "ao9" }, open ?? h("div", { class: "apa" }, "No conversations selected")),
  );
}

/**
 * A reply being written below the last message: an item of the list, but nobody's mail yet.
 * @param {Person} to
 */
export function inlineReply(to) {
  return h(
    "div",
    { class: "h7", role: "listitem", "aria-expanded": "true" },
    h(
      "div",
      { class: "M9" },
      h(
        "div",
        { class: "aoI", role: "region", "data-compose-id": "1" },
        h("input", { type: "hidden", name: "draft", value: "#msg-a:r4100000000000000001" }),
        h("span", { ...personAttributes(to), class: "gD" }, to.name),
        h("span", { class: "hb" }, "to ", h("span", { ...personAttributes(to), class: "g2" }, to.name)),
        h("div", { contenteditable: "true", role: "textbox" }, "Unsent words"),
      ),
    ),
  );
}

/**
 * A draft saved earlier and shown among the messages.
 * @param {Person} from
 * @param {Person} to
 */
export function savedDraft(from, to) {
  const ids = { "data-message-id": "#msg-a:r4100000000000000004", "data-legacy-message-id": "1a10c20000000100" };
  return h(
    "div",
    { class: "h7", role: "listitem", "aria-expanded": "true" },
    h(
      "div",
      { class: "adn ads", ...ids },
      h("span", { ...personAttributes(from), class: "gD" }, from.name),
      inlineReply(to),
    ),
  );
}

/**
 * A compose window, docked at the bottom of the page.
 * @param {Person} to
 */
export function composeWindow(to) {
  return h(
    "div",
    { class: "dw" },
    h(
      "div",
      { class: "no AD", role: "dialog" },
      h("h2", { class: "a3E" }, "New message"),
      h("span", { ...personAttributes(to), class: "g2" }, to.name),
      h("div", { contenteditable: "true", role: "textbox" }, "Unsent words"),
    ),
  );
}

/**
 * @param {Tree[]} elements
 * @returns {Child[]}
 */
function commaSeparated(elements) {
  return elements.flatMap((element, index) => (index === 0 ? [element] : [", ", element]));
}

/**
 * @param {Child[]} children
 * @returns {string}
 */
export function allText(children) {
  return children.map((child) => (typeof child === "string" ? child : allText(child.children))).join(" ");
}
