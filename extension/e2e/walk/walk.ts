// The walk through all screens: from an empty sidebar to a connected one, then chapter by chapter.
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { pilotOrderUrl } from "../../../demo/gmail/serve.mjs";
import { subject } from "../beside.ts";
import { openExtensionPage } from "../browser.ts";
import { connectByForm } from "../connecting.ts";
import { openSidebar, peopleShown, waitForPeople } from "../sidebar.ts";
import type { Stage } from "../stage.ts";
import { checked, terminal } from "../terminal.ts";
import { type Camera, openCamera, resize, sidebarSize, unroll } from "./camera.ts";
import { type Chapter, play, type Walk } from "./chapter.ts";
import { deals } from "./deals.ts";
import { finding } from "./finding.ts";
import { forms, withoutLeads } from "./forms.ts";
import { logging } from "./logging.ts";
import { people } from "./people.ts";

// What the extension has read of the portal's lists outlives a chapter, so that the one that changes them is the last.
const chapters: readonly Chapter[] = [...people, ...forms, ...finding, ...logging, ...deals, withoutLeads];

/** Leaves a picture of each screen in the folder; returns what the sidebar said of each person of the demo's thread. */
export async function walk(stage: Stage, folder: string): Promise<string[]> {
  const camera = await openCamera(folder);
  await check(stage, camera);
  const sidebar = await openSidebar(stage.browser);
  const shown = await connectAndLookUp({ ...stage, sidebar }, camera);
  await pages(stage, camera);
  for (const chapter of chapters) await play({ ...stage, sidebar }, camera, chapter);
  return shown;
}

async function connectAndLookUp(walk: Walk, camera: Camera): Promise<string[]> {
  const { browser, gmail, portal, sidebar } = walk;
  await camera.take(gmail, "gmail", "Gmail's inbox, served by the demo");
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  await resize(sidebar, sidebarSize);
  await camera.take(sidebar, "not-connected", "The sidebar, before a portal is connected");
  const form = await connectByForm(walk);
  await camera.take(
    form,
    "connected",
    `Connected to ${portal.baseUrl}: the browser went to the portal and back to the host`,
  );
  await form.close();
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  await camera.take(sidebar, "no-thread", "The sidebar, while no thread is open");
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  const beside = [
    await camera.take(gmail, "thread", "The thread"),
    await camera.take(sidebar, "people", "Its people in the sidebar"),
  ];
  await sidebar.emulateMedia({ colorScheme: "dark" });
  await camera.take(sidebar, "people-dark", "The same in dark colours");
  await sidebar.emulateMedia({ colorScheme: "light" });
  const both = await sideBySide(browser.context, beside);
  await camera.take(both, "side-by-side", "Both beside each other, put together from the two pictures");
  await both.close();
  // The sidebar is about the tab in front.
  await gmail.bringToFront();
  await waitForPeople(sidebar, subject);
  const shown = await peopleShown(sidebar);
  await unroll(sidebar, sidebarSize.width, sidebarSize.height);
  await camera.take(sidebar, "everybody", "Everybody unfolded");
  return shown;
}

/** The extension's own pages; a terminal that says that all is well. */
async function pages(stage: Stage, camera: Camera): Promise<void> {
  const { browser } = stage;
  const popup = await openExtensionPage(browser, "popup.html");
  await popup.getByRole("button", { name: "Disconnect" }).waitFor();
  await unroll(popup);
  await camera.take(popup, "popup", "The popup");
  await popup.getByRole("button", { name: "What left this computer" }).click();
  await popup.getByText("No line of the list was changed or removed.").waitFor();
  await unroll(popup);
  await camera.take(popup, "ledger", "What left this computer");
  await popup.close();
  const settings = await openExtensionPage(browser, "options.html");
  await settings.getByLabel("One more address or domain, such as opal-law.com").waitFor();
  await unroll(settings, 720);
  await camera.take(settings, "settings", "The settings");
  await settings.close();
  const parameters = ["--user-data-dir", browser.profile];
  await inTerminal(stage, camera, parameters, "check-well", "Nothing is wrong");
}

/** Before anything is set up: a folder in which no browser would find the host. */
async function check(stage: Stage, camera: Camera): Promise<void> {
  const parameters = ["--offline", "--user-data-dir", "/tmp/another"];
  await inTerminal(stage, camera, parameters, "check-broken", "What is wrong, and its cure");
}

async function inTerminal(
  { browser, host }: Stage,
  camera: Camera,
  parameters: string[],
  name: string,
  shows: string,
): Promise<void> {
  const printed = await checked(host, ...parameters);
  const page = await terminal(browser.context, `gmail-sync-host --check ${parameters.join(" ")}`, printed);
  await camera.take(page, name, shows);
  await page.close();
}

/** A page that shows two pictures as they stand in the browser's window, which can't be photographed without a display. */
async function sideBySide(context: BrowserContext, pictures: readonly string[]): Promise<Page> {
  const page = await context.newPage();
  const width = 1280;
  await page.setViewportSize({ width: width + sidebarSize.width, height: sidebarSize.height });
  const image = async (path: string) => `<img src="data:image/png;base64,${await readFile(path, "base64")}">`;
  const images = await Promise.all(pictures.map(image));
  await page.setContent(`<style>body{margin:0;display:flex}</style>${images.join("")}`);
  return page;
}
