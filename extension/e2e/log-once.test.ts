// An e-mail that is logged twice from the sidebar has one entry, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { idAt } from "../../demo/gmail/ids.mjs";
import { messageIdOf } from "../../demo/gmail/source.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { button, newestAt, openLog, ours, requestShown, shown } from "./logging.ts";
import { openColdStore } from "./sidebar.ts";

/** The newest message of that thread, as Gmail numbers it and as its header names it. */
const gmailId = idAt(newestAt);
const messageId = `<${messageIdOf(gmailId)}>`;

test("Gmail is asked for one header, when the log screen opens", async (context) => {
  const { browser, portal, sidebar } = await beside(context);
  const asked: string[] = [];
  browser.context.on("request", (request) => asked.push(request.url()));
  await openLog(sidebar);
  await shown(sidebar);
  const toGmail = asked.filter((address) => address.startsWith("https://mail.google.com/"));
  assert.deepEqual(toGmail, [`https://mail.google.com/mail/u/0/?view=att&th=${gmailId}&attid=0&disp=comp&safe=1&zw`]);
  const request = JSON.parse(await requestShown(sidebar));
  assert.equal(request.fields.ORIGIN_ID, createHash("sha256").update(`message:${messageId}`).digest("hex"));
  // Of the e-mail, the portal has got that hash.
  const [question, ...others] = await portal.paramsOf("crm.activity.list");
  assert.deepEqual(others, []);
  assert.deepEqual((question as { filter: unknown }).filter, {
    ORIGINATOR_ID: "gmail-sync",
    ORIGIN_ID: request.fields.ORIGIN_ID,
  });
  // Another choice asks Gmail no more.
  await sidebar.getByLabel("Subject only").check();
  await sidebar.getByRole("region", { name: "Text of the message" }).waitFor({ state: "detached" });
  assert.equal(asked.filter((address) => address.includes("view=att")).length, 1);
});

test("what is logged is said, and isn't logged again", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  await openLog(sidebar);
  await sidebar.getByText(/Logged by you, /).waitFor();
  assert.equal(await button(sidebar, "Log to 1 record").isDisabled(), true);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.equal((await portal.rows("activity")).filter(ours).length, 1);
});

test("an answer that got lost makes no second entry", async (context) => {
  const { portal, sidebar } = await beside(context);
  await openLog(sidebar);
  await portal.fault({ kind: "lostAnswer", method: "crm.activity.add", times: 1 });
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  assert.equal((await portal.rows("activity")).filter(ours).length, 1);
});

test("an outgoing e-mail left planned is completed from the log screen", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  await openColdStore(gmail, sidebar);
  await openLog(sidebar);
  await portal.fault({ kind: "badGateway", method: "crm.activity.update", times: 2 });
  await button(sidebar, "Log to 1 record").click();
  await sidebar.getByText("The portal still shows it as planned.").waitFor();
  await button(sidebar, "Complete the entry").click();
  await sidebar.getByText("The entry is completed. No mail was sent.").waitFor();
  const [entry, ...others] = (await portal.rows("activity")).filter(ours);
  assert.deepEqual([entry?.["DIRECTION"], entry?.["COMPLETED"], others], [2, "Y", []]);
});
