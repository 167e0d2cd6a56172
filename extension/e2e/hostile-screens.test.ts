// Texts of strangers that mean no good, where a person searches, is offered a record, is told what was done, and in the popup and the
// settings; in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openExtensionPage } from "./browser.ts";
import { besideHostile, texts } from "./hostile-texts.ts";
import { openLog, shown } from "./logging.ts";

const priya = "priya@corvus-logistics.example";
const domainFields = ["One more domain, such as acme.com", "One more address or domain, such as opal-law.com"];

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).first();

for (const [kind, text] of Object.entries(texts)) {
  test(`nothing comes of hostile texts found, offered and told: ${kind}`, async (context) => {
    const { elsewhere, holds, portal, sidebar } = await besideHostile(context, text);

    await button(sidebar, "Create company").click();
    await sidebar.getByLabel("Company name").fill(text);
    await holds(sidebar, "create company");
    await button(sidebar, "Cancel").click();

    await button(sidebar, "Add to existing").click();
    // By the number, since every name is the text.
    await sidebar.getByRole("combobox").fill("0049 8151-555-040");
    await sidebar.getByRole("option").first().waitFor();
    await holds(sidebar, "what was found");
    await sidebar.keyboard.press("ArrowDown");
    await sidebar.keyboard.press("Enter");
    await sidebar.getByText("becomes one more e-mail of").waitFor();
    await holds(sidebar, "what was picked");
    await button(sidebar, "Cancel").click();

    // Somebody else makes her a contact meanwhile.
    const address = [{ VALUE: priya, VALUE_TYPE: "WORK" }];
    await portal.call("crm.contact.add", { fields: { NAME: text, LAST_NAME: text, EMAIL: address } });
    await button(sidebar, "Create contact").click();
    // The portal's own field, whose label is the text.
    await sidebar.locator("form select").first().selectOption({ index: 1 });
    await button(sidebar, "Create contact").click();
    await sidebar.getByText("Has this e-mail address.").first().waitFor();
    await holds(sidebar, "duplicates");
    await button(sidebar, "Cancel").click();

    await button(sidebar, "Comment").click();
    await sidebar.getByLabel("Comment", { exact: true }).fill(text);
    await button(sidebar, "Add comment").click();
    await sidebar.getByText("Comment added").waitFor();
    await holds(sidebar, "what was done");

    await openLog(sidebar);
    await shown(sidebar);
    await button(sidebar, /^Log to \d/).click();
    await sidebar.getByText("No mail was sent").waitFor();
    await button(sidebar, "Recent activity").click();
    await sidebar.locator(".recent li").first().waitFor();
    await holds(sidebar, "what was logged, and its author");
    assert.deepEqual(elsewhere, []);
  });

  test(`nothing comes of hostile texts in the popup and the settings: ${kind}`, async (context) => {
    const { browser, elsewhere, harmless, holds, portal } = await besideHostile(context, text);
    const settings = await openExtensionPage(browser, "options.html");
    // The portal's name for the person is the text, too.
    await settings.getByText("Signed in as").waitFor();
    for (const label of ["One more address", ...domainFields]) {
      const field = settings.getByLabel(label, { exact: true });
      await field.fill(text);
      await field.press("Enter");
      await field.and(settings.locator("[aria-invalid=true]")).waitFor();
    }
    await holds(settings, "settings", [320, 1280]);
    // The longest that is taken.
    const domain = `${"x".repeat(60)}.${"y".repeat(60)}.example`;
    for (const [index, label] of domainFields.entries()) {
      await settings.getByLabel(label).fill(domain);
      await settings.getByLabel(label).press("Enter");
      await settings
        .getByRole("button", { name: `Remove ${domain}` })
        .nth(index)
        .waitFor();
    }
    await holds(settings, "settings with long entries", [320, 1280]);

    const popup = await openExtensionPage(browser, "popup.html");
    await popup.getByText("Signed in as").waitFor();
    await holds(popup, "popup", [360]);
    await button(popup, "Check").click();
    await button(popup, "Check again").and(popup.locator(":enabled")).waitFor();
    for (const fold of await popup.locator("summary").all()) await fold.click();
    await harmless(popup, "check", [360]);
    await button(popup, "Back").click();
    await button(popup, "What left this computer").click();
    await popup.locator(".left > li").first().waitFor();
    await harmless(popup, "ledger", [360]);
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(await portal.writes(), []);
  });
}
