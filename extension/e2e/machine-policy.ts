// A machine's policies for one Chromium, and the hosts it starts, alone: folders that stand in /etc in a mount namespace of its
// own. The machine's own policies stay as they are, and other browsers see nothing of it.
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inNamespace } from "../tools/namespace.mjs";
import { cannotRunIn } from "./namespace.ts";

export interface MachinePolicy {
  /** What Playwright starts in Chromium's place. */
  readonly executable: string;
  /** Replaces the browser's policies. */
  set(policies: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Prepares the browser's policies, and the host's, that hold from the browser's start on. */
export async function machinePolicy(
  policies: Record<string, unknown>,
  ofHost: Record<string, unknown> = {},
): Promise<MachinePolicy> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-policies-"));
  const etc = join(folder, "etc");
  const managed = join(etc, "chromium", "policies", "managed");
  await mkdir(managed, { recursive: true });
  await mkdir(join(etc, "gmail-sync-bitrix24"));
  await writeFile(join(etc, "gmail-sync-bitrix24", "policy.json"), JSON.stringify(ofHost));
  const executable = join(folder, "chromium");
  // Chromium watches its folder, and sees no change of a file below an overlay.
  const mounts = `mount -t overlay overlay -o lowerdir='${etc}':/etc /etc && mount --bind '${join(etc, "chromium")}' /etc/chromium`;
  const script = `${mounts} && exec /usr/bin/chromium "$@"`;
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
  return cannotRunIn(["mount"], ["mount", "-t", "overlay", "overlay", "-o", `lowerdir=${tmpdir()}:/etc`, "/etc"]);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
