// A portal that has moved is a question in the sidebar.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { initial, type Model } from "../../src/panel/model.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { Status } from "../../src/protocol/types.ts";
import { HostError, type Trouble } from "../../src/worker/trouble.ts";
import { draw, letPeopleMean, names, openDocument, press, read } from "../ui/dom.ts";
import { settle } from "../worker/fake-port.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");
const { act } = await import("preact/test-utils");

const to = "new.bitrix24.example";
const failed = (reason: string, args: Record<string, string>): Trouble => ({
  from: "host",
  failure: { ...sample.failure("not_connected", reason, `It was ${reason}.`, "Mend it."), args },
});

beforeEach(() => letPeopleMean(true));

/** The sidebar after a lookup that found the portal moved; each try to follow is in the test's hand. */
async function show(known: Partial<Status> = {}) {
  const tries: { confirmed: string | undefined; fail: (trouble: Trouble) => void }[] = [];
  let model = update(initial, {
    at: "worker",
    state: sample.connected(sample.reading(sample.thread(sample.fiveNamed)), known),
  });
  assert.ok(model.lookup.at === "due");
  const { ask } = model.lookup;
  const trouble = failed("portal_moved", { portal: sample.status.portal, to });
  const events: Event[] = [
    { at: "started", ask },
    { at: "failed", ask, trouble, now: 0 },
  ];
  model = events.reduce<Model>(update, model);
  const actions = fakeActions([], {
    follow: (where, confirmed) => {
      assert.equal(where, to);
      return new Promise((_, reject) => tries.push({ confirmed, fail: (trouble) => reject(new HostError(trouble)) }));
    },
  });
  const root = await draw(<Panel model={model} actions={actions} />);
  const fail = (trouble: Trouble) =>
    act(async () => {
      tries.at(-1)?.fail(trouble);
      await settle();
    });
  return { root, tries, fail };
}

test("it names both addresses, and only a person says yes", async () => {
  const { root, tries } = await show();
  assert.match(read(root), /It was portal_moved\. Is new\.bitrix24\.example your company's portal\?/);
  letPeopleMean(false);
  await press(root, `Yes, connect to ${to}`);
  assert.equal(tries.length, 0);
  letPeopleMean(true);
  await press(root, `Yes, connect to ${to}`);
  assert.deepEqual(
    tries.map(({ confirmed }) => confirmed),
    [undefined],
  );
  assert.match(read(root), /Your portal opens in your browser/);
});

test("where it has moved to a place of its own, that is asked, too; what else goes wrong is said beside the question", async () => {
  const { root, tries, fail } = await show();
  await press(root, `Yes, connect to ${to}`);
  await fail(failed("portal_unconfirmed", { portal: to, address: "10.0.0.5" }));
  await press(root, "Yes, that is our portal");
  assert.equal(tries.at(-1)?.confirmed, "10.0.0.5");
  await fail(failed("portal_replaced", { portal: to }));
  assert.match(read(root), /It was portal_replaced/);
  assert.ok(names(root).includes(`Yes, connect to ${to}`));
});

test("a webhook's portal can't be followed", async () => {
  const { root } = await show({ mode: "webhook" });
  assert.match(read(root), /It was portal_moved\. Mend it\./);
  assert.ok(!names(root).includes(`Yes, connect to ${to}`));
});
