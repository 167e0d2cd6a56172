// A document for tests of the pages, and the parts of `chrome` they use, with the real messages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";
import type { ComponentChild } from "preact";
import { extensionRoot } from "../project.ts";

interface Message {
  message: string;
}

/** The messages of a language, as committed. */
export function messagesOf(language: string): Record<string, Message> {
  return JSON.parse(readFileSync(join(extensionRoot, `_locales/${language}/messages.json`), "utf8"));
}

/** Lets `chrome.i18n` speak a language, with English for what it lacks, as the browser does. */
export function speak(language: string): void {
  const messages = { ...messagesOf("en"), ...messagesOf(language) };
  const getMessage = (key: string, values: string[] = []) =>
    key === "@@bidi_dir"
      ? "ltr"
      : (messages[key]?.message ?? "").replace(/\$([1-9])/g, (_, place: string) => values[Number(place) - 1] ?? "");
  Object.assign(globalThis, { chrome: { i18n: { getMessage, getUILanguage: () => language } } });
}

/** Registers the document and English, for the tests of one file. Call it first: Preact looks at the document when it starts. */
export function openDocument(): void {
  // Ends the timers of what is still drawn, which would keep the process alive.
  after(() => GlobalRegistrator.unregister());
  GlobalRegistrator.register({ url: "chrome-extension://abcdefghijklmnopabcdefghijklmnop/panel.html" });
  speak("en");
}

/** Whether clicks and key presses count as a person's, which no script's ever do. */
export function letPeopleMean(on: boolean): void {
  Object.defineProperty(Event.prototype, "isTrusted", { configurable: true, get: () => on });
  Object.defineProperty(navigator, "userActivation", { configurable: true, value: { isActive: on } });
}

/** Draws something into an empty document. */
export async function draw(content: ComponentChild): Promise<HTMLElement> {
  const { render } = await import("preact");
  const { act } = await import("preact/test-utils");
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  await act(() => render(content, root));
  return root;
}

/** Presses a button by what it is called, and lets what follows happen. */
export async function press(root: HTMLElement, name: string): Promise<void> {
  const { act } = await import("preact/test-utils");
  await act(async () => {
    button(root, name).click();
    await Promise.resolve();
  });
}

/** The button of that name. */
export function button(root: HTMLElement, name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll("button")].find(
    (candidate) => (candidate.getAttribute("aria-label") ?? candidate.textContent)?.trim() === name,
  );
  if (!found) throw new Error(`no button is called ${name}; there are: ${names(root).join(", ")}`);
  return found;
}

/** What the buttons are called. */
export function names(root: HTMLElement): string[] {
  return [...root.querySelectorAll("button")].map(
    (candidate) => candidate.getAttribute("aria-label") ?? candidate.textContent ?? "",
  );
}

/** Types into the field of that label. */
export async function type(root: HTMLElement, label: string, value: string): Promise<void> {
  const { act } = await import("preact/test-utils");
  const input = field(root, label);
  await act(() => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** The field of that label. */
export function field(root: HTMLElement, label: string): HTMLInputElement {
  const found = [...root.querySelectorAll("label")].find(({ textContent }) => textContent?.trim() === label);
  const input = found && document.getElementById(found.htmlFor);
  if (!(input instanceof HTMLInputElement)) throw new Error(`no field is called ${label}`);
  return input;
}

/** The text a person reads, blanks evened out. */
export function read(root: Element | null | undefined): string {
  return (root?.textContent ?? "").replace(/\s+/g, " ").trim();
}
