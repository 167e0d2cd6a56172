// Finding a record by hand in the sidebar, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { makeNamesakes } from "./portal.ts";
import { refresh, waitForPeople } from "./sidebar.ts";

const priya = "priya@corvus-logistics.example";
const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true });
const field = (sidebar: Page) => sidebar.getByRole("combobox", { name: "Find a contact or company" });
const option = (sidebar: Page, name: string) => sidebar.getByRole("option", { name });

/** Opens the search for the one person of the thread who isn't in the CRM. */
async function openSearch(sidebar: Page): Promise<void> {
  await button(sidebar, "Add to existing").click();
  await field(sidebar).waitFor();
}

test("the keyboard finds a contact and gives it the address, and the card shows it at once", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openSearch(sidebar);
  // The field has the focus.
  await sidebar.keyboard.type("h");
  await sidebar.getByText("at least two letters").waitFor();
  await sidebar.keyboard.type("oekstra pie");
  await option(sidebar, "Piet Hoekstra").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText(`${priya} becomes one more e-mail of Piet Hoekstra.`).waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Add address").focus();
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("Address added to Piet Hoekstra").waitFor();
  await sidebar.getByRole("heading", { name: "Piet Hoekstra Contact" }).waitFor();
  const piet = (await portal.rows("contact")).find(({ ID }) => ID === 19);
  assert.deepEqual(
    piet?.EMAIL?.map(({ VALUE }) => VALUE),
    ["piet@polderpomp.example", priya],
  );
  assert.deepEqual(await portal.writes(), ["crm.contact.update"]);
});

test("a company is found by its phone number and gets the address", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openSearch(sidebar);
  await field(sidebar).fill("0049 8151-555-040");
  await option(sidebar, "Obermeier GmbH & Co. KG").click();
  await button(sidebar, "Add address").click();
  await sidebar.getByText("Address added to Obermeier GmbH & Co. KG").waitFor();
  await sidebar.getByRole("heading", { name: "Obermeier GmbH & Co. KG Company" }).waitFor();
  assert.deepEqual(await portal.writes(), ["crm.company.update"]);
});

test("of several matches the person picks one, which holds for the host's life and can be changed", async (context) => {
  const { gmail, host, portal, sidebar } = await beside(context);
  await makeNamesakes(portal, priya);
  await button(sidebar, "Refresh").click();
  const card = sidebar.locator(".card", { hasText: "2 matches" });
  await card.getByRole("button", { name: "Unfold" }).click();
  assert.equal(await button(sidebar, "Use this record").isDisabled(), true);
  await card.getByRole("radio", { name: "Corvus Freight" }).focus();
  await sidebar.keyboard.press("Space");
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await button(sidebar, "Use this record").click();
  const freight = sidebar.getByRole("heading", { name: "Corvus Freight Company" });
  await freight.waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  // Another lookup keeps to it.
  await refresh(sidebar);
  await freight.waitFor();
  await button(sidebar, "Pick another").click();
  await card.getByRole("radio", { name: "Priya Menon" }).check();
  await button(sidebar, "Use this record").click();
  await sidebar.getByRole("heading", { name: "Priya Menon Contact" }).waitFor();
  // Nothing of it is on disk: another process of the host knows nothing.
  await host.kill();
  await gmail.reload();
  await waitForPeople(sidebar, subject);
  await button(sidebar, "Refresh").click();
  await card.waitFor();
});

test("what nobody is called is said, and hostile words do nothing", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openSearch(sidebar);
  for (const words of ["nobody of that name", "<img src=x onerror=alert(1)>", "%a%b%", "$result[q0] zz"]) {
    await field(sidebar).fill(words);
    await sidebar.getByText("Nothing found.").waitFor();
    await field(sidebar).fill("");
    await sidebar.getByText("at least two letters").waitFor();
  }
  await field(sidebar).fill("helion");
  await option(sidebar, "Helion Automation SAS").first().waitFor();
  await sidebar.keyboard.press("Escape");
  assert.equal(await field(sidebar).inputValue(), "");
  await sidebar.keyboard.press("Escape");
  await button(sidebar, "Add to existing").waitFor();
  assert.deepEqual(await portal.writes(), []);
});
