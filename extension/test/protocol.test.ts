// The examples of docs/PROTOCOL.md, which the host's tests read and write, are what the extension's types describe.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { extensionRoot, projectRoot } from "./project.ts";

/** Pieces that have another shape than the whole. */
const parts: Readonly<Record<string, string>> = { connect: "ConnectProgress", addEntry: "BeforeEntry" };

/** The type of what an example's frame carries: written out, so that the compiler reads the example as that type. */
const carried: Record<string, (method: string) => string> = {
  request: (method) =>
    `{ v: 1; id: string; method: "${method}"; session?: string; params?: Methods["${method}"]["params"] }`,
  result: (method) => `{ id: string; result: Methods["${method}"]["result"] }`,
  part: (method) => `{ id: string; part: ${parts[method] ?? `Methods["${method}"]["result"]`} }`,
  error: () => "{ id: string | null; error: Failure & { reason: Reason } }",
  event: () => "{ event: EventKind }",
};

const blocks = readFileSync(join(projectRoot, "docs/PROTOCOL.md"), "utf8").split("```json ").slice(1);
const examples = blocks.map((block) => {
  const [title = "", json = ""] = block.split("\n");
  const [kind = "", method = ""] = title.split(" ");
  return { kind, method, json };
});

const folder = mkdtempSync(join(extensionRoot, "node_modules", ".examples-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of the examples, one line an error; nothing when all fit. */
function compile(lines: readonly string[]): string {
  const types = "Methods, ConnectProgress, BeforeEntry, Failure, Reason, EventKind";
  const header = `import type { ${types} } from ${JSON.stringify(join(extensionRoot, "src/protocol/types.ts"))};\n`;
  const unused = `export type Used = [${types}];\n`;
  writeFileSync(join(folder, "examples.ts"), header + unused + lines.join("\n"));
  const config = {
    extends: join(extensionRoot, "tsconfig.json"),
    compilerOptions: { types: [] },
    include: ["examples.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(extensionRoot, "node_modules/.bin/tsc");
  return spawnSync(compiler, ["-p", folder], { encoding: "utf8" }).stdout;
}

test("every example has its type", () => {
  assert.ok(examples.length > 20);
  const lines = examples.map(({ kind, method, json }, index) => {
    const type = carried[kind];
    assert.ok(type, `no type for a block of kind ${kind}`);
    return `export const example${index}: ${type(method)} = ${json};`;
  });
  assert.equal(compile(lines), "");
});

test("a wrong example is noticed", () => {
  const wrong = `export const example: ${carried["result"]?.("disconnect")} = {"id":"6","result":{"connectionEnded":1,"sessionsLeft":0}};`;
  assert.match(compile([wrong]), /TS2322/);
});
