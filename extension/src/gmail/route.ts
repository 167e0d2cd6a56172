import { decodeThreadToken, parseThreadRef, type ThreadRef } from "./token.ts";

/** What the address bar alone tells. */
export type Route = {
  /** False where Gmail shows no thread of its own: settings, chat, print view, the source of a message. */
  mayShowThread: boolean;
  /** The thread the address names. */
  thread: ThreadRef | null;
  /**
   * True if the address can be nothing but that thread's: a token of today's Gmail. Hex routes and pop-outs may name a message
   * instead, so the page wins over them.
   */
  exact: boolean;
  /** The mailbox belongs to somebody else than the person signed in. Only the path tells; classes have failed three times. */
  delegated: boolean;
};

/** First parts of the hash that never hold a thread, though their pages are full of addresses. */
const NO_THREAD = new Set(["settings", "contacts", "chat", "rooms", "calls", "meet", "chats", "apps", "create-filter"]);
/** First parts after which one more part is a name or a query, so a thread comes third: `#search/<query>/<token>`. */
const NAMED = new Set(["search", "label", "category", "advanced-search", "section_query", "circle"]);
/** `?view=` of pages outside the mailbox: print, original, attachment, clipped message, settings of old, pop-out of a draft. */
const OTHER_VIEWS = new Set(["pt", "om", "att", "lg", "cm"]);

/** Reads an address of mail.google.com; anything unreadable gives a route without a thread. */
export function parseRoute(address: string): Route {
  const nothing: Route = { mayShowThread: false, thread: null, exact: false, delegated: false };
  if (!URL.canParse(address)) return nothing;
  const url = new URL(address);
  const delegated = /^\/mail\/(?:b\/[^/]+\/u\/\d+|u\/\d+\/d\/[^/]+)(?:\/|$)/.test(url.pathname);
  const view = url.searchParams.get("view") ?? "";
  if (OTHER_VIEWS.has(view)) return { ...nothing, delegated };

  const popout = url.searchParams.get("th");
  if (url.hash === "" && popout !== null) {
    return { mayShowThread: true, thread: parseThreadRef(popout), exact: false, delegated };
  }

  const parts = (url.hash.slice(1).split("?", 1)[0] ?? "").split("/");
  const [first = ""] = parts;
  if (NO_THREAD.has(first)) return { ...nothing, delegated };
  const last = parts.length > (NAMED.has(first) ? 2 : 1) ? (parts.at(-1) ?? "") : "";
  const token = decodeThreadToken(last);
  return { mayShowThread: true, thread: token ?? parseThreadRef(last), exact: token !== null, delegated };
}
