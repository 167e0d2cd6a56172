import { cleanAddress, cleanName } from "./address.ts";
import { textOf } from "./dom.ts";
import type { Person } from "./reading.ts";
import { personAttributes } from "./selectors.ts";

/** What is known about the page's reader when names are read. */
export type Self = {
  /** The mailbox's address, if the page tells. */
  email: string | null;
  /** Is this name Gmail's word for "me"? */
  isMe: (name: string) => boolean;
};

/**
 * Reads a sender or recipient from its element's attributes.
 *
 * `byWord`: here Gmail writes "me" instead of the own name, in some inflection (recipients, collapsed senders), so the own name is
 * dropped whatever it says.
 */
export function readPerson(element: Element, self: Self, byWord: boolean): Person {
  const attribute = element.getAttribute(personAttributes.email);
  // The hover card's id is usually the address, and only asked where there is no address at all.
  const email = cleanAddress(attribute ?? element.getAttribute(personAttributes.card));
  return person(element.getAttribute(personAttributes.name) || textOf(element), email, self, byWord);
}

/** Reads a sender from the picture beside it. */
export function readPicture(image: Element, self: Self, byWord: boolean): Person {
  return person(image.getAttribute("data-name") ?? "", cleanAddress(image.getAttribute("jid")), self, byWord);
}

function person(rawName: string, email: string | null, self: Self, byWord: boolean): Person {
  const name = cleanName(rawName, email);
  const own = byWord && email !== null && email === self.email;
  return { name: name === null || own || self.isMe(name) ? null : name, email };
}
