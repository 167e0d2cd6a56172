// Texts of strangers that mean no good, in every field that comes from mail and CRM, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { besideHostile, texts } from "./hostile-texts.ts";
import { openLog, shown } from "./logging.ts";
import { peopleShown } from "./sidebar.ts";

for (const [kind, text] of Object.entries(texts))
  test(`nothing comes of hostile texts: ${kind}`, async (context) => {
    const { elsewhere, holds: shows, portal, sidebar } = await besideHostile(context, text);
    const button = (name: string) => sidebar.getByRole("button", { name, exact: true }).first();
    const holds = (screen: string) => shows(sidebar, screen);
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
