import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { PopupActions } from "../../src/popup/view.tsx";
import type { WorkerState } from "../../src/worker/contract.ts";
import { HostError } from "../../src/worker/trouble.ts";
import * as sample from "../panel/samples.ts";
import { draw, letPeopleMean, names, openDocument, press, read } from "../ui/dom.ts";

openDocument();
const { Popup } = await import("../../src/popup/view.tsx");
const { act } = await import("preact/test-utils");

beforeEach(() => letPeopleMean(true));

async function show(state: WorkerState | undefined, some: Partial<PopupActions> = {}) {
  const deeds: unknown[][] = [];
  const actions: PopupActions = {
    openSidebar: () => deeds.push(["openSidebar"]),
    openConnect: () => deeds.push(["openConnect"]),
    openOptions: () => deeds.push(["openOptions"]),
    setMailbox: async (...values) => deeds.push(["setMailbox", ...values]),
    readLedger: async (before) => {
      deeds.push(["readLedger", before]);
      return sample.ledger();
    },
    check: async () => {
      deeds.push(["check"]);
      return sample.wellReport;
    },
    renewReference: async () => deeds.push(["renewReference"]),
    newCode: async () => {
      deeds.push(["newCode"]);
      return { code: "K7QF-2MXD", seconds: 120 };
    },
    disconnect: async (everywhere) => {
      deeds.push(["disconnect", everywhere]);
      return { connectionEnded: everywhere, sessionsLeft: everywhere ? 0 : 2 };
    },
    ...some,
  };
  const redraw = (next: WorkerState | undefined) => draw(<Popup state={next} actions={actions} />);
  return { root: await redraw(state), deeds, actions };
}

const disconnected = sample.troubled({
  from: "host",
  failure: sample.failure("not_connected", "not_connected", "This computer isn't connected to a portal.", "Connect."),
});

test("the portal's lists are read again by hand, and a refusal is said", async () => {
  const { root, deeds } = await show(sample.connected());
  await press(root, "Read the portal's lists again");
  assert.deepEqual(deeds, [["renewReference"]]);
  assert.match(read(root), /They are as in the portal now\./);
  const failure = sample.failure("try_later", "some_reason", "The portal is busy.", "Wait.");
  const renewReference = () => Promise.reject(new HostError({ from: "host", failure }));
  const refused = await show(sample.connected(), { renewReference });
  await press(refused.root, "Read the portal's lists again");
  assert.match(read(refused.root), /The portal is busy/);
  assert.doesNotMatch(read(refused.root), /They are as in the portal now/);
});

test("mailboxes and portal side by side, the one in view first", async () => {
  const { root, deeds } = await show(sample.connected());
  const rows = [...root.querySelectorAll(".mailboxes li")].map(read);
  assert.match(rows[0] ?? "", /lena@brightline\.example\s*brightline\.bitrix24\.example\s*Stop/);
  assert.match(rows[1] ?? "", /lena\.h@home\.example\s*No lookups for this mailbox\s*Look up/);
  await press(root, "Stop lookups for lena@brightline.example");
  await press(root, "Look up people for lena.h@home.example");
  assert.deepEqual(deeds, [
    ["setMailbox", "lena@brightline.example", false],
    ["setMailbox", "lena.h@home.example", true],
  ]);
  assert.match(read(root), /Host 0\.1\.0/);
  assert.match(read(root), /Signed in as Lena Hartmann/);
});

test("a script's click switches no mailbox, makes no code and disconnects nobody", async () => {
  const { root, deeds } = await show(sample.connected());
  letPeopleMean(false);
  await press(root, "Look up people for lena.h@home.example");
  await press(root, "Let another profile in");
  await press(root, "Disconnect");
  await press(root, "Disconnect");
  assert.deepEqual(deeds, []);
});

test("what left this computer is one click away, and so is the way back", async () => {
  const { root, deeds } = await show(sample.connected());
  await press(root, "What left this computer");
  assert.deepEqual(deeds, [["readLedger", undefined]]);
  await press(root, "Back");
  assert.ok(names(root).includes("Disconnect"));
});

test("the check is one click away, also for a profile that isn't connected, and the focus comes back", async () => {
  for (const [state, alone] of [
    [sample.connected(), false],
    [disconnected, true],
  ] as const) {
    const { root, deeds } = await show(state);
    await press(root, "Check");
    assert.deepEqual(deeds, [["check"]]);
    assert.equal(read(document.activeElement), "Check this computer");
    await act(() => setImmediate());
    assert.equal(/only this computer was looked at/.test(read(root)), alone);
    await press(root, "Back");
    assert.equal(read(document.activeElement), "Check");
  }
});

