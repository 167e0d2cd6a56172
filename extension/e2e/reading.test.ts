// Reading alone: what opening threads asks of the portal, in a real Chromium with the real host.
import assert from "node:assert/strict";
import { test } from "node:test";
import { threadToken } from "../../demo/gmail/ids.mjs";
import { inboxUrl } from "../../demo/gmail/serve.mjs";
import { fair } from "../../demo/gmail/threads.mjs";
import { beside } from "./beside.ts";
import { startPortal } from "./portal.ts";
import { waitForPeople } from "./sidebar.ts";

test("two hundred threads that are opened without a click write nothing", async (context) => {
  const { gmail, portal, sidebar } = await beside(context);
  // Nobody reads as fast as this; a limit would only slow the test down.
  await portal.switch({ plan: "selfHosted" });
  const before = await portal.requests();
  for (const { id, subject } of fair) {
    await gmail.goto(`${inboxUrl}/${threadToken(id)}`);
    await waitForPeople(sidebar, String(subject[0]));
  }
  assert.ok((await portal.requests()) - before >= 150, "everybody who is new was asked for");
  assert.deepEqual(await portal.writes(), []);
});

test("a portal that would have sent mail fails the test that made it", async () => {
  const portal = await startPortal();
  await portal.call("crm.activity.add", {
    fields: {
      OWNER_TYPE_ID: 3,
      OWNER_ID: 2,
      TYPE_ID: 4,
      DIRECTION: 2,
      COMPLETED: "Y",
      SUBJECT: "Never",
      COMMUNICATIONS: [{ VALUE: "marie.rousseau@helion.example", ENTITY_TYPE_ID: 3, ENTITY_ID: 2 }],
      RESPONSIBLE_ID: 7,
    },
  });
  assert.deepEqual(await portal.writes(), ["crm.activity.add"]);
  await assert.rejects(portal.close(), /would have sent mail/);
});
