// Pictures of every screen, to be looked at:  npm run look -- FOLDER [WORD…]
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { launchBrowser } from "../../e2e/browser.ts";
import { messagesOf } from "../ui/dom.ts";
import { openScene } from "./scene.ts";
import { type Scene, scenes } from "./scenes.ts";

interface Look {
  readonly name: string;
  readonly width: number;
  readonly colorScheme: "light" | "dark";
  readonly rtl?: boolean;
  readonly language?: string;
}

const looks: readonly Look[] = [
  { name: "light", width: 360, colorScheme: "light" },
  { name: "dark", width: 360, colorScheme: "dark" },
  { name: "narrow", width: 280, colorScheme: "light" },
  { name: "wide", width: 520, colorScheme: "light" },
  { name: "rtl", width: 360, colorScheme: "light", rtl: true },
  { name: "de", width: 360, colorScheme: "light", language: "de" },
  { name: "ru", width: 280, colorScheme: "dark", language: "ru" },
];

export async function main([folder = "pictures", ...words]: string[]): Promise<void> {
  const caller = process.env["INIT_CWD"] ?? process.cwd();
  const out = resolve(caller, folder);
  await mkdir(out, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const look of looks)
      for (const scene of scenes) {
        const name = `${scene.name}-${look.name}`;
        if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
        await picture(browser, scene, look, join(out, `${name}.png`));
      }
  } finally {
    await browser.close();
  }
}

async function picture(
  { context, extensionId }: Awaited<ReturnType<typeof launchBrowser>>,
  scene: Scene,
  look: Look,
  path: string,
): Promise<void> {
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(scene.name, error));
  page.on("console", (message) => message.type() === "error" && console.error(scene.name, message.text()));
  await page.setViewportSize({ width: scene.page === "connect" ? look.width * 2 : look.width, height: 480 });
  await page.emulateMedia({ colorScheme: look.colorScheme });
  const tongue = look.language && { language: look.language, messages: messagesOf(look.language) };
  await openScene(page, extensionId, scene, tongue || undefined);
  if (look.rtl) await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  // As high as what it shows: the foot sticks to the window's end, not to the picture's middle.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = page.viewportSize() ?? { width: look.width };
  await page.setViewportSize({ width, height: Math.max(height, 640) });
  await page.screenshot({ path, animations: "disabled" });
  await page.close();
}
