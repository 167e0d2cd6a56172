// Hands every *.test.ts and *.test.tsx of a folder to `node --test`.
//   npm test                     all below test/
//   npm test -- read token       only files whose name contains one of the words
//   npm run e2e                  all below e2e/, one after the other, since each starts a browser, and each test within ten minutes;
//                                where the machine allows it in a network that leads nowhere, see tools/sealed.mjs
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, withBundles } from "../tools/bundle.mjs";
import { cannotSeal, sealed } from "../tools/sealed.mjs";

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: "string", default: "test" },
    concurrency: { type: "string" },
    limit: { type: "string" },
    sealed: { type: "boolean", default: false },
  },
});
const files = readdirSync(join(root, options.folder), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error(`no test file matches ${words.join(" ")}`);

await withBundles(
  files.map((file) => join(options.folder, file)),
  (bundles) => {
    const flags = ["--enable-source-maps", "--test-reporter=spec", "--test"];
    if (options.concurrency !== undefined) flags.push(`--test-concurrency=${options.concurrency}`);
    if (options.limit !== undefined)
      flags.push("--import", `${new URL("limit.mjs", import.meta.url)}?seconds=${options.limit}`);
    const tests = [process.execPath, ...flags, ...bundles];
    const why = options.sealed && cannotSeal();
    // Where a run of all tests reads what was left out.
    if (why) console.log(`skipped: that nothing leaves this machine; ${why}`);
    const [program = "", ...parameters] = options.sealed && !why ? sealed(tests) : tests;
    const run = spawnSync(program, parameters, { stdio: "inherit" });
    process.exitCode = run.status ?? 1;
  },
);
