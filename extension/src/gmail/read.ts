import { readAccount } from "./account.ts";
import { cleanSubject, isGroupRewrite } from "./address.ts";
import { isHiddenInline, isInside, isShown, textOf } from "./dom.ts";
import { type Fallbacks, findAll } from "./find.ts";
import { meTest } from "./me.ts";
import { looksLikeMessage, readIds, readItem } from "./message.ts";
import type { Self } from "./person.ts";
import type { Gap, Message, OpenThread, Participant, Reading, View } from "./reading.ts";
import { parseRoute, type Route } from "./route.ts";
import {
  forbidden,
  messageItem,
  messageList,
  olderButton,
  olderNotice,
  region,
  superCollapsedItem,
  threadAttributes,
  threadHeading,
} from "./selectors.ts";
import { hexId, hexOfPermId, permId, type ThreadRef } from "./token.ts";

/**
 * Reads the open thread of a Gmail page: who takes part, and the ids Gmail gives thread and messages. Looks at the page and changes
 * nothing; never below a mail's body, into drafts, lists, dialogs or views that are hidden.
 *
 * @param address the page's address: it names the thread independently of the page
 */
export function readPage(document: Document, address: string): Reading {
  const account = readAccount(document, address);
  return { ...readView(document, parseRoute(address), account.email), account };
}

function readView(document: Document, route: Route, own: string | null): View {
  if (!route.mayShowThread) return { state: "none" };
  const [heading, second] = threadHeadings(document).filter(isShown);
  if (heading === undefined) {
    // The address names a thread and the page shows none: still loading, or a Gmail this reader doesn't know.
    if (!route.exact || route.thread === null) return { state: "none" };
    return { state: "unreadable", why: "no-heading", threadId: route.thread.id, subject: null };
  }
  // Two at once is a page this reader doesn't know.
  if (second !== undefined) return { state: "unreadable", why: "several-headings", threadId: null, subject: null };

  const ids = threadIds(heading, route);
  const subject = cleanSubject(textOf(heading));
  const list = messageListOf(heading);
  if (list === null) return { state: "unreadable", why: "no-messages", threadId: ids.thread.id, subject };
  const self = { email: own, isMe: meTest(document.documentElement.lang) };
  const fallbacks: Fallbacks = new Set();
  const way = headingWay(heading);
  if (way !== threadHeading[0]?.css) fallbacks.add(way);
  return { state: "thread", thread: readThread(list, self, ids, subject, fallbacks) };
}

/** The item of an open thread's message, by the message's id. */
export function findItem(document: Document, messageId: string): Element | null {
  return threadItems(document).find((item) => readIds(item, new Set()).id === messageId) ?? null;
}

/** The items of the open thread's message list, in its order; none without exactly one open thread. */
export function threadItems(document: Document): Element[] {
  const [heading, second] = threadHeadings(document).filter(isShown);
  const list = heading === undefined || second !== undefined ? null : messageListOf(heading);
  return list === null ? [] : itemsOf(list);
}

/** All headings of threads below `root`, shown or not; a body that imitates one has none. */
function threadHeadings(root: ParentNode): Element[] {
  return [...root.querySelectorAll("h2")].filter((h2) => headingWay(h2) !== "" && !isInside(h2, forbidden));
}

function headingWay(h2: Element): string {
  return threadHeading.find(({ css }) => h2.matches(css))?.css ?? "";
}

/**
 * The message list: in the nearest ancestor of the heading that has one with messages. The search ends at the page's main region
 * and before any ancestor that holds another thread, shown or not.
 */
function messageListOf(heading: Element): Element | null {
  for (let root = heading.parentElement; root !== null; root = root.parentElement) {
    if (threadHeadings(root).some((other) => other !== heading)) return null;
    for (const list of root.querySelectorAll(messageList)) {
      if (!isInside(list, forbidden) && isShown(list) && itemsOf(list).some(looksLikeMessage)) return list;
    }
    if (root.matches(region)) return null;
  }
  return null;
}

