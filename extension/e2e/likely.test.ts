// What the sidebar says of an earlier log before the log screen opens, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inboxUrl, pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { button, entryElsewhere, newestAt, openLog, ours, shown } from "./logging.ts";
import type { Portal } from "./portal.ts";
import { openColdStore, refresh, waitForPeople } from "./sidebar.ts";

/** Marie's contact. */
const marie = [3, 2] as const;

/** The portal's own calls of the method, by whoever has its webhook. */
const log = (portal: Portal, ...parameters: Parameters<typeof entryElsewhere>) =>
  portal.call("crm.activity.add", entryElsewhere(...parameters));

test("an e-mail that the portal has is probably logged, at no further request", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  const hint = sidebar.getByText(/^Probably logged/);
  assert.equal(await hint.count(), 0);
  const before = await portal.requests();
  await refresh(sidebar);
  const perLookup = (await portal.requests()) - before;

  await log(portal, marie);
  const writes = await portal.writes();
  const then = await portal.requests();
  await button(sidebar, "Refresh").click();
  await hint.waitFor();
  assert.match((await hint.textContent()) ?? "", /^Probably logged by you, /);
  assert.equal((await portal.requests()) - then, perLookup);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByRole("button", { name: "Log e-mail", description: /^Probably logged by you/ }).waitFor();
  // Another thread of the same people isn't.
  await openColdStore(gmail, sidebar);
  await hint.waitFor({ state: "detached" });
  // Looking at it all has written nothing, and the portal wasn't told what the thread is about.
  assert.deepEqual(await portal.writes(), writes);
  const told = JSON.stringify(await portal.paramsOf("batch"));
  assert.doesNotMatch(told, /Pilot order|Cold store|1a1f|2026-11/);
});

test("an e-mail at another time is another one", async (context) => {
  const { portal, sidebar } = await beside(context);
  await log(portal, marie, Date.parse(newestAt) - 120_000);
  await refresh(sidebar);
  assert.equal(await sidebar.getByText(/^Probably logged/).count(), 0);
});

test("likely is only likely: the preview knows, and what was logged from here is said until it is taken back", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await log(portal, marie);
  await button(sidebar, "Refresh").click();
  await sidebar.getByText(/^Probably logged/).waitFor();
  // That entry was made by another program: there is none with this e-mail's key.
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  const here = sidebar.getByText(/^Logged from here, /);
  await here.waitFor();
  assert.equal(await sidebar.getByText(/^Probably logged/).count(), 0);
  // The host remembers it, too: another thread and back.
  await gmail.goto(inboxUrl);
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  await here.waitFor();
  const [made] = (await portal.rows("activity")).filter(ours).filter(({ ORIGIN_ID }) => ORIGIN_ID);
  assert.ok(made);
  // The preview says so for certain.
  await openLog(sidebar);
  await sidebar.getByText(/^Logged by you, /).waitFor();
});

test("what stands where the person may not read can't be known, and the preview says that", async (context) => {
  const { portal, sidebar } = await beside(context);
  await log(portal, [3, 3]);
  await portal.access("contact", 3, "none");
  await refresh(sidebar);
  assert.equal(await sidebar.getByText(/^Probably logged/).count(), 0);
  await openLog(sidebar);
  await shown(sidebar);
  await sidebar.getByText("If somebody logged it to a record you may not read, that can't be seen here.").waitFor();
  assert.equal(await sidebar.getByText(/^Logged by/).count(), 0);
});
