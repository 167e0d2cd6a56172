// The messages: every language has every text, with the same values in it, in all the forms its plurals need.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { extensionFiles, extensionRoot, projectRoot, readExtensionFile } from "../project.ts";
import { messagesOf } from "./dom.ts";

const languages = readdirSync(join(extensionRoot, "_locales")).sort();
const forms = ["zero", "one", "two", "few", "many", "other"];
/** Sentences of the host's: its own words are the English ones, so only translations hold them. */
const ofHost = /^(?:reason|hint)_/;

const keysOf = (language: string) => Object.keys(messagesOf(language));
const valuesIn = (message: string) => [...new Set(message.match(/\$\d/g))].sort();

/** KEY of KEY_one, KEY_other… for keys that depend on a count. */
function pluralsOf(language: string): string[] {
  return keysOf(language)
    .filter((key) => key.endsWith("_other") && !ofHost.test(key))
    .map((key) => key.slice(0, -"_other".length));
}

function singleOf(language: string): string[] {
  const plural = new Set(pluralsOf(language).flatMap((base) => forms.map((form) => `${base}_${form}`)));
  return keysOf(language).filter((key) => !plural.has(key) && !ofHost.test(key));
}

test("English, German and Russian are there", () => {
  assert.deepEqual(languages, ["de", "en", "ru"]);
});

for (const language of languages) {
  test(`${language} has every text of the English file and no other`, () => {
    assert.deepEqual(singleOf(language).sort(), singleOf("en").sort());
    assert.deepEqual(pluralsOf(language).sort(), pluralsOf("en").sort());
  });

  test(`${language} has the plural forms its language needs and no other`, () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const base of pluralsOf(language)) {
      const there = forms.filter((form) => keysOf(language).includes(`${base}_${form}`));
      assert.deepEqual(there.sort(), [...needed].sort(), base);
    }
  });

  test(`${language} puts the same values into each text as English does`, () => {
    const english = messagesOf("en");
    for (const [key, { message }] of Object.entries(messagesOf(language))) {
      const base = pluralsOf(language).find((candidate) => forms.some((form) => key === `${candidate}_${form}`));
      const original = english[base === undefined ? key : `${base}_other`]?.message;
      if (original === undefined) continue;
      // A form for one may spell the number out.
      const optional = key.endsWith("_one") ? ["$1"] : [];
      const missing = valuesIn(original).filter((value) => !valuesIn(message).includes(value));
      assert.deepEqual(
        missing.filter((value) => !optional.includes(value)),
        [],
        key,
      );
      assert.deepEqual(
        valuesIn(message).filter((value) => !valuesIn(original).includes(value)),
        [],
        key,
      );
    }
  });

  test(`${language} says what it is and fits the store`, () => {
    const messages = messagesOf(language);
    assert.equal(messages["language"]?.message, language);
    assert.ok((messages["description"]?.message.length ?? 999) <= 132);
  });
}

test("no text begs, exclaims or is empty", () => {
  for (const [key, { message }] of Object.entries(messagesOf("en"))) {
    assert.notEqual(message.trim(), "", key);
    assert.doesNotMatch(message, /!|\bplease\b|\boops\b/i, key);
  }
});

test("every text is used somewhere", () => {
  const sources = extensionFiles("src").map(readExtensionFile).join("\n") + readExtensionFile("manifest.json");
  const unused = [...singleOf("en"), ...pluralsOf("en")].filter(
    (key) => !sources.includes(`"${key}"`) && !sources.includes(`__MSG_${key}__`),
  );
  assert.deepEqual(unused, []);
});

test("only reasons the host has are translated, with no value it doesn't tell", () => {
  const table = readFileSync(join(projectRoot, "host/src/failure.rs"), "utf8");
  const sentences = new Map(
    [...table.matchAll(/^ {4}\w+ "(\w+)": \w+,\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)";/gm)].map(
      ([, name = "", message = "", hint = ""]) => [name, { reason: message, hint }],
    ),
  );
  assert.ok(sentences.size > 10, "the table of sentences was read");
  for (const language of languages)
    for (const [key, { message }] of Object.entries(messagesOf(language)).filter(([key]) => ofHost.test(key))) {
      const [kind, name] = [key.split("_", 1)[0] as "reason" | "hint", key.replace(ofHost, "")];
      const original = sentences.get(name)?.[kind];
      assert.ok(original !== undefined, `${language} translates ${name}, which the host doesn't know`);
      const names = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
      const unknown = names(message).filter((name) => !names(original).includes(name));
      assert.deepEqual(unknown, [], `${language} ${key} fills in what the host doesn't tell`);
    }
  const faults = readFileSync(join(projectRoot, "host/src/check/faults.rs"), "utf8");
  const ofCheck = [...faults.matchAll(/Reason::(\w+)/g)].map(([, variant = ""]) => variant);
  const variants = new Map([...table.matchAll(/^ {4}(\w+) "(\w+)": /gm)].map(([, variant, name]) => [variant, name]));
  // BadParams stands there for one that is no fault.
  for (const name of ofCheck.map((variant) => variants.get(variant)).filter((name) => name !== "bad_params"))
    assert.ok(keysOf("de").includes(`reason_${name}`), `a check finds ${name}, which isn't translated`);
  const translated = (language: string) =>
    keysOf(language)
      .filter((key) => ofHost.test(key))
      .sort();
  assert.deepEqual(translated("de"), translated("ru"), "both translations have the same sentences");
  assert.deepEqual(translated("en"), [], "the host's own words are the English ones");
});
