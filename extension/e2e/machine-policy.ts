// A machine's browser policies for one Chromium alone: a folder that stands in the place of /etc/chromium in a mount namespace
// of its own. The machine's own policies stay as they are, and other browsers see nothing of it.
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cannotRunIn, inNamespace } from "./namespace.ts";

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
  await writeFile(
    executable,
    `#!/bin/sh\nexec ${inNamespace("mount").join(" ")} sh -c ${quoted(script)} chromium "$@"\n`,
  );
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
  return cannotRunIn(["mount"], ["mount", "--bind", "/etc/chromium", "/etc/chromium"]);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
