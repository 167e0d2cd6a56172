// The whole product in a real Chromium: from "Connect your portal" to who the people of a thread are, and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { accessibilityProblems } from "./accessibility.ts";
import { subject } from "./beside.ts";
import { connectByForm, disconnect } from "./connecting.ts";
import { bytesOf } from "./host.ts";
import { openPopup, openSidebar, peopleShown, waitForPeople } from "./sidebar.ts";
import { setStage } from "./stage.ts";

test("from connecting to who they are, and out again", async (journey) => {
  const stage = await setStage();
  journey.after(stage.close);
  let sidebar: Page;

  await journey.test("with a host and without a portal the sidebar offers to connect", async () => {
    sidebar = await openSidebar(stage.browser);
    await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
    assert.deepEqual(await accessibilityProblems(sidebar), []);
  });

  await journey.test("the connect form brings the browser to the portal and back", async () => {
    const form = await connectByForm(stage);
    await form.getByText("The portal knows you as").waitFor();
    assert.deepEqual(await accessibilityProblems(form), []);
    await form.close();
  });

  await journey.test("opening a thread shows who its people are", async () => {
    await stage.gmail.goto(pilotOrderUrl);
    await waitForPeople(sidebar, subject);
    const people = await peopleShown(sidebar);
    assert.equal(people.length, 5);
    const [marie = "", jonas = "", priya = "", ...colleagues] = people;
    for (const piece of [
      "Marie Rousseau Contact",
      "Head of Procurement",
      "Helion Automation SAS",
      "marie.rousseau@helion.example",
      "Ann Keller responsible",
      "2 open deals",
      "Pilot order, 40 sensors · €48,600 · Offer sent · Sales",
      "Service contract 2027 · €12,800 · Negotiation · Service",
    ]) {
      assert.ok(marie.includes(piece), `${piece} is missing in ${marie}`);
    }
    assert.match(jonas, /Jonas Weber Lead .*Web form, 12 Nov · €9,500 · In progress · Tom Brandt/);
    assert.match(priya, /Priya Menon Not in CRM · priya@corvus-logistics\.example/);
    assert.deepEqual(
      colleagues.map((colleague) => colleague.replace(/^.*? · /, "")),
      ["Ann Keller · Key account manager", "Tom Brandt · Sales, inbound"],
    );
    assert.deepEqual(await accessibilityProblems(sidebar), []);
  });

  await journey.test("what left the machine is in the ledger, and no name, address or subject is", async () => {
    const ledger = await stage.host.run("ledger");
    assert.match(ledger, /crm\.duplicate\.findbycomm/);
    for (const word of ["Rousseau", "@", "Pilot", stage.portal.clientSecret]) assert.ok(!ledger.includes(word), word);
    assert.match(
      await stage.host.run("ledger", "--address", "Marie.Rousseau@helion.example"),
      /crm\.duplicate\.findbycomm/,
    );
    assert.doesNotMatch(await stage.host.run("ledger", "--address", "somebody@else.example"), /crm\./);
  });

  await journey.test("the popup tells what left this computer, byte for byte what the portal counted", async () => {
    const popup = await openPopup(stage.browser);
    await popup.getByRole("button", { name: "What left this computer" }).click();
    await popup.getByText("Looked up 5 addresses").waitFor();
    await popup.getByText("No line of the list was changed or removed.").waitFor();
    assert.deepEqual(await accessibilityProblems(popup), []);
    const entries = await stage.host.ledger();
    const portal = new URL(stage.portal.baseUrl).host;
    assert.deepEqual([...new Set(entries.map(({ to }) => to))], [portal]);
    assert.deepEqual(bytesOf(entries), await stage.portal.bytes());
    await popup.close();
  });

  await journey.test("when the worker was stopped the sidebar finds its way back", async () => {
    const session = await stage.browser.context.newCDPSession(sidebar);
    await session.send("ServiceWorker.enable");
    await session.send("ServiceWorker.stopAllWorkers");
    await stage.gmail.goto(pilotOrderUrl);
    await waitForPeople(sidebar, subject);
  });

  await journey.test("disconnecting in the popup ends the connection", async () => {
    await disconnect(stage.browser);
    await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  });
});
