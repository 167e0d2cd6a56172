import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesIn, cleanAddress, cleanName, cleanSubject, isGroupRewrite } from "../../src/gmail/address.ts";

const addresses: readonly [string, string | null][] = [
  ["anna.weber@client.example", "anna.weber@client.example"],
  ["  Anna.Weber@Client.Example ", "anna.weber@client.example"],
  ["o'neil+crm_1@sub.client-a.example", "o'neil+crm_1@sub.client-a.example"],
  ["用户@例子.example", "用户@例子.example"],
  ["jürgen@büro.example", "jürgen@büro.example"],
  ["\u202aanna@client.example\u202c", "anna@client.example"],
  ["an\u200bna@cli\u202eent.example", "anna@client.example"],
  [`${"x".repeat(64)}@client.example`, `${"x".repeat(64)}@client.example`],
  [`${"x".repeat(65)}@client.example`, null],
  [`anna@${"x".repeat(64)}.example`, null],
  [`anna@${"label.".repeat(50)}example`, null],
  ["", null],
  ["anna", null],
  ["anna@", null],
  ["@client.example", null],
  ["anna@localhost", null],
  ["anna@client.example.", null],
  ["anna@-client.example", null],
  ["anna@client..example", null],
  ["anna weber@client.example", null],
  ["anna@client.example, bob@client.example", null],
  ["anna@client.example\nbob@client.example", null],
  ["<anna@client.example>", null],
  ['"anna bob"@client.example', null],
  ["anna@@client.example", null],
  ["mailto:anna@client.example", null],
  ["undefined", null],
  ["a".repeat(1_000_000), null],
];
for (const [raw, clean] of addresses) {
  test(`address: ${JSON.stringify(raw).slice(0, 60)}`, () => assert.equal(cleanAddress(raw), clean));
}

test("no attribute is no address", () => assert.equal(cleanAddress(null), null));

test("names are one line of plain text", () => {
  assert.equal(cleanName("  Anna \n\t Weber\u0000 ", null), "Anna Weber");
  assert.equal(cleanName("\u202eAnna\u2069", null), "Anna");
  assert.equal(cleanName("<b>Anna</b>", null), "<b>Anna</b>");
  assert.equal(cleanName("👩‍🔧 Anna", null), "👩‍🔧 Anna", "joined emoji stay joined");
});

test("a name that is empty or repeats the address is none", () => {
  assert.equal(cleanName("", "anna@client.example"), null);
  assert.equal(cleanName("\u200e", null), null);
  assert.equal(cleanName("Anna@Client.example", "anna@client.example"), null);
  assert.equal(cleanName("bob@client.example", "anna@client.example"), "bob@client.example");
});

test("long texts are cut between characters", () => {
  assert.equal(cleanName("🎉".repeat(300), null), `${"🎉".repeat(199)}…`);
  assert.equal(cleanName("🎉".repeat(200), null), "🎉".repeat(200));
  assert.equal(cleanSubject("y".repeat(1_000_000)), `${"y".repeat(999)}…`);
});

test("finds addresses between brackets of any script", () => {
  assert.deepEqual(addressesIn("Google Account: Anna Weber  \n(anna@client.example)"), ["anna@client.example"]);
  assert.deepEqual(addressesIn("Google 帳戶：王（wang@client.example）"), ["wang@client.example"]);
  assert.deepEqual(addressesIn("bob@x.example <anna@client.example>"), ["bob@x.example", "anna@client.example"]);
  assert.deepEqual(addressesIn("nobody here"), []);
});

test("knows a sender rewritten by a group from a person who writes via", () => {
  assert.equal(isGroupRewrite("'Frank Miller' via Support"), true);
  assert.equal(isGroupRewrite("Via Verde"), false);
  assert.equal(isGroupRewrite("Frank via Support"), false);
  assert.equal(isGroupRewrite(null), false);
});
