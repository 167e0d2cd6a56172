// Whether a person meant it: writing to the portal needs a click or a key press of theirs.

/** A real click or key press, a moment ago: no script can make one, and a page that is told to press its own buttons hasn't had any. */
export function isMeant(event: Pick<Event, "isTrusted">): boolean {
  return event.isTrusted && navigator.userActivation.isActive;
}
