// Texts of strangers that mean no good, in every field that comes from mail and CRM, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { caseHtml } from "../../demo/gmail/cases.mjs";
import { idAt, threadToken } from "../../demo/gmail/ids.mjs";
import { page, thread, view } from "../../demo/gmail/page.mjs";
import { ann, jonas, lena, marie, priya } from "../../demo/gmail/people.mjs";
import { inboxUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { beside } from "./beside.ts";
import { layoutProblems } from "./layout.ts";
import { openLog, shown } from "./logging.ts";
import { peopleShown } from "./sidebar.ts";

const texts = {
  markup: `"'><img src=https://hostile.example/i onerror="globalThis.hit=1"><script>globalThis.hit=1</script><a href="javascript:globalThis.hit=1">x</a>`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of somebody else is meant
  address: "javascript:globalThis.hit=1//https://hostile.example/{{7*7}}${globalThis.hit=1}<%= 1 %>#{1}",
  word: "W".repeat(400),
  formula: `=HYPERLINK("https://hostile.example/","x")\t+cmd|' /C calc'!A0`,
  directions: "\u202eexe.tac\u2066 ابجد \u200b\u200d\ufeff עברית \u202d👩‍👩‍👧‍👦🏴‍☠️ Z\u0327\u0308\u0301\u0302\u0303",
};

/** A thread between people the portal knows, whose names and subject are this text. */
function hostileThread(text: string) {
  const named = ({ email }: { email: string }) => ({ email, name: text });
  const id = idAt("2026-11-20T14:32:00Z");
  const letter = { id, from: named(marie), date: text, state: "expanded" as const, body: [text] };
  const to = [lena, ...[ann, jonas, priya].map(named)];
  const open = thread({ id, subject: [text], messages: [{ ...letter, to }] }, lena);
  const tree = page({ title: `${text} - ${lena.email} - Gmail`, account: lena, views: [view([open])] });
  return {
    url: `${inboxUrl}/${threadToken(id)}`,
    html: caseHtml({ name: "texts", shows: "hostile texts", url: "", tree }),
  };
}

for (const [kind, text] of Object.entries(texts))
  test(`nothing comes of hostile texts: ${kind}`, async (context) => {
    const { browser, gmail, portal, sidebar } = await beside(context, {
      prepare: (portal) => portal.switch({ typedText: text }),
    });
    const elsewhere: string[] = [];
    const own = ["chrome-extension:", "https://mail.google.com/", portal.baseUrl, "data:"];
    browser.context.on("request", (request) => {
      if (!own.some((start) => request.url().startsWith(start))) elsewhere.push(request.url());
    });
    sidebar.on("dialog", (dialog) => elsewhere.push(`dialog: ${dialog.message()}`));
    const { url, html } = hostileThread(text);
    await routeGmail(gmail, join(projectRoot, "demo/gmail"), html);
    // The page is another one: an address that differs after its hash alone would not fetch it.
    await gmail.goto("about:blank");
    await gmail.goto(url);
    await sidebar.getByText("looked up just now").waitFor();

    const button = (name: string) => sidebar.getByRole("button", { name, exact: true }).first();
    const visible = text
      .replace(/[^ -~]/g, " ")
      .trim()
      .slice(0, 7);
    const holds = async (screen: string) => {
      assert.ok((await sidebar.locator("body").textContent())?.includes(visible), `${screen} shows the text`);
      assert.deepEqual(await markupIn(sidebar, portal.baseUrl), [], screen);
      assert.deepEqual(await layoutProblems(sidebar, 320), [], screen);
    };
    const back = () => button("Cancel").click();
    await peopleShown(sidebar);
    await sidebar.locator(".recent li").first().waitFor();
    await holds("people and recent activity");
    await sidebar.locator(".deal [aria-haspopup]").first().click();
    await sidebar.getByRole("menu").waitFor();
    await holds("stages");
    await sidebar.keyboard.press("Escape");
    await button("To-do").click();
    await sidebar.getByLabel("By when").waitFor();
    await holds("to-do");
    await back();
    await portal.switch({ threeByteUtf8: true });
    await button("Comment").click();
    await sidebar.getByLabel("Comment", { exact: true }).fill(`🚚 ${text}`);
    await button("Add comment").click();
    await sidebar.getByRole("alert").waitFor();
    await holds("comment and the portal's refusal");
    await back();
    for (const [name, label] of [
      ["Create contact", "First name"],
      ["Create lead", "First name"],
      ["Create deal", "Pipeline"],
    ] as const) {
      await button(name).click();
      await sidebar.getByLabel(label).first().waitFor();
      await holds(name);
      await back();
    }
    await openLog(sidebar);
    await shown(sidebar);
    await holds("log");
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(
      (await portal.writes()).filter((method) => method !== "crm.timeline.comment.add"),
      [],
    );
  });

/** Elements, handlers and links that no part of the sidebar makes. */
function markupIn(sidebar: Page, portal: string): Promise<string[]> {
  return sidebar.evaluate((portal) => {
    const made = [...document.body.querySelectorAll("img, iframe, object, embed, base, script:not([src])")];
    const handlers = [...document.querySelectorAll("*")].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("on")),
    );
    const links = [...document.querySelectorAll<HTMLAnchorElement>("a[href]")].filter(
      ({ href }) => new URL(href).origin !== new URL(portal).origin,
    );
    return [
      ...[...made, ...handlers, ...links].map((element) => element.outerHTML.slice(0, 200)),
      ...("hit" in globalThis ? ["a script ran"] : []),
    ];
  }, portal);
}
