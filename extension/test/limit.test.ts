import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { extensionRoot } from "./project.ts";

/** Runs a test file under a limit. */
async function run(source: string, seconds: number): Promise<{ code: number | null; said: string }> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-limit-"));
  try {
    const file = join(folder, "example.test.mjs");
    await writeFile(file, `import { test } from "node:test";\n${source}`);
    const limit = `${pathToFileURL(join(extensionRoot, "test/limit.mjs"))}?seconds=${seconds}`;
    // This file's own context would make the other one report to it.
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const child = spawn(process.execPath, ["--import", limit, "--test", file], { env: environment });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const said = (await Promise.all([text(child.stdout), text(child.stderr)])).join("");
    return { code: await ended, said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a test that never ends is ended, and named", async () => {
  for (const forever of ["() => { for (;;); }", "async () => { for (;;) await new Promise(setImmediate); }"]) {
    const { code, said } = await run(`test("quick", () => {});\ntest("turns in circles", ${forever});`, 5);
    assert.notEqual(code, 0);
    assert.match(said, /example\.test\.mjs was ended: the test "turns in circles" ran longer than 5 s\./);
  }
});

test("so is what stands outside of tests", async () => {
  const { code, said } = await run("for (;;);", 5);
  assert.notEqual(code, 0);
  assert.match(said, /example\.test\.mjs was ended: what is outside of its tests ran longer/);
});

test("a file within the limit passes and ends", async () => {
  const { code, said } = await run('test("outer", (t) => t.test("inner", () => {}));', 600);
  assert.equal(code, 0, said);
  assert.doesNotMatch(said, /was ended/);
});
