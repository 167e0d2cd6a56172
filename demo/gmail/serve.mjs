// Answers for https://mail.google.com in a browser under test: nothing leaves the machine, and the page has Gmail's address.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { threadToken } from "./ids.mjs";
import { FILES, mailboxHtml } from "./mailbox-page.mjs";
import { sourceOf } from "./source.mjs";
import { pilotOrder } from "./threads.mjs";

/** The mailbox with the list on show. */
export const inboxUrl = "https://mail.google.com/mail/u/0/#inbox";
/** The mailbox with the demo's thread open. */
export const pilotOrderUrl = `${inboxUrl}/${threadToken(pilotOrder.id)}`;

/** Gmail's pages forbid scripts to make elements from text; what the extension does must work under that. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "require-trusted-types-for 'script'; object-src 'none'; base-uri 'self'; script-src 'self'",
  "cross-origin-opener-policy": "same-origin-allow-popups",
  "referrer-policy": "origin",
  "strict-transport-security": "max-age=10886400; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
};

const TYPES = { css: "text/css", mjs: "text/javascript" };

/**
 * The answer to one request.
 * @param {string} address
 * @param {string} folder this folder, absolute: in a bundle it can't be told from the module's own address
 * @param {string} html the mailbox's page
 * @returns {{ status: number, headers: Record<string, string>, body: string }}
 */
export function answer(address, folder, html) {
  const { pathname, searchParams } = new URL(address);
  const file = pathname.startsWith(FILES) ? /^([a-z-]+)\.(css|mjs)$/.exec(pathname.slice(FILES.length)) : null;
  if (file !== null) {
    const ending = file[2] === "css" ? "css" : "mjs";
    const body = readFileSync(join(folder, file[0]), "utf8");
    return { status: 200, headers: { ...HEADERS, "content-type": `${TYPES[ending]}; charset=utf-8` }, body };
  }
  if (searchParams.get("view") === "att") {
    const body = sourceOf(searchParams.get("th") ?? "");
    const type = { "content-type": "text/plain; charset=utf-8" };
    return { status: body === null ? 404 : 200, headers: { ...HEADERS, ...type }, body: body ?? "" };
  }
  if (/^\/mail\/(?:b\/[^/]+\/)?u\/\d+\//.test(pathname)) {
    return { status: 200, headers: { ...HEADERS, "content-type": "text/html; charset=utf-8" }, body: html };
  }
  return { status: 404, headers: { ...HEADERS, "content-type": "text/plain" }, body: "Not found" };
}

/**
 * What is used of Playwright's context or page.
 * @typedef {{ request: () => { url: () => string }, fulfill: (response: ReturnType<typeof answer>) => Promise<void> }} Route
 * @typedef {{ route: (pattern: string, handler: (route: Route) => Promise<void>) => Promise<unknown> }} Routable
 */

/**
 * Makes a browser context, or one page, meet this Gmail instead of Google's.
 * @param {Routable} browser
 * @param {string} folder this folder, absolute
 * @param {string} [html] another page than the mailbox, e.g. one of cases.mjs
 */
export async function routeGmail(browser, folder, html = mailboxHtml()) {
  await browser.route("https://mail.google.com/**", (route) =>
    route.fulfill(answer(route.request().url(), folder, html)),
  );
}
