import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { RunCheck } from "../../src/popup/check.tsx";
import type { CheckReport, Finding } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import * as sample from "../panel/samples.ts";
import { button, draw, names, openDocument, press, read, speak } from "../ui/dom.ts";

openDocument();
const { CheckPage } = await import("../../src/popup/check.tsx");
const { act } = await import("preact/test-utils");

interface Asked {
  readonly part: (report: CheckReport) => void;
  readonly signal: AbortSignal;
  readonly resolve: (report: CheckReport) => void;
  readonly reject: (error: Error) => void;
}

/** The page over answers that come when the test says so. */
async function show(connected = true) {
  const asked: Asked[] = [];
  let left = 0;
  const check: RunCheck = (part, signal) =>
    new Promise((resolve, reject) => asked.push({ part, signal, resolve, reject }));
  const root = await draw(<CheckPage check={check} connected={connected} back={() => left++} />);
  const last = () => asked.at(-1) as Asked;
  return {
    root,
    asked,
    timesLeft: () => left,
    part: (report: CheckReport) => act(() => last().part(report)),
    answer: (report: CheckReport) => settled(() => last().resolve(report)),
    fail: (error: Error) => settled(() => last().reject(error)),
  };
}

/** Does it, and lets what follows be drawn. */
function settled(deed: () => void) {
  return act(async () => {
    deed();
    await setImmediate();
  });
}

const status = (root: HTMLElement) => read(root.querySelector("[role=status]"));
const faults = (root: HTMLElement) => [...root.querySelectorAll(".faults > li")];

test("it says that it looks, what it knows so far, and what it found", async () => {
  const { root, part, answer } = await show();
  assert.equal(status(root), "Looking at this computer…");
  assert.ok(button(root, "Check again").disabled);
  await part(sample.checkReport());
  assert.match(status(root), /now the way to the portal/);
  assert.equal(faults(root).length, 2);
  await answer(sample.checkReport());
  assert.equal(status(root), "2 things to look at");
  assert.ok(!button(root, "Check again").disabled);
});

test("errors come before warnings, each with its cure, the command to copy and, folded, what shows it", async () => {
  const { root, answer } = await show();
  await answer(sample.checkReport());
  const [error, warning] = faults(root);
  assert.match(
    read(error),
    /^Error: Brave doesn't know where the host is\. Run gmail-sync-host register --browser brave/,
  );
  assert.equal(read(error?.querySelector(".command code")), "gmail-sync-host register --browser brave");
  assert.ok(names(root).includes("Copy gmail-sync-host register --browser brave"));
  assert.match(read(warning), /^Warning: Port 17485/);
  assert.equal(warning?.querySelector(".command"), null);
  const folded = warning?.querySelector("details");
  assert.equal(folded?.open, false);
  assert.match(read(folded), /NM18.*held by\s*python3 \(4711\)/);
  const fine = root.querySelector<HTMLDetailsElement>("details.box");
  assert.equal(fine?.open, false);
  assert.match(read(fine), /^2 things are well.*The keychain keeps secrets/);
});

test("when all is well it says so, and shows what was looked at", async () => {
  const { root, answer } = await show();
  await answer(sample.wellReport);
  assert.equal(status(root), "Everything is well.");
  assert.deepEqual(faults(root), []);
  assert.equal(root.querySelector("details")?.open, true);
  assert.doesNotMatch(read(root), /only this computer/);
});

test("a profile without a connection is told what was not looked at", async () => {
  const { root, answer } = await show(false);
  await answer(sample.wellReport);
  assert.match(read(root), /so only this computer was looked at/);
});

test("after a cure it looks again", async () => {
  const { root, asked, answer } = await show();
  await answer(sample.checkReport());
  await press(root, "Check again");
  assert.equal(asked.length, 2);
  await answer(sample.wellReport);
  assert.equal(status(root), "Everything is well.");
});

test("a host that can't look says why, and what to type instead", async () => {
  const { root, fail } = await show();
  const failure = sample.failure("bad_request", "unknown_method", "This host has no method of that name.", "Update.");
  await fail(new HostError({ from: "host", failure }));
  assert.match(read(root.querySelector(".notice.danger")), /This host has no method of that name\. Update\./);
  assert.equal(read(root.querySelector(".command code")), "gmail-sync-host --check");
});

test("the way back takes the question back", async () => {
  const { root, asked, timesLeft } = await show();
  await press(root, "Back");
  assert.equal(timesLeft(), 1);
  const { render } = await import("preact");
  await act(() => render(null, root));
  assert.ok(asked[0]?.signal.aborted);
});

test("sentences are in the person's language where there is a translation", async () => {
  speak("de");
  try {
    const { root, answer } = await show();
    await answer(sample.checkReport());
    assert.match(status(root), /^2 Befunde$/);
    assert.doesNotMatch(read(faults(root)[1]), /so the browser could not come back/);
  } finally {
    speak("en");
  }
});

test("what a finding quotes is drawn as text", async () => {
  const hostile: Finding = {
    probe: "__proto__",
    severity: "error",
    sentence: "<img src=x onerror=alert(1)>\u202e",
    code: "<b>",
    reason: "__proto__",
    cure: "<script>",
    command: "<i>rm</i>\u202e",
    evidence: { "<u>x</u>": "<s>y</s>" },
  };
  const { root, answer } = await show();
  await answer(sample.checkReport({ findings: [hostile, { ...hostile, severity: "ok" }] }));
  assert.equal(root.querySelector("img, b, script, i, u, s"), null);
  assert.match(read(root), /<img src=x onerror=alert\(1\)>/);
  assert.doesNotMatch(root.textContent ?? "", /\u202e/);
});
