// Builds the extension into build/: readable, unminified, the same bytes each time.
//   node build.mjs             with the development key, so that the unpacked extension has the id of manifests/extension-ids
//   node build.mjs --release   without it: the store refuses a manifest that carries a key
//   node build.mjs --out DIR   into another folder, which is emptied first
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: { out: { type: "string", default: join(root, "build") }, release: { type: "boolean", default: false } },
});
const out = resolve(options.out);

/** Pages of our own; each is a folder of src/ with NAME.html, NAME.css and NAME.tsx. */
const pages = ["panel", "popup", "connect", "options"];

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "inline",
  logLevel: "warning",
  outdir: out,
  target: "chrome123",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

await Promise.all([
  build({
    ...common,
    format: "esm",
    entryPoints: [
      { in: "src/worker/worker.ts", out: "worker" },
      ...pages.map((page) => ({ in: `src/${page}/${page}.tsx`, out: page })),
    ],
  }),
  // A content script can't be a module: one file, nothing left in the page's scope.
  build({ ...common, format: "iife", entryPoints: [{ in: "src/gmail/content.ts", out: "content" }] }),
  // One style sheet per page, with what it imports from ui/ in it.
  build({ ...common, entryPoints: pages.map((page) => ({ in: `src/${page}/${page}.css`, out: page })) }),
  ...pages.map((page) => cp(join(root, "src", page, `${page}.html`), join(out, `${page}.html`))),
  cp(join(root, "../manifests/managed-schema.json"), join(out, "managed-schema.json")),
  cp(join(root, "_locales"), join(out, "_locales"), { recursive: true }),
  cp(join(root, "icons"), join(out, "icons"), { recursive: true, filter: (file) => !file.endsWith(".svg") }),
  writeManifest(),
]);

async function writeManifest() {
  const { key, ...rest } = JSON.parse(await readFile(join(root, "manifest.json"), "utf8"));
  const manifest = options.release ? rest : { ...rest, key };
  await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