/** The list's own items: attachments inside a message can be a list as well. */
function itemsOf(list: Element): Element[] {
  return [...list.querySelectorAll(messageItem)].filter(
    (item) =>
      item.parentElement?.closest(`${messageList}, ${messageItem}`) === list &&
      !isInside(item, forbidden, list) &&
      !isHiddenInline(item, list),
  );
}

type ThreadIds = { thread: { id: string | null; permId: string | null }; gaps: Gap[] };

/**
 * Address bar and heading should name one thread. After a click the heading can keep the old thread's id for half a second while
 * new messages appear, so a token in the address bar wins, and the disagreement is reported.
 */
function threadIds(heading: Element, route: Route): ThreadIds {
  const perm = permId(heading.getAttribute(threadAttributes.permId), "thread");
  const id = hexId(heading.getAttribute(threadAttributes.legacyId)) ?? hexOfPermId(perm);
  const { thread, exact } = route;
  if (thread === null || (!exact && (id ?? perm) !== null)) return withGap({ id, permId: perm });
  if (exact && disagree({ id, permId: perm }, thread)) return { thread, gaps: ["stale"] };
  return withGap({ id: id ?? thread.id, permId: perm ?? thread.permId });
}

function disagree(heading: { id: string | null; permId: string | null }, url: ThreadRef): boolean {
  if (heading.id !== null && url.id !== null) return heading.id !== url.id;
  // Ids made by the browser have no number in common with the server's, so only two of a kind can be compared.
  return heading.permId !== null && heading.permId[7] === url.permId[7] && heading.permId !== url.permId;
}

function withGap(thread: ThreadIds["thread"]): ThreadIds {
  return { thread, gaps: thread.id === null ? ["no-thread-id"] : [] };
}

function readThread(list: Element, self: Self, ids: ThreadIds, subject: string, fallbacks: Fallbacks): OpenThread {
  const items = itemsOf(list);
  const readings = items.map((item) => readItem(item, self, fallbacks));
  const messages = readings.map(({ message }) => message).filter((message) => message !== null);
  const hiddenMessages = countHidden(list, items);
  const gaps = new Set([...ids.gaps, ...readings.flatMap((reading) => reading.gaps)]);
  if (hiddenMessages > items.filter((item) => item.matches(superCollapsedItem)).length) gaps.add("messages-absent");
  return {
    threadId: ids.thread.id,
    permId: ids.thread.permId,
    subject,
    messages,
    participants: participantsOf(messages),
    hiddenMessages,
    gaps: [...gaps],
    fallbacks: [...fallbacks],
  };
}

/** The number in the "N older messages" notice, which stands in an item or between items; 1 if it has no number to be read. */
function countHidden(list: Element, items: readonly Element[]): number {
  const unused: Fallbacks = new Set();
  const notices = findAll(list, olderNotice, unused);
  const between = (button: Element) => numberIn(button) !== null && !items.some((item) => item.contains(button));
  const found = notices.length > 0 ? notices : findAll(list, olderButton, unused, between);
  return found.reduce((sum, notice) => sum + (numberIn(notice) ?? 1), 0);
}

function numberIn(notice: Element): number | null {
  const digits = /\d{1,4}/.exec(textOf(notice)) ?? /\d{1,4}/.exec(notice.getAttribute("aria-label") ?? "");
  return digits === null ? null : Number(digits[0]);
}

/** Everybody with an address, once. */
function participantsOf(messages: readonly Message[]): Participant[] {
  const byEmail = new Map<string, Participant>();
  for (const { from, to } of messages) {
    for (const person of from === null ? (to ?? []) : [from, ...(to ?? [])]) {
      if (person.email === null) continue;
      const known = byEmail.get(person.email);
      const name = longer(known?.name ?? null, person.name);
      const viaGroup = known?.viaGroup === true || (person === from && isGroupRewrite(person.name));
      byEmail.set(person.email, { name, email: person.email, viaGroup });
    }
  }
  return [...byEmail.values()];
}

function longer(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return other.length > one.length ? other : one;
}
