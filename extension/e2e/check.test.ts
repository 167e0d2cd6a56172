// "Check" in the popup, in a real Chromium with the real host: what is well, a fault that is made for real, its cure, and gone.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { builtProgram } from "./programs.ts";
import { openPopup } from "./sidebar.ts";
import { setStage } from "./stage.ts";

const run = promisify(execFile);

/** Waits until the check has ended. */
async function checked(popup: Page): Promise<void> {
  await popup.getByRole("button", { name: "Check again" }).and(popup.locator(":enabled")).waitFor();
}

test("a registration that is lost is found, and the command that is shown cures it", async (context) => {
  const { browser, host, portal } = await beside(context);
  const popup = await openPopup(browser);
  // By the keyboard alone, as far as the findings.
  await popup.getByRole("button", { name: "Check", exact: true }).press("Enter");
  await checked(popup);
  assert.equal(await popup.evaluate(() => document.activeElement?.textContent), "Check this computer");
  await popup.getByText(/things are well$/).press("Enter");
  for (const well of ["The host answers", "The keychain keeps secrets", "The portal knows you"])
    await popup.getByText(well).waitFor();
  const portalName = portal.baseUrl.replace("http://", "");
  await popup.getByText(`${portalName} answers, knows you`).waitFor();
  // Other browsers of this machine may have faults of their own.
  const fault = popup.locator(".faults > li", { hasText: browser.profile });
  assert.equal(await fault.count(), 0);

  await rm(join(browser.profile, "NativeMessagingHosts"), { recursive: true });
  await popup.getByRole("button", { name: "Check again" }).click();
  await checked(popup);
  await fault.getByText(`is running with the profile folder ${browser.profile}`).waitFor();
  await fault.getByText(/NM13/).click();
  await fault.getByText("running_elsewhere").waitFor();
  assert.deepEqual(await accessibilityProblems(popup), []);

  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await fault.getByRole("button", { name: /^Copy gmail-sync-host register/ }).click();
  const command = await popup.evaluate(() => navigator.clipboard.readText());
  assert.equal(command, `gmail-sync-host register --user-data-dir ${browser.profile}`);
  const path = [dirname(builtProgram("host")), process.env["PATH"]].join(delimiter);
  await run("/bin/sh", ["-c", command], { env: { ...process.env, ...host.environment, PATH: path } });

  await popup.getByRole("button", { name: "Check again" }).click();
  await checked(popup);
  assert.equal(await fault.count(), 0);
  await popup.getByRole("button", { name: "Back" }).click();
  await popup.getByRole("button", { name: "Check", exact: true }).and(popup.locator(":focus")).waitFor();
});

test("without a connection this computer is looked at, and nobody is asked", async (context) => {
  const stage = await setStage();
  context.after(stage.close);
  const popup = await openPopup(stage.browser);
  await popup.getByRole("button", { name: "Check", exact: true }).click();
  await checked(popup);
  await popup.getByText("so only this computer was looked at").waitFor();
  assert.equal(await popup.getByText("The portal knows you").count(), 0);
  assert.deepEqual(await stage.host.ledger(), []);
});
