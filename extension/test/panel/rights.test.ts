// What the portal has refused, and for how long that is remembered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, type Model } from "../../src/panel/model.ts";
import { denialBy, mayChange, mayCreate } from "../../src/panel/rights.ts";
import { update } from "../../src/panel/update.ts";
import type { Methods } from "../../src/protocol/types.ts";
import type { Trouble } from "../../src/worker/trouble.ts";
import * as sample from "./samples.ts";

const trouble = (reason: string): Trouble => ({
  from: "host",
  failure: sample.failure("refused", reason, "Your rights aren't enough for this.", "Ask."),
});
const move = { deal: "31", from: "NEW", to: "WON" };
const comment: Methods["addEntry"]["params"] = {
  record: { type: "contact", id: "11" },
  entry: { type: "comment", text: "x" },
};

test("only the portal's no to this person is remembered, and what it was about", () => {
  assert.equal(denialBy("moveDeal", move, trouble("access_denied")), "change deal 31");
  assert.equal(denialBy("addEntry", comment, trouble("access_denied")), "change contact 11");
  for (const reason of ["portal_refused", "plan_required", "scope_missing", "cannot_connect"])
    assert.equal(denialBy("moveDeal", move, trouble(reason)), undefined, reason);
  assert.equal(denialBy("moveDeal", move, { from: "clock", method: "moveDeal", seconds: 20 }), undefined);
});

test("a no to one thing says nothing of another", () => {
  const denied = new Set(["create company", "change deal 31"] as const);
  assert.deepEqual(
    (["contact", "company", "lead", "deal"] as const).filter((type) => mayCreate(denied, type, sample.reference)),
    ["contact", "lead", "deal"],
  );
  assert.equal(mayChange(denied, { type: "deal", id: "31" }), false);
  assert.equal(mayChange(denied, { type: "deal", id: "3" }), true);
  assert.equal(mayChange(denied, { type: "lead", id: "31" }), true);
});

test("who may see no pipeline is offered no deal", () => {
  assert.equal(mayCreate(new Set(), "deal", { ...sample.reference, pipelines: [] }), false);
  assert.equal(mayCreate(new Set(), "deal", undefined), true);
  assert.equal(mayCreate(new Set(), "contact", { ...sample.reference, pipelines: [] }), true);
});

test("it is forgotten when the person refreshes, and with the portal", () => {
  const connected = update(initial, { at: "worker", state: sample.connected() });
  const denied = update(connected, { at: "denied", denial: "create contact" });
  const after = (model: Model) => [...model.denied];
  assert.deepEqual(after(update(denied, { at: "worker", state: sample.connected() })), ["create contact"]);
  assert.deepEqual(after(update(denied, { at: "again", fresh: false })), ["create contact"]);
  assert.deepEqual(after(update(denied, { at: "again", fresh: true })), []);
  const { standing, ...rest } = sample.connected();
  assert.ok(standing.at === "connected");
  const elsewhere = { ...standing, status: { ...standing.status, portal: "other.bitrix24.com" } };
  assert.deepEqual(after(update(denied, { at: "worker", state: { ...rest, standing: elsewhere } })), []);
});
