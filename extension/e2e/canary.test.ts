// What is left in the browser's own profile, and in the host's folder with its log, when a contact was made, an e-mail was logged, tokens
// were renewed, and the browser is closed.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { marie, priya } from "../../demo/gmail/people.mjs";
import { beside, subject } from "./beside.ts";
import { createContactAndLog } from "./logging.ts";

/** All files below a folder, with their paths from it. */
async function filesIn(folder: string): Promise<{ path: string; content: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({ path: file.slice(folder.length + 1), content: await readFile(file) })),
  );
}

test("SEC-32: no secret is in the browser's profile, and no person, subject or text where extension and host keep things", async (t) => {
  const { browser, host, portal, sidebar } = await beside(t);
  // In the middle of it the tokens are renewed, so that there are old and new ones.
  await portal.fault({ kind: "expiredToken" });
  await createContactAndLog(sidebar);
  // The session token, to know that this finds what is there.
  const { session } = await browser.worker.evaluate(() => chrome.storage.local.get("session"));
  assert.ok(typeof session === "string" && session.length > 20);
  const tokens = await portal.tokens();
  assert.ok(tokens.length >= 4, "two pairs of tokens were issued");
  const said: string[] = [];
  // The check ends with 1 after warnings.
  for (const command of ["--check", "--check --json", "status --json", "ledger --json", "sessions list"])
    said.push(
      await host.run(...command.split(" ")).catch((error: unknown) => String(Reflect.get(Object(error), "stdout"))),
    );
  await browser.context.close();

  const holding = (files: { path: string; content: Buffer }[], mark: string) =>
    files
      .filter(({ content }) => content.includes(mark) || content.includes(Buffer.from(mark, "utf16le")))
      .map(({ path }) => path);
  const profile = await filesIn(browser.profile);
  const own = profile.filter(({ path }) => path.includes(browser.extensionId) || /\/Extension /.test(path));
  assert.ok(own.some(({ path }) => path.includes("Local Extension Settings")));
  assert.notDeepEqual(holding(own, session), [], "what is kept is found");
  const state = await filesIn(String(host.environment["GMAIL_SYNC_HOME"]));
  for (const secret of [portal.clientSecret, ...tokens]) {
    assert.deepEqual(holding(profile, secret), []);
    assert.deepEqual(holding(state, secret), []);
    assert.ok(!said.some((words) => words.includes(secret)), "a command says it");
  }
  assert.notDeepEqual(holding(state, "crm.activity.add"), [], "the ledger is found");
  const people = [marie, priya].flatMap(({ name, email }) => [email, ...name.split(" ")]);
  for (const mark of [...people, "Helion", "Corvus", subject, "Pilot order", "week 50 suits us"]) {
    assert.deepEqual(holding(own, mark), [], mark);
    assert.deepEqual(holding(state, mark), [], mark);
  }
  await host.run("purge", "--yes");
});
