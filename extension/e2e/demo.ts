// The demo: the whole product against the fake portal and the fake Gmail. With a window it stays until the person closes it;
// without, it walks through the screens and leaves a picture of each.  cargo xtask demo
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { subject } from "./beside.ts";
import { openExtensionPage } from "./browser.ts";
import { connectByForm } from "./connecting.ts";
import { openSidebar, peopleShown, waitForPeople } from "./sidebar.ts";
import { type Stage, setStage } from "./stage.ts";
import { checked, terminal } from "./terminal.ts";

export async function main(parameters: string[]): Promise<void> {
  const { values } = parseArgs({
    args: parameters,
    options: { headed: { type: "boolean", default: false }, pictures: { type: "string", default: "pictures" } },
  });
  const stage = await setStage({ headed: values.headed });
  try {
    if (values.headed) await show(stage);
    else await walk(stage, values.pictures);
  } finally {
    await stage.close();
  }
}

/** Leaves the person before an open thread with the sidebar beside it. */
async function show(stage: Stage): Promise<void> {
  const form = await connectByForm(stage);
  await form.close();
  await stage.gmail.goto(pilotOrderUrl);
  const sidebar = await openSidebar(stage.browser);
  await waitForPeople(sidebar, subject);
  console.log(`The sidebar stands beside a thread, connected to the fake portal at ${stage.portal.baseUrl}.`);
  console.log(
    "Open other threads, click the extension's icon, disconnect and connect again. Close the browser to end the demo.",
  );
  await stage.browser.context.waitForEvent("close", { timeout: 0 });
}

/** How wide a side panel is when Chrome opens it, and how high beside the fake Gmail. */
const sidebarSize = { width: 360, height: 800 };

async function walk(stage: Stage, folder: string): Promise<void> {
  const { browser, gmail, portal } = stage;
  await mkdir(folder, { recursive: true });
  const picture = async (page: Page, name: string, what: string) => {
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
    console.log(`${what}\n  ${path}`);
  };

  await picture(gmail, "01-gmail", "Gmail's inbox, served by the demo");
  const sidebar = await openSidebar(browser);
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  await resize(sidebar, sidebarSize);
  await picture(sidebar, "02-not-connected", "The sidebar, before a portal is connected");
  const form = await connectByForm(stage);
  await picture(
    form,
    "03-connected",
    `Connected to ${portal.baseUrl}: the browser went to the portal and back to the host`,
  );
  await form.close();
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  await picture(sidebar, "04-no-thread", "The sidebar, while no thread is open");
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  await picture(gmail, "05-thread", "The thread");
  await picture(sidebar, "06-people", "Its people in the sidebar");
  await sidebar.emulateMedia({ colorScheme: "dark" });
  await picture(sidebar, "07-people-dark", "The same in dark colours");
  await sidebar.emulateMedia({ colorScheme: "light" });
  const people = await peopleShown(sidebar);
  await picture(sidebar, "08-everybody", "Everybody unfolded");
  const popup = await openExtensionPage(browser, "popup.html");
  await resize(popup, { width: 360, height: 100 });
  await popup.getByRole("button", { name: "Disconnect" }).waitFor();
  // As tall as what is in it, as the browser makes it.
  await resize(popup, { width: 360, height: await popup.evaluate(() => document.documentElement.scrollHeight) });
  await picture(popup, "09-popup", "The popup");
  await popup.close();
  await gmail.bringToFront();
  await waitForPeople(sidebar, subject);
  await walkThroughForms(sidebar, picture);
  await sidebar.getByRole("button", { name: "Log e-mail" }).click();
  await sidebar.getByText("The request, word for word").waitFor();
  await resize(sidebar, { width: 360, height: 1200 });
  await picture(sidebar, "13-log", "What logging the newest message would send");
  await resize(sidebar, sidebarSize);
  await sidebar.getByRole("button", { name: "Cancel" }).click();
  const { context, profile } = browser;
  const check = async (...parameters: string[]) =>
    terminal(context, `gmail-sync-host --check ${parameters.join(" ")}`, await checked(stage.host, ...parameters));
  // A folder in which no browser would find the host.
  await picture(
    await check("--offline", "--user-data-dir", "/tmp/another"),
    "14-check-broken",
    "What is wrong, and its cure",
  );
  await picture(await check("--user-data-dir", profile), "15-check-well", "The same, all well");
  await picture(
    await sideBySide(browser.context, folder),
    "10-side-by-side",
    "Both beside each other, put together from the two pictures",
  );

  for (const name of ["Marie Rousseau", "Jonas Weber", "Priya Menon", "Ann Keller", "Tom Brandt"]) {
    if (!people.some((person) => person.includes(name))) throw new Error(`the sidebar didn't show ${name}`);
  }
  console.log(`\nThe sidebar showed ${people.length} people of "${subject}":`);
  for (const person of people) console.log(`- ${person}`);
}

/** Leaves pictures of the forms, and the portal as it was. */
async function walkThroughForms(
  sidebar: Page,
  picture: (page: Page, name: string, what: string) => Promise<void>,
): Promise<void> {
  const stranger = sidebar.locator(".cards > li").filter({ hasText: "Priya Menon" });
  await stranger.getByRole("button", { name: "Create contact" }).click();
  await sidebar.getByLabel("First name").waitFor();
  await picture(sidebar, "11-create-contact", "The form for somebody who isn't in the CRM");
  await sidebar.getByLabel("First name").fill("Piet");
  await sidebar.getByLabel("Last name").fill("Hoekstra");
  await sidebar.getByLabel("Sales region").selectOption({ index: 1 });
  await sidebar.getByRole("button", { name: "Create contact" }).click();
  await sidebar.getByText("Is this the same?").waitFor();
  await picture(sidebar, "12-duplicate", "Somebody of that name is there already");
  await sidebar.getByRole("button", { name: "Cancel" }).click();
  await stranger.waitFor();
}

/** Until the page is drawn in its new size a picture would hold pieces of the old one. */
async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await page.waitForFunction((height) => innerHeight === height, size.height);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** A page that shows two pictures as they stand in the browser's window, which can't be photographed without a display. */
async function sideBySide(context: BrowserContext, folder: string): Promise<Page> {
  const page = await context.newPage();
  const width = 1280;
  await page.setViewportSize({ width: width + sidebarSize.width, height: sidebarSize.height });
  const image = async (name: string) =>
    `<img src="data:image/png;base64,${await readFile(join(folder, `${name}.png`), "base64")}">`;
  await page.setContent(
    `<style>body{margin:0;display:flex}</style>${await image("05-thread")}${await image("06-people")}`,
  );
  return page;
}
