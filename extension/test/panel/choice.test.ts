// What it means that the person picked one of several records.
import assert from "node:assert/strict";
import { test } from "node:test";
import { targetsOf } from "../../src/panel/log/form.ts";
import { entriesOf, nameOf, severalMatches } from "../../src/panel/people.ts";
import type { Person, RecordRef } from "../../src/protocol/types.ts";
import * as sample from "./samples.ts";

const email = "info@obermeier.example";
const several = sample.person(email, {
  contacts: [sample.contact("51", "Katharina Obermeier"), sample.contact("52", "Trade fair desk")],
  companies: [{ id: "53", title: "Obermeier GmbH", url: "" }],
});
const entryOf = (person: Person) => {
  const [entry] = entriesOf(sample.thread([{ email, name: "Info" }]), sample.reader, () => person, false);
  assert.ok(entry);
  return entry;
};
const chosen = (type: RecordRef["type"], id: string) => entryOf({ ...several, chosen: { type, id } });

test("the card is about the record that was picked, and still knows of the others", () => {
  assert.equal(nameOf(entryOf(several)), "Info");
  for (const [type, id, name] of [
    ["contact", "52", "Trade fair desk"],
    ["company", "53", "Obermeier GmbH"],
  ] as const) {
    const entry = chosen(type, id);
    assert.equal(nameOf(entry), name);
    assert.ok(entry.person && !severalMatches(entry.person));
    assert.ok(entry.whole && severalMatches(entry.whole));
  }
});

test("a message goes to the record that was picked, unless another one is chosen", () => {
  const ids = (person: Person) => targetsOf([entryOf(person)]).map(({ record }) => record.id);
  assert.deepEqual(ids(several), ["51", "52", "53"]);
  assert.deepEqual(ids({ ...several, chosen: { type: "company", id: "53" } }), ["53", "51", "52"]);
});
