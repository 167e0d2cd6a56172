// Records to log to that are found by hand, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lena } from "../../demo/gmail/people.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { button, openLog, ours, requestShown, shown } from "./logging.ts";
import { openOwnThread } from "./own-thread.ts";
import { waitForPeople } from "./sidebar.ts";

test("the keyboard goes through the second page of a search, and what it picks is logged to", async (context) => {
  const { portal, sidebar } = await beside(context);
  for (let number = 10; number < 35; number += 1)
    await portal.call("crm.company.add", { fields: { TITLE: `Second Page ${number}` } });
  const before = await portal.writes();
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, "Another record").focus();
  await sidebar.keyboard.press("Enter");
  const field = sidebar.getByRole("combobox", { name: "Another record" });
  await field.waitFor();
  await sidebar.keyboard.insertText("second page");
  const options = sidebar.locator("[role=option]");
  await options.nth(19).waitFor();
  assert.equal(await options.count(), 20);
  const more = button(sidebar, "Show more");
  await more.waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  // From the field over its button that empties it.
  await sidebar.keyboard.press("Tab");
  await sidebar.keyboard.press("Tab");
  assert.equal(await more.evaluate((element) => element === document.activeElement), true);
  await sidebar.keyboard.press("Enter");
  await options.nth(20).waitFor();
  assert.equal(await field.evaluate((element) => element === document.activeElement), true);
  const name = /Second Page \d\d/.exec((await options.nth(20).textContent()) ?? "")?.[0];
  assert.ok(name);
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  await field.waitFor({ state: "detached" });
  const last = sidebar.locator(".log-targets li").last();
  assert.ok((await last.textContent())?.includes(name));
  assert.equal(await last.getByRole("checkbox").isChecked(), true);
  await button(sidebar, "Log to 2 records").waitFor();
  await shown(sidebar);
  const request = await requestShown(sidebar);
  assert.deepEqual(await portal.writes(), before);
  await button(sidebar, "Log to 2 records").focus();
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("Logged to 2 records. No mail was sent.").waitFor();
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
});

test("mail of people whom nobody knows is logged to a record found by hand", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  const stranger = { name: "Vera Novak", email: "vera@unheard-of.example" };
  await openOwnThread(gmail, { subject: "A first question", from: stranger, to: [lena] });
  await waitForPeople(sidebar, "A first question");
  await openLog(sidebar);
  await sidebar.getByText("Choose at least one record.").waitFor();
  assert.equal(await button(sidebar, /^Log to/).isDisabled(), true);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await button(sidebar, "Another record").click();
  await sidebar.keyboard.type("obermeier gmbh");
  await sidebar.getByRole("option", { name: "Obermeier GmbH & Co. KG" }).first().waitFor();
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  await shown(sidebar);
  const request = await requestShown(sidebar);
  assert.equal(JSON.parse(request).fields.COMMUNICATIONS[0].VALUE, stranger.email);
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["OWNER_TYPE_ID"], entry?.["COMPLETED"], others], [4, "Y", []]);
  await sidebar.getByText(/^Logged from here, /).waitFor();
});
