// The network that leads nowhere, in which the end-to-end tests run, notices what would leave the machine.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { cannotSeal, sealed } from "../tools/sealed.mjs";

const skip = cannotSeal();

function run(script: string) {
  const [program = "", ...parameters] = sealed([process.execPath, "--eval", script]);
  return spawnSync(program, parameters, { encoding: "utf8" });
}

test("SEC-35: one packet for another machine is one too many, and so is a question for a name", { skip }, () => {
  const packet = `const s = require("node:dgram").createSocket("udp4"); s.send("x", 9, "192.0.2.9", () => s.close());`;
  assert.match(run(packet).stderr, /1 packets were for other machines/);
  assert.equal(run(packet).status, 1);
  assert.equal(run(`require("node:dns").lookup("somewhere.example", () => process.exit(0));`).status, 1);
});

test("what stays on the machine is nothing, and how the command ended is told", { skip }, () => {
  const here = `const s = require("node:net").createServer().listen(0, "127.0.0.1", () => s.close(() => process.exit(3)));`;
  const { status, stderr } = run(here);
  assert.deepEqual([status, stderr], [3, ""]);
});
