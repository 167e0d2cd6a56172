// Moving a deal from its card.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Actions } from "../../src/panel/actions.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { nextItem } from "../../src/panel/stage-picker.tsx";
import { type Event, update } from "../../src/panel/update.ts";
import type { DealMove, Methods, Stage } from "../../src/protocol/types.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { button, draw, letPeopleMean, names, openDocument, press, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

const [pilot] = sample.marie.deals;
assert.ok(pilot);
const chip = "Stage of Pilot order, 40 sensors: Offer sent. Move it";
const sales = sample.reference.pipelines[0]?.stages ?? [];
const stage = (id: string): Stage => {
  const found = sales.find((one) => one.id === id);
  assert.ok(found);
  return found;
};

/** The sidebar with Marie's card, redrawn whenever something happens; the host answers a move as told. */
async function open(
  moveDeal: (params: Methods["moveDeal"]["params"]) => Promise<DealMove> = () => new Promise(() => {}),
  known: Partial<WorkerState> = {},
) {
  const { act } = await import("preact/test-utils");
  const { render } = await import("preact");
  const asked: Methods["moveDeal"]["params"][] = [];
  const state = { ...sample.connected(), ...known };
  let model: Model = update(initial, { at: "worker", state });
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const first: Event[] = [
    { at: "started", ask },
    { at: "answered", ask, lookup: sample.lookup(sample.five), now: sample.asOf },
  ];
  model = first.reduce(update, model);
  const actions: Actions = fakeActions([], {
    moveDeal: (params) => {
      asked.push(params);
      return moveDeal(params);
    },
    dispatch: (event) => {
      model = update(model, event);
      void act(() => render(<Panel model={model} actions={actions} />, root));
    },
  });
  const root = await draw(<Panel model={model} actions={actions} />);
  const settle = () =>
    act(async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    });
  return { root, asked, settle, model: () => model };
}

const stages = (root: HTMLElement) => [...root.querySelectorAll("[role=menuitemradio]")].map(read);
const alert = (root: HTMLElement) => read(root.querySelector(".deal [role=alert]"));

async function key(root: HTMLElement, name: string) {
  const { act } = await import("preact/test-utils");
  await act(() => {
    (document.activeElement ?? root).dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
    );
  });
}

/** Opens the list of stages and picks one. */
async function pick(root: HTMLElement, name: string) {
  await press(root, chip);
  await press(root, name);
}

beforeEach(() => letPeopleMean(true));

test("the chip lists the stages of the deal's own pipeline, with the one it stands in", async () => {
  const { root } = await open();
  await press(root, chip);
  assert.deepEqual(stages(root), [
    "New",
    "Qualified",
    "Offer sent",
    "Order confirmed",
    "Delivered won",
    "No order lost",
  ]);
  assert.equal(read(document.activeElement), "Offer sent");
  assert.equal(document.activeElement?.getAttribute("aria-checked"), "true");
  // The other deal's pipeline isn't among the portal's lists: its chip is no button.
  assert.ok(!names(root).some((name) => name.includes("Service contract")));
});

test("keys go through the list, and back to the chip", async () => {
  const { root, asked } = await open();
  await press(root, chip);
  await key(root, "ArrowDown");
  assert.equal(read(document.activeElement), "Order confirmed");
  await key(root, "n");
  assert.equal(read(document.activeElement), "No order lost");
  await key(root, "Escape");
  assert.deepEqual(stages(root), []);
  assert.equal(document.activeElement, button(root, chip));
  await key(root, "ArrowDown");
  assert.equal(stages(root).length, 6);
  assert.deepEqual(asked, []);
});

test("each key has its item", () => {
  const items = ["New", "Offer", "Order"].map((textContent) => ({ textContent }));
  const expected: [string, number, number | undefined][] = [
    ["ArrowDown", 2, 0],
    ["ArrowUp", 0, 2],
    ["Home", 2, 0],
    ["End", 0, 2],
    ["o", 1, 2],
    ["O", 2, 1],
    ["x", 0, undefined],
    ["Shift", 0, undefined],
  ];
  for (const [name, here, to] of expected) assert.equal(nextItem(name, here, items), to, `${name} from ${here}`);
  assert.equal(nextItem("ArrowDown", -1, []), undefined);
});

