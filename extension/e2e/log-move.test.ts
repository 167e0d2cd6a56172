// What was logged goes to another record, between types and by the keyboard, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { button, openLog, ours, shown } from "./logging.ts";
import type { Portal } from "./portal.ts";

/** The portal's numbers for types of records. */
const type = { lead: 1, deal: 2, contact: 3 } as const;
const isFocused = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).evaluate((element) => element === document.activeElement);

/** Where the one entry stands, as the portal has it. */
async function places(portal: Portal): Promise<unknown> {
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["COMPLETED"], others], ["Y", []]);
  return entry?.["BINDINGS"];
}

/** Whether the record's recent activity has the entry, beside what says that it has been read. */
async function hasEntry(sidebar: Page, record: string, read: string): Promise<boolean> {
  await sidebar.getByLabel("Of", { exact: true }).selectOption({ label: record });
  const recent = sidebar.locator(".recent");
  await recent.getByText(read).first().waitFor();
  return (await recent.getByText(subject).count()) > 0;
}

test("by the keyboard, from a contact to a deal, where recent activity shows it", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").focus();
  await sidebar.keyboard.press("Enter");
  const move = sidebar.getByRole("button", { name: "Move", exact: true });
  await move.waitFor();
  assert.deepEqual(await places(portal), [{ OWNER_TYPE_ID: type.contact, OWNER_ID: 2 }]);
  await move.focus();
  await sidebar.keyboard.press("Enter");
  const goal = sidebar.getByLabel("Move to");
  await goal.waitFor();
  await goal.focus();
  await sidebar.keyboard.type("Pilot");
  await sidebar
    .getByRole("group", { name: "Take the entry from Marie Rousseau to Pilot order, 40 sensors?" })
    .waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  await sidebar.keyboard.press("Tab");
  assert.equal(await isFocused(sidebar, "Move the entry"), true);
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("The entry was moved to Pilot order, 40 sensors.").waitFor();
  assert.deepEqual(await places(portal), [{ OWNER_TYPE_ID: type.deal, OWNER_ID: 2 }]);

  await button(sidebar, "Recent activity").click();
  await sidebar.locator(".recent").getByText("Call about the pilot").waitFor();
  assert.equal(await sidebar.locator(".recent").getByText(subject).count(), 0);
  assert.equal(await hasEntry(sidebar, "Pilot order, 40 sensors · Deal", "E-mail received · Lena Hartmann"), true);
});

test("from a lead to a contact, and taken back from there", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await shown(sidebar);
  const targets = sidebar.locator(".log-targets li");
  await targets.filter({ hasText: "Lead" }).getByRole("checkbox").first().check();
  await targets
    .filter({ hasText: /^Marie Rousseau/ })
    .getByRole("checkbox")
    .first()
    .uncheck();
  await button(sidebar, "Log to 1 record").waitFor();
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByRole("button", { name: "Move", exact: true }).click();
  const [lead] = (await places(portal)) as { OWNER_TYPE_ID: number }[];
  assert.equal(lead?.OWNER_TYPE_ID, type.lead);
  await sidebar.getByLabel("Move to").selectOption({ label: "Marie Rousseau · Contact" });
  await button(sidebar, "Move the entry").click();
  await sidebar.getByText("The entry was moved to Marie Rousseau.").waitFor();
  assert.deepEqual(await places(portal), [{ OWNER_TYPE_ID: type.contact, OWNER_ID: 2 }]);
  assert.deepEqual(await portal.writes(), [
    "crm.activity.add",
    "crm.activity.binding.add",
    "crm.activity.binding.delete",
  ]);
  await button(sidebar, "Undo").focus();
  await sidebar.keyboard.press("Enter");
  await button(sidebar, "Delete the entry").waitFor();
  assert.equal(await isFocused(sidebar, "Delete the entry"), true);
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("The entry was deleted.").waitFor();
  assert.deepEqual((await portal.rows("activity")).filter(ours), []);
  assert.equal(await sidebar.getByText(/^(?:Logged from here|Probably logged)/).count(), 0);
});

test("a host that dies between the two steps leaves one entry, and nothing is done twice", async (context) => {
  const { host, portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByRole("button", { name: "Move", exact: true }).click();
  await sidebar.getByLabel("Move to").selectOption({ label: "Pilot order, 40 sensors · Deal" });
  await portal.fault({ kind: "slowAnswer", method: "crm.activity.binding.delete" });
  await button(sidebar, "Move the entry").click();
  await portal.held();
  await host.kill();
  await sidebar.getByRole("alert").first().waitFor();
  await button(sidebar, "Move the entry").click();
  await sidebar.getByText("This entry isn't one that was made from here a moment ago").waitFor();
  // The portal has carried out what it was asked, once.
  assert.deepEqual(await places(portal), [{ OWNER_TYPE_ID: type.deal, OWNER_ID: 2 }]);
  assert.deepEqual(await portal.writes(), [
    "crm.activity.add",
    "crm.activity.binding.add",
    "crm.activity.binding.delete",
  ]);
});
