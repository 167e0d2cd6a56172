// A portal that was renamed: its old name points to the new one, and the person decides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "./beside.ts";
import { button } from "./logging.ts";

test("a portal that has moved is followed when the person says so and signs in, and gets nothing before", async (t) => {
  const { gmail, host, portal, sidebar } = await beside(t);
  const old = new URL(portal.baseUrl);
  const to = `http://localhost:${old.port}`;
  const destinations = async () => [...new Set((await host.ledger()).map(({ to }) => to))];
  await portal.switch({ renamedTo: to });
  await button(sidebar, "Refresh").click();
  await sidebar.getByText(`${old.host} has moved to ${to}`).waitFor();
  assert.deepEqual(await destinations(), [old.host], "the new name was asked for nothing");

  await button(sidebar, `Yes, connect to ${to}`).click();
  await sidebar.getByText(`localhost:${old.port}`, { exact: true }).waitFor();
  // The browser stands where the person signed in; back in Gmail the people are there again, from the new name.
  await gmail.bringToFront();
  await sidebar.locator(`a[href^="${to}/"]`).first().waitFor();
  assert.match(await host.run("status"), new RegExp(`localhost:${old.port}`));
  assert.doesNotMatch(await host.run("status"), new RegExp(old.host.replaceAll(".", "\\.")));
  assert.deepEqual(await destinations(), [old.host, `localhost:${old.port}`]);
  // The profile's session came along, and the new name alone is in use.
  assert.match(await host.run("sessions", "list"), /localhost/);
  await host.run("disconnect");
});
