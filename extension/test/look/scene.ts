import type { Page } from "playwright-core";
import { messagesOf } from "../ui/dom.ts";
import type { Scene } from "./scenes.ts";
import { standIn, type Tongue } from "./stub.ts";

/** Opens a scene's page in a tab, with its script for the worker, and presses what is to be pressed. */
export async function openScene(page: Page, extensionId: string, scene: Scene, tongue?: Tongue): Promise<void> {
  const { state, answers } = scene;
  await page.addInitScript(standIn, { state, answers, tongue });
  await page.goto(`chrome-extension://${extensionId}/${scene.page}.html`);
  await page.locator("h1, .starting").first().waitFor();
  const messages = tongue?.messages ?? messagesOf("en");
  for (const [index, name] of (scene.press ?? []).entries()) {
    if (scene.write !== undefined && index === (scene.press ?? []).length - 1)
      await page.locator("textarea").fill(scene.write);
    const [key = "", ...values] = name.split("|");
    const called = (messages[key]?.message ?? key).replace(/\$([1-9])/g, (_, place) => values[Number(place) - 1] ?? "");
    const pressed = page.getByRole("button", { name: called }).or(page.getByRole("menuitemradio", { name: called }));
    await pressed.first().click();
  }
  if (scene.find) {
    await page.getByRole("combobox").fill(scene.find);
    await page.locator("[role=listbox][aria-busy=true]").waitFor({ state: "attached" });
    if (answers["search"]?.length) await page.locator("[role=listbox][aria-busy=false]").waitFor({ state: "attached" });
  }
  if (scene.pick !== undefined) await page.getByRole("option", { name: scene.pick }).click();
  // The last answer of the script is drawn in the turn after it came.
  await page.evaluate(() => new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn), 50)));
}
