// The sidebar beside a thread of the fake Gmail, before a host is there.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pilotOrderUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { type Browser, launchBrowser } from "./browser.ts";
import { openSidebar } from "./sidebar.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
  await routeGmail(browser.context, join(projectRoot, "demo/gmail"));
});
after(() => browser.close());

test("a missing host is named, with the way to get it", async () => {
  const [gmail] = browser.context.pages();
  assert.ok(gmail);
  await gmail.goto(pilotOrderUrl);
  const sidebar = await openSidebar(browser);
  await sidebar.getByRole("heading", { name: "One part is missing" }).waitFor();
  await sidebar.getByText("gmail-sync-host --check").waitFor();
  // Read from the page by the content script, passed on by the worker.
  await sidebar.getByText("lena@brightline.example").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
});
