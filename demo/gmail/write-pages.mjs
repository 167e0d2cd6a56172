// Writes the pages of cases.mjs as files, to look at them or to give them to `read-page`:  node demo/gmail/write-pages.mjs FOLDER
// Prints each file with the address it belongs to.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caseHtml, cases } from "./cases.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("usage: node demo/gmail/write-pages.mjs FOLDER\n");
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  for (const example of cases) {
    const file = join(folder, `${example.name}.html`);
    writeFileSync(file, caseHtml(example));
    process.stdout.write(`${file} ${example.url}\n`);
  }
}
