// Node 20 can't run TypeScript: this makes modules of it that Node can.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The extension's folder, absolute. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles TypeScript files of the extension (paths relative to its folder), hands the bundles' paths to `use` and deletes
 * them afterwards.
 *
 * @template T
 * @param {string[]} files
 * @param {(bundles: string[]) => T | Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withBundles(files, use) {
  // Inside the project, so that packages left out of the bundles are still found.
  const out = mkdtempSync(join(root, "node_modules", ".bundles-"));
  try {
    await build({
      absWorkingDir: root,
      bundle: true,
      define: { PROJECT_ROOT: JSON.stringify(join(root, "..")) },
      entryPoints: files,
      format: "esm",
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "warning",
      outbase: root,
      outdir: out,
      outExtension: { ".js": ".mjs" },
      packages: "external",
      platform: "node",
      sourcemap: "inline",
      target: "node20",
    });
    return await use(files.map((file) => join(out, file.replace(/\.tsx?$/, ".mjs"))));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
