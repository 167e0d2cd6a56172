// Namespaces of the kernel: how to start a program that sees a part of the machine differently, and changes nothing for others.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Which part of the machine is seen differently. */
type Kind = "mount" | "net";

/** A command that goes before another one, which then has namespaces of its own: root may, others keep their name in a user namespace. */
export function inNamespace(...kinds: readonly Kind[]): string[] {
  const asWhom = process.getuid?.() === 0 ? [] : ["--user", "--map-current-user", "--keep-caps"];
  return ["unshare", ...asWhom, ...kinds.map((kind) => `--${kind}`)];
}

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
