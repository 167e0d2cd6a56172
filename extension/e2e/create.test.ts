// Putting somebody into the CRM from the sidebar, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { layoutProblems } from "./layout.ts";
import { waitForPeople } from "./sidebar.ts";

const priya = "priya@corvus-logistics.example";

/** Opens the form for the one person of the thread who isn't in the CRM. */
async function openForm(sidebar: Page): Promise<void> {
  await sidebar.getByRole("button", { name: "Create contact" }).click();
  await sidebar.getByLabel("First name").waitFor();
}

const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true });
const card = (sidebar: Page, name: string) => sidebar.locator(".card", { has: sidebar.getByRole("heading", { name }) });

test("a participant becomes a contact, and the sidebar shows it at once", async (context) => {
  const { portal, sidebar } = await beside(context);
  assert.deepEqual(await portal.writes(), []);
  await openForm(sidebar);
  assert.equal(await sidebar.getByLabel("First name").inputValue(), "Priya");
  assert.equal(await sidebar.getByLabel("Last name").inputValue(), "Menon");
  assert.equal(await sidebar.getByLabel("Company").inputValue(), "Corvus Logistics");
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  // The portal's own required field, under its own label.
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Fill this in.").waitFor();
  assert.deepEqual(await portal.writes(), []);
  await sidebar.getByLabel("Sales region").selectOption({ label: "Rest of the world" });
  await sidebar.getByLabel("Company").fill("");
  await sidebar.getByLabel("Position").fill("Dispatch");
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Contact created").waitFor();
  await card(sidebar, "Priya Menon Contact").getByText("Dispatch").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);

  const [made, ...others] = (await portal.rows("contact")).filter(({ EMAIL }) => EMAIL?.[0]?.VALUE === priya);
  assert.deepEqual(others, []);
  assert.ok(made);
  const { NAME, LAST_NAME, POST, ASSIGNED_BY_ID, SOURCE_ID, UF_CRM_1731400000001: region } = made;
  assert.deepEqual(
    { NAME, LAST_NAME, POST, ASSIGNED_BY_ID, SOURCE_ID, region },
    { NAME: "Priya", LAST_NAME: "Menon", POST: "Dispatch", ASSIGNED_BY_ID: 7, SOURCE_ID: "EMAIL", region: 43 },
  );
  assert.deepEqual(await portal.writes(), ["crm.contact.add"]);
});

test("somebody of that name is offered first, and gets the address instead", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openForm(sidebar);
  await sidebar.getByLabel("Last name").fill("Hoekstra");
  await sidebar.getByLabel("First name").fill("Piet");
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Is this the same?").waitFor();
  await sidebar.getByText("piet@polderpomp.example").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Add the address to Piet Hoekstra").click();
  await sidebar.getByText("Address added to Piet Hoekstra").waitFor();
  await card(sidebar, "Piet Hoekstra Contact").waitFor();
  const piet = (await portal.rows("contact")).find(({ ID }) => ID === 19);
  assert.deepEqual(
    piet?.EMAIL?.map(({ VALUE }) => VALUE),
    ["piet@polderpomp.example", priya],
  );
  assert.deepEqual(await portal.writes(), ["crm.contact.update"]);
});

test("the portal's words stand beside the form with everything that was typed, also when another thread is opened", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await portal.switch({ threeByteUtf8: true });
  await openForm(sidebar);
  await sidebar.getByLabel("Position").fill("Dispatch 🚚");
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("The portal refuses this. SQL query error!").waitFor();
  await gmail.goto(pilotOrderUrl.replace(/#.*/, "#inbox"));
  assert.equal(await sidebar.getByLabel("Position").inputValue(), "Dispatch 🚚");
  await gmail.goto(pilotOrderUrl);
  await sidebar.getByLabel("Position").fill("Dispatch");
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Contact created").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.contact.add", "crm.contact.add"]);
  assert.equal((await portal.rows("contact")).filter(({ EMAIL }) => EMAIL?.[0]?.VALUE === priya).length, 1);
});

