// What the documents promise is what the manifest says and the tests prove.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { projectRoot, readExtensionFile } from "./project.ts";

/** Every page there is for people, by its path. */
const documents = ["", "docs", "docs/decisions"].flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file)),
);

const document = (name: string) => readFileSync(join(projectRoot, name), "utf8");

/** The claims of PRIVACY.md that name their tests: `FILE: NAME; FILE: NAME`, a name being some words of a test's title or its function. */
const proofs = [...document("PRIVACY.md").matchAll(/<!-- proven by ([\s\S]*?) -->/g)].flatMap(([, list = ""]) =>
  list.split("; ").map((proof) => {
    const [file = "", name = ""] = proof.split(": ");
    return { file, name };
  }),
);

test("each test that the privacy policy names exists", () => {
  assert.ok(proofs.length >= 10);
  for (const { file, name } of proofs) {
    assert.ok(name.length > 5, `${file}: no name`);
    assert.ok(hasTest(file, name), `${file} has no test ${name}`);
  }
});

/** The requirements of docs/THREATS.md, one row each. */
const requirements = [...document("docs/THREATS.md").matchAll(/^\| SEC-(\d\d) \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, number = "", what = "", proof = "", result = ""]) => ({
    number: Number(number),
    what: what.trim(),
    proofs: proof.trim() === "" ? [] : proof.trim().split("; "),
    result: result.trim(),
  }),
);

test("every requirement has its row, and every row its test or a reason", () => {
  assert.deepEqual(
    requirements.map(({ number }) => number),
    Array.from({ length: 57 }, (_, index) => index + 1),
  );
  for (const { number, what, proofs, result } of requirements) {
    const row = `SEC-${number}`;
    assert.notEqual(what, "", row);
    assert.match(result, /^(?:Holds\b|(?:In part|Open|Not here): \w)/, row);
    const proved = /^(?:Holds|In part)/.test(result);
    assert.equal(proofs.length > 0, proved, `${row}: ${result} with ${proofs.length} tests`);
  }
});

test("each test that the threats name exists", () => {
  for (const { number, proofs } of requirements)
    for (const proof of proofs) {
      const [, file = "", name = ""] = /^`([^`]+)`: (.{5,})$/.exec(proof) ?? [];
      assert.ok(file !== "" && existsSync(join(projectRoot, file)), `SEC-${number}: ${proof} names no file`);
      assert.ok(hasTest(file, name), `SEC-${number}: ${file} has no test ${name}`);
    }
});

function hasTest(file: string, name: string): boolean {
  return document(file)
    .split("\n")
    .some((line) => isTest(line) && line.includes(name));
}

/** A line that gives a test its name: a function of Rust's, a call of Node's, or a row of a table of tests. */
function isTest(line: string): boolean {
  return /^\s*(?:async )?fn \w+|^\s*(?:await )?(?:\w+\.)?test\(|\b(?:title|why): "/.test(line);
}

test("the readme explains exactly the permissions the manifest asks for", () => {
  const manifest = JSON.parse(readExtensionFile("manifest.json"));
  const scripts: { matches: string[] }[] = manifest.content_scripts;
  const asked = [...manifest.permissions, ...scripts.flatMap(({ matches }) => matches)];
  const table = document("README.md").split("## Permissions, and why")[1]?.split("\n## ")[0] ?? "";
  const explained = [...table.matchAll(/^\| (?:content script on )?`([^`]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(explained, asked);
});

test("the administrators' guide has the settings of the schema, each as the schema explains it", () => {
  const types: Readonly<Record<string, string>> = {
    string: "text",
    integer: "number",
    array: "list of texts",
    boolean: "yes or no",
  };
  const { properties } = JSON.parse(document("manifests/managed-schema.json"));
  const rows = Object.entries<{ type: string; description: string }>(properties).map(
    ([name, { type, description }]) => `| \`${name}\` | ${types[type]} | ${description} |`,
  );
  const [, table = ""] = /<!-- managed: begin -->([\s\S]*?)<!-- managed: end -->/.exec(document("docs/ADMIN.md")) ?? [];
  assert.deepEqual(table.trim().split("\n").slice(2), rows);
});

test("links within the documents lead somewhere", () => {
  for (const name of documents) {
    for (const [, target = "", heading] of document(name).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const to = target === "" ? name : normalize(join(dirname(name), target));
      assert.ok(existsSync(join(projectRoot, to)), `${name}: ${target}`);
      if (heading !== undefined) assert.ok(headings(to).includes(heading), `${name}: ${target}#${heading}`);
    }
  }
});

/** What a link names the headings of a document by, as GitHub does: in small letters, with hyphens for spaces, without signs. */
function headings(name: string): string[] {
  const titles = [...document(name).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title);
  return titles.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\d _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("versions in commands and on the privacy policy are this one", () => {
  const [, version] = /^version = "(.+)"$/m.exec(document("Cargo.toml")) ?? [];
  const guide = [...document("docs/ADMIN.md").matchAll(/gmail-sync-bitrix24[-_](\d+\.\d+\.\d+)/g)];
  const [policy] = [...document("PRIVACY.md").matchAll(/^Version (\S+), /gm)];
  assert.ok(guide.length >= 5 && policy !== undefined);
  for (const [text, named] of [...guide, policy]) assert.equal(named, version, text);
});

test("the readme stays short enough to be read", () => {
  assert.ok(document("README.md").split("\n").length < 150);
});
