import { execFile } from "node:child_process";
import type { BrowserContext, Page } from "playwright-core";
import type { Host } from "./host.ts";
import { builtProgram } from "./programs.ts";

const COLUMNS = 120;

/** What `gmail-sync-host --check` prints in a terminal; that it ends with 1 or 2 where something is wrong is no failure. */
export function checked(host: Host, ...parameters: string[]): Promise<string> {
  const env = { ...process.env, ...host.environment };
  const program = [builtProgram("host"), "--check", ...parameters].map((word) => `'${word}'`).join(" ");
  const line = `stty cols ${COLUMNS} rows 50 && ${program}`;
  return new Promise((resolve, reject) => {
    execFile("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env }, (error, stdout) => {
      if (error !== null && stdout === "") reject(error);
      else resolve(stdout.replaceAll("\r\n", "\n"));
    });
  });
}

/** A page that looks like a terminal in which `command` printed `text`. */
export async function terminal(context: BrowserContext, command: string, text: string): Promise<Page> {
  const page = await context.newPage();
  await page.setContent(
    "<style>body{margin:0;background:#1e1e1e}pre{margin:0;padding:16px;color:#ddd;font:14px/1.45 monospace;white-space:pre-wrap}</style><pre></pre>",
  );
  const pre = page.locator("pre");
  await pre.evaluate((element, shown) => element.append(shown), `$ ${command}\n${text}`);
  // As wide as the columns, and as high as what stands in it.
  const width = 1050;
  await page.setViewportSize({ width, height: 100 });
  const height = await pre.evaluate((element) => element.scrollHeight);
  await page.setViewportSize({ width, height });
  return page;
}
