// The rules a reader of the code may rely on without reading all of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extensionFiles, readExtensionFile } from "./project.ts";

const sources = extensionFiles("src").filter((file) => /\.tsx?$/.test(file));

/** Code without its comments and strings' contents left alone: a comment may name what the code may not use. */
function codeOf(file: string): string {
  return readExtensionFile(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");
}

/** What a file imports, as written. */
function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1] ?? "");
}

test("there is source to check", () => {
  assert.ok(sources.includes("src/gmail/content.ts"));
});

const forbidden: readonly { name: string; pattern: RegExp; why: string }[] = [
  { name: "fetch", pattern: /\bfetch\s*\(/, why: "the host does all networking" },
  { name: "XMLHttpRequest", pattern: /\bXMLHttpRequest\b/, why: "the host does all networking" },
  { name: "WebSocket", pattern: /\bWebSocket\b/, why: "the host does all networking" },
  { name: "EventSource", pattern: /\bEventSource\b/, why: "the host does all networking" },
  { name: "sendBeacon", pattern: /\bsendBeacon\b/, why: "the host does all networking" },
  {
    name: "innerHTML",
    pattern: /\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b/,
    why: "text from mail and CRM stays text",
  },
  { name: "dangerouslySetInnerHTML", pattern: /\bdangerouslySetInnerHTML\b/, why: "text from mail and CRM stays text" },
  { name: "DOMParser", pattern: /\bDOMParser\b/, why: "the browser has parsed the page already" },
  { name: "eval", pattern: /\beval\s*\(|\bnew\s+Function\b/, why: "no code from data" },
];

/** The one request: the header of a message, from Gmail itself, when the person opens a log preview. */
const allowed: Readonly<Record<string, readonly string[]>> = { fetch: ["src/gmail/content.ts"] };

for (const { name, pattern, why } of forbidden) {
  test(`no source names ${name}: ${why}`, () => {
    const offenders = sources.filter((file) => pattern.test(codeOf(file)));
    assert.deepEqual(offenders, allowed[name] ?? []);
  });
}

test("the pure part of gmail/ names no chrome.*", () => {
  const mayUseChrome = new Set(["src/gmail/content.ts"]);
  const offenders = sources
    .filter((file) => file.startsWith("src/gmail/") && !mayUseChrome.has(file))
    .filter((file) => /\bchrome\s*[.?[]/.test(codeOf(file)));
  assert.deepEqual(offenders, []);
});

test("gmail/ imports only itself and the message types", () => {
  const offenders = sources
    .filter((file) => file.startsWith("src/gmail/"))
    .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
    .filter(({ target }) => !/^\.\/[\w-]+\.ts$/.test(target) && target !== "../messages.ts");
  assert.deepEqual(offenders, []);
});

test("the worker never touches a document", () => {
  const offenders = sources
    .filter((file) => file.startsWith("src/worker/"))
    .filter((file) => /\b(?:document|window)\s*\./.test(codeOf(file)));
  assert.deepEqual(offenders, []);
});
