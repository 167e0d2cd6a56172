// Texts of strangers that mean no good, and what to look for where one of them is shown.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { ann, jonas, lena, marie, priya } from "../../demo/gmail/people.mjs";
import { beside, subject } from "./beside.ts";
import { layoutProblems } from "./layout.ts";
import { openOwnThread } from "./own-thread.ts";
import type { Stage } from "./stage.ts";

export const texts = {
  markup: `"'><img src=https://hostile.example/i onerror="globalThis.hit=1"><script>globalThis.hit=1</script><a href="javascript:globalThis.hit=1">x</a>`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of somebody else is meant
  address: "javascript:globalThis.hit=1//https://hostile.example/{{7*7}}${globalThis.hit=1}<%= 1 %>#{1}",
  word: "W".repeat(400),
  formula: `=HYPERLINK("https://hostile.example/","x")\t+cmd|' /C calc'!A0`,
  directions: "\u202eexe.tac\u2066 ابجد \u200b\u200d\ufeff עברית \u202d👩‍👩‍👧‍👦🏴‍☠️ Z\u0327\u0308\u0301\u0302\u0303",
};

export interface HostileStage extends Stage {
  readonly sidebar: Page;
  /** Requests that went elsewhere, and dialogs that opened. */
  readonly elsewhere: readonly string[];
  /** No script, no markup and no broken layout at any of these widths, which are the sidebar's if none are given. */
  readonly harmless: (page: Page, screen: string, widths?: readonly number[]) => Promise<void>;
  /** The same, and the text is shown: as text. */
  readonly holds: HostileStage["harmless"];
}

/** The sidebar beside a thread and a portal in which everything that anybody typed is this text. */
export async function besideHostile(context: TestContext, text: string): Promise<HostileStage> {
  const stage = await beside(context, { prepare: (portal) => portal.switch({ typedText: text }) });
  const { browser, gmail, portal, sidebar } = stage;
  const elsewhere: string[] = [];
  const own = ["chrome-extension:", "https://mail.google.com/", portal.baseUrl, "data:"];
  browser.context.on("request", (request) => {
    if (!own.some((start) => request.url().startsWith(start))) elsewhere.push(request.url());
  });
  browser.context.on("dialog", (dialog) => {
    elsewhere.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  // People the portal knows, whose names in the mail are the text, too.
  const [from, ...others] = [marie, ann, jonas, priya].map(({ email }) => ({ email, name: text }));
  assert.ok(from);
  await openOwnThread(gmail, { subject: text, from, to: [lena, ...others], date: text, line: text });
  await sidebar.getByRole("heading", { level: 1, name: subject }).waitFor({ state: "detached" });
  await sidebar.getByText("looked up just now").waitFor();
  const visible = text
    .replace(/[^ -~]/g, " ")
    .trim()
    .slice(0, 7);
  const harmless = async (page: Page, screen: string, widths: readonly number[] = [280, 360]) => {
    assert.deepEqual(await intruders(page, portal.baseUrl), [], screen);
    for (const width of widths) assert.deepEqual(await layoutProblems(page, width), [], `${screen} at ${width} px`);
  };
  const holds: HostileStage["holds"] = async (page, screen, widths) => {
    assert.ok((await page.locator("body").textContent())?.includes(visible), `${screen} shows the text`);
    await harmless(page, screen, widths);
  };
  return { ...stage, elsewhere, harmless, holds };
}

/** Elements, handlers and links that no part of our pages makes, and characters that turn the text around them. */
function intruders(page: Page, portal: string): Promise<string[]> {
  return page.evaluate((portal) => {
    const made = [
      ...document.body.querySelectorAll("img:not([src^='icons/']), iframe, object, embed, base, script:not([src])"),
    ];
    const handlers = [...document.querySelectorAll("*")].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("on")),
    );
    const links = [...document.querySelectorAll<HTMLAnchorElement>("a[href]")].filter(
      ({ href }) => new URL(href).origin !== new URL(portal).origin,
    );
    // Fields keep what is typed; what is drawn has lost them.
    const turning = /[\p{Bidi_Control}]/u.test(document.body.textContent ?? "");
    return [
      ...(turning ? ["a character that turns the text around it"] : []),
      ...[...made, ...handlers, ...links].map((element) => element.outerHTML.slice(0, 200)),
      ...("hit" in globalThis ? ["a script ran"] : []),
    ];
  }, portal);
}
