// The host is upgraded under an open browser, as packages do it: another file takes the program's place.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readlink, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { beside, besideAgain } from "./beside.ts";
import type { Host } from "./host.ts";
import { builtProgram } from "./programs.ts";
import { openColdStore } from "./sidebar.ts";

/** The program's file of each host that serves. */
const running = async (host: Host) =>
  Promise.all((await host.served()).map((process) => readlink(`/proc/${process}/exe`)));

test("an open browser keeps the host it has, and the next start is the new one, still connected", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-upgrade-"));
  context.after(() => rm(folder, { recursive: true }));
  const program = join(folder, "gmail-sync-host");
  await copyFile(builtProgram("host"), program);
  const stage = await beside(context, { program });
  assert.deepEqual(await running(stage.host), [program]);

  const next = join(folder, "next");
  await copyFile(program, next);
  await rename(next, program);
  await openColdStore(stage.gmail, stage.sidebar);
  assert.deepEqual(await running(stage.host), [`${program} (deleted)`]);

  await stage.browser.kill();
  while ((await stage.host.served()).length > 0) await setImmediate();
  await besideAgain(context, stage);
  assert.deepEqual(await running(stage.host), [program]);
});
