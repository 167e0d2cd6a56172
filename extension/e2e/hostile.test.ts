// A page script in Gmail and a second extension that mean no good, in the real browser beside the real product.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { beside, subject } from "./beside.ts";
import { openExtensionPage, workerOf } from "./browser.ts";
import { waitForPeople } from "./sidebar.ts";

/** An extension that asks for all it can get. */
async function hostileExtension(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-hostile-"));
  const manifest = {
    manifest_version: 3,
    name: "Hostile",
    version: "1",
    permissions: ["nativeMessaging", "tabs", "scripting", "storage"],
    host_permissions: ["<all_urls>"],
    background: { service_worker: "hostile.js" },
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "hostile.js"), "// Driven by the test.");
  return folder;
}

test("SEC-02, SEC-04: neither a page script nor another extension gets through", async (t) => {
  const folder = await hostileExtension();
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { browser, gmail, host, portal, sidebar } = await beside(t, { others: [folder] });
  const id = browser.extensionId;
  const asked = async () => (await (await fetch(`${portal.baseUrl}/_fake/stats`)).json()).httpCalls as number;
  const status = () => host.run("status", "--json");
  const [callsBefore, statusBefore] = [await asked(), await status()];

  await t.test("a page script has no way to the extension", async () => {
    const outcome = await gmail.evaluate(async (id) => {
      const runtime = (globalThis as { chrome?: { runtime?: { sendMessage?: unknown } } }).chrome?.runtime;
      const reach = (path: string) =>
        fetch(`chrome-extension://${id}/${path}`).then(
          () => "reached",
          () => "refused",
        );
      const frame = (path: string) =>
        new Promise<string>((resolve) => {
          const element = document.createElement("iframe");
          element.src = `chrome-extension://${id}/${path}`;
          element.addEventListener("load", () => {
            // A page of the extension would be another origin's; the browser's error page is too, but opaque and empty.
            resolve(element.contentWindow?.length === 0 ? "empty" : "loaded");
            element.remove();
          });
          document.body.append(element);
        });
      for (const message of [{ type: "readNow" }, { id: "1", method: "disconnect", params: { everywhere: true } }])
        window.postMessage(message, "*");
      return {
        sendMessage: typeof runtime?.sendMessage,
        fetched: await Promise.all(["panel.html", "popup.html", "worker.js", "manifest.json"].map(reach)),
        framed: await Promise.all(["panel.html", "popup.html", "connect.html"].map(frame)),
      };
    }, id);
    assert.equal(outcome.sendMessage, "undefined");
    assert.deepEqual(outcome.fetched, ["refused", "refused", "refused", "refused"]);
    assert.deepEqual(outcome.framed, ["empty", "empty", "empty"]);
    // No frame of ours came to be.
    assert.deepEqual(gmail.frames().filter((frame) => frame.url().startsWith("chrome-extension:")).length, 0);
  });

  await t.test("another extension is answered by nobody, and the host isn't started for it", async () => {
    const hostile = await workerOf(browser.context, (other) => other !== id);
    const outcome = await hostile.evaluate(async (id) => {
      const lastError = () => chrome.runtime.lastError?.message ?? "none";
      const message = (content: unknown) =>
        chrome.runtime.sendMessage(id, content).then(
          (answer: unknown) => `answered ${JSON.stringify(answer)}`,
          (error: Error) => error.message,
        );
      const port = (open: () => chrome.runtime.Port, content: unknown) =>
        new Promise<string>((resolve) => {
          const opened = open();
          opened.onMessage.addListener((answer: unknown) => resolve(`answered ${JSON.stringify(answer)}`));
          opened.onDisconnect.addListener(() => resolve(lastError()));
          opened.postMessage(content);
        });
      const disconnect = { id: "1", method: "disconnect", params: { everywhere: true } };
      return {
        message: await message(disconnect),
        reading: await message({ type: "reading", state: { is: "open" } }),
        port: await port(() => chrome.runtime.connect(id, { name: "page" }), disconnect),
        native: await port(() => chrome.runtime.connectNative("local.gmail_sync_bitrix24"), {
          v: 1,
          id: "1",
          method: "hello",
          params: { protocols: [1], extension: "1" },
        }),
      };
    }, id);
    assert.equal(outcome.message, "Could not establish connection. Receiving end does not exist.");
    assert.equal(outcome.reading, outcome.message);
    assert.equal(outcome.port, outcome.message);
    assert.equal(outcome.native, "Access to the specified native messaging host is forbidden.");
  });

  await t.test("a foreign script in Gmail can't speak for the reader, nor click in the sidebar", async () => {
    const hostile = await workerOf(browser.context, (other) => other !== id);
    // The sidebar itself is in no tab, where a script could be put.
    const inTab = await openExtensionPage(browser, "panel.html");
    const outcome = await hostile.evaluate(async (id) => {
      const [tab] = await chrome.tabs.query({ url: "https://mail.google.com/*" });
      if (tab?.id === undefined) throw new Error("no Gmail");
      const [injected] = await chrome.scripting.executeScript({
        target: { tabId: tab.id },
        args: [id],
        func: (id: string) =>
          chrome.runtime.sendMessage(id, { type: "reading", mailbox: "victim@example.com" }).then(
            () => "answered",
            (error: Error) => error.message,
          ),
      });
      const panels = (await chrome.tabs.query({})).filter(({ url }) => url?.startsWith(`chrome-extension://${id}/`));
      const clicks = await Promise.all(
        panels.map(({ id: tabId = 0 }) =>
          chrome.scripting
            .executeScript({ target: { tabId }, func: () => document.querySelector("button")?.click() })
            .then(
              () => "clicked",
              (error: Error) => error.message,
            ),
        ),
      );
      return { injected: injected?.result, clicks };
    }, id);
    assert.match(String(outcome.injected), /Receiving end does not exist/);
    assert.equal(outcome.clicks.length, 1);
    assert.match(String(outcome.clicks[0]), /^Cannot access/);
    await inTab.close();
    await gmail.bringToFront();
  });

  assert.equal(await asked(), callsBefore, "nothing more was sent");
  assert.equal(await status(), statusBefore, "and nothing was changed");
  await waitForPeople(sidebar, subject);
  await host.run("purge", "--yes");
});
