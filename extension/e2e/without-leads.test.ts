// A portal that runs without leads (crm.settings.mode.get answers 2) but has old ones, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { button, openLog, shown } from "./logging.ts";
import { peopleShown } from "./sidebar.ts";

test("no lead is shown, made, found or logged to where the portal has none", async (context) => {
  const { portal, sidebar } = await beside(context, { prepare: (portal) => portal.switch({ crmMode: "simple" }) });
  // Jonas is nothing but an old lead.
  const people = await peopleShown(sidebar);
  assert.match(people.find((person) => person.includes("Jonas Weber")) ?? "", /Not in CRM/);
  assert.deepEqual(
    people.filter((person) => /\bleads?\b/i.test(person)),
    [],
  );
  assert.equal(await sidebar.getByRole("button", { name: "Create lead" }).count(), 0);
  await sidebar.getByRole("button", { name: "Create contact" }).first().waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);

  await openLog(sidebar);
  await shown(sidebar);
  await sidebar.getByRole("checkbox", { name: /Pilot order, 40 sensors/ }).waitFor();
  assert.equal(await sidebar.locator(".log-targets").getByText("Lead", { exact: true }).count(), 0);
  await button(sidebar, "Another record").click();
  await sidebar.keyboard.type("pilot order");
  const results = sidebar.locator("[role=option]");
  await results.first().waitFor();
  assert.equal(await results.getByText("Lead", { exact: true }).count(), 0);
  assert.deepEqual(await portal.writes(), []);
});
