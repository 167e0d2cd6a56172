// Gmail will change. Whatever it takes away or renames, the reader never throws and never reads where it must not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { caseHtml, cases } from "../../../demo/gmail/cases.mjs";
import { readPage } from "../../src/gmail/read.ts";
import { parsePage } from "../../tools/page-report.ts";
import { random } from "./random.ts";

type Mutation = { name: string; apply: (element: Element, pick: (below: number) => number) => void };

const mutations: readonly Mutation[] = [
  { name: "delete", apply: (element) => element.remove() },
  { name: "rename classes", apply: (element) => element.setAttribute("class", "zz9") },
  {
    name: "drop an attribute",
    apply: (element, pick) => {
      const names = element.getAttributeNames();
      const name = names[pick(Math.max(1, names.length))];
      if (name !== undefined) element.removeAttribute(name);
    },
  },
  { name: "empty", apply: (element) => element.replaceChildren() },
  { name: "hide", apply: (element) => element.setAttribute("style", "display:none") },
];

/** Enough to hit every kind of element; each page is small. */
const ROUNDS = 15;

for (const example of cases) {
  test(`${example.name} with parts missing`, () => {
    const html = caseHtml(example);
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const pick = random(seed);
      const document = parsePage(html, example.url);
      const done: string[] = [];
      for (let left = pick(4); left >= 0; left -= 1) {
        const elements = [...document.querySelectorAll("body *")];
        const element = elements[pick(elements.length)];
        const mutation = mutations[pick(mutations.length)];
        if (element === undefined || mutation === undefined) continue;
        done.push(`${mutation.name} <${element.localName} class="${element.className}">`);
        mutation.apply(element, pick);
      }
      const what = `seed ${seed}: ${done.join(", ")}`;
      const reading = assertReads(document, example.url, what);
      const said = JSON.stringify(reading).replace(/"subject":"[^"]*"/, "");
      assert.doesNotMatch(said, /@decoy\.example|Unopened words|Unsent words|Spoofed words/, what);
    }
  });
}

function assertReads(document: Document, address: string, what: string): unknown {
  try {
    return readPage(document, address);
  } catch (error) {
    assert.fail(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

const fragments: readonly [string, string][] = [
  ["an empty file", ""],
  ["a bare row", '<tr class="zA"><td><span email="row@decoy.example">x</span></td></tr>'],
  ["a cut-off tag", '<h2 class="hP" data-legacy-thread-id="18a41665ecb473a3'],
  ["a heading alone", '<h2 class="hP" data-legacy-thread-id="18a41665ecb473a3">Words</h2>'],
  ["plain text", "no markup at all"],
  ["half a page", caseHtml(cases[0] ?? assert.fail()).slice(0, 6000)],
  ["two thousand elements deep", "<div>".repeat(2000)],
];
for (const [what, html] of fragments) {
  test(`a fragment: ${what}`, () => {
    const address = "https://mail.google.com/mail/u/0/#inbox";
    const reading = readPage(parsePage(html, address), address);
    assert.doesNotMatch(JSON.stringify(reading), /decoy/);
  });
}
