import assert from "node:assert/strict";
import { test } from "node:test";
import { meTest } from "../../src/gmail/me.ts";
import type { Self } from "../../src/gmail/person.ts";
import { readRecipients } from "../../src/gmail/recipients.ts";
import { parsePage } from "../../tools/page-report.ts";

const self: Self = { email: "lena@brightline.example", isMe: meTest("en") };
const chip = (email: string, name = "") => `<span class="g2" email="${email}" name="${name}">${name}</span>`;

function read(line: string) {
  const document = parsePage(`<span class="hb">${line}</span>`, "https://mail.google.com/mail/u/0/");
  const element = document.querySelector(".hb");
  assert.ok(element);
  const { people, blind, cut } = readRecipients(element, self);
  return {
    emails: people.map(({ email }) => email),
    blind: blind.map(({ email }) => email),
    names: people.map(({ name }) => name),
    cut,
  };
}

test("reads people in order, deep or shallow", () => {
  const line = `to ${chip("a@x.example", "A")}, <b><i>${chip("b@x.example", "B")}</i></b>`;
  const emails = ["a@x.example", "b@x.example"];
  assert.deepEqual(read(line), { emails, blind: [], names: ["A", "B"], cut: false });
});

test("a chip inside a chip is one person", () => {
  assert.deepEqual(read(`to <span class="g2" email="a@x.example"><span email="a@x.example">A</span></span>`).emails, [
    "a@x.example",
  ]);
});

const labels = [
  "to A, bcc: ",
  "à A, Cci : ",
  "para A, Cco: ",
  "кому: A, скрытая копия: ",
  "do A, UDW: ",
  "إلى A, نسخة مخفية: ",
  "收件人：A，密送：",
  "to A, some new label: ",
];
for (const label of labels) {
  test(`blind copies stand apart: ${label}`, () => {
    const line = `${label.replace("A", chip("a@x.example", "A"))}${chip("blind@x.example")}, ${chip("blind2@x.example")} `;
    assert.deepEqual(read(line).emails, ["a@x.example"]);
    assert.deepEqual(read(line).blind, ["blind@x.example", "blind2@x.example"]);
  });
}

test("blind copies stand apart where nobody else is addressed", () => {
  assert.deepEqual(read(`bcc: ${chip("blind@x.example")}`).emails, []);
  assert.deepEqual(read(`bcc: ${chip("blind@x.example")}`).blind, ["blind@x.example"]);
});

test("copies stay in, with a label or without", () => {
  assert.deepEqual(read(`to ${chip("a@x.example")}, cc: ${chip("c@x.example")}`).emails, [
    "a@x.example",
    "c@x.example",
  ]);
  assert.deepEqual(read(`кому: ${chip("a@x.example")} и ${chip("c@x.example")}`).emails, [
    "a@x.example",
    "c@x.example",
  ]);
});

test("a line that ends in a number or dots is cut", () => {
  for (const end of [", …", "...", " and 12 more", " و٢٥ آخرين"])
    assert.equal(read(`to ${chip("a@x.example")}${end}`).cut, true, end);
  assert.equal(read(`to ${chip("a@x.example")}, ${chip("b2@x.example", "B 2")} `).cut, false);
});

test("a huge line is cut", () => {
  const line = Array.from({ length: 1100 }, (_, index) => chip(`p${index}@x.example`)).join(", ");
  const { emails, cut } = read(line);
  assert.equal(emails.length, 1000);
  assert.equal(cut, true);
});

test("the own name is dropped whatever it says, others keep theirs", () => {
  assert.deepEqual(read(`to ${chip("LENA@brightline.example", "Lena H.")}, ${chip("a@x.example", "A")}`).names, [
    null,
    "A",
  ]);
});

test("the word for me is dropped with an alias, too, in the page's language only", () => {
  assert.deepEqual(read(`to ${chip("alias@brightline.example", "me")}, ${chip("mir@x.example", "Mir")}`).names, [
    null,
    "Mir",
  ]);
  assert.equal(meTest("de-AT")("Mich"), true);
  assert.equal(meTest("iw")("אני"), true);
  assert.equal(meTest("zh-TW")("我"), true);
  assert.equal(meTest("")("мне"), true, "an unknown language tries every word");
  assert.equal(meTest("xx")("me"), true);
  assert.equal(meTest("en")("Mel"), false);
});

test("the hover card's id serves where there is no address, and only if it is one", () => {
  assert.deepEqual(read('to <span class="g2" data-hovercard-id="a@x.example">A</span>').emails, ["a@x.example"]);
  assert.deepEqual(read('to <span class="g2" data-hovercard-id="c123456">A</span>').emails, [null]);
  assert.deepEqual(read('to <span class="g2" email="broken" data-hovercard-id="a@x.example">A</span>').emails, [null]);
});
