import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ledger } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import * as sample from "../panel/samples.ts";
import { draw, names, openDocument, press, read } from "../ui/dom.ts";

openDocument();
const { LedgerPage } = await import("../../src/popup/ledger.tsx");

async function show(parts: readonly (Ledger | HostError)[]) {
  const asked: (string | undefined)[] = [];
  let left = 0;
  const next = async (before: string | undefined) => {
    const part = parts[asked.length];
    asked.push(before);
    if (part === undefined || part instanceof HostError) throw part;
    return part;
  };
  const root = await draw(<LedgerPage read={next} back={() => left++} />);
  // The answer, and what is drawn of it.
  const { act } = await import("preact/test-utils");
  await act(async () => {});
  return { root, asked, timesLeft: () => left };
}

test("every request reads as a sentence, with where it went and how much", async () => {
  const { root } = await show([sample.ledger()]);
  const lines = [...root.querySelectorAll(".left li")].map(read);
  assert.match(lines[0] ?? "", /^Read the records that were found/);
  assert.match(lines[1] ?? "", /^Looked up 5 addresses.*brightline\.bitrix24\.example · 812 bytes sent, 4 kB received/);
  assert.match(lines[1] ?? "", /crm\.duplicate\.findbycomm ×5, user\.get$/);
  assert.match(lines[2] ?? "", /^Renewed the connection's keys.*oauth\.bitrix\.info.*outcome: timeout$/);
  assert.doesNotMatch(lines[1] ?? "", /outcome/);
});

test("a request without an end is told with what may have been sent of it", async () => {
  const [first] = sample.ledger().entries;
  assert.ok(first);
  const open = { ...first, sent: 812, received: 0, outcome: "begun" };
  const { root } = await show([sample.ledger({ entries: [open], places: [] })]);
  const line = read(root.querySelector(".left li"));
  assert.match(line, /at most 812 bytes sent; still under way, or the host ended first/);
  assert.doesNotMatch(line, /received|outcome/);
});

test("sums stand beside each place, and the list vouches for itself", async () => {
  const { root } = await show([sample.ledger()]);
  const places = [...root.querySelectorAll(".places li")].map(read);
  assert.match(places[0] ?? "", /brightline\.bitrix24\.example\s*2 requests, 2\.3 kB sent, 24\.5 kB received/);
  assert.match(places[1] ?? "", /oauth\.bitrix\.info\s*1 request, 310 bytes sent/);
  assert.match(read(root), /No line of the list was changed or removed\./);
});

test("older ones come after those there are, until there are none", async () => {
  const older = sample.ledger({ entries: sample.ledger().entries.slice(0, 1) });
  const { root, asked } = await show([sample.ledger({ next: "2026-11-23:7" }), older]);
  await press(root, "Show older ones");
  assert.deepEqual(asked, [undefined, "2026-11-23:7"]);
  assert.equal(root.querySelectorAll(".left li").length, 4);
  assert.ok(!names(root).includes("Show older ones"));
});

test("a changed ledger says where the chain breaks, and doesn't vouch for itself", async () => {
  const message = "Line 7 of the ledger's file of 2026-11-23 doesn't follow from the one before it.";
  const problem = sample.failure("failed", "ledger_changed", message, "Look for the program that did it.");
  const { root } = await show([sample.ledger({ problem })]);
  assert.match(read(root.querySelector(".notice")), /Line 7 .* Look for the program that did it\./);
  assert.doesNotMatch(read(root), /No line of the list/);
});

test("an empty ledger and one that can't be read say so", async () => {
  const empty = await show([{ entries: [], places: [] }]);
  assert.match(read(empty.root), /Nothing has left this computer yet\./);
  const failure = sample.failure("failed", "state_file_unusable", "The file ledger can't be used.", "Free some space.");
  const broken = await show([new HostError({ from: "host", failure })]);
  assert.match(read(broken.root.querySelector(".wrong")), /The file ledger can't be used\. Free some space\./);
});

test("what somebody wrote into the ledger is drawn as text", async () => {
  const [first] = sample.ledger().entries;
  assert.ok(first);
  const hostile = {
    ...first,
    purpose: "__proto__",
    to: "<img src=x onerror=alert(1)>\u202e",
    methods: { "<b>x</b>": 1 },
    outcome: "<script>",
  };
  const { root } = await show([sample.ledger({ entries: [hostile], places: [] })]);
  const [line] = [...root.querySelectorAll(".left li")].map(read);
  assert.match(line ?? "", /^__proto__.*<img src=x onerror=alert\(1\)>.*outcome: <script><b>x<\/b>$/);
  assert.equal(root.querySelector("img, script, b"), null);
});

test("Back leads back", async () => {
  const { root, timesLeft } = await show([sample.ledger()]);
  await press(root, "Back");
  assert.equal(timesLeft(), 1);
});
