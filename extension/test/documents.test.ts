// What the documents promise is what the manifest says and the tests prove.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { projectRoot, readExtensionFile } from "./project.ts";

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
    assert.ok(document(file).includes(name), `${file} has no ${name}`);
  }
});

test("the readme explains exactly the permissions the manifest asks for", () => {
  const manifest = JSON.parse(readExtensionFile("manifest.json"));
  const scripts: { matches: string[] }[] = manifest.content_scripts;
  const asked = [...manifest.permissions, ...scripts.flatMap(({ matches }) => matches)];
  const table = document("README.md").split("## Permissions, and why")[1]?.split("\n## ")[0] ?? "";
  const explained = [...table.matchAll(/^\| (?:content script on )?`([^`]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(explained, asked);
});

test("links within the documents lead somewhere", () => {
  const documents = [
    "README.md",
    "PRIVACY.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/PROTOCOL.md",
    "docs/decisions/README.md",
  ];
  for (const name of documents) {
    for (const [, target = ""] of document(name).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      assert.ok(existsSync(join(projectRoot, normalize(join(dirname(name), target)))), `${name}: ${target}`);
    }
  }
});

test("the readme stays short enough to be read", () => {
  assert.ok(document("README.md").split("\n").length < 150);
});
