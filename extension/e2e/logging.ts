import type { Page } from "playwright-core";
import { marie } from "../../demo/gmail/people.mjs";
import { subject } from "./beside.ts";
import { type Browser, openExtensionPage } from "./browser.ts";
import type { Row } from "./portal.ts";

/** When the demo's newest message arrived. */
export const newestAt = "2026-11-20T14:32:00Z";

export const button = (sidebar: Page, name: string | RegExp) => sidebar.getByRole("button", { name });
export const openLog = (sidebar: Page) => button(sidebar, "Log e-mail").click();
/** The log screen shows what would be sent. */
export const shown = (sidebar: Page) => sidebar.getByText("The request, word for word").waitFor();

/** Opens the log screen and waits until it shows what would be sent. */
export async function openPreview(sidebar: Page): Promise<void> {
  await openLog(sidebar);
  await shown(sidebar);
}

/** The request the log screen says would be sent, word for word. */
export async function requestShown(sidebar: Page): Promise<string> {
  await shown(sidebar);
  return (await sidebar.locator(".log-request").textContent()) ?? "";
}

/** Lena's own logs; the portal has one of Ann's from before. */
export const ours = (row: Row) => row["ORIGINATOR_ID"] === "gmail-sync" && row["AUTHOR_ID"] === 7;

/** Both of what the portal is told by the person: somebody new, and the newest message with the records that are chosen at first. */
export async function createContactAndLog(sidebar: Page): Promise<void> {
  await button(sidebar, "Create contact").click();
  await sidebar.getByLabel("Sales region").selectOption({ label: "Rest of the world" });
  await sidebar.getByLabel("Company").fill("");
  await button(sidebar, "Create contact").click();
  await sidebar.getByText("Contact created").waitFor();
  await openLog(sidebar);
  await shown(sidebar);
  await button(sidebar, /^Log to \d+ record/).click();
  await sidebar.getByText("No mail was sent.").waitFor();
}

/** Puts an entry on the never-log list in the settings, which stay open. */
export async function neverLog(browser: Browser, entry: string): Promise<Page> {
  const settings = await openExtensionPage(browser, "options.html");
  const field = settings.getByLabel("One more address or domain, such as opal-law.com");
  await field.fill(entry);
  await field.press("Enter");
  await button(settings, /^Remove /).waitFor();
  return settings;
}

/** What an entry of the demo's newest message looks like when another program has logged it at a record, by its type and id. */
export const entryElsewhere = (
  record: readonly [type: number, id: number],
  sentAt = Date.parse(newestAt),
  more = {},
) => ({
  fields: {
    OWNER_TYPE_ID: record[0],
    OWNER_ID: record[1],
    TYPE_ID: 4,
    DIRECTION: 1,
    COMPLETED: "Y",
    SUBJECT: subject,
    START_TIME: new Date(sentAt).toISOString().replace("Z", "+00:00"),
    RESPONSIBLE_ID: 8,
    COMMUNICATIONS: [{ VALUE: marie.email, ENTITY_TYPE_ID: record[0], ENTITY_ID: record[1] }],
    ...more,
  },
});
