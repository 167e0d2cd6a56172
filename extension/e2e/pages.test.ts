// Every screen in the real browser under the extension's real policy, the worker's answers scripted: no violation, no error, and
// nothing that axe finds wrong, in light and dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openScene } from "../test/look/scene.ts";
import { scenes } from "../test/look/scenes.ts";
import { messagesOf } from "../test/ui/dom.ts";
import { accessibilityProblems } from "./accessibility.ts";
import { type Browser, launchBrowser } from "./browser.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const scene of scenes)
  test(`${scene.name} keeps to the policy and can be used without eyes`, async () => {
    const page = await browser.context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await openScene(page, browser.extensionId, scene);
    for (const colorScheme of ["light", "dark"] as const) {
      // Colours that are still changing over are nobody's contrast.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await accessibilityProblems(page), [], colorScheme);
    }
    assert.deepEqual(errors, []);
    await page.close();
  });

/** The widths a page can have; the popup sets its own. */
const widths = { panel: [240, 280, 360, 520], popup: [360], connect: [320, 1280], options: [320, 1280] } as const;

for (const language of ["en", "de", "ru"])
  test(`nothing runs out of the window in ${language}`, async () => {
    const page = await browser.context.newPage();
    for (const scene of scenes) {
      await openScene(page, browser.extensionId, scene, { language, messages: messagesOf(language) });
      for (const width of widths[scene.page]) {
        await page.setViewportSize({ width, height: 700 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${scene.name} is ${over} px too wide at ${width}`);
      }
    }
    await page.close();
  });
