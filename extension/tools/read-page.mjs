// Node 20 can't run TypeScript: bundles read-page.ts in memory and runs it.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  bundle: true,
  entryPoints: ["tools/read-page.ts"],
  format: "esm",
  platform: "node",
  target: "node20",
  write: false,
  // A bundle without a file can't look packages up by name.
  alias: { "happy-dom": import.meta.resolve("happy-dom") },
  external: ["file:*"],
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`);