test("without a host there is nobody to ask: the command is there to copy", async () => {
  const { root } = await show({
    ...sample.troubled({ from: "port", cause: "exited", detail: "Native host has exited." }),
    host: undefined,
  });
  assert.ok(!names(root).includes("Check"));
  assert.equal(read(root.querySelector(".command code")), "gmail-sync-host --check");
});

test("a mailbox nobody decided about is listed as such", async () => {
  const { root } = await show(sample.connected(undefined, { mailboxes: [] }));
  assert.match(read(root.querySelector(".mailboxes")), /lena@brightline\.example\s*Not decided yet/);
});

test("the sidebar opens within the click", async () => {
  const { root, deeds } = await show(sample.connected());
  [...root.querySelectorAll("button")].find((button) => read(button) === "Open the sidebar")?.click();
  assert.deepEqual(deeds, [["openSidebar"]], "before the click's turn is over");
});

test("Disconnect asks in place, says what Bitrix24 can't do, and can be left", async () => {
  const { root, deeds } = await show(sample.connected());
  await press(root, "Disconnect");
  assert.match(read(root), /Disconnect this browser profile from brightline\.bitrix24\.example\?/);
  assert.match(read(root), /Bitrix24 has no way to revoke a key/);
  await press(root, "Stay connected");
  assert.ok(names(root).includes("Disconnect"));
  assert.deepEqual(deeds, []);
});

test("Disconnect ends this profile alone, or all when that is ticked", async () => {
  const one = await show(sample.connected());
  await press(one.root, "Disconnect");
  await press(one.root, "Disconnect");
  assert.deepEqual(one.deeds, [["disconnect", false]]);

  const all = await show(sample.connected());
  await press(all.root, "Disconnect");
  const box = all.root.querySelector<HTMLInputElement>("input[type=checkbox]");
  const { act } = await import("preact/test-utils");
  await act(() => box?.click());
  await press(all.root, "Disconnect");
  assert.deepEqual(all.deeds, [["disconnect", true]]);
});

test("after it, the popup says what is gone and what stays", async () => {
  const { render } = await import("preact");
  const { act } = await import("preact/test-utils");
  const { root, actions } = await show(sample.connected());
  await press(root, "Disconnect");
  await press(root, "Disconnect");
  await act(() => render(<Popup state={disconnected} actions={actions} />, root));
  assert.match(read(root), /Disconnected\. 2 other browser profiles stay connected\. Ledger and settings stay/);
  assert.ok(names(root).includes("Connect…"));
});

test("a disconnect that failed says so, and nothing is lost", async () => {
  const failure = sample.failure("failed", "keychain_locked", "The keychain of this computer is locked.", "Unlock it.");
  const { root } = await show(sample.connected(), {
    disconnect: async () => {
      throw new HostError({ from: "host", failure });
    },
  });
  await press(root, "Disconnect");
  await press(root, "Disconnect");
  assert.match(read(root.querySelector(".wrong")), /The keychain of this computer is locked\. Unlock it\./);
});

test("without connection or host, the way on", async () => {
  const none = await show(disconnected);
  assert.match(read(none.root), /No portal connected\. Lookups then go from this computer straight to your portal\./);
  await press(none.root, "Connect…");
  assert.deepEqual(none.deeds, [["openConnect"]]);
  assert.ok(!names(none.root).includes("Disconnect"));

  const missing = await show({
    ...sample.troubled({ from: "port", cause: "hostMissing", detail: "" }),
    host: undefined,
  });
  assert.match(read(missing.root), /One part is missing\./);
  assert.ok(!names(missing.root).includes("Connect…"));
  assert.match(read((await show(undefined)).root), /Asking the host…/);
});

test("a further profile's code is shown while it is good, and another one on demand", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const { root, deeds } = await show(sample.connected());
  assert.doesNotMatch(read(root), /K7QF/);
  await press(root, "Let another profile in");
  assert.match(read(root), /K7QF-2MXD.*Good for 120 more seconds/);
  await act(() => context.mock.timers.tick(119_000));
  assert.match(read(root), /K7QF-2MXD.*Good for 1 more secondNew code/);
  await act(() => context.mock.timers.tick(1000));
  assert.doesNotMatch(read(root), /K7QF/);
  assert.match(read(root), /The code has ended\./);
  await press(root, "New code");
  assert.match(read(root), /K7QF-2MXD/);
  assert.deepEqual(deeds, [["newCode"], ["newCode"]]);
});

test("nobody is let in where nothing is connected, nor where the administrator allows no codes", async () => {
  for (const state of [disconnected, { ...sample.connected(), managed: { connectBy: ["application"] as const } }]) {
    const { root } = await show(state);
    assert.ok(!names(root).includes("Let another profile in"));
  }
});
