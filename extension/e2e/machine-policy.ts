// A machine's browser policies for one Chromium alone: a folder that stands in the place of /etc/chromium in a mount namespace
// of its own. The machine's own policies stay as they are, and other browsers see nothing of it.
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How to get the namespace: root may, others need a user namespace in which they keep their name. */
const unshare =
  process.getuid?.() === 0
    ? ["unshare", "--mount"]
    : ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"];

export interface MachinePolicy {
  /** What Playwright starts in Chromium's place. */
  readonly executable: string;
  /** Replaces the machine's policies. */
  set(policies: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Prepares policies that hold from the browser's start on. */
export async function machinePolicy(policies: Record<string, unknown>): Promise<MachinePolicy> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-policies-"));
  const managed = join(folder, "etc", "policies", "managed");
  await mkdir(managed, { recursive: true });
  const executable = join(folder, "chromium");
  const script = `mount --bind '${join(folder, "etc")}' /etc/chromium && exec /usr/bin/chromium "$@"`;
  await writeFile(executable, `#!/bin/sh\nexec ${unshare.join(" ")} sh -c ${quoted(script)} chromium "$@"\n`);
  await chmod(executable, 0o700);
  const set = async (next: Record<string, unknown>) => {
    const draft = join(folder, "draft.json");
    await writeFile(draft, JSON.stringify(next));
    await rename(draft, join(managed, "machine.json"));
  };
  await set(policies);
  return { executable, set, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Why a machine can't do this; false where it can. */
export async function cannotSetPolicies(): Promise<string | false> {
  const [program = "", ...options] = unshare;
  try {
    await run(program, [...options, "mount", "--bind", "/etc/chromium", "/etc/chromium"]);
    return false;
  } catch (error) {
    return `this machine allows no mount namespace: ${String(Reflect.get(Object(error), "stderr")).trim()}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