test("a confirmation that gets lost makes one contact, and so does a host that is killed meanwhile", async (context) => {
  const { host, portal, sidebar } = await beside(context);
  await portal.fault({ kind: "slowAnswer", method: "crm.contact.add" });
  await openForm(sidebar);
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  await portal.held();
  await host.kill();
  await sidebar.getByRole("alert").waitFor();
  assert.equal(await sidebar.getByLabel("First name").inputValue(), "Priya");
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Contact created").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.contact.add"]);
});

test("no script presses the button, and Gmail's page can't ask the worker", async (context) => {
  const { browser, gmail, portal, sidebar } = await beside(context);
  await openForm(sidebar);
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await sidebar.evaluate(() => {
    document.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
    document.querySelector("form")?.requestSubmit();
  });
  const asked = await gmail.evaluate((id) => {
    const runtime = (globalThis as { chrome?: { runtime?: { connect?: (id: string) => unknown } } }).chrome?.runtime;
    return runtime?.connect === undefined ? "nobody to ask" : String(runtime.connect(id));
  }, browser.extensionId);
  assert.equal(asked, "nobody to ask");
  await button(sidebar, "Cancel").click();
  await button(sidebar, "Create contact").waitFor();
  assert.deepEqual(await portal.writes(), []);
});

test("who may not create contacts is told so once, and then not offered it until they refresh", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.switch({ cannotCreate: ["contact"] });
  await openForm(sidebar);
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("aren't enough for this").waitFor();
  await button(sidebar, "Cancel").click();
  const withheld = card(sidebar, "Priya Menon").getByText("Not offered, since the portal gives you no right to it");
  await withheld.getByText("Create contact").waitFor();
  assert.equal(await button(sidebar, "Create contact").count(), 0);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await layoutProblems(sidebar, 280), []);
  // What was refused is one type of record, not all of them.
  await button(sidebar, "Create lead").waitFor();
  assert.equal((await portal.rows("contact")).filter(({ EMAIL }) => EMAIL?.[0]?.VALUE === priya).length, 0);
  await portal.switch({ cannotCreate: [] });
  await button(sidebar, "Refresh").click();
  await button(sidebar, "Create contact").waitFor();
  assert.equal(await withheld.count(), 0);
});

test("a record that may only be read is offered no comment, once the portal has said so", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.access("contact", 2, "read");
  await button(sidebar, "Comment").click();
  await sidebar.getByLabel("Comment", { exact: true }).fill("Called back.");
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("aren't enough for this").waitFor();
  await button(sidebar, "Cancel").click();
  // The contact was refused; the deals weren't asked about, so they can still be tried.
  await button(sidebar, "Comment").click();
  const records = sidebar.getByLabel("At", { exact: true }).locator("option");
  await records.filter({ hasText: "Pilot order, 40 sensors" }).waitFor({ state: "attached" });
  assert.equal(await records.filter({ hasText: "Marie Rousseau" }).count(), 0);
});

test("a deal for somebody who is there stands in the stage that was picked", async (context) => {
  const { portal, sidebar } = await beside(context);
  await button(sidebar, "Create deal").click();
  assert.equal(await sidebar.getByLabel("Title").inputValue(), "Pilot order, 40 sensors for the Lyon plant");
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByLabel("Title").fill("Second line");
  await sidebar.getByLabel("Pipeline").selectOption({ label: "Service" });
  await sidebar.getByLabel("Stage").selectOption({ label: "Negotiation" });
  await sidebar.getByLabel("Amount").fill("48.6oo");
  await button(sidebar, "Create deal").click();
  await sidebar.getByText("Use digits only").waitFor();
  assert.deepEqual(await portal.writes(), []);
  await sidebar.getByLabel("Amount").fill("48.600,50");
  await button(sidebar, "Create deal").click();
  await sidebar.getByText("Deal created").waitFor();
  await card(sidebar, "Marie Rousseau").getByText("Second line").waitFor();
  const made = (await portal.rows("deal")).find(({ TITLE }) => TITLE === "Second line");
  assert.ok(made);
  const { CONTACT_IDS, COMPANY_ID, CATEGORY_ID, STAGE_ID, OPPORTUNITY, CURRENCY_ID } = made;
  assert.deepEqual(
    { CONTACT_IDS, COMPANY_ID, CATEGORY_ID, STAGE_ID, OPPORTUNITY, CURRENCY_ID },
    {
      CONTACT_IDS: [2],
      COMPANY_ID: 2,
      CATEGORY_ID: 9,
      STAGE_ID: "C9:UC_NEGOTI",
      OPPORTUNITY: 48600.5,
      CURRENCY_ID: "EUR",
    },
  );
  assert.deepEqual(await portal.writes(), ["crm.deal.add"]);
});

