// What keeps a message from being logged, and what makes a person think twice, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { button, neverLog, openLog, ours, shown } from "./logging.ts";
import { openColdStore } from "./sidebar.ts";

test("one listed participant of the thread keeps it from the portal, until the entry is taken off", async (context) => {
  const { browser, gmail, portal, sidebar } = await beside(context);
  // Priya wrote earlier in the thread; the newest message is Marie's, to others.
  const settings = await neverLog(browser, "*@Corvus-Logistics.example");
  assert.deepEqual(await accessibilityProblems(settings), []);
  await gmail.bringToFront();
  await openLog(sidebar);
  await sidebar.getByText("priya@corvus-logistics.example").waitFor();
  await sidebar.getByText("Your own rule in the settings: corvus-logistics.example").waitFor();
  const log = button(sidebar, "Log to 1 record");
  assert.equal(await log.isDisabled(), true);
  // The mouse is where it opened the screen, over a button that looks as little like one to press as it is.
  const colours = () =>
    log.evaluate((element) => {
      for (const animation of element.getAnimations()) animation.finish();
      return getComputedStyle(element).backgroundColor;
    });
  const under = await colours();
  await sidebar.mouse.move(0, 0);
  assert.equal(under, await colours());
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual([await portal.writes(), await portal.paramsOf("crm.activity.list")], [[], []]);

  await button(sidebar, "Cancel").click();
  await button(settings, "Remove corvus-logistics.example").click();
  await button(settings, "Remove corvus-logistics.example").waitFor({ state: "detached" });
  await gmail.bringToFront();
  await openLog(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.equal((await portal.rows("activity")).filter(ours).length, 1);
});

test("whoever is listed after the preview is not logged by it", async (context) => {
  const { browser, gmail, portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await shown(sidebar);
  await neverLog(browser, "marie.rousseau@helion.example");
  await gmail.bringToFront();
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("the never-log list covers one of this message's people").waitFor();
  // The new preview says whom.
  await sidebar.getByText("Your own rule in the settings: marie.rousseau@helion.example").waitFor();
  assert.deepEqual(await portal.writes(), []);
});

test("a blind copy is said before logging, and the portal doesn't learn of it", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openColdStore(gmail, sidebar);
  await openLog(sidebar);
  await sidebar.getByText("can't see who got a blind copy of it (1)").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.doesNotMatch(JSON.stringify(await portal.paramsOf("crm.activity.add")), /tom@brightline/);
});
