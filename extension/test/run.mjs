// Bundles every *.test.ts and *.test.tsx of a folder with esbuild (Node 20 can't run TypeScript) and hands them to `node --test`.
//   npm test                     all below test/
//   npm test -- read token       only files whose name contains one of the words
//   npm run e2e                  all below e2e/, one after the other, since each starts a browser
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string", default: "test" }, concurrency: { type: "string" } },
});
const files = readdirSync(join(root, options.folder), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error(`no test file matches ${words.join(" ")}`);

// Inside the project, so that packages left out of the bundles are still found.
const out = mkdtempSync(join(root, "node_modules", ".tests-"));
try {
  await build({
    absWorkingDir: root,
    bundle: true,
    define: { PROJECT_ROOT: JSON.stringify(join(root, "..")) },
    entryPoints: files.map((file) => join(options.folder, file)),
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
    outbase: options.folder,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    packages: "external",
    platform: "node",
    sourcemap: "inline",
    target: "node20",
  });
  const bundles = files.map((file) => join(out, file.replace(/\.tsx?$/, ".mjs")));
  const flags = ["--enable-source-maps", "--test-reporter=spec", "--test"];
  if (options.concurrency !== undefined) flags.push(`--test-concurrency=${options.concurrency}`);
  const run = spawnSync(process.execPath, [...flags, ...bundles], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
