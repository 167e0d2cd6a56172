// What is typed into forms, before anybody is asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CreateForm, Tie } from "../../src/panel/forms/form.ts";
import {
  choicesOf,
  decided,
  firstValues,
  isOptional,
  type OwnField,
  ownFields,
  recordOf,
  titleOf,
  wrongOf,
} from "../../src/panel/forms/own-fields.ts";
import { pauseUntil, unconfirmedSince } from "../../src/panel/forms/trying.ts";
import { decimal } from "../../src/panel/forms/values.ts";
import type { RecordForm, RecordType, Reference } from "../../src/protocol/types.ts";
import type { Trouble } from "../../src/worker/trouble.ts";
import * as sample from "./samples.ts";

const form = (known: Partial<RecordForm> = {}): RecordForm => ({
  required: [],
  fields: [],
  filled: { firstName: "Priya", lastName: "Menon", company: "Corvus Logistics" },
  users: true,
  ...known,
});

const opened = (type: RecordType, ties: readonly Tie[] = []): CreateForm => ({
  at: "create",
  type,
  about: { email: sample.priya.email, mailName: null, mailbox: sample.mailbox, subject: "Re: FWD: Pilot order" },
  ties,
  key: "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11",
});

function fieldOf(type: RecordType, name: string): OwnField {
  const field = ownFields[type].find((field) => field.name === name);
  assert.ok(field);
  return field;
}

test("numbers are read as people write them, and not guessed at", () => {
  for (const [typed, number] of [
    ["48600", "48600"],
    ["48 600,50", "48600.50"],
    ["48.600,50", "48600.50"],
    ["48,600.50", "48600.50"],
    ["48’600.50", "48600.50"],
    ["1,234,567", "1234567"],
    ["1.234.567", "1234567"],
    ["1.234.567,8", "1234567.8"],
    ["0,5", "0.5"],
    ["-3", "-3"],
    ["1,234", undefined],
    ["1.234", undefined],
    ["48.6oo", undefined],
    ["1,23,456", undefined],
    ["1.2.3", undefined],
    ["1e9", undefined],
    [".5", undefined],
    ["", undefined],
  ] as const)
    assert.equal(decimal(typed), number, typed);
});

test("a form begins with what is known and says what may stay empty", () => {
  assert.deepEqual(firstValues(opened("contact"), form()), {
    firstName: "Priya",
    lastName: "Menon",
    company: "Corvus Logistics",
    position: "",
    phone: "",
  });
  assert.equal(isOptional("contact", form(), fieldOf("contact", "firstName")), false);
  assert.equal(isOptional("contact", form(), fieldOf("contact", "phone")), true);
  assert.equal(isOptional("contact", form({ required: ["phone"] }), fieldOf("contact", "phone")), false);
});

test("one name is enough, and one is needed", () => {
  const wrong = (firstName: string, lastName: string) => [
    ...wrongOf("contact", form(), { firstName, lastName }, {}).keys(),
  ];
  assert.deepEqual(wrong("Priya", ""), []);
  assert.deepEqual(wrong("", "Menon"), []);
  assert.deepEqual(wrong(" ", ""), ["firstName"]);
});

test("what the portal requires is asked for, but for what can't be filled in here", () => {
  const fields = [
    { id: "region", label: "Region", input: { is: "choice" as const, choices: [{ id: "41", name: "DACH" }] } },
    { id: "rooms", label: "Rooms", input: { is: "number" as const } },
    { id: "contract", label: "Contract", input: { is: "elsewhere" as const } },
  ];
  const shape = form({ required: ["phone"], fields });
  const values = { firstName: "Priya", phone: "" };
  assert.deepEqual(
    [...wrongOf("contact", shape, values, { rooms: "many" })],
    [
      ["phone", "missing"],
      ["region", "missing"],
      ["rooms", "number"],
    ],
  );
  const typed = { ...values, phone: " +31 10 " };
  assert.deepEqual([...wrongOf("contact", shape, typed, { region: "41", rooms: "2,5" })], []);
  assert.deepEqual(recordOf(opened("contact"), shape, typed, { region: "41", rooms: "2,5", other: "x" }), {
    type: "contact",
    firstName: "Priya",
    phone: "+31 10",
    more: { region: "41", rooms: "2.5" },
  });
});

test("a title is the subject without what mail programs put before it", () => {
  for (const [subject, title] of [
    ["Re: Pilot order", "Pilot order"],
    ["AW: Fwd: RE[2]: Pilot order", "Pilot order"],
    ["Regarding: a pilot", "Regarding: a pilot"],
    ["re:re:re:", ""],
    ["", ""],
  ] as const)
    assert.equal(titleOf(subject), title, subject);
});

test("a deal stands in a pipeline's open stage, and another pipeline has other stages", () => {
  const stage = (id: string, outcome: "open" | "won") => ({ id, name: id, outcome });
  const reference: Reference = {
    ...sample.reference,
    pipelines: [
      { id: "0", name: "Sales", stages: [stage("NEW", "open"), stage("WON", "won")] },
      { id: "9", name: "", stages: [stage("C9:NEW", "open")] },
    ],
    currencies: ["EUR", "USD"],
  };
  const first = firstValues(opened("deal"), form(), reference);
  assert.deepEqual(first, { title: "Pilot order", pipeline: "0", stage: "NEW", amount: "", currency: "EUR" });
  assert.deepEqual(choicesOf("stage", first, reference), [{ id: "NEW", name: "NEW" }]);
  const moved = decided("deal", { ...first, pipeline: "9" }, reference);
  assert.equal(moved["stage"], "C9:NEW");
  const ties: Tie[] = [{ type: "contact", id: "2", title: "Marie Rousseau" }];
  assert.deepEqual(recordOf(opened("deal", ties), form(), { ...moved, amount: "1.250,50" }, {}), {
    type: "deal",
    title: "Pilot order",
    contact: "2",
    pipeline: "9",
    stage: "C9:NEW",
    amount: "1250.50",
    currency: "EUR",
    more: {},
  });
  // Without the portal's lists its own first choices stand.
  assert.equal(firstValues(opened("deal"), form())["pipeline"], "");
});

test("a try that may have worked is remembered, one that can't have is not", () => {
  const failed = (code: Parameters<typeof sample.failure>[0], reason: string, args = {}): Trouble => ({
    from: "host",
    failure: sample.failure(code, reason, "m", "h", args),
  });
  const now = 1_000_000;
  assert.equal(unconfirmedSince({ from: "clock", method: "create", seconds: 180 }, now), now);
  assert.equal(unconfirmedSince({ from: "port", cause: "exited", detail: "" }, now), now);
  assert.equal(unconfirmedSince({ from: "caller" }, now), now);
  assert.equal(unconfirmedSince(failed("unreachable", "host_unknown"), now), undefined);
  // The host counts from the try that was sent, however often the button is pressed after it.
  const wait = failed("try_later", "create_unconfirmed", { seconds: "20" });
  assert.equal(unconfirmedSince(wait, now), now - 40_000);
  assert.equal(pauseUntil(wait, now), now + 20_000);
  assert.equal(pauseUntil(failed("refused", "access_denied"), now), undefined);
});
