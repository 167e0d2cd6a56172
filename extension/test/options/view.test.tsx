import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { OptionsActions } from "../../src/options/view.tsx";
import type { WorkerState } from "../../src/worker/contract.ts";
import { HostError } from "../../src/worker/trouble.ts";
import * as sample from "../panel/samples.ts";
import { draw, field, letPeopleMean, names, openDocument, press, read, type } from "../ui/dom.ts";

openDocument();
const { OptionsPage } = await import("../../src/options/view.tsx");

beforeEach(() => letPeopleMean(true));

const team = {
  ownAddresses: ["sales@brightline.example"],
  domains: ["brightline.example"],
  policyDomains: ["brightline-group.example"],
};

const neverLog = { entries: ["counsel@opal.example"], policyEntries: ["jade.example"] };

async function show(state: WorkerState | undefined, changeTeam?: OptionsActions["changeTeam"]) {
  const deeds: unknown[] = [];
  const actions: OptionsActions = {
    openConnect: () => deeds.push("openConnect"),
    changeTeam: changeTeam ?? (async (change) => deeds.push(change)),
    changeNeverLog: async (change) => deeds.push(["never", change]),
  };
  return { root: await draw(<OptionsPage state={state} actions={actions} />), deeds };
}

test("both lists can be added to and taken from, and what the policy says stays", async () => {
  const { root, deeds } = await show(sample.connected(undefined, { team }));
  const rows = [...root.querySelectorAll(".kept li")].map(read);
  assert.deepEqual(rows, [
    "sales@brightline.example",
    "brightline-group.example set by your administrator",
    "brightline.example",
  ]);
  assert.ok(!names(root).includes("Remove brightline-group.example"));
  await press(root, "Remove sales@brightline.example");
  await press(root, "Remove brightline.example");
  await type(root, "One more address", " info@brightline.example ");
  await type(root, "One more domain, such as acme.com", "helion.example");
  for (const form of root.querySelectorAll("form")) form.requestSubmit();
  assert.deepEqual(deeds, [
    { removeAddresses: ["sales@brightline.example"] },
    { removeDomains: ["brightline.example"] },
    { addAddresses: ["info@brightline.example"] },
    { addDomains: ["helion.example"] },
  ]);
});

test("the never-log list can be added to and taken from, and what the policy says stays", async () => {
  const { root, deeds } = await show(sample.connected(undefined, { neverLog }));
  const section = root.querySelectorAll<HTMLElement>("section")[2];
  assert.ok(section);
  assert.deepEqual([...section.querySelectorAll(".kept li")].map(read), [
    "jade.example set by your administrator",
    "counsel@opal.example",
  ]);
  assert.ok(!names(section).includes("Remove jade.example"));
  await press(section, "Remove counsel@opal.example");
  await type(section, "One more address or domain, such as opal-law.com", " *@onyx.example ");
  section.querySelector("form")?.requestSubmit();
  assert.deepEqual(deeds, [
    ["never", { remove: ["counsel@opal.example"] }],
    ["never", { add: ["*@onyx.example"] }],
  ]);
});

test("a script's click changes nothing", async () => {
  const { root, deeds } = await show(sample.connected(undefined, { team, neverLog }));
  letPeopleMean(false);
  await press(root, "Remove sales@brightline.example");
  await press(root, "Remove counsel@opal.example");
  await type(root, "One more address or domain, such as opal-law.com", "onyx.example");
  for (const form of root.querySelectorAll("form")) form.requestSubmit();
  assert.deepEqual(deeds, []);
});

test("what the host refuses is said beside the field, and stays typed", async () => {
  const { root } = await show(sample.connected(undefined, { team }), async () => {
    const failure = sample.failure("failed", "domain_invalid", "That is no domain.", "Name one such as acme.com.");
    throw new HostError({ from: "host", failure });
  });
  await type(root, "One more domain, such as acme.com", "helion");
  await press(root.querySelectorAll<HTMLElement>("section")[1] ?? root, "Add");
  const domain = field(root, "One more domain, such as acme.com");
  assert.equal(domain.value, "helion");
  assert.equal(domain.getAttribute("aria-invalid"), "true");
  assert.match(read(root), /acme\.com/);
});

test("without a connection there is a way to one, and without a host its cure", async () => {
  const failure = sample.failure("not_connected", "not_connected", "m", "h");
  const { root, deeds } = await show(sample.troubled({ from: "host", failure }));
  await press(root, "Connect…");
  assert.deepEqual(deeds, ["openConnect"]);
  const missing = await show(sample.troubled({ from: "port", cause: "hostMissing", detail: "" }));
  assert.deepEqual(names(missing.root), []);
  assert.match(read(missing.root), /small program/);
});
