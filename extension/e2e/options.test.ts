// Whom the person calls a colleague, from the settings page to the sidebar.
import { test } from "node:test";
import { beside } from "./beside.ts";
import { openSettings } from "./sidebar.ts";

test("a domain of colleagues changes the sidebar at once, and back", async (context) => {
  const { browser, gmail, sidebar } = await beside(context);
  const priya = sidebar.locator(".cards > li").filter({ hasText: "Priya Menon" });
  const colleagues = (count: number) => sidebar.getByRole("button", { name: `${count} colleagues` });
  await priya.waitFor();
  await colleagues(2).waitFor();

  const settings = await openSettings(browser);
  await settings.getByLabel("One more domain, such as acme.com").fill("@Corvus-Logistics.example");
  await settings.getByLabel("One more domain, such as acme.com").press("Enter");
  const remove = settings.getByRole("button", { name: "Remove corvus-logistics.example" });
  await remove.waitFor();

  await gmail.bringToFront();
  await colleagues(3).waitFor();
  await priya.waitFor({ state: "detached" });

  await settings.bringToFront();
  await remove.click();
  await remove.waitFor({ state: "detached" });
  await gmail.bringToFront();
  await priya.waitFor();
});
