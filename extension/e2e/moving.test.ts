// Moving a deal from its card, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import type { Portal } from "./portal.ts";

const title = "Pilot order, 40 sensors";
const update = "crm.item.update";

const chip = (sidebar: Page, stage: string) =>
  sidebar.getByRole("button", { name: `Stage of ${title}: ${stage}. Move it` });
const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true });
const deal = (sidebar: Page) => sidebar.locator(".deal", { hasText: title });

/** Picks a stage with the keyboard alone: the arrow opens the list, the letter finds the stage. */
async function pickByKeys(sidebar: Page, from: string, letter: string): Promise<void> {
  await chip(sidebar, from).focus();
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.getByRole("menu").waitFor();
  await sidebar.keyboard.press(letter);
  await sidebar.keyboard.press("Enter");
}

async function pick(sidebar: Page, from: string, to: string): Promise<void> {
  await chip(sidebar, from).click();
  await sidebar.getByRole("menuitemradio", { name: to, exact: true }).click();
}

async function stageInPortal(portal: Portal): Promise<unknown> {
  return (await portal.rows("deal")).find(({ TITLE }) => TITLE === title)?.["STAGE_ID"];
}

/** Somebody else moves the deal, by a way of their own. */
async function moveElsewhere(portal: Portal, stage: string): Promise<void> {
  const body = JSON.stringify({ id: 2, fields: { STAGE_ID: stage } });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${portal.webhookUrl}crm.deal.update`, { method: "POST", headers, body });
  assert.equal((await answer.json()).result, true);
}

test("a deal is moved by the keyboard, and back again", async (context) => {
  const { portal, sidebar } = await beside(context);
  assert.deepEqual(await portal.writes(), []);
  await chip(sidebar, "Offer sent").focus();
  await sidebar.keyboard.press("ArrowDown");
  await sidebar.getByRole("menu").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("Escape");
  await pickByKeys(sidebar, "Offer sent", "c");
  await deal(sidebar).getByText("Moved to Contract").waitFor();
  await chip(sidebar, "Contract").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.equal(await stageInPortal(portal), "FINAL_INVOICE");
  const sent = (stageId: string) => ({ entityTypeId: 2, id: 2, fields: { stageId } });
  assert.deepEqual(await portal.paramsOf(update), [sent("FINAL_INVOICE")]);
  await button(sidebar, "Undo").click();
  // The chip shows it before the portal has done it.
  await deal(sidebar).getByText("Moved to Offer sent").waitFor();
  await chip(sidebar, "Offer sent").waitFor();
  assert.equal(await stageInPortal(portal), "EXECUTING");
  assert.deepEqual(await portal.paramsOf(update), [sent("FINAL_INVOICE"), sent("EXECUTING")]);
  assert.deepEqual(await portal.writes(), [update, update]);
});

test("won and lost ask first; a won deal leaves the card", async (context) => {
  const { portal, sidebar } = await beside(context);
  await pick(sidebar, "Offer sent", "Lost lost");
  await sidebar.getByText("as lost.").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.keyboard.press("Escape");
  await sidebar.getByText("as lost.").waitFor({ state: "detached" });
  await pick(sidebar, "Offer sent", "Won won");
  await button(sidebar, "Move to Won").waitFor();
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Move to Won").click();
  await sidebar.getByText(`${title}: Moved to Won`).waitFor();
  await deal(sidebar).waitFor({ state: "detached" });
  await sidebar.getByRole("heading", { name: "1 open deal" }).waitFor();
  assert.equal(await stageInPortal(portal), "WON");
  assert.deepEqual(await portal.writes(), [update]);
});

test("a deal that somebody else has moved is left where they put it", async (context) => {
  const { portal, sidebar } = await beside(context);
  await moveElsewhere(portal, "PREPARATION");
  await pick(sidebar, "Offer sent", "Contract");
  await deal(sidebar).getByText("Somebody else has moved this deal to Needs understood.").waitFor();
  await chip(sidebar, "Needs understood").waitFor();
  assert.equal(await stageInPortal(portal), "PREPARATION");
  assert.deepEqual(await portal.paramsOf(update), []);
  // From where it really stands it can be moved.
  await pick(sidebar, "Needs understood", "Contract");
  await deal(sidebar).getByText("Moved to Contract").waitFor();
});

test("what the portal refuses is said at the deal, which is drawn where it stands", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.switch({ stageRequires: { FINAL_INVOICE: "LEAD_ID" } });
  await pick(sidebar, "Offer sent", "Contract");
  await deal(sidebar).getByText("muss ausgefüllt werden.").waitFor();
  await chip(sidebar, "Offer sent").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await portal.access("deal", 2, "read");
  await pick(sidebar, "Offer sent", "Needs understood");
  await deal(sidebar).getByText("aren't enough for this").waitFor();
  assert.equal(await stageInPortal(portal), "EXECUTING");
  // It isn't offered again until the person refreshes.
  await chip(sidebar, "Offer sent").waitFor({ state: "detached" });
  await deal(sidebar).getByText("Offer sent").waitFor();
  await portal.access("deal", 2, "full");
  await button(sidebar, "Refresh").click();
  await pick(sidebar, "Offer sent", "Needs understood");
  await deal(sidebar).getByText("Moved to Needs understood").waitFor();
});

test("a lost answer moves the deal once, and no script moves it at all", async (context) => {
  const { portal, sidebar } = await beside(context);
  await chip(sidebar, "Offer sent").click();
  await sidebar.evaluate(() => {
    for (const item of document.querySelectorAll<HTMLElement>("[role=menuitemradio]")) item.click();
  });
  await sidebar.getByRole("menu").waitFor({ state: "detached" });
  assert.deepEqual(await portal.writes(), []);
  await portal.fault({ kind: "lostAnswer", method: update });
  await pick(sidebar, "Offer sent", "Contract");
  await deal(sidebar).getByText("Moved to Contract").waitFor();
  assert.deepEqual(await portal.writes(), [update]);
});
