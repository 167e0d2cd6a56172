// The log screen begins with the message the person clicked in Gmail, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { beside } from "./beside.ts";
import { button, openLog, ours, requestShown, shown } from "./logging.ts";

const chosen = (sidebar: Page) => sidebar.getByRole("combobox", { name: "Message" }).locator("option:checked");
const head = (gmail: Page, at: number) => gmail.locator("[role=listitem] .gs").nth(at);

test("the message that was clicked in Gmail is the one to be logged, as what it is", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await shown(sidebar);
  const newest = await chosen(sidebar).textContent();
  await button(sidebar, "Cancel").click();
  // No script's click counts, though the page unfolds the message.
  await head(gmail, 1).evaluate((element: HTMLElement) => element.click());
  await gmail.locator("[role=listitem][aria-expanded=true]").nth(1).waitFor();
  await openLog(sidebar);
  await shown(sidebar);
  assert.equal(await chosen(sidebar).textContent(), newest);
  await button(sidebar, "Cancel").click();
  // Folded and unfolded by the person.
  await head(gmail, 1).click();
  await head(gmail, 1).click();
  await openUntil(sidebar, async () => (await chosen(sidebar).textContent()) !== newest);
  await shown(sidebar);
  await sidebar.getByRole("region", { name: "Text of the message" }).getByText("wonderful news").waitFor();
  await sidebar.getByText("Outgoing e-mail, as a record. No mail goes out.").waitFor();
  const request = await requestShown(sidebar);
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.deepEqual(await portal.bodiesOf("crm.activity.add"), [request]);
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.match(String(entry?.["START_TIME"]), /^2026-11-17/);
  assert.deepEqual(others, []);
  // The hint is about the same message.
  await sidebar.getByText(/^Logged from here, /).waitFor();
});

/** Opens the log screen again until it begins with what the page reports a moment after the click. */
async function openUntil(sidebar: Page, begins: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    await openLog(sidebar);
    if (await begins()) return;
    await button(sidebar, "Cancel").click();
  }
  assert.fail("the clicked message isn't chosen");
}
