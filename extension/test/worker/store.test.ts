import assert from "node:assert/strict";
import { test } from "node:test";
import { Store, storedKeys } from "../../src/worker/store.ts";
import { reference } from "../panel/samples.ts";
import { extensionFiles, readExtensionFile } from "../project.ts";
import { FakeArea } from "./fake-area.ts";

test("exactly three things are kept", () => {
  assert.deepEqual([...storedKeys].sort(), ["portal", "reference", "session"]);
});

test("nothing but the three is ever written, whatever is given", async () => {
  const area = new FakeArea();
  const values = { session: "s", portal: "acme.bitrix24.com", reference };
  await new Store(area).write({ ...values, subject: "secret" } as typeof values);
  assert.deepEqual(Object.keys(area.items).sort(), ["portal", "reference", "session"]);
});

test("writing one leaves the others, clearing leaves none", async () => {
  const area = new FakeArea();
  const store = new Store(area);
  await store.write({ session: "one", portal: "acme.bitrix24.com" });
  await store.write({ session: "two" });
  assert.deepEqual(await store.read(), { session: "two", portal: "acme.bitrix24.com" });
  await store.clear();
  assert.deepEqual(area.items, {});
});

test("no other file of the extension touches storage, but for closing it to content scripts and the administrator's", () => {
  const users = extensionFiles("src").filter((file) =>
    /chrome\.storage|localStorage|indexedDB|caches\./.test(readExtensionFile(file)),
  );
  assert.deepEqual(users, ["src/worker/store.ts", "src/worker/worker.ts"]);
  const uses = readExtensionFile("src/worker/worker.ts").match(/chrome\.storage\.[\w.]+/g);
  assert.deepEqual(uses, [
    "chrome.storage.local",
    "chrome.storage.managed",
    "chrome.storage.managed.onChanged.addListener",
    "chrome.storage.local.setAccessLevel",
  ]);
});
