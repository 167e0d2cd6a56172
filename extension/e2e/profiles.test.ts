// Two browser profiles with one host: the second gets in by a code that the first shows, and is shut out again.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { inboxUrl, pilotOrderUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { beside, subject } from "./beside.ts";
import { launchBrowser } from "./browser.ts";
import { openPopup, openSidebar, waitForPeople } from "./sidebar.ts";

test("an allowed profile lets another one in by a code; a profile that is revoked says so, and the other goes on", async (t) => {
  const { browser: first, gmail, host, sidebar } = await beside(t);
  const second = await launchBrowser({ environment: host.environment, prepareProfile: host.register });
  t.after(second.close);
  await routeGmail(second.context, join(projectRoot, "demo/gmail"));
  const itsGmail = second.context.pages()[0] ?? (await second.context.newPage());
  await itsGmail.goto(inboxUrl);
  const itsSidebar = await openSidebar(second);
  await itsSidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  const field = itsSidebar.getByLabel("One-time code");
  const enter = async (code: string) => {
    await field.fill(code);
    await itsSidebar.getByRole("button", { name: "Use the code" }).click();
  };
  const sessions = async () => (await host.run("sessions", "list")).trim().split("\n").slice(1);

  await t.test("without a code nobody gets in, and a guess costs a try", async () => {
    await enter("AAAA-AAAA");
    await itsSidebar.getByText("No one-time code is waiting").waitFor();
    assert.equal((await sessions()).length, 1);
  });

  const [own] = await sessions();
  const popup = await openPopup(first);
  await popup.getByRole("button", { name: "Let another profile in" }).click();
  const code = (await popup.locator(".one-time-code").textContent()) ?? "";

  await t.test("the code that the first profile shows lets the second in, once", async () => {
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    assert.deepEqual(await accessibilityProblems(popup), []);
    await enter(code.startsWith("A") ? "BBBB-BBBB" : "AAAA-AAAA");
    await itsSidebar.getByText("That isn't the code; 4 more tries.").waitFor();
    await enter(code.toLowerCase());
    await itsSidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
    await itsGmail.goto(pilotOrderUrl);
    await waitForPeople(itsSidebar, subject);
    assert.equal((await sessions()).length, 2);
  });

  await t.test("revoked, the second says so within seconds, and the first stays", async () => {
    const theirs = (await sessions()).find((line) => line !== own) ?? "";
    await host.run("sessions", "revoke", theirs.split(/\s+/)[0] ?? "");
    await itsSidebar.getByRole("heading", { name: "Connect your portal" }).waitFor({ timeout: 15_000 });
    assert.deepEqual(Object.keys(await second.worker.evaluate(() => chrome.storage.local.get(null))), []);
    // The code is used up.
    await enter(code);
    await itsSidebar.getByText("No one-time code is waiting").waitFor();
    await gmail.goto(inboxUrl);
    await gmail.goto(pilotOrderUrl);
    await waitForPeople(sidebar, subject);
  });
  await host.run("purge", "--yes");
});