test("somebody unknown becomes a lead, or a company of that address", async (context) => {
  const { portal, sidebar } = await beside(context);
  await button(sidebar, "Create lead").click();
  await sidebar.getByLabel("Title").fill("Two pallets to Lyon");
  await button(sidebar, "Create lead").click();
  await sidebar.getByText("Lead created").waitFor();
  await card(sidebar, "Priya Menon Lead").getByText("Two pallets to Lyon").waitFor();
  await card(sidebar, "Priya Menon Lead").getByRole("button", { name: "Create company" }).click();
  assert.equal(await sidebar.getByLabel("Company name").inputValue(), "Corvus Logistics");
  await sidebar.getByLabel("Company name").fill("Corvus Freight");
  await button(sidebar, "Create company").click();
  await sidebar.getByText("Company created").waitFor();
  await card(sidebar, "Corvus Freight Company").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.lead.add", "crm.company.add"]);
});

test("the keyboard makes a colleague responsible, and one fills a field that wants one of them", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.switch({ requiredFields: ["UF_CRM_1731400000002"] });
  await openForm(sidebar);
  await sidebar.getByText("Responsible: Lena Hartmann (you)").waitFor();
  await sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });
  await button(sidebar, "Create contact").click();
  const technical = sidebar.getByRole("combobox", { name: "Technical contact" });
  await sidebar.getByText("Fill this in.").waitFor();
  assert.equal(await technical.evaluate((field) => field === document.activeElement), true);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.type("yus");
  await sidebar.getByRole("option", { name: "Yusuf Demir" }).click();
  await sidebar.getByText("Technical contact: Yusuf Demir").waitFor();

  const change = sidebar.getByRole("button", { name: "Somebody else" }).last();
  await change.focus();
  await sidebar.keyboard.press("Enter");
  const responsible = sidebar.getByRole("combobox", { name: "Responsible" });
  await responsible.waitFor();
  // Escape closes the search and not the form; the second time somebody is picked.
  await sidebar.keyboard.press("Escape");
  await responsible.waitFor({ state: "detached" });
  await sidebar.keyboard.press("Enter");
  await sidebar.keyboard.type("keller");
  await sidebar.getByRole("option", { name: "Ann Keller" }).waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.keyboard.press("Enter");
  await sidebar.getByText("Responsible: Ann Keller").waitFor();
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Contact created").waitFor();
  const made = (await portal.rows("contact")).find(({ EMAIL }) => EMAIL?.[0]?.VALUE === priya);
  assert.deepEqual([made?.["ASSIGNED_BY_ID"], made?.["UF_CRM_1731400000002"]], [8, 11]);
  assert.deepEqual(await portal.writes(), ["crm.contact.add"]);
});

test("a connection that may not read users says that nobody else can be responsible", async (context) => {
  const { gmail, host, portal, sidebar } = await beside(context);
  await portal.switch({ scopes: ["crm"] });
  // A host that has asked what the connection may do believes it for half a day.
  await host.kill();
  await gmail.reload();
  await waitForPeople(sidebar, subject);
  await button(sidebar, "Refresh").click();
  await button(sidebar, "Create deal").click();
  await sidebar.getByText("This connection may not read who else works here").waitFor();
  assert.equal(await sidebar.getByRole("button", { name: "Somebody else" }).count(), 0);
  await button(sidebar, "Create deal").click();
  await sidebar.getByText("Deal created").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.deal.add"]);
});
