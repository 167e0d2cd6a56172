// The administrator's settings in a real Chromium: from the first form on, changed while everything runs, and made wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { subject } from "./beside.ts";
import { knownExtensionIds, openExtensionPage } from "./browser.ts";
import { cannotSetPolicies, machinePolicy } from "./machine-policy.ts";
import { openPopup, openSidebar, waitForPeople } from "./sidebar.ts";
import { setStage } from "./stage.ts";

const skip = await cannotSetPolicies();

test("the administrator's settings fill the form, take away what they are for, and stop everything when wrong", {
  skip,
}, async (t) => {
  const ids = await knownExtensionIds();
  const policiesOf = (settings: Record<string, unknown>) => ({
    "3rdparty": { extensions: Object.fromEntries(ids.map((id) => [id, settings])) },
  });
  const policy = await machinePolicy({});
  t.after(policy.close);
  const administer = (settings: Record<string, unknown>) => policy.set(policiesOf(settings));
  const stage = await setStage({
    executable: policy.executable,
    // The portal's address is known before the browser starts.
    prepare: (portal) =>
      administer({
        Portal: portal.baseUrl,
        ClientId: portal.clientId,
        CallbackPort: Number(new URL(portal.callbackUrl).port),
        ConnectBy: ["application"],
      }),
  });
  t.after(stage.close);
  const { browser, gmail, portal } = stage;

  await t.test("of connecting, the secret is left to type, and one way is offered", async () => {
    const form = await openExtensionPage(browser, "connect.html");
    await form.getByText("Connecting switches on lookups for").waitFor();
    // An extension that was just installed gets the settings some seconds late, and the form fills itself then.
    await form.getByRole("radio", { name: "Webhook" }).waitFor({ state: "detached" });
    assert.equal(await form.getByRole("radio").count(), 1);
    assert.equal(await form.getByLabel("Portal address").inputValue(), portal.baseUrl);
    await form.getByLabel("Client secret", { exact: true }).fill(portal.clientSecret);
    await form.getByRole("button", { name: "Continue in the browser" }).click();
    await form.getByRole("heading", { name: /^Connected to / }).waitFor();
    await form.close();
  });
  await gmail.bringToFront();
  const sidebar = await openSidebar(browser);
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  const ways = ["Create contact", "Log e-mail"].map((name) => sidebar.getByRole("button", { name }).first());
  await Promise.all(ways.map((button) => button.waitFor()));

  await t.test("who may only read sees no button that writes", async () => {
    await administer({ ReadOnly: true });
    await Promise.all(ways.map((button) => button.waitFor({ state: "detached" })));
    // Whatever a page asks for, the worker refuses it.
    const refused = await sidebar.evaluate(async () => {
      const { id: window } = await chrome.windows.getCurrent();
      const port = chrome.runtime.connect({ name: "page" });
      port.postMessage({ watch: window });
      port.postMessage({ id: "1", method: "create", params: {} });
      return new Promise((resolve) => {
        port.onMessage.addListener((message: { id?: string }) => message.id === "1" && resolve(message));
      });
    });
    assert.deepEqual(refused, { id: "1", trouble: { from: "policy", cause: "refused", name: "ReadOnly" } });
  });

  await t.test("a mailbox that isn't allowed is looked up no more, though the person switched it on", async () => {
    await administer({ Mailboxes: ["elsewhere.example"] });
    await sidebar.getByRole("heading", { name: "Your administrator allows no lookups for this mailbox" }).waitFor();
    const asked = await portal.requests();
    await gmail.goto(pilotOrderUrl);
    await sidebar.getByRole("heading", { name: "Your administrator allows no lookups for this mailbox" }).waitFor();
    assert.equal(await portal.requests(), asked);
  });

  await t.test("a setting that means nothing stops everything and is named, and the way out stays open", async () => {
    await administer({ Mailboxes: ["elsewhere.example", "no mailbox"] });
    await sidebar.getByText("Your administrator's setting Mailboxes for this extension can't be read").waitFor();
    const popup = await openPopup(browser);
    await popup.getByText("Your administrator's setting Mailboxes").waitFor();
    await popup.close();
  });

  await t.test("a value of another type never gets here: Chrome leaves it out", async () => {
    const changed = sidebar.evaluate(
      () => new Promise((resolve) => chrome.storage.managed.onChanged.addListener(() => resolve(null))),
    );
    await administer({ Mailboxes: "elsewhere.example", ReadOnly: "yes", Portal: "acme.bitrix24.com", Later: 1 });
    await changed;
    assert.deepEqual(await sidebar.evaluate(() => chrome.storage.managed.get()), { Portal: "acme.bitrix24.com" });
  });

  await t.test("without settings everything is as it was", async () => {
    await administer({});
    await waitForPeople(sidebar, subject);
    await Promise.all(ways.map((button) => button.waitFor()));
  });
  await stage.host.run("purge", "--yes");
});
