import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { caseHtml, cases } from "../../demo/gmail/cases.mjs";
import { extensionRoot } from "./project.ts";

/** Runs the command as a person would, from a folder of theirs. */
function readPage(folder: string, ...parameters: string[]) {
  const run = spawnSync("npm", ["--prefix", extensionRoot, "run", "--silent", "read-page", "--", ...parameters], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

test("prints a saved page as JSON, and says what is wrong with a command", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "gmail-sync-page-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const example = cases.find(({ name }) => name === "blind-copies");
  assert.ok(example);
  writeFileSync(join(folder, "page.html"), caseHtml(example));

  const { code, out, err } = readPage(folder, "page.html", "--url", example.url);
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), {
    openThread: true,
    threadId: "1a10c03864000100",
    subject: "Price list",
    userEmail: "lena@brightline.example",
    messages: [
      {
        messageId: "1a10c03864000100",
        from: { name: "Lena Hartmann", email: "lena@brightline.example" },
        to: [
          { name: "Marie", email: "marie.rousseau@helion.example" },
          { name: "Ann", email: "ann@brightline.example" },
        ],
        cc: null,
        collapsed: false,
      },
    ],
    participants: [
      { name: "Lena Hartmann", email: "lena@brightline.example" },
      { name: "Marie", email: "marie.rousseau@helion.example" },
      { name: "Ann", email: "ann@brightline.example" },
    ],
    incomplete: false,
  });

  for (const wrong of [["missing.html"], [], ["page.html", "--url", "no address"], ["--other"]]) {
    const failed = readPage(folder, ...wrong);
    assert.equal(failed.code, 2, wrong.join(" "));
    assert.equal(failed.out, "");
    assert.match(failed.err, /^error: .+\nusage: /);
  }
});
