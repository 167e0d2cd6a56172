// F6 goes between head, people and foot; J and K to the next and the previous person.

const regions = ".head, .people, .foot";
/** The first thing of each person that takes focus. */
const peopleStops = ".card > button, .card-head button, .card-head a";

/** Listens until `signal` ends it. */
export function listenToKeys(document: Document, root: HTMLElement, signal?: AbortSignal): void {
  const options = signal ? { signal } : {};
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      const to = target(event, document, root);
      if (!to) return;
      event.preventDefault();
      to.focus();
    },
    options,
  );
}

function target(event: KeyboardEvent, document: Document, root: HTMLElement): HTMLElement | undefined {
  if (event.key === "F6")
    return region([...root.querySelectorAll<HTMLElement>(regions)], event.shiftKey ? -1 : 1, document);
  if (event.shiftKey || document.activeElement?.matches("input, textarea, select")) return undefined;
  const letter = letterOf(event);
  if (letter === "j") return person(1, document, root);
  if (letter === "k") return person(-1, document, root);
  return undefined;
}

/** The letter pressed; where the layout has no Latin ones (Russian, Greek, Hebrew…) the one in its place on a Latin keyboard. */
function letterOf({ key, code }: KeyboardEvent): string {
  const foreign = /^\P{ASCII}$/u.test(key);
  return foreign && code.startsWith("Key") ? code.slice("Key".length).toLowerCase() : key;
}

/** The next or the previous person; skeletons have nothing to stop at. */
function person(by: 1 | -1, document: Document, root: HTMLElement): HTMLElement | undefined {
  const people = [...root.querySelectorAll<HTMLElement>(".cards > .card")].flatMap((card) => {
    const stop = card.querySelector<HTMLElement>(peopleStops);
    return stop ? [{ card, stop }] : [];
  });
  const here = people.findIndex(({ card }) => holds(card, document));
  return people[here + by]?.stop;
}

/** The region after the one with focus, round and round. */
function region(all: HTMLElement[], by: 1 | -1, document: Document): HTMLElement | undefined {
  const here = all.findIndex((region) => holds(region, document));
  return all.at(here === -1 ? 0 : (here + by + all.length) % all.length);
}

function holds(element: HTMLElement, document: Document): boolean {
  return element.contains(document.activeElement);
}
