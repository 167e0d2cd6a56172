import type { Page } from "playwright-core";
import type { Scene } from "./scenes.ts";
import { standIn } from "./stub.ts";

/** Opens a scene's page in a tab, with its script for the worker, and presses what is to be pressed. */
export async function openScene(page: Page, extensionId: string, scene: Scene): Promise<void> {
  const { state, answers } = scene;
  await page.addInitScript(standIn, { state, answers });
  await page.goto(`chrome-extension://${extensionId}/${scene.page}.html`);
  await page.locator("h1, .starting").first().waitFor();
  for (const name of scene.press ?? []) await page.getByRole("button", { name }).first().click();
  // The last answer of the script is drawn in the turn after it came.
  await page.evaluate(() => new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn), 50)));
}
