// Who belongs to the company and who doesn't, in a real Chromium with the real host and the fake portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { ann, lena, marie, tom } from "../../demo/gmail/people.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { beside } from "./beside.ts";
import { cannotSetPolicies, machinePolicy } from "./machine-policy.ts";
import { openOwnThread } from "./own-thread.ts";
import { openSettings, peopleShown, waitForPeople } from "./sidebar.ts";

const person = (name: string, email: string) => ({ name, email });
const henrik = person("Henrik Lund", "henrik@brightline.example");
const sofia = person("Sofia Marchetti", "sofia@studio-marchetti.example");
const vera = person("Vera Lindqvist", "vera@agentur-lindqvist.example");
const lenaAtHome = person("Lena", "lena.hartmann@fastmail.example");
const partner = person("Rosa Prieto", "rosa@sister-company.example");
const stranger = person("Otto Kern", "otto@kern-werkzeuge.example");

const colleaguesOnly = "Everybody else in this thread is a colleague.";
const creates = (sidebar: Page) => sidebar.getByRole("button", { name: /^(Create|Add to existing)/ });

async function add(settings: Page, label: string, value: string): Promise<void> {
  await settings.getByLabel(label, { exact: true }).fill(value);
  await settings.getByLabel(label, { exact: true }).press("Enter");
  await settings.getByRole("button", { name: `Remove ${value}` }).waitFor();
}

test("users of the portal are shown as what they are, and the person by none of their addresses", async (context) => {
  const { browser, gmail, sidebar } = await beside(context);
  const settings = await openSettings(browser);
  await add(settings, "One more address", lenaAtHome.email);
  await settings.close();
  const subject = "Leaflet for the fair";
  await openOwnThread(gmail, { subject, from: vera, to: [lena, lenaAtHome, ann, henrik, sofia, stranger] });
  await waitForPeople(sidebar, subject);
  const people = (await peopleShown(sidebar)).toSorted();
  const shown = (name: string) => people.find((line) => line.includes(name)) ?? "";
  assert.match(shown("Ann Keller"), /Key account manager/);
  assert.match(shown("Henrik Lund"), /Former colleague/);
  assert.match(shown("Sofia Marchetti"), /External user/);
  assert.match(shown("Vera Lindqvist"), /Former external user/);
  assert.match(shown("Otto Kern"), /Not in CRM/);
  assert.equal(people.length, 5, `nobody else: ${people.join("; ")}`);
  assert.deepEqual(await accessibilityProblems(sidebar), []);
});

test("a thread among colleagues only says so and offers no creation; a domain taken off makes a stranger", async (context) => {
  const { browser, gmail, portal, sidebar } = await beside(context);
  const settings = await openSettings(browser);
  await add(settings, "One more domain, such as acme.com", "sister-company.example");
  const subject = "Lunch on Friday";
  await openOwnThread(gmail, { subject, from: ann, to: [lena, tom, partner] });
  await gmail.bringToFront();
  await waitForPeople(sidebar, subject);
  await sidebar.getByText(colleaguesOnly).waitFor();
  assert.equal(await creates(sidebar).count(), 0);
  const people = await peopleShown(sidebar);
  assert.equal(people.length, 3, people.join("; "));
  assert.equal(await creates(sidebar).count(), 0, "unfolded neither");
  assert.deepEqual(await accessibilityProblems(sidebar), []);

  await settings.bringToFront();
  await settings.getByRole("button", { name: "Remove sister-company.example" }).click();
  await gmail.bringToFront();
  await sidebar.getByRole("heading", { name: "Rosa Prieto" }).waitFor();
  await sidebar.getByText(colleaguesOnly).waitFor({ state: "detached" });
  await creates(sidebar).first().waitFor();
  assert.deepEqual(await portal.writes(), []);
});

test("in a mailbox of another address the portal knows the person still", async (context) => {
  const { gmail, sidebar } = await beside(context);
  const subject = "To myself";
  await openOwnThread(gmail, { subject, from: lenaAtHome, to: [lena], account: lenaAtHome });
  await sidebar.getByRole("button", { name: "Look up people", exact: true }).click();
  await sidebar.getByText("Nobody but you is in this thread.").waitFor();
  assert.equal(await creates(sidebar).count(), 0);
});

test("the administrator's domains are colleagues' and can't be taken off", {
  skip: await cannotSetPolicies(),
}, async (context) => {
  const policy = await machinePolicy({}, { TeamDomains: ["sister-company.example", "helion.example"] });
  context.after(policy.close);
  const { browser, gmail, sidebar } = await beside(context, { executable: policy.executable });
  const subject = "Stock of both plants";
  await openOwnThread(gmail, { subject, from: partner, to: [lena, marie] });
  await waitForPeople(sidebar, subject);
  await sidebar.getByText(colleaguesOnly).waitFor();
  assert.equal(await creates(sidebar).count(), 0);
  const settings = await openSettings(browser);
  await settings.getByText("sister-company.example").waitFor();
  assert.equal(await settings.getByRole("button", { name: "Remove sister-company.example" }).count(), 0);
});
