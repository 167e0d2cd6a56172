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

/** Sends one. */
const packet = (kind: "udp4" | "udp6", to: string) =>
  `const s = require("node:dgram").createSocket("${kind}"); s.send("x", 9, "${to}", () => s.close());`;

test("SEC-35: one packet for another machine is one too many, and so is a question for a name", { skip }, () => {
  const { status, stderr } = run(packet("udp4", "192.0.2.9"));
  assert.deepEqual([status, stderr], [1, "1 packets were for other machines\n"]);
  assert.equal(run(`require("node:dns").lookup("somewhere.example", () => process.exit(0));`).status, 1);
});

const ipv6 = `process.exit(Number(require("node:fs").readFileSync("/proc/sys/net/ipv6/conf/outside/disable_ipv6")))`;
const noIPv6 = skip || (run(ipv6).status === 0 ? false : "this machine has no IPv6");

test("SEC-35: over IPv6, too, near and far", { skip: noIPv6 }, () => {
  for (const to of ["2001:db8::9", "2001:db8:9::9", "ff02::1%outside"]) {
    const { status, stderr } = run(packet("udp6", to));
    assert.deepEqual([status, stderr], [1, "1 packets were for other machines\n"], to);
  }
  assert.equal(run(packet("udp6", "::1")).status, 0);
});

test("what stays on the machine is nothing, and how the command ended is told", { skip }, () => {
  const here = `const s = require("node:net").createServer().listen(0, "127.0.0.1", () => s.close(() => process.exit(3)));`;
  const { status, stderr } = run(here);
  assert.deepEqual([status, stderr], [3, ""]);
});
