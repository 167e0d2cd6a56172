// The mailbox that people look at in the demo, and that end-to-end tests click through: the page as it is delivered, before its
// script (mailbox.mjs) fills in the view that the address names.
import { page, view } from "./page.mjs";
import { lena } from "./people.mjs";
import { h, toHtml } from "./tree.mjs";

/** Where the page's own files lie, on the same origin. */
export const FILES = "/mail/demo/";

/** The title of a view, as Gmail composes it. @param {string} name */
export const titleOf = (name) => `${name} - ${lena.email} - Gmail`;

const FOLDERS = ["Inbox", "Starred", "Snoozed", "Sent", "Drafts", "All mail"];

/** The page's HTML. */
export function mailboxHtml() {
  const tree = page({
    title: titleOf("Inbox"),
    account: lena,
    views: [view([])],
    head: [
      h("meta", { name: "viewport", content: "width=device-width" }),
      h("link", { rel: "stylesheet", href: `${FILES}mailbox.css` }),
      h("link", { rel: "icon", href: "data:," }),
      h("script", { type: "module", src: `${FILES}mailbox.mjs` }),
    ],
    bar: [h("span", { class: "wordmark" }, "Mail"), h("span", { class: "searchbox" }, "Search mail")],
    aside: [
      h(
        "nav",
        { class: "folders", "aria-label": "Folders" },
        h("span", { class: "compose" }, "Compose"),
        FOLDERS.map((name, index) => h("a", { href: "#inbox", class: index === 0 ? "current" : "" }, name)),
      ),
    ],
  });
  return `<!doctype html>\n${toHtml(tree)}\n`;
}
