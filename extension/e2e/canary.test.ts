// What is left in the browser's own profile when everything was done and the browser is closed.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { beside, subject } from "./beside.ts";

/** All files below a folder, with their paths from it. */
async function filesIn(folder: string): Promise<{ path: string; content: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({ path: file.slice(folder.length + 1), content: await readFile(file) })),
  );
}

test("SEC-32: no secret is in the browser's profile, and no person or subject where the extension keeps things", async (t) => {
  const { browser, host, portal } = await beside(t);
  // The session token, to know that this finds what is there.
  const { session } = await browser.worker.evaluate(() => chrome.storage.local.get("session"));
  assert.ok(typeof session === "string" && session.length > 20);
  await browser.context.close();

  const holding = (files: { path: string; content: Buffer }[], mark: string) =>
    files
      .filter(({ content }) => content.includes(mark) || content.includes(Buffer.from(mark, "utf16le")))
      .map(({ path }) => path);
  const profile = await filesIn(browser.profile);
  const own = profile.filter(({ path }) => path.includes(browser.extensionId) || /\/Extension /.test(path));
  assert.ok(own.some(({ path }) => path.includes("Local Extension Settings")));
  assert.notDeepEqual(holding(own, session), [], "what is kept is found");
  assert.deepEqual(holding(profile, portal.clientSecret), []);
  for (const mark of ["marie.rousseau@helion.example", "Rousseau", "Helion", subject, "Pilot order"])
    assert.deepEqual(holding(own, mark), [], mark);
  await host.run("purge", "--yes");
});
