// Takes the walk's pictures and numbers them in the order in which they are taken.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** How wide a side panel is when Chrome opens it, and how high beside the fake Gmail. */
export const sidebarSize = { width: 360, height: 800 };

export interface Camera {
  /** Leaves a picture; `shows` is printed with its path, which is returned. */
  take(page: Page, name: string, shows: string): Promise<string>;
}

export async function openCamera(folder: string): Promise<Camera> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  return {
    async take(page, name, shows) {
      if (taken.has(name)) throw new Error(`two pictures are called ${name}`);
      taken.add(name);
      const path = join(folder, `${String(taken.size).padStart(2, "0")}-${name}.png`);
      await page.screenshot({ path, animations: "disabled" });
      console.log(`${shows}\n  ${path}`);
      return path;
    },
  };
}

/** As high as what stands in it, so that the picture has all of it. */
export async function unroll(page: Page, width: number = sidebarSize.width, least = 0): Promise<void> {
  await resize(page, { width, height: least || 100 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await resize(page, { width, height: Math.max(height, least) });
}

/** Until the page is drawn in its new size a picture would hold pieces of the old one. */
export async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await page.waitForFunction((height) => innerHeight === height, size.height);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}
