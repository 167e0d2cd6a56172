// The content script in a real Chromium, on our own Gmail.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { caseHtml, cases } from "../../demo/gmail/cases.mjs";
import { inboxUrl, pilotOrderUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { readPage } from "../src/gmail/read.ts";
import type { Reading } from "../src/gmail/reading.ts";
import type { ThreadMessage } from "../src/messages.ts";
import { projectRoot } from "../test/project.ts";
import { parsePage } from "../tools/page-report.ts";
import { type Browser, launchBrowser } from "./browser.ts";

const folder = join(projectRoot, "demo/gmail");
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Asks the content script of the page in front, as the worker does. */
async function readNow(): Promise<Reading> {
  const reply: ThreadMessage = await browser.worker.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    if (tab?.id === undefined) throw new Error("no tab is in front");
    return await chrome.tabs.sendMessage(tab.id, { type: "readNow" });
  });
  assert.equal(reply.type, "thread");
  return reply.reading;
}

/** Asks until the content script is sure: what a page changes to is believed once it was seen twice. */
async function readOnce(sure: (reading: Reading) => boolean): Promise<Reading> {
  for (;;) {
    const reading = await readNow();
    if (sure(reading)) return reading;
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Opens a page with its own idea of Gmail, and collects what goes wrong in it. */
async function openGmail(address: string, html?: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await routeGmail(page, folder, html);
  await page.goto(address);
  await page.bringToFront();
  return { page, errors };
}

const subjectOf = (reading: Reading) => (reading.state === "thread" ? reading.thread.subject : reading.state);

test("follows a person through the mailbox", async () => {
  const { page, errors } = await openGmail(inboxUrl);
  await page.waitForSelector("tr.zA");
  assert.equal((await readNow()).state, "none");

  await page.click("tr.zA >> text=Pilot order");
  assert.equal(page.url(), pilotOrderUrl);
  await page.waitForSelector("h2.hP:visible");
  const opened = await readOnce(({ state }) => state === "thread");
  assert.equal(opened.account.email, "lena@brightline.example");
  assert.ok(opened.state === "thread");
  assert.deepEqual(
    opened.thread.participants.map(({ email }) => email),
    [
      "marie.rousseau@helion.example",
      "lena@brightline.example",
      "jonas.weber@nordwerk.example",
      "ann@brightline.example",
      "priya@corvus-logistics.example",
      "tom@brightline.example",
    ],
  );
  assert.deepEqual(opened.thread.gaps, []);
  assert.equal(opened.thread.messages[0]?.to, null);

  await page.click("[role=listitem] .gs >> nth=0");
  const expanded = await readOnce((reading) => reading.state === "thread" && reading.thread.messages[0]?.to !== null);
  assert.ok(expanded.state === "thread");
  assert.deepEqual(expanded.thread.messages[0]?.to, [
    { name: null, email: "lena@brightline.example" },
    { name: "Ann", email: "ann@brightline.example" },
  ]);

  await page.goBack();
  await page.click("tr.zA:visible >> text=Quote for the Starnberg hall");
  await page.waitForSelector("h2.hP:visible");
  await readOnce((reading) => subjectOf(reading) === "Quote for the Starnberg hall");
  await page.click("a.back:visible");
  await readOnce(({ state }) => state === "none");
  assert.deepEqual(errors, []);
  await page.close();
});

test("loads a thread's address directly", async () => {
  const { page } = await openGmail(pilotOrderUrl);
  await page.waitForSelector("h2.hP");
  await readOnce((reading) => subjectOf(reading) === "Re: Pilot order, 40 sensors for the Lyon plant");
  await page.close();
});

test("a style sheet hides an earlier view as well as an inline style does", async () => {
  const example = cases.find(({ name }) => name === "stale-hidden-previous");
  assert.ok(example);
  const html = caseHtml(example)
    .replaceAll('style="display: none;"', "data-earlier")
    .replace("</head>", "<style>[data-earlier] { display: none }</style></head>");
  const { page } = await openGmail(example.url, html);
  const reading = await readOnce(({ state }) => state !== "none");
  assert.equal(subjectOf(reading), "Current words");
  await page.close();
});

/** Pages that may be about to change: asked at once, the script says only whose mailbox it is. */
const unsure = new Set(["messages-unknown", "stale-heading", "just-sent", "no-heading", "two-headings"]);

for (const example of cases) {
  test(`Chromium and the tests' document agree: ${example.name}`, async () => {
    const html = caseHtml(example);
    const { page } = await openGmail(example.url, html);
    const expected = readPage(parsePage(html, example.url), example.url);
    if (unsure.has(example.name)) assert.deepEqual(await readNow(), { state: "none", account: expected.account });
    else assert.deepEqual(await readOnce(({ state }) => state === expected.state), expected);
    await page.close();
  });
}
