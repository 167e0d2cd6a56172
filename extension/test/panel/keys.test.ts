import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { listenToKeys } from "../../src/panel/keys.ts";
import { openDocument } from "../ui/dom.ts";

openDocument();

/** An element of the given class with children in it. */
function element(tag: string, className: string, ...children: HTMLElement[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

let control = new AbortController();
let cards: HTMLElement[] = [];
let root: HTMLElement;

beforeEach(() => {
  control.abort();
  control = new AbortController();
  const card = () => element("li", "card", element("div", "card-head", element("button", "")));
  cards = [card(), element("li", "card skeleton"), card(), element("li", "card", element("button", ""))];
  const regions = [
    element("header", "head"),
    element("main", "people", element("input", ""), element("ul", "cards", ...cards)),
    element("footer", "foot"),
  ];
  for (const region of regions) region.tabIndex = -1;
  root = element("div", "", ...regions);
  document.body.replaceChildren(root);
  listenToKeys(document, root, control.signal);
});

function press(key: string, more: KeyboardEventInit = {}): boolean {
  return document.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...more }));
}

const here = () => document.activeElement;
const stop = (index: number) => cards[index]?.querySelector("button") ?? null;

test("F6 goes from head to people to foot and round, with Shift the other way", () => {
  const seen = [press("F6"), here(), press("F6"), here(), press("F6"), here(), press("F6"), here()]
    .filter((value) => typeof value !== "boolean")
    .map((value) => (value as Element).className);
  assert.deepEqual(seen, ["head", "people", "foot", "head"]);
  press("F6", { shiftKey: true });
  assert.equal(here()?.className, "foot");
});

test("J and K go through the people, past those still to come, and stop at the ends", () => {
  press("j");
  assert.ok(here() === stop(0));
  press("j");
  assert.ok(here() === stop(2));
  press("j");
  press("j");
  assert.ok(here() === stop(3), "a row of folded people is the last");
  press("k");
  press("k");
  press("k");
  assert.ok(here() === stop(0));
});

test("letters typed into a field, and shortcuts of the browser, are left alone", () => {
  const input = root.querySelector("input");
  input?.focus();
  assert.ok(press("j"));
  assert.ok(here() === input);
  for (const modifier of ["ctrlKey", "altKey", "metaKey", "shiftKey"])
    assert.ok(press("j", { [modifier]: true }), modifier);
  assert.ok(press("x"));
  assert.ok(here() === input);
});

test("where the layout has no Latin letters the place of the key counts, else its letter", () => {
  press("о", { code: "KeyJ" });
  assert.ok(here() === stop(0));
  press("j", { code: "KeyC" });
  assert.ok(here() === stop(2), "a Latin layout of another order");
  press("л", { code: "KeyK" });
  assert.ok(here() === stop(0));
  assert.ok(press("h", { code: "KeyJ" }), "not J on that layout");
});
