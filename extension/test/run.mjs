// Bundles every *.test.ts and *.test.tsx below test/ with esbuild (Node 20 can't run TypeScript) and hands them to `node --test`.
//   npm test                     all of them
//   npm test -- read token       only files whose name contains one of the words
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
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
    entryPoints: files.map((file) => join("test", file)),
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
    outbase: "test",
    outdir: out,
    outExtension: { ".js": ".mjs" },
    packages: "external",
    platform: "node",
    sourcemap: "inline",
    target: "node20",
  });
  const bundles = files.map((file) => join(out, file.replace(/\.tsx?$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test-reporter=spec", "--test", ...bundles], {
    stdio: "inherit",
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