test("a deal is drawn where it goes, and stays there once the portal says so; it can go back", async () => {
  let answer: (move: DealMove) => void = () => {};
  const { root, asked, settle } = await open(() => new Promise((resolve) => (answer = resolve)));
  await pick(root, "Order confirmed");
  assert.deepEqual(asked, [{ deal: "31", from: "PREPARATION", to: "EXECUTING" }]);
  assert.equal(read(root.querySelector(".deal .chip")), "Order confirmed");
  assert.equal(root.querySelector(".deal .chip")?.getAttribute("aria-busy"), "true");
  // Another press while it is under way does nothing.
  await press(root, "Stage of Pilot order, 40 sensors: Order confirmed. Move it");
  assert.deepEqual(stages(root), []);
  answer({ is: "moved", deal: { ...pilot, stage: stage("EXECUTING"), step: 4 } });
  await settle();
  assert.match(read(root.querySelector(".deal")), /Order confirmed.*Moved to Order confirmedUndo/);
  await press(root, "Undo");
  assert.deepEqual(asked.at(-1), { deal: "31", from: "EXECUTING", to: "PREPARATION" });
});

test("a stage that closes the deal asks first; the deal then leaves every card it was on", async () => {
  const { root, asked, settle, model } = await open(async () => ({
    is: "moved",
    deal: { ...pilot, stage: sample.won, step: 0 },
  }));
  await pick(root, "Delivered won");
  assert.deepEqual(asked, []);
  assert.match(read(root.querySelector(".deal")), /This closes “Pilot order, 40 sensors” as won\./);
  assert.equal(read(document.activeElement), "Move to Delivered");
  await press(root, "Cancel");
  assert.equal(read(root.querySelector(".deal .chip")), "Offer sent");
  await pick(root, "Delivered won");
  await press(root, "Move to Delivered");
  await settle();
  assert.deepEqual(asked, [{ deal: "31", from: "PREPARATION", to: "WON" }]);
  assert.match(read(root.querySelector(".said")), /Pilot order, 40 sensors: Moved to Delivered/);
  const marie = model().known.get(sample.marie.email)?.person;
  assert.deepEqual([marie?.deals.map(({ id }) => id), marie?.dealsTotal], [["32"], 1]);
});

test("what somebody else has done is said, and drawn", async () => {
  const { root, settle } = await open(async () => ({
    is: "elsewhere",
    deal: { ...pilot, stage: stage("QUALIFIED"), step: 2 },
  }));
  await pick(root, "Order confirmed");
  await settle();
  assert.equal(read(root.querySelector(".deal .chip")), "Qualified");
  assert.equal(alert(root), "Somebody else has moved this deal to Qualified. Nothing was changed from here.");
});

test("what the portal refuses, and what went wrong, is said at the deal, which stays where it was", async () => {
  const answers: (() => Promise<DealMove>)[] = [
    async () => ({ is: "refused", words: "The field “Amount” is <b>required</b>." }),
    async () => {
      throw new HostError({
        from: "host",
        failure: sample.failure("refused", "x", "You have no right to it.", "Ask."),
      });
    },
  ];
  const { root, settle } = await open(() => answers.shift()?.() ?? Promise.reject(new Error("no more")));
  await pick(root, "Order confirmed");
  await settle();
  assert.equal(alert(root), "The portal refuses this. The field “Amount” is <b>required</b>.");
  assert.equal(read(root.querySelector(".deal .chip")), "Offer sent");
  await pick(root, "Order confirmed");
  await settle();
  assert.equal(alert(root), "You have no right to it. Ask.");
  assert.equal(read(root.querySelector(".deal .chip")), "Offer sent");
});

test("where an administrator wants nothing written, or no lists are there, a stage is text", async () => {
  for (const known of [{ managed: { readOnly: true } }, { reference: undefined }]) {
    const { root } = await open(undefined, known);
    assert.equal(read(root.querySelector(".deal .chip")), "Offer sent");
    assert.ok(!names(root).includes(chip));
  }
});

test("no script moves a deal", async () => {
  const { root, asked } = await open();
  letPeopleMean(false);
  await pick(root, "Order confirmed");
  await pick(root, "Delivered won");
  assert.deepEqual(asked, []);
  assert.ok(!names(root).includes("Move to Delivered"));
});
