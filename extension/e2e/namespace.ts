// What a test does in namespaces of its own.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { inNamespace } from "../tools/namespace.mjs";

const run = promisify(execFile);

/** Which part of the machine is seen differently. */
type Kind = Parameters<typeof inNamespace>[number];

/** Why `command` can't be run in such namespaces on this machine; false where it can. */
export async function cannotRunIn(kinds: readonly Kind[], command: readonly string[]): Promise<string | false> {
  const [program = "", ...options] = inNamespace(...kinds);
  try {
    await run(program, [...options, ...command]);
    return false;
  } catch (error) {
    return `this machine allows no ${kinds.join(" and ")} namespace: ${String(Reflect.get(Object(error), "stderr")).trim()}`;
  }
}

/** Runs this very file once more in such namespaces, as `within` says, with a variable set to tell it so; so many tests must pass. */
export function passesIn(
  kinds: readonly Kind[],
  within: (...command: string[]) => string[],
  variable: string,
  tests: number,
): void {
  const [program = "", ...options] = inNamespace(...kinds);
  // The runner's channel to a file that it started isn't for a further process.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const self = within(process.execPath, "--enable-source-maps", ...process.argv.slice(1));
  const inside = spawnSync(program, [...options, ...self], {
    encoding: "utf8",
    env: { ...environment, [variable]: "yes" },
  });
  assert.equal(inside.status, 0, inside.stdout + inside.stderr);
  assert.match(inside.stdout, new RegExp(`pass ${tests}\\b`), "the journey was made");
}
