// Comments, to-dos and what happened last, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";

const add = { comment: "crm.timeline.comment.add", todo: "crm.activity.todo.add" };
const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true });

test("a comment stands at the record that was chosen, word for word", async (context) => {
  const { portal, sidebar } = await beside(context);
  await button(sidebar, "Comment").click();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("Fill this in.").waitFor();
  assert.deepEqual(await portal.writes(), []);
  const text = "Asks for <b>two</b> pallets & week 50.\n🚚";
  await sidebar.getByLabel("At", { exact: true }).selectOption({ label: "Pilot order, 40 sensors · Deal" });
  await sidebar.getByLabel("Comment", { exact: true }).fill(text);
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("Comment added to Pilot order, 40 sensors").waitFor();
  assert.deepEqual(await portal.paramsOf(add.comment), [
    { fields: { ENTITY_TYPE: "deal", ENTITY_ID: 2, COMMENT: text } },
  ]);
  assert.deepEqual(await portal.writes(), [add.comment]);
  const [made] = await portal.rows("comment");
  assert.deepEqual([made?.["COMMENT"], made?.["AUTHOR_ID"]], [text, "7"]);
});

test("a to-do is due at the moment the person means, whatever the portal's zone", async (context) => {
  const { portal, sidebar } = await beside(context);
  await button(sidebar, "To-do").click();
  assert.match(await sidebar.getByLabel("By when").inputValue(), /T09:00$/);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  await sidebar.getByLabel("What is to be done").fill("Call Marie");
  await sidebar.getByLabel("By when").fill("2020-01-01T09:00");
  await button(sidebar, "Add to-do").click();
  await sidebar.getByText("That is in the past.").waitFor();
  assert.deepEqual(await portal.writes(), []);
  await sidebar.getByLabel("By when").fill("2030-01-02T10:30");
  await button(sidebar, "Add to-do").click();
  await sidebar.getByText("To-do added to Marie Rousseau").waitFor();
  const meant = await sidebar.evaluate(() => new Date("2030-01-02T10:30").getTime());
  const [made] = (await portal.rows("activity")).filter(({ SUBJECT }) => SUBJECT === "Call Marie");
  assert.equal(Date.parse(String(made?.["DEADLINE"])), meant);
  assert.deepEqual([made?.["RESPONSIBLE_ID"], made?.["OWNER_TYPE_ID"], made?.["OWNER_ID"]], [7, 3, 2]);
  assert.deepEqual(await portal.writes(), [add.todo]);
});

test("a confirmation that gets lost adds nothing twice, and so does a host that is killed meanwhile", async (context) => {
  const { host, portal, sidebar } = await beside(context);
  await button(sidebar, "Comment").click();
  await sidebar.getByLabel("Comment", { exact: true }).fill("Once");
  await portal.fault({ kind: "lostAnswer", method: add.comment });
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("Comment added to Marie Rousseau").waitFor();
  await button(sidebar, "Comment").click();
  await sidebar.getByLabel("Comment", { exact: true }).fill("Once more");
  await portal.fault({ kind: "slowAnswer", method: add.comment });
  await button(sidebar, "Add comment").click();
  await portal.held();
  await host.kill();
  await sidebar.getByRole("alert").waitFor();
  assert.equal(await sidebar.getByLabel("Comment", { exact: true }).inputValue(), "Once more");
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("Comment added to Marie Rousseau").waitFor();
  assert.deepEqual(
    (await portal.rows("comment")).map(({ COMMENT }) => COMMENT),
    ["Once", "Once more"],
  );
  assert.deepEqual(await portal.writes(), [add.comment, add.comment]);
});

test("what the portal forbids is said, with everything that was typed; no script adds anything", async (context) => {
  const { portal, sidebar } = await beside(context);
  await portal.access("contact", 2, "read");
  await button(sidebar, "Comment").click();
  await sidebar.getByLabel("Comment", { exact: true }).fill("Not for me");
  await sidebar.evaluate(() => document.querySelector<HTMLButtonElement>("button[type=submit]")?.click());
  await sidebar.evaluate(() => document.querySelector("form")?.requestSubmit());
  assert.deepEqual(await portal.writes(), []);
  await button(sidebar, "Add comment").click();
  await sidebar.getByText("aren't enough for this").waitFor();
  assert.equal(await sidebar.getByLabel("Comment", { exact: true }).inputValue(), "Not for me");
  assert.deepEqual(await portal.rows("comment"), []);
});

test("what happened last is read when it is opened, and only then", async (context) => {
  const { portal, sidebar } = await beside(context);
  const asked = async () => (await portal.methods()).filter((method) => /activity|timeline/.test(method));
  // The lookup lists e-mails alone, to tell what was logged before.
  const before = await asked();
  assert.deepEqual(before, ["crm.activity.list"]);
  await button(sidebar, "Recent activity").click();
  await sidebar.locator(".recent").getByText("Call about the pilot").waitFor();
  await sidebar.locator(".recent").getByText("E-mail received · Ann Keller").waitFor();
  assert.deepEqual(await accessibilityProblems(sidebar), []);
  assert.deepEqual(await asked(), [...before, "crm.activity.list", "crm.timeline.comment.list"]);
  await sidebar.getByLabel("Of", { exact: true }).selectOption({ label: "Service contract 2027 · Deal" });
  await sidebar.locator(".recent").getByText("Nothing has happened here yet.").waitFor();
  await portal.switch({ missingMethods: ["crm.timeline.comment.list"] });
  await sidebar.getByLabel("Of", { exact: true }).selectOption({ label: "Marie Rousseau · Contact" });
  await sidebar.locator(".recent").getByText("Call about the pilot").waitFor();
  await sidebar.locator(".recent").getByText("has no method").waitFor();
  assert.deepEqual(await portal.writes(), []);
});
