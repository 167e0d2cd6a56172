import assert from "node:assert/strict";
import { test } from "node:test";
import type { PortCause } from "../../src/worker/trouble.ts";
import { draw, openDocument, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";

openDocument();
const { Broken, HostMissing } = await import("../../src/panel/host-screens.tsx");

const commands = (root: HTMLElement) => [...root.querySelectorAll(".command code")].map(read);

/** The screen as a browser of that name draws it. */
async function missing(userAgent: string, download?: string) {
  Object.defineProperty(navigator, "userAgent", { configurable: true, value: userAgent });
  return await draw(<HostMissing actions={fakeActions([])} download={download} />);
}

test("each system is told of its own packages", async () => {
  const linux = await missing("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0");
  assert.match(read(linux), /gmail-sync-bitrix24_…_amd64\.deb, gmail-sync-bitrix24-….x86_64\.rpm/);
  assert.deepEqual(commands(linux), [
    "sudo apt install ./gmail-sync-bitrix24_*.deb",
    "gmail-sync-host register",
    "gmail-sync-host --check",
  ]);
  for (const [userAgent, file] of [
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0", "-x64.msi"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/156.0.0.0", ".pkg"],
  ] as const) {
    const other = await missing(userAgent);
    assert.ok(read(other).includes(file), file);
    assert.deepEqual(commands(other), ["gmail-sync-host register", "gmail-sync-host --check"]);
  }
  assert.match(read(await missing("Mozilla/5.0 (X11; CrOS x86_64)")), /no package for this computer's system/);
});

test("once packages can be downloaded, the place is one click away", async () => {
  const nowhere = await missing("Linux");
  assert.equal(nowhere.querySelector("a"), null);
  const link = (await missing("Linux", "https://downloads.example/host")).querySelector("a");
  assert.equal(link?.href, "https://downloads.example/host");
  assert.equal(link?.rel, "noreferrer");
});

test("every way in which the browser doesn't reach the host has a command", async () => {
  const expected: Record<Exclude<PortCause, "hostMissing">, string> = {
    forbidden: "gmail-sync-host register",
    blockedByPolicy: "gmail-sync-host --check",
    exited: "gmail-sync-host --check",
    unknown: "gmail-sync-host --check",
  };
  for (const [cause, command] of Object.entries(expected)) {
    const trouble = { from: "port", cause: cause as PortCause, detail: "the browser's words" } as const;
    const root = await draw(<Broken trouble={trouble} actions={fakeActions([])} />);
    assert.deepEqual(commands(root), [command], cause);
    assert.match(read(root.querySelector("details")), /the browser's words/);
    // A registration must name the extension, and a second copy of it has another id.
    assert.equal(read(root).includes("abcdefghijklmnopabcdefghijklmnop"), cause === "forbidden", cause);
  }
});
