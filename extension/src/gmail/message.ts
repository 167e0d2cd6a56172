import { isInside } from "./dom.ts";
import { type Fallbacks, findAll, isReadable } from "./find.ts";
import { readPerson, readPicture, type Self } from "./person.ts";
import type { Gap, Message, Person } from "./reading.ts";
import { readRecipients } from "./recipients.ts";
import {
  bodyWithId,
  chip,
  collapsedItem,
  composeBox,
  expandedItem,
  forbidden,
  messageAttributes,
  messageContainer,
  olderNotice,
  recipientLine,
  sender,
  senderPicture,
} from "./selectors.ts";
import { hexId, hexOfPermId, permId } from "./token.ts";

/** One list item: a message with what is missing from it, or nothing if the item is none (a draft, a bare notice). */
export type ItemReading = { message: Message | null; gaps: Gap[] };

/** Reads one item of the message list. */
export function readItem(item: Element, self: Self, fallbacks: Fallbacks): ItemReading {
  if (isDraft(item)) return { message: null, gaps: [] };
  const collapsed = isCollapsed(item);
  const from = readSender(item, self, collapsed, fallbacks);
  const ids = readIds(item, fallbacks);
  if (from === null && ids.id === null) {
    return { message: null, gaps: findAll(item, olderNotice, fallbacks).length > 0 ? [] : ["message-unknown"] };
  }

  const gaps: Gap[] = [];
  if (from?.email == null) gaps.push("address-missing");
  let to: Person[] | null = null;
  let recipientsMissing = true;
  if (!collapsed) {
    if (ids.id === null) gaps.push("message-id-missing");
    const [line] = findAll(item, recipientLine, fallbacks);
    if (line === undefined) gaps.push("recipients-missing");
    else {
      const { people, blind, cut } = readRecipients(line, self);
      to = people;
      recipientsMissing = cut || [...people, ...blind].some(({ email }) => email === null);
      if (cut) gaps.push("recipients-cut");
      if (people.some(({ email }) => email === null)) gaps.push("address-missing");
    }
  }
  return { message: { ...ids, from, to, recipientsMissing, collapsed }, gaps };
}

/** Whoever got a blind copy, where the page tells: nobody's business until the person wants to log the message. */
export function readBlindCopies(item: Element, self: Self): Person[] {
  const [line] = findAll(item, recipientLine, new Set());
  return line === undefined ? [] : readRecipients(line, self).blind;
}

/** True if the item shows anything that makes it a message: somebody's address or a message id. */
export function looksLikeMessage(item: Element): boolean {
  return [...item.querySelectorAll(`${chip}, ${messageContainer}`), item].some(
    (element) => element.matches(`${chip}, ${messageContainer}`) && !isInside(element, forbidden, item),
  );
}

/** A mail being written, which may carry its writer's name: it has a box to write in, and neither recipients nor a body outside. */
function isDraft(item: Element): boolean {
  if (item.querySelector(composeBox) === null) return false;
  const received = [...item.querySelectorAll(`${recipientLine.map(({ css }) => css).join(", ")}, ${bodyWithId}`)];
  return !received.some((element) => !isInside(element, composeBox, item));
}

function isCollapsed(item: Element): boolean {
  const expanded = item.getAttribute("aria-expanded");
  if (expanded === "true" || expanded === "false") return expanded === "false";
  if (item.matches(expandedItem)) return false;
  if (item.matches(collapsedItem)) return true;
  return ![...item.querySelectorAll(messageContainer)].some((container) => isReadable(container, item));
}

function readSender(item: Element, self: Self, collapsed: boolean, fallbacks: Fallbacks): Person | null {
  const [element] = findAll(item, sender, fallbacks);
  const person = element === undefined ? null : readPerson(element, self, collapsed);
  if (person !== null && person.email !== null) return person;
  const [picture] = findAll(item, senderPicture, fallbacks);
  const pictured = picture === undefined ? null : readPicture(picture, self, collapsed);
  if (pictured === null || pictured.email === null) return person;
  fallbacks.add("sender's picture");
  return { name: person?.name ?? pictured.name, email: pictured.email };
}

/** The elements of an item that hold its mail's text: the outermost ones are Gmail's own, what lies below is the sender's. */
export function bodiesOf(item: Element): Element[] {
  return [...item.querySelectorAll(bodyWithId)].filter(
    (body) => !body.parentElement?.closest(".a3s") && !isInside(body, composeBox, item),
  );
}

/** The ids, also from the hidden container that a collapsed message leaves behind; never from a reply's draft. */
export function readIds(item: Element, fallbacks: Fallbacks): { id: string | null; permId: string | null } {
  const container = [item, ...item.querySelectorAll(messageContainer)].find(
    (element) => element.matches(messageContainer) && !isInside(element, forbidden, item),
  );
  if (container !== undefined) {
    const perm = permId(container.getAttribute(messageAttributes.permId), "msg");
    return { id: hexId(container.getAttribute(messageAttributes.legacyId)) ?? hexOfPermId(perm), permId: perm };
  }
  for (const body of bodiesOf(item)) {
    for (const name of body.classList) {
      const id = name.startsWith("m") ? hexId(name.slice(1)) : null;
      if (id === null) continue;
      fallbacks.add(bodyWithId);
      return { id, permId: null };
    }
  }
  return { id: null, permId: null };
}
