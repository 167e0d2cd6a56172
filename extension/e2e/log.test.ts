// Logging an e-mail from the sidebar, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inboxUrl, pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { button, openPreview, ours, requestShown, shown } from "./logging.ts";
import { openColdStore, waitForPeople } from "./sidebar.ts";

test("what the preview shows is what the portal gets, and nothing before the click", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  const text = sidebar.getByRole("region", { name: "Text of the message" });
  assert.match((await text.textContent()) ?? "", /^Dear Lena,\n\nweek 50 suits us.*Marie$/s);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByLabel(/Pilot order, 40 sensors/).check();
  await button(sidebar, "Log to 2 records").waitFor();
  const request = await requestShown(sidebar);
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Log to 2 records").click();
  await sidebar.getByText("Logged to 2 records. No mail was sent.").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual(others, []);
  assert.deepEqual([entry?.["SUBJECT"], entry?.["DIRECTION"], entry?.["COMPLETED"]], [subject, 1, "Y"]);
  assert.doesNotMatch(String(entry?.["DESCRIPTION"]), /two pallets/);
});

test("a record found by hand becomes a target, and the portal gets what the preview shows", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await button(sidebar, "Another record").focus();
  await sidebar.keyboard.press("Enter");
  const field = sidebar.getByRole("combobox", { name: "Another record" });
  await field.waitFor();
  await sidebar.keyboard.type("obermeier gmbh");
  await sidebar.getByRole("option", { name: "Obermeier GmbH & Co. KG" }).first().waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  await field.waitFor({ state: "detached" });
  const target = sidebar.getByRole("checkbox", { name: /Obermeier GmbH/ });
  assert.equal(await target.isChecked(), true);
  await button(sidebar, "Log to 2 records").waitFor();
  const request = await requestShown(sidebar);
  const { fields } = JSON.parse(request) as { fields: { COMMUNICATIONS: { VALUE: string }[] } };
  assert.deepEqual(
    fields.COMMUNICATIONS.map(({ VALUE }) => VALUE),
    ["marie.rousseau@helion.example", "marie.rousseau@helion.example"],
  );
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Log to 2 records").click();
  await sidebar.getByText("Logged to 2 records. No mail was sent.").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
});

test("the subject alone, the text without quotes, or all of it", async (context) => {
  const { sidebar } = await beside(context);
  await openPreview(sidebar);
  const described = () => requestShown(sidebar);
  assert.doesNotMatch(await described(), /two pallets/);
  await sidebar.getByLabel("Full text").check();
  await sidebar.getByRole("region", { name: "Text of the message" }).getByText("two pallets").waitFor();
  assert.match(await described(), /two pallets/);
  await sidebar.getByLabel("Subject only").check();
  await sidebar.getByRole("region", { name: "Text of the message" }).waitFor({ state: "detached" });
  assert.doesNotMatch(await described(), /week 50/);
});

test("outgoing mail is planned, then completed, and never sent", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openColdStore(gmail, sidebar);
  await openPreview(sidebar);
  await sidebar.getByText("Outgoing e-mail, as a record. No mail goes out.").waitFor();
  const request = await requestShown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.activity.add", "crm.activity.update"]);
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
  const [entry] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["DIRECTION"], entry?.["COMPLETED"]], [2, "Y"]);
});

test("an older message is chosen, unfolded in Gmail, and logged as what it is", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await sidebar.getByRole("combobox", { name: "Message" }).selectOption({ index: 1 });
  await sidebar.getByText(/Unfold it in Gmail/).waitFor();
  await gmail.click("[role=listitem] .gs >> nth=1");
  await button(sidebar, "Try again").click();
  await sidebar.getByRole("region", { name: "Text of the message" }).getByText("wonderful news").waitFor();
  await sidebar.getByText("Outgoing e-mail, as a record. No mail goes out.").waitFor();
  const request = await requestShown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
  const [entry] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["DIRECTION"], entry?.["COMPLETED"]], [2, "Y"]);
  assert.match(String(entry?.["START_TIME"]), /^2026-11-17/);
});

test("what the portal refuses is said, and can be tried again", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await portal.fault({ kind: "overloadLimit", method: "crm.activity.add", times: 1 });
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByRole("alert").waitFor();
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.equal((await portal.rows("activity")).filter(ours).length, 1);
});

test("what was logged is taken back after a question, and can be logged anew", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await button(sidebar, "Log to 1 record").click();
  const undo = button(sidebar, "Undo");
  await undo.click();
  const question = sidebar.getByRole("group", { name: "Delete the entry from the portal again?" });
  await question.waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  assert.equal(await undo.evaluate((element) => element === document.activeElement), true);
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  await sidebar.keyboard.press("Enter");
  await question.waitFor();
  // The first answer has the focus.
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("The entry was deleted.").waitFor();
  assert.deepEqual((await portal.rows("activity")).filter(ours), []);
  assert.deepEqual(await portal.writes(), ["crm.activity.add", "crm.activity.delete"]);
  await openPreview(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.equal((await portal.rows("activity")).filter(ours).length, 1);
});

test("what was logged is moved to another record once that is agreed to", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await button(sidebar, "Log to 1 record").click();
  const move = sidebar.getByRole("button", { name: "Move", exact: true });
  await move.click();
  await sidebar.getByLabel("Move to").selectOption({ label: "Pilot order, 40 sensors · Deal" });
  const question = sidebar.getByRole("group", {
    name: "Take the entry from Marie Rousseau to Pilot order, 40 sensors?",
  });
  await question.waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  await move.click();
  await sidebar.getByLabel("Move to").selectOption({ label: "Pilot order, 40 sensors · Deal" });
  await button(sidebar, "Move the entry").click();
  await sidebar.getByText("The entry was moved to Pilot order, 40 sensors.").waitFor();
  assert.deepEqual(await portal.writes(), [
    "crm.activity.add",
    "crm.activity.binding.add",
    "crm.activity.binding.delete",
  ]);
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["COMPLETED"], others], ["Y", []]);
  const activityId = Number(entry?.["ID"]);
  const [added] = await portal.paramsOf("crm.activity.binding.add");
  assert.deepEqual(added, { activityId, entityTypeId: 2, entityId: 2 });
  const [deleted] = await portal.paramsOf("crm.activity.binding.delete");
  assert.deepEqual(deleted, { activityId, entityTypeId: 3, entityId: 2 });
  // Moved, it can still be taken back.
  await button(sidebar, "Undo").click();
  await button(sidebar, "Delete the entry").click();
  await sidebar.getByText("The entry was deleted.").waitFor();
  assert.deepEqual((await portal.rows("activity")).filter(ours), []);
});

test("opening threads and previews without the click writes nothing", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openPreview(sidebar);
  await button(sidebar, "Cancel").click();
  await gmail.goto(inboxUrl);
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  // A script's click isn't a person's.
  await openPreview(sidebar);
  await sidebar.evaluate(() => document.querySelector<HTMLElement>("button[type=submit]")?.click());
  assert.deepEqual(await portal.writes(), []);
});
