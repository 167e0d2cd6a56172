// The walk of `cargo xtask demo`: every screen can be got to, and each has a picture of its own.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setStage } from "./stage.ts";
import { walk } from "./walk/walk.ts";

test("the walk leaves a picture of each screen, and no two are alike", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-pictures-"));
  context.after(() => rm(folder, { recursive: true }));
  const stage = await setStage();
  context.after(stage.close);
  await walk(stage, folder);
  const seen = new Map<string, string>();
  for (const name of (await readdir(folder)).toSorted()) {
    const hash = createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
    assert.equal(seen.get(hash), undefined, `${name} is ${seen.get(hash)} once more`);
    seen.set(hash, name);
  }
});
