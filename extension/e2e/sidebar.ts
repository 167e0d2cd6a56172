import type { Page } from "playwright-core";
import { type Browser, openExtensionPage } from "./browser.ts";

/** Opens the real sidebar in the window of the browser's first tab, and gives it as a page. */
export async function openSidebar(browser: Browser): Promise<Page> {
  const appears = browser.context.waitForEvent("page", (page) => isSidebar(page));
  const opener = await openExtensionPage(browser, "popup.html");
  // Playwright evaluates as if the person had clicked, which is what the browser asks for.
  await opener.evaluate(async () => {
    const { id } = await chrome.windows.getCurrent();
    if (id !== undefined) await chrome.sidePanel.open({ windowId: id });
  });
  const sidebar = await appears;
  await opener.close();
  return sidebar;
}

function isSidebar(page: Page): boolean {
  return page.url().startsWith("chrome-extension://") && new URL(page.url()).pathname === "/panel.html";
}
