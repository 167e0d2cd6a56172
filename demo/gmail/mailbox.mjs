// Runs in the page: shows what the address names and keeps earlier views hidden in the page, as Gmail does.
import { threadToken } from "./ids.mjs";
import { titleOf } from "./mailbox-page.mjs";
import { allText, list, messageItem, thread, view } from "./page.mjs";
import { lena } from "./people.mjs";
import { fair, inbox, rowOf } from "./threads.mjs";
import { h, toDom } from "./tree.mjs";

/** @typedef {import("./page.mjs").Thread} Thread */

/** Earlier views Gmail is seen to keep. */
const KEPT = 3;

/** @type {Thread[]} */
const mails = inbox.map((mail) => ({ ...mail, messages: mail.messages.map((message) => ({ ...message })) }));
const byToken = new Map([...mails, ...fair].map((mail) => [threadToken(mail.id), mail]));

const found = document.querySelector("[role=main]");
const container = found?.parentElement;
if (!(found instanceof HTMLElement) || !container) throw new Error("the page has no main region");
let current = found;

window.addEventListener("hashchange", show);
show();

/** Puts the view of the address on show. */
function show() {
  const token = location.hash.split("?", 1)[0]?.split("/").at(-1) ?? "";
  const mail = byToken.get(token);
  const next = mail === undefined ? listView() : threadView(mail);
  document.title = titleOf(mail === undefined ? "Inbox" : allText(mail.subject));
  current.style.display = "none";
  current.removeAttribute("role");
  container?.append(next);
  current = next;
  for (const old of [...(container?.children ?? [])].slice(0, -KEPT)) old.remove();
}

function listView() {
  const element = toDom(view([list(mails.map((mail) => ({ ...rowOf(mail), unread: mail === mails[1] })))]), document);
  for (const [index, row] of [...element.querySelectorAll("tr.zA")].entries()) {
    const mail = mails[index];
    if (mail === undefined) continue;
    const open = () => {
      location.hash = `#inbox/${threadToken(mail.id)}`;
    };
    row.addEventListener("click", open);
    row.addEventListener("keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Enter") open();
    });
    row.setAttribute("tabindex", "0");
  }
  return element;
}

/** @param {Thread} mail */
function threadView(mail) {
  const tools = h(
    "div",
    { class: "tools" },
    h("a", { class: "back", href: "#inbox", "aria-label": "Back to Inbox" }, "←"),
  );
  const element = toDom(view([tools, thread(mail, lena)]), document);
  const items = element.querySelectorAll("[role=list] > [role=listitem]");
  for (const [index, item] of [...items].entries()) makeItemOpen(item, mail, index);
  return element;
}

/**
 * Lets a click on a message's head expand or collapse it, but the last one.
 * @param {Element} item
 * @param {Thread} mail
 * @param {number} index
 */
function makeItemOpen(item, mail, index) {
  const message = mail.messages[index];
  if (message === undefined || index === mail.messages.length - 1) return;
  item.querySelector(".gs")?.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(".a3s") !== null) return;
    message.state = message.state === "expanded" ? "loaded" : "expanded";
    const fresh = toDom(messageItem(message, lena), document);
    item.replaceWith(fresh);
    makeItemOpen(fresh, mail, index);
  });
}
