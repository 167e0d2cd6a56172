import type { Page } from "playwright-core";
import { inboxUrl } from "../../demo/gmail/serve.mjs";
import type { Browser } from "./browser.ts";

/** Opens the real popup, as a click on the toolbar button does. */
export async function openPopup(browser: Browser): Promise<Page> {
  const appears = ownPage(browser, "popup.html");
  await browser.worker.evaluate(() => chrome.action.openPopup());
  return appears;
}

/** Opens the real sidebar by the popup's button. */
export async function openSidebar(browser: Browser): Promise<Page> {
  const popup = await openPopup(browser);
  const appears = ownPage(browser, "panel.html");
  // The click closes the popup, sometimes before it is reported as done; what counts is that the sidebar appears.
  await popup
    .getByRole("button", { name: "Open the sidebar" })
    .click()
    .catch((error: unknown) => {
      if (!popup.isClosed()) throw error;
    });
  return appears;
}

/** Opens the settings page by the popup's button. */
export async function openSettings(browser: Browser): Promise<Page> {
  const appears = ownPage(browser, "options.html");
  await (await openPopup(browser)).getByRole("button", { name: "Settings…" }).click();
  return appears;
}

/** A page of the extension that is about to appear. */
function ownPage({ context, extensionId }: Browser, path: string): Promise<Page> {
  const address = `chrome-extension://${extensionId}/${path}`;
  // A busy machine tells of a page before the page has its address.
  const arrives = (page: Page) =>
    page.waitForURL(address, { waitUntil: "commit" }).then(
      () => true,
      () => false,
    );
  return context.waitForEvent("page", arrives);
}

/** Waits until the sidebar has looked up everybody of the thread with this subject. */
export async function waitForPeople(sidebar: Page, subject: string): Promise<void> {
  await sidebar.getByRole("heading", { level: 1, name: subject }).waitFor();
  await sidebar.getByText("looked up just now").waitFor();
}

/** Asks the portal about the open thread again, and waits for its answer. */
export async function refresh(sidebar: Page): Promise<void> {
  await lookedUpAgain(sidebar, () => sidebar.getByRole("button", { name: "Refresh" }).click());
}

/** Waits for the answer to what `ask` asks: the sentence that tells of an earlier one goes first, and its element doesn't come back. */
export async function lookedUpAgain(sidebar: Page, ask: () => Promise<void>): Promise<void> {
  const earlier = await sidebar.getByText(/looked up just now|as of \S/).elementHandle();
  await ask();
  await earlier?.waitForElementState("hidden");
  await sidebar.getByText("looked up just now").waitFor();
}

/** Opens the demo's other thread from the inbox: one message, of the person's own, with a blind copy. */
export async function openColdStore(gmail: Page, sidebar: Page): Promise<void> {
  await gmail.goto(inboxUrl);
  await gmail.click("tr.zA:visible >> text=Cold store");
  await waitForPeople(sidebar, "Cold store, phase 2: dates");
}

/** What the sidebar says of each person, everything unfolded: one line a person, its parts apart by " · ". */
export async function peopleShown(sidebar: Page): Promise<string[]> {
  // A menu opens the same way, but hides again when the next one is opened.
  const folded = sidebar.locator(".cards [aria-expanded=false]:not([aria-haspopup])");
  while ((await folded.count()) > 0) await folded.first().click();
  const people = await sidebar.locator(".cards > li:not(.fold-row), .rows > li").allInnerTexts();
  return people.map((text) =>
    text
      .split(/\s*\n\s*/)
      .filter(Boolean)
      .join(" · "),
  );
}
