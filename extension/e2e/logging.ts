import type { Page } from "playwright-core";
import type { Row } from "./portal.ts";

export const button = (sidebar: Page, name: string | RegExp) => sidebar.getByRole("button", { name });
export const openLog = (sidebar: Page) => button(sidebar, "Log e-mail").click();
/** The log screen shows what would be sent. */
export const shown = (sidebar: Page) => sidebar.getByText("The request, word for word").waitFor();

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
