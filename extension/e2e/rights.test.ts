// What the portal refuses the person: said after the first try without the names of its methods, and before the click from then on.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { layoutProblems } from "./layout.ts";
import { openLog, ours, shown } from "./logging.ts";
import { refresh } from "./sidebar.ts";

const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true });
const refusal = (sidebar: Page) => sidebar.getByText("aren't enough for this");
const closed = "The portal gives you no right to change it.";

/** A person is told no method of the portal's. */
async function assertNoMethod(sidebar: Page): Promise<void> {
  assert.doesNotMatch((await sidebar.locator("main").allTextContents()).join(" "), /\b(?:crm|user|tasks)\.[a-z]/);
}

test("a search result that was refused is shown with the reason, and can't be picked again", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.access("contact", 19, "read");
  const field = sidebar.getByRole("combobox", { name: "Find a contact or company" });
  const piet = sidebar.getByRole("option", { name: "Piet Hoekstra" });
  const look = async () => {
    await button(sidebar, "Add to existing").click();
    await field.fill("hoekstra");
    await piet.waitFor();
  };
  await look();
  await piet.click();
  await button(sidebar, "Add address").click();
  await refusal(sidebar).waitFor();
  await assertNoMethod(sidebar);
  // The list it was picked from says so at once.
  await piet.getByText(closed).waitFor();
  assert.equal(await button(sidebar, "Add address").isDisabled(), true);
  await button(sidebar, "Cancel").click();
  await look();
  await piet.getByText(closed).waitFor();
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  assert.equal(await button(sidebar, "Add address").isDisabled(), true);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await layoutProblems(sidebar, 280), []);
  assert.deepEqual(await portal.writes(), ["crm.contact.update"]);
  // The person has got the right meanwhile.
  await portal.access("contact", 19, "full");
  await button(sidebar, "Cancel").click();
  await refresh(sidebar);
  await look();
  await piet.click();
  await button(sidebar, "Add address").click();
  await sidebar.getByText("Address added to Piet Hoekstra").waitFor();
});

test("a record to log to that was refused can't be chosen again, and the others can", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.access("contact", 2, "read");
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await refusal(sidebar).waitFor();
  await assertNoMethod(sidebar);
  const marie = sidebar.getByRole("checkbox", { name: /Marie Rousseau/ });
  await sidebar.locator(".log-targets").getByText(closed).waitFor();
  assert.equal(await marie.isDisabled(), true);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByRole("checkbox", { name: /Pilot order, 40 sensors/ }).check();
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  const [entry, ...more] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual(more, []);
  assert.equal(entry?.["OWNER_TYPE_ID"], 2);
});

test("of two records that may be the same, the one that may not be changed isn't offered for the address", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.access("contact", 19, "read");
  await button(sidebar, "Create contact").click();
  await sidebar.getByLabel("First name").fill("Piet");
  await sidebar.getByLabel("Last name").fill("Hoekstra");
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  await button(sidebar, "Add the address to Piet Hoekstra").click();
  await refusal(sidebar).waitFor();
  await assertNoMethod(sidebar);
  await sidebar.getByRole("list", { name: "Possibly the same" }).getByText(closed).waitFor();
  assert.equal(await button(sidebar, "Add the address to Piet Hoekstra").count(), 0);
  await button(sidebar, "Create anyway").waitFor();
});
