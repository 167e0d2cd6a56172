// The portal's pipelines, stages and fields change while the sidebar is open, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { openExtensionPage } from "./browser.ts";
import { refresh } from "./sidebar.ts";

const rentals = { id: 12, name: "Rentals", stages: [{ id: "C12:NEW", name: "Asked for", semantics: "process" }] };
const proof = { id: 0, name: "Sales", stages: [{ id: "UC_PROOF", name: "Proof of concept", semantics: "process" }] };

test("a stage that nobody knew is named in the next lookup, and can be picked from then on", async (context) => {
  const { browser, gmail, portal, sidebar } = await beside(context);
  await portal.pipeline(rentals);
  await portal.pipeline(proof);
  const fields = { TITLE: "Ten sensors for May", CATEGORY_ID: 12, STAGE_ID: "C12:NEW", CONTACT_ID: 2 };
  await portal.call("crm.deal.add", { fields });
  await refresh(sidebar);
  const deal = sidebar.getByRole("listitem").filter({ hasText: "Ten sensors for May" }).last();
  await deal.getByText("Asked for").waitFor();
  await deal.getByText("Rentals").waitFor();
  // The extension's own copy has followed.
  await sidebar.getByRole("button", { name: "Create deal" }).first().click();
  await sidebar.getByLabel("Pipeline").selectOption({ label: "Rentals" });
  await sidebar.getByLabel("Stage").selectOption({ label: "Asked for" });
  await sidebar.getByLabel("Pipeline").selectOption({ label: "Sales" });
  await sidebar.getByLabel("Stage").selectOption({ label: "Proof of concept" });
  const stored = await openExtensionPage(browser, "popup.html");
  const { reference } = await stored.evaluate(() => chrome.storage.local.get("reference"));
  assert.match(JSON.stringify(reference), /Proof of concept/);
  await stored.close();
  await gmail.bringToFront();
  const asked = (await portal.methods()).filter((method) => method === "crm.status.list").length;
  await sidebar.getByRole("button", { name: "Cancel" }).click();
  await refresh(sidebar);
  const again = (await portal.methods()).filter((method) => method === "crm.status.list").length;
  assert.equal(again, asked, "what is known isn't asked for again");
});

test("by hand a form gets new pipelines at once and keeps what was typed", async (context) => {
  const { portal, sidebar } = await beside(context);
  await sidebar.getByRole("button", { name: "Create deal" }).first().click();
  await sidebar.getByLabel("Title").fill("Twelve more");
  await portal.pipeline(rentals);
  await sidebar.getByRole("button", { name: "Read the portal's lists again" }).focus();
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("They are as in the portal now.").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByLabel("Pipeline").selectOption({ label: "Rentals" });
  assert.equal(await sidebar.getByLabel("Title").inputValue(), "Twelve more");
  await sidebar.getByRole("button", { name: "Create deal" }).click();
  await sidebar.getByText("Deal created").waitFor();
  const made = (await portal.rows("deal")).find(({ TITLE }) => TITLE === "Twelve more");
  assert.equal(made?.["STAGE_ID"], "C12:NEW");
});

test("the popup reads them, too, and says what keeps it from that", async (context) => {
  const { browser, portal } = await beside(context);
  const popup = await openExtensionPage(browser, "popup.html");
  const button = popup.getByRole("button", { name: "Read the portal's lists again" });
  await portal.breakDown(10);
  await button.click();
  await popup.locator(".renew-lists .wrong").waitFor();
  await portal.clearFaults();
  await button.click();
  await popup.getByText("They are as in the portal now.").waitFor();
  assert.deepEqual(await accessibilityProblems(popup), []);
});
