// A host that the browser doesn't reach, for each reason a real Chromium gives: the sidebar says what to do and shows the command to
// copy, the command cures it, and the sidebar notices by itself.
import assert from "node:assert/strict";
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { extensionRoot } from "../test/project.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { type Browser, openExtensionPage, workerOf } from "./browser.ts";
import type { Host } from "./host.ts";
import { cannotSetPolicies, machinePolicy } from "./machine-policy.ts";
import { openPopup, openSidebar } from "./sidebar.ts";
import { type Stage, type StageOptions, setStage } from "./stage.ts";

const manifestOf = (profile: string) => join(profile, "NativeMessagingHosts", "local.gmail_sync_bitrix24.json");

/** Registers the host, then changes the manifest. */
const registeredWith = (change: (manifest: Record<string, unknown>) => void) => async (profile: string, host: Host) => {
  await host.register(profile);
  const manifest = JSON.parse(await readFile(manifestOf(profile), "utf8"));
  change(manifest);
  await writeFile(manifestOf(profile), JSON.stringify(manifest));
};

async function sidebarOf(context: TestContext, options: StageOptions): Promise<Stage & { sidebar: Page }> {
  const stage = await setStage(options);
  context.after(stage.close);
  return { ...stage, sidebar: await openSidebar(stage.browser) };
}

/** What the clipboard holds after the button beside the command was pressed. */
async function copied({ browser }: Stage, page: Page, command: string): Promise<string> {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: `Copy ${command}`, exact: true }).click();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What `--check` finds wrong with this profile. */
async function faults({ host, browser }: Stage): Promise<Fault[]> {
  const check = ["--check", "--json", "--offline", "--user-data-dir", browser.profile];
  const stdout = await host.run(...check).catch((error: { stdout: string }) => error.stdout);
  const { findings } = JSON.parse(stdout) as { findings: Fault[] };
  return findings.filter(({ code }) => code !== undefined);
}

interface Fault {
  readonly code?: string;
  readonly reason?: string;
  readonly severity: string;
  readonly cure?: string;
  readonly command?: string;
  readonly evidence: Record<string, string>;
}

/** Registers with this profile, as the command does with those the person has used; the sidebar looks again by itself. */
async function cure({ host, browser }: Stage, sidebar: Page): Promise<void> {
  await host.register(browser.profile);
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
}

test("not found: the steps, the packages for this system, and how to register", async (context) => {
  const stage = await sidebarOf(context, { register: async () => {} });
  const { sidebar } = stage;
  await sidebar.getByRole("heading", { name: "One part is missing" }).waitFor();
  await sidebar.getByText("gmail-sync-bitrix24_…_amd64.deb").waitFor();
  assert.equal(await copied(stage, sidebar, "gmail-sync-host register"), "gmail-sync-host register");
  await sidebar.getByRole("button", { name: "Copy gmail-sync-host --check" }).waitFor();
  const popup = await openPopup(stage.browser);
  await popup.getByRole("button", { name: "Copy gmail-sync-host register" }).waitFor();
  await popup.close();
  await cure(stage, sidebar);
});

test("forbidden: which extension it is, and how to let it in", async (context) => {
  const register = registeredWith((manifest) => {
    manifest["allowed_origins"] = ["chrome-extension://abcdefghijklmnopabcdefghijklmnop/"];
  });
  const stage = await sidebarOf(context, { register });
  const { sidebar } = stage;
  await sidebar.getByRole("heading", { name: "The host doesn't accept this extension" }).waitFor();
  await sidebar.getByText(`This extension's id: ${stage.browser.extensionId}`).waitFor();
  await sidebar.getByText("Details").click();
  await sidebar.getByText("Access to the specified native messaging host is forbidden.").waitFor();
  assert.equal(await copied(stage, sidebar, "gmail-sync-host register"), "gmail-sync-host register");
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await cure(stage, sidebar);
});

/** The built extension without its key, which then has an id that follows from its folder. */
async function copyOfExtension(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-copy-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(extensionRoot, "build"), folder, { recursive: true });
  const { key, ...manifest } = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  assert.ok(key);
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}

test("forbidden: a second copy of the extension is told to go, and the check names it", async (context) => {
  const stage = await sidebarOf(context, { others: [await copyOfExtension(context)] });
  const { browser, sidebar } = stage;
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  const worker = await workerOf(browser.context, (id) => id !== browser.extensionId);
  const copy: Browser = { ...browser, worker, extensionId: new URL(worker.url()).host };
  const page = await openExtensionPage(copy, "panel.html");
  await page.getByRole("heading", { name: "The host doesn't accept this extension" }).waitFor();
  await page.getByText("If the extension is installed twice, remove this copy.").waitFor();
  await page.getByText(`This extension's id: ${copy.extensionId}`).waitFor();

  const told = async () => (await faults(stage)).filter(({ code }) => code === "NM05");
  // Chromium writes its preferences some seconds after they change.
  let found = await told();
  while (found.length === 0) found = await told();
  assert.deepEqual(
    found.map(({ reason, severity, evidence }) => [reason, severity, evidence["id"]]),
    [["extension_copy", "warning", copy.extensionId]],
  );
  assert.match(found[0]?.cure ?? "", /^Remove that copy at chrome:\/\/extensions/);

  // The page goes with its extension.
  await Promise.all([page.waitForEvent("close"), page.evaluate(removeItself).catch(() => {})]);
  while ((await told()).length > 0);
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
});

const removeItself = () => chrome.management.uninstallSelf({ showConfirmDialog: false });

test("exited: how to find out why", async (context) => {
  const register = async (profile: string, host: Host) => {
    const program = join(profile, "broken-host");
    await writeFile(program, "#!/bin/sh\nexit 3\n");
    await chmod(program, 0o700);
    await registeredWith((manifest) => {
      manifest["path"] = program;
    })(profile, host);
  };
  const stage = await sidebarOf(context, { register });
  const { sidebar } = stage;
  await sidebar.getByRole("heading", { name: "The host ended unexpectedly" }).waitFor();
  assert.equal(await copied(stage, sidebar, "gmail-sync-host --check"), "gmail-sync-host --check");
  // What the command finds is what is wrong, and its command the cure.
  const findings = await faults(stage);
  assert.equal(
    findings.find(({ code }) => code === "NM10")?.command,
    `gmail-sync-host register --user-data-dir ${stage.browser.profile}`,
  );
  await cure(stage, sidebar);
});

const noPolicies = await cannotSetPolicies();

test("switched off by a policy: whom to ask", { skip: noPolicies }, async (context) => {
  const policy = await machinePolicy({ NativeMessagingBlocklist: ["*"] });
  context.after(policy.close);
  const stage = await sidebarOf(context, { executable: policy.executable });
  const { sidebar } = stage;
  await sidebar.getByRole("heading", { name: "Your administrator has switched off the host" }).waitFor();
  await sidebar.getByText("Details").click();
  await sidebar.getByText("disabled by the system administrator").waitFor();
  assert.equal(await copied(stage, sidebar, "gmail-sync-host --check"), "gmail-sync-host --check");
  await policy.set({ NativeMessagingBlocklist: ["*"], NativeMessagingAllowlist: ["local.gmail_sync_bitrix24"] });
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
});
