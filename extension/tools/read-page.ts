// npm --prefix extension run --silent read-page -- FILE.html --url URL
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { reportPage } from "./page-report.ts";

const usage =
  "usage: npm --prefix extension run --silent read-page -- FILE.html [--url https://mail.google.com/mail/u/0/#…]";

/** Prints what the reader sees in a saved page; exit code 2 if it can't be read. */
export function main(parameters: string[]): void {
  try {
    const { positionals, values } = parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { url: { type: "string", default: "https://mail.google.com/mail/u/0/" } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error("Name one saved page.");
    if (!URL.canParse(values.url)) throw new Error("The value of --url is not an address.");
    // npm runs scripts in the package's folder and keeps the caller's in INIT_CWD.
    const html = readFileSync(resolve(process.env["INIT_CWD"] ?? ".", file), "utf8");
    process.stdout.write(`${JSON.stringify(reportPage(html, values.url), null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exitCode = 2;
  }
}
