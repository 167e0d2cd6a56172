import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument } from "../ui/dom.ts";
import * as sample from "./samples.ts";

openDocument();
const { saidAbout } = await import("../../src/panel/forms/said-about.ts");

const field = (id: string, label: string) => ({ id, label, input: { is: "text" as const } });
const shape = {
  ...sample.contactForm,
  fields: [field("uf-1", "Sales region"), field("uf-2", "Регион"), field("uf-3", "Sales")],
};
const about = (words: string) => saidAbout(words, "contact", shape);

test("the field is the one whose label stands in quotation marks, of whichever language", () => {
  assert.equal(about('The field "Sales region" is required.'), "uf-1");
  assert.equal(about("Поле «Регион» обязательно для заполнения."), "uf-2");
  assert.equal(about("Das Feld „Sales“ ist erforderlich."), "uf-3");
  assert.equal(about('The field "last name" is required.'), "lastName");
});

test("words about no field of the form, about several, or without quotation marks stand beside the form", () => {
  for (const words of [
    "SQL query error!",
    "Sales region is required.",
    'The field "Shoe size" is required.',
    'The fields "Sales region" and "Sales" exclude each other.',
    '""',
    `"${"x".repeat(100_000)}`,
  ])
    assert.equal(about(words), undefined, words.slice(0, 50));
});
