// Everything in a mail's header comes from its sender. What leaves this file is safe to show as text and to compare.

/** RFC 5321 4.5.3.1: 64 for the part before the @, 254 for the whole address. */
const MAX_ADDRESS = 254;
const MAX_NAME = 200;
const MAX_SUBJECT = 1000;

// RFC 5322 atoms plus letters of any script (RFC 6531), a domain of at least two labels. Quoted local parts are left out:
// no CRM stores them, and they are a way to hide a second address in the first.
const ADDRESS =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}]$/u;

/** Direction marks, overrides and isolates, and spaces without width: they make one text look like another. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** An address in lower case without invisible characters, or null if it is none. */
export function cleanAddress(raw: string | null): string | null {
  if (raw === null || raw.length > 2 * MAX_ADDRESS) return null;
  const address = raw.replace(INVISIBLE, "").trim().toLowerCase();
  return address.length <= MAX_ADDRESS && ADDRESS.test(address) ? address : null;
}

/** One line of plain text without invisible or control characters; an ellipsis stands for what was cut. */
function cleanLine(raw: string, limit: number): string {
  // No line of use is ten times its limit, and the rest of a huge one need not be searched.
  const line = raw
    .slice(0, 10 * limit)
    .replace(INVISIBLE, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}

/** A display name, or null if there is none or it only repeats the address. */
export function cleanName(raw: string, email: string | null): string | null {
  const name = cleanLine(raw, MAX_NAME);
  return name === "" || (email !== null && cleanAddress(name) === email) ? null : name;
}

/** A subject line. */
export function cleanSubject(raw: string): string {
  return cleanLine(raw, MAX_SUBJECT);
}

/** The addresses in a line of foreign text, in order, as whole words between spaces, brackets, commas or quotes. */
export function addressesIn(text: string): string[] {
  return text
    .slice(0, 10 * MAX_SUBJECT)
    .split(/[\s()<>[\]{}（）【】〈〉,;:"“”„«»]+/u)
    .map(cleanAddress)
    .filter((address) => address !== null);
}

/**
 * True for the name Google Groups gives a sender when it rewrites the From header: `'Frank Miller' via Support`, with the group's
 * address. The writer's own address is not in the page.
 */
export function isGroupRewrite(name: string | null): boolean {
  return name !== null && /^['"].+['"] via .+$/.test(name);
}
