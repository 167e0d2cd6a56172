import { isHiddenInline, isInside } from "./dom.ts";
import { forbidden, type Way } from "./selectors.ts";

/** Collects which things were found by a second or later way. */
export type Fallbacks = Set<string>;

/**
 * The elements of the first way that finds any below `root`, outside of the forbidden places and of what is hidden within `root`.
 */
export function findAll(
  root: Element,
  ways: readonly Way[],
  fallbacks: Fallbacks,
  accept: (element: Element) => boolean = () => true,
): Element[] {
  for (const [index, { css }] of ways.entries()) {
    const found = [...root.querySelectorAll(css)].filter((element) => isReadable(element, root) && accept(element));
    if (found.length === 0) continue;
    if (index > 0) fallbacks.add(css);
    return found;
  }
  return [];
}

/** True outside of the forbidden places and of what an inline style hides, both within `root`. */
export function isReadable(element: Element, root: Element): boolean {
  return !isInside(element, forbidden, root) && !isHiddenInline(element, root);
}
