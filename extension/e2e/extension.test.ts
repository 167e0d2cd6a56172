// The built extension by itself in a real Chromium, before any host exists.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { type Browser, knownExtensionIds, launchBrowser, openExtensionPage } from "./browser.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test("the worker runs under the id that host manifests allow", async () => {
  assert.ok((await knownExtensionIds()).includes(browser.extensionId));
});

test("the content script runs in Gmail and nowhere else", async () => {
  await browser.context.route("https://*/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<p>A page</p>" }),
  );
  assert.equal(await countContentScripts("https://mail.google.com/mail/u/0/"), 1);
  assert.equal(await countContentScripts("https://calendar.google.com/"), 0);
});

/** How many worlds of the extension a page has once it has loaded. */
async function countContentScripts(address: string): Promise<number> {
  const page = await browser.context.newPage();
  const session = await browser.context.newCDPSession(page);
  let worlds = 0;
  session.on("Runtime.executionContextCreated", ({ context }) => {
    if (context.origin === `chrome-extension://${browser.extensionId}`) worlds += 1;
  });
  await session.send("Runtime.enable");
  await page.goto(address);
  await page.close();
  return worlds;
}

test("neither the worker nor a page of the extension can reach the network", async (t) => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.setHeader("Access-Control-Allow-Origin", "*").end("reached");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const attempt = (address: string) =>
    fetch(address).then(
      (answer) => answer.text(),
      (error: unknown) => String(error),
    );

  const blank = await browser.context.newPage();
  await blank.goto(`${origin}/page`);
  assert.equal(await blank.evaluate(attempt, `${origin}/ordinary-page`), "reached");
  assert.equal(await browser.worker.evaluate(attempt, `${origin}/worker`), "TypeError: Failed to fetch");
  for (const path of ["popup.html", "panel.html", "connect.html", "options.html"]) {
    const page = await openExtensionPage(browser, path);
    assert.equal(await page.evaluate(attempt, `${origin}/${path}`), "TypeError: Failed to fetch", path);
    await page.close();
  }
  await blank.close();
  assert.deepEqual(
    requests.filter((path) => path !== "/favicon.ico"),
    ["/page", "/ordinary-page"],
  );
});

test("no page of the extension takes markup from a string", async () => {
  const page = await openExtensionPage(browser, "panel.html");
  const outcome = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<b>markup</b>";
      return "taken";
    } catch (error) {
      return (error as Error).name;
    }
  });
  await page.close();
  assert.equal(outcome, "TypeError");
});
