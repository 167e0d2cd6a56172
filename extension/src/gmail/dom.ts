// Small questions to a document that a browser and happy-dom answer alike.

/** True if an inline style or the `hidden` attribute takes the element, or an ancestor below `root`, out of the page. */
export function isHiddenInline(element: Element, root: Element | null = null): boolean {
  for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement) {
    if (at.hasAttribute("hidden")) return true;
    const style = at.getAttribute("style");
    if (style !== null && /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i.test(style)) return true;
  }
  return false;
}

/**
 * True if the element is on show. Gmail keeps earlier views in the page, hidden by an inline style on an ancestor; the browser's
 * own answer covers style sheets too.
 */
export function isShown(element: Element): boolean {
  return !isHiddenInline(element) && element.checkVisibility({ visibilityProperty: true });
}

/** True if the element lies in a part that `zones` names, at or below `root`. */
export function isInside(element: Element, zones: string, root: Element | null = null): boolean {
  const zone = element.closest(zones);
  return zone !== null && (root === null || root.contains(zone));
}

/** The element's text, with Gmail's emoji pictures as the emoji they stand for. */
export function textOf(node: Node): string {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === 3) text += child.nodeValue ?? "";
    else if (isElement(child)) {
      text +=
        child.localName === "img"
          ? (child.getAttribute("data-emoji") ?? child.getAttribute("alt") ?? "")
          : textOf(child);
    }
  }
  return text;
}

export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}
