// What goes wrong around the sidebar, in a real Chromium with the real host: it says so, and the next try works.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Page } from "playwright-core";
import { caseHtml, cases } from "../../demo/gmail/cases.mjs";
import { inboxUrl, pilotOrderUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { beside, besideAgain, subject } from "./beside.ts";
import { disconnect } from "./connecting.ts";
import { lookedUpAgain, waitForPeople } from "./sidebar.ts";

const stored = (page: Page) => page.evaluate(async () => Object.keys(await chrome.storage.local.get(null)).sort());

test("a mailbox nobody decided about is asked about once, and sends nothing until then", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  const asked = await portal.requests();
  const desk = cases.find(({ name }) => name === "delegated");
  assert.ok(desk);
  await routeGmail(gmail, join(projectRoot, "demo/gmail"), caseHtml(desk));
  await gmail.goto(desk.url);
  await sidebar.getByText("nothing else.").waitFor();
  assert.equal(await portal.requests(), asked);
  await sidebar.getByRole("button", { name: "Not this mailbox" }).click();
  await sidebar.getByRole("heading", { name: "No lookups for this mailbox" }).waitFor();
  assert.equal(await portal.requests(), asked);
});

test("the browser keeps exactly three things while connected, and nothing afterwards", async (context) => {
  const { browser, sidebar } = await beside(context);
  assert.deepEqual(await stored(sidebar), ["portal", "reference", "session"]);
  await disconnect(browser);
  assert.deepEqual(await stored(sidebar), []);
});

test("a session revoked in a terminal leaves the sidebar, and what was kept for it", async (context) => {
  const { host, sidebar } = await beside(context);
  await host.run("sessions", "revoke", "--all");
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  assert.deepEqual(await stored(sidebar), []);
});

test("a host that is killed is started anew, and the next thread is looked up", async (context) => {
  const { gmail, host, sidebar } = await beside(context);
  await host.kill();
  await gmail.goto(inboxUrl);
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
});

test("a browser that is killed takes its host with it, and finds everything as it was", async (context) => {
  const stage = await beside(context);
  await stage.browser.kill();
  while ((await stage.host.served()).length > 0) await setImmediate();
  await besideAgain(context, stage);
});

test("reading a thread asks Gmail for nothing", async (context) => {
  const { browser, gmail, sidebar } = await beside(context);
  await gmail.goto(inboxUrl);
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  const asked: string[] = [];
  browser.context.on("request", (request) => asked.push(request.url()));
  // A change of the fragment alone: the page, which has everything already, asks for nothing itself.
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  assert.deepEqual(asked, []);
  // A request of a script in a world of its own, as the content script's is, would have been seen.
  const tools = await browser.context.newCDPSession(gmail);
  const { frameTree } = await tools.send("Page.getFrameTree");
  const world = await tools.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const expression = "fetch('/mail/u/0/seen').then(() => undefined)";
  await tools.send("Runtime.evaluate", { contextId: world.executionContextId, expression, awaitPromise: true });
  assert.deepEqual(asked, ["https://mail.google.com/mail/u/0/seen"]);
});

test("a portal that is down is said, and asking again works when it is back", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.breakDown(1);
  await sidebar.getByRole("button", { name: "Refresh" }).click();
  const again = sidebar.getByRole("button", { name: "Try again" }).first();
  await again.waitFor();
  await lookedUpAgain(sidebar, () => again.click());
});
