// Where things stand in Gmail's page. Data only: when Gmail changes, this is the file to read and to change.
//
// Class names are Gmail's obfuscated ones: some have lasted twelve years, none is promised. So each thing has an attribute or ARIA
// way as well, in the order to be tried, with the year it was first and last seen by others (InboxSDK, gmail.js, FlowCrypt).
// A use of any but the first is reported as a fallback.

/** One way to find a thing. */
export type Way = { css: string; seen: string };

/** The open thread's heading. Every way demands an h2: rows of a list carry the same id attributes on spans. */
export const threadHeading: readonly Way[] = [
  { css: "h2.hP", seen: "2014-2026, the steadiest class there is" },
  { css: "h2[data-legacy-thread-id]", seen: "2018-2026" },
  {
    css: "h2[data-thread-perm-id]",
    seen: "2018-2026; its value has been the word `undefined` for some since November 2025",
  },
  { css: ".ha h2", seen: "2015-2026" },
];

export const threadAttributes = { legacyId: "data-legacy-thread-id", permId: "data-thread-perm-id" } as const;
export const messageAttributes = { legacyId: "data-legacy-message-id", permId: "data-message-id" } as const;

/** ARIA roles, 2016-2026: independent of the wrappers' class names, which changed three times in ten years. */
export const region = "[role=main]";
export const messageList = "[role=list]";
export const messageItem = "[role=listitem]";

/** The container of a message that was expanded at least once; hidden beside the collapsed row after collapsing. */
export const messageContainer = `[${messageAttributes.legacyId}], [${messageAttributes.permId}]`;

/** State of a list item without `aria-expanded` (before 2023). */
export const expandedItem = ".h7";
export const collapsedItem = ".kv, .ky, .kQ, .kx";
/** Items that the "N older messages" notice stands for (2014-2026). */
export const superCollapsedItem = ".kQ, .kx";

/** The number of messages Gmail doesn't show, in an item (2018) or in the "older" button between items (2026). */
export const olderNotice: readonly Way[] = [{ css: ".adx", seen: "2018-2026" }];
/** The button by itself; inside of items are others. */
export const olderButton: readonly Way[] = [{ css: "button[aria-label]", seen: "2026" }];

/** A message's sender, in the expanded and in the collapsed form. */
export const sender: readonly Way[] = [
  { css: "span.gD", seen: "2014-2026" },
  { css: "td.gF span[email]", seen: "2018-2026" },
  { css: "span[email][role=gridcell], [role=gridcell] span[email]", seen: "2023-2026, no class" },
];

/** The sender's picture, a second source of the address. */
export const senderPicture: readonly Way[] = [{ css: "img[jid]", seen: "2016-2026" }];

/** The line "to …" of an expanded message. */
export const recipientLine: readonly Way[] = [
  { css: ".hb", seen: "2015-2026" },
  { css: "[translate=no]:not([role=gridcell]):has([email])", seen: "2023-2026, no class; the cell is the sender's" },
];

/** A person in a recipient line; chips can lack the address until hovered (July 2026). */
export const chip = "[email], .g2";

/** The attribute with a person's address, and the one of the hover card, usually the same. */
export const personAttributes = { email: "email", card: "data-hovercard-id", name: "name" } as const;

/** Mail bodies. Markup there is the sender's; a hostile one may imitate anything else in this file. */
export const bodies = ".a3s, .ii, .gmail_quote";
/** The body's own element, which carried the message id as a class `m<16 hex>` before 2018. */
export const bodyWithId = ".a3s, .ii";

/** The element whose content is the mail itself, as the sender made it. */
export const bodyText = ".a3s";

/** Gmail's link "View entire message", below a body of more than 102 KB. */
export const clippedNotice = ".iX a[href*='view=lg']";

/** Quoted history inside a body: Gmail's own wrappers, and what other mail programs put around theirs (2014-2026). */
export const quotes =
  ".gmail_quote, .gmail_quote_container, .gmail_attr, .adL, blockquote[type=cite], .yahoo_quoted, .moz-cite-prefix";

/** Outlook marks where the history begins, and not where it ends; Gmail puts something of its own before these ids. */
export const quoteBegins = "[id$=divRplyFwdMsg], [id$=appendonsend], [id$=mail-editor-reference-message-container]";

/** Places that are never read (bodies only when the person asks for a log preview): bodies, what isn't sent yet, what isn't opened yet, pop-ups and menus over the thread. */
export const forbidden = [
  bodies,
  // Replies and compose windows, in the thread, docked and full screen.
  ".M9, .aoI, .dw, .aSs, .AD, [data-compose-id], [contenteditable]:not([contenteditable=false])",
  // The details pop-up repeats the sender and adds Reply-To; dialogs and menus can hold anything.
  ".ajA, .ajC, [role=dialog], [role=alertdialog], [role=menu], [role=tooltip]",
  // Rows of lists, also beside the thread in split view.
  "tr.zA, [role=grid], [gh=tl]",
].join(", ");

/** Reply boxes: a list item that has one and no sender is a draft. */
export const composeBox = ".M9, .aoI, [data-compose-id], [contenteditable]:not([contenteditable=false])";

/** The account button of Google's bar: "<Google Account in the page's language>: Name (address)", 2025-2026. */
export const accountButton = "[role=banner] a[href*=SignOutOptions][aria-label]";

/** The owner "Name <address>" at the top right of the print view (2023). */
export const printViewOwner = ".bodycontainer > table:first-child td[align=right] b";
