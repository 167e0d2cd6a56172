import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf, unknownPlaces } from "../../src/worker/places.ts";
import { jonas, marie, person, reference } from "../panel/samples.ts";

test("a place is a stage in its pipeline or the status of a lead, and is told once", () => {
  const [deal] = marie.deals;
  assert.ok(deal);
  const elsewhere = { ...deal, pipelineId: "9" };
  const [lead] = jonas.leads;
  assert.ok(lead);
  const people = [marie, jonas, person("a@x.example", { deals: [deal, elsewhere, elsewhere] })];
  const knows = { ...reference, leadStatuses: [lead.status] };
  assert.deepEqual(unknownPlaces(people, knows), [
    `deal ${marie.deals[1]?.pipelineId} ${marie.deals[1]?.stage.id}`,
    `deal 9 ${deal.stage.id}`,
  ]);
  assert.ok(unknownPlaces(people, reference).includes(`lead ${lead.status.id}`));
});

test("without lists no place is known", () => {
  assert.equal(placesOf(undefined).size, 0);
  assert.equal(unknownPlaces([marie], undefined).length, marie.deals.length);
  assert.deepEqual(unknownPlaces([], undefined), []);
});
