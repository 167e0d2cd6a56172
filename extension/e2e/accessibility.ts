import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { extensionRoot } from "../test/project.ts";

/** What axe finds wrong with a page as it stands once it has come to rest, one line a rule. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // As a script element the extension's own policy would refuse it.
  await page.evaluate(await readFile(join(extensionRoot, "node_modules/axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    // A colour on its way to another is nobody's choice.
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
    const { violations } = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
