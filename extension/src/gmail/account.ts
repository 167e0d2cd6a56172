import { addressesIn, cleanAddress } from "./address.ts";
import type { Account } from "./reading.ts";
import { parseRoute } from "./route.ts";
import { accountButton, printViewOwner } from "./selectors.ts";

/**
 * Whose mailbox the page shows. Title and account button must agree, or one of them be absent; the number in `/u/<n>/` belongs to
 * one browser session and tells nothing.
 */
export function readAccount(document: Document, address: string): Account {
  const found = [
    fromTitle(document.title),
    lastAddress(document.querySelector(accountButton)?.getAttribute("aria-label")),
    lastAddress(document.querySelector(printViewOwner)?.textContent),
  ].filter((email) => email !== null);
  const candidates = [...new Set(found)];
  return {
    email: candidates.length === 1 ? (candidates[0] ?? null) : null,
    candidates,
    delegated: parseRoute(address).delegated,
  };
}

/**
 * The account in "<subject> - <address> - Gmail" (other companies put their product's name last). The last part that is an address
 * and nothing else counts: a subject may hold addresses too.
 */
function fromTitle(title: string): string | null {
  const parts = title.slice(-1000).split(/\s[-–—]\s/);
  return parts.map(cleanAddress).findLast((email) => email !== null) ?? null;
}

/** The label ends in the address in brackets, whatever the language; a name before it may hold an address of its own. */
function lastAddress(label: string | null | undefined): string | null {
  return addressesIn(label ?? "").at(-1) ?? null;
}
