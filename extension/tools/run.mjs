// Runs a TypeScript module's `main`:  node tools/run.mjs FILE.ts [ARGUMENT…]
import { pathToFileURL } from "node:url";
import { withBundles } from "./bundle.mjs";

const [file, ...parameters] = process.argv.slice(2);
if (file === undefined) throw new Error("which file?");
await withBundles([file], async ([bundle]) => {
  const { main } = await import(pathToFileURL(bundle ?? "").href);
  await main(parameters);
});
