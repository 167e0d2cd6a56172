// The text of one message as a person reads it, without markup, and who got a blind copy. Read only when the person opens a log
// preview.
import { readAccount } from "./account.ts";
import { isElement, isShown } from "./dom.ts";
import { meTest } from "./me.ts";
import { bodiesOf, readBlindCopies } from "./message.ts";
import { findItem } from "./read.ts";
import type { Person } from "./reading.ts";
import { bodyText, clippedNotice, quoteBegins, quotes } from "./selectors.ts";

/** What of a message only its log needs. Plain data: it crosses from the page to the worker. */
export type MailBody = {
  /** What was written in this message. */
  own: string;
  /** All of it, with the quoted history. */
  whole: string;
  /** The page holds more than is read. */
  cut: boolean;
  /** The page itself holds only the beginning; the rest is behind Gmail's "View entire message". */
  clipped: boolean;
  /** Whoever got a blind copy, where the page tells. */
  bcc: Person[];
};

/** How much of one message is read: a hostile mail can have millions of elements. */
const limits = { characters: 200_000, nodes: 50_000 };

/**
 * Reads a message of the open thread; null if the page doesn't hold its text.
 *
 * @param address the page's address: it helps to tell whose mailbox this is
 */
export function readBody(document: Document, address: string, messageId: string): MailBody | null {
  const item = findItem(document, messageId);
  const body = item && bodiesOf(item).find((element) => element.matches(bodyText));
  // What the person hasn't unfolded isn't read, even where the page keeps it.
  if (!body || !isShown(body)) return null;
  const clipped = item.querySelector(clippedNotice) !== null;
  const self = { email: readAccount(document, address).email, isMe: meTest(document.documentElement.lang) };
  return { ...renderBody(body), clipped, bcc: readBlindCopies(item, self) };
}

/** Renders what lies below `body`, once without and once with the quoted history. */
export function renderBody(body: Element, most = limits): Omit<MailBody, "clipped" | "bcc"> {
  const own = render(body, false, most);
  const whole = render(body, true, most);
  return { own: own.text, whole: whole.text, cut: own.cut || whole.cut };
}

/** Elements that begin and end a line. */
const blocks = new Set(
  "address article aside blockquote center dd details div dl dt fieldset figure footer form header hr li main nav ol pre section table tbody tfoot thead tr ul".split(
    " ",
  ),
);
/** Elements with an empty line before and after. */
const paragraphs = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6"]);
/** Elements without any text for a reader. */
const silent = new Set(
  "audio button canvas embed head iframe input link math meta noscript object script select style svg template textarea title video".split(
    " ",
  ),
);

function render(body: Element, withQuotes: boolean, most: typeof limits): { text: string; cut: boolean } {
  const lines = new Lines(most.characters);
  let nodes = 0;
  // Without recursion: a mail's depth is its sender's choice. `false` is the end of an element.
  const stack: { node: Node; enter: boolean }[] = [{ node: body, enter: true }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { node, enter } = at;
    if (node.nodeType === 3) {
      lines.write(node.nodeValue ?? "", keepsSpace(node.parentElement));
    } else if (isElement(node)) {
      const name = node.localName;
      if (!enter) {
        lines.end(name);
        continue;
      }
      if (node !== body) {
        if (!withQuotes && node.matches(quoteBegins)) break;
        const quoted = node.matches(quotes);
        // Gmail folds history away; what else is hidden was never meant for a reader.
        if (quoted ? !withQuotes : silent.has(name) || isHidden(node)) continue;
      }
      lines.begin(name, node);
      stack.push({ node, enter: false });
      for (let child = node.lastChild; child !== null; child = child.previousSibling)
        stack.push({ node: child, enter: true });
    }
    nodes += 1;
    if (nodes >= most.nodes || lines.length >= most.characters) return { text: lines.text(), cut: true };
  }
  return { text: lines.text(), cut: false };
}

/** Whether the element's own style takes it from a reader's eyes; those above it were looked at before. */
function isHidden(element: Element): boolean {
  if (element.hasAttribute("hidden")) return true;
  const style = element.ownerDocument.defaultView?.getComputedStyle(element);
  if (!style) return false;
  const { display, visibility, opacity, fontSize } = style;
  return (
    display === "none" || /^(?:hidden|collapse)$/.test(visibility) || opacity === "0" || /^0(?:px)?$/.test(fontSize)
  );
}

function keepsSpace(element: Element | null): boolean {
  if (element?.closest("pre")) return true;
  const style = element?.ownerDocument.defaultView?.getComputedStyle(element);
  return style?.whiteSpace.startsWith("pre") === true;
}

/** Collects text in lines, as a browser would lay it out. */
class Lines {
  readonly #most: number;
  #text = "";
  /** Line breaks owed before the next word. */
  #breaks = 0;
  #space = false;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#text.length;
  }

  begin(name: string, element: Element): void {
    if (name === "br") this.#breaks = Math.min(this.#breaks + 1, 2);
    else if (name === "img") this.write(element.getAttribute("data-emoji") ?? "", false);
    else if (paragraphs.has(name)) this.#owe(2);
    else if (blocks.has(name)) this.#owe(1);
    else if ((name === "td" || name === "th") && element.previousElementSibling) this.#space = true;
    if (name === "li") this.write("- ", true);
  }

  end(name: string): void {
    if (paragraphs.has(name)) this.#owe(2);
    else if (blocks.has(name)) this.#owe(1);
  }

  write(raw: string, keepSpace: boolean): void {
    // A lone half of a character can't be sent.
    const text = raw.replace(/\p{Cs}/gu, "\ufffd");
    if (keepSpace) {
      if (text !== "") this.#put(text);
      return;
    }
    const words = text.replace(/[\t\n\f\r ]+/g, " ");
    if (words.startsWith(" ")) this.#space = true;
    const inner = words.trim();
    if (inner === "") return;
    this.#put(inner);
    this.#space = words.endsWith(" ");
  }

  text(): string {
    return this.#text
      .replace(/[^\S\n]+\n/g, "\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
      .slice(0, this.#most);
  }

  #owe(breaks: number): void {
    this.#breaks = Math.max(this.#breaks, breaks);
  }

  #put(text: string): void {
    if (this.#text !== "") {
      if (this.#breaks > 0) this.#text += "\n".repeat(this.#breaks);
      else if (this.#space && !/\s$/.test(this.#text)) this.#text += " ";
    }
    this.#text += text.slice(0, this.#most);
    this.#breaks = 0;
    this.#space = false;
  }
}
