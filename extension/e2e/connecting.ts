import type { Page } from "playwright-core";
import { type Browser, openExtensionPage } from "./browser.ts";
import { openPopup } from "./sidebar.ts";
import type { Stage } from "./stage.ts";

/** Fills in the connect form as the person does, and leaves its page showing what came of it. */
export async function connectByForm({ browser, portal, gmail }: Stage): Promise<Page> {
  const form = await openExtensionPage(browser, "connect.html");
  await form.getByText("Connecting switches on lookups for").waitFor();
  await form.getByLabel("Portal address").fill(portal.baseUrl);
  await form.getByLabel("Client ID").fill(portal.clientId);
  await form.getByLabel("Client secret", { exact: true }).fill(portal.clientSecret);
  await form.getByText("Redirect address", { exact: true }).click();
  await form.getByLabel("Port", { exact: true }).fill(new URL(portal.callbackUrl).port);
  await form.getByRole("button", { name: "Continue in the browser" }).click();
  await form.getByRole("heading", { name: /^Connected to / }).waitFor();
  await gmail.bringToFront();
  return form;
}

/** Disconnects in the popup, as the person does. */
export async function disconnect(browser: Browser): Promise<void> {
  const popup = await openPopup(browser);
  await popup.getByRole("button", { name: "Disconnect" }).click();
  await popup.getByRole("button", { name: "Disconnect" }).click();
  await popup.getByText("Disconnected.").waitFor();
}
