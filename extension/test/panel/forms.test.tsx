// The forms, as somebody fills them in.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Actions } from "../../src/panel/actions.ts";
import { pauseInTyping } from "../../src/panel/find/use-search.ts";
import type { Form } from "../../src/panel/forms/form.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { Creation, Methods } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { button, draw, field, letPeopleMean, names, openDocument, press, read, type } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");
const { Frame } = await import("../../src/panel/forms/frame.tsx");

const region = {
  id: "uf-crm-17",
  label: "Sales region",
  input: { is: "choice" as const, choices: [{ id: "41", name: "DACH" }] },
};
const shape = sample.contactForm;
const form: Form = {
  at: "create",
  type: "contact",
  about: { email: sample.priya.email, mailName: "Priya Menon", mailbox: sample.mailbox, subject: "Re: Pilot order" },
  key: "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11",
};
const priya = sample.namesake;
const created: Creation = {
  is: "created",
  record: { type: "contact", id: "312" },
  url: `${sample.origin}/crm/contact/details/312/`,
  person: sample.person(sample.priya.email, { contacts: [sample.contact("312", "Priya Menon")] }),
  notices: [],
};

/** The sidebar with a form open, whose worker answers as told. */
async function open(answers: Partial<Actions> = {}) {
  const deeds: unknown[][] = [];
  const opened: Event[] = [
    { at: "worker", state: sample.connected() },
    { at: "form", form },
  ];
  const model: Model = opened.reduce(update, initial);
  const actions = fakeActions(deeds, { recordForm: async () => shape, ...answers });
  const root = await draw(<Panel model={model} actions={actions} />);
  await settle();
  return { root, deeds, events: () => deeds.flatMap(([, event]) => (event as Event).at ?? []) };
}

async function settle() {
  const { act } = await import("preact/test-utils");
  await act(async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  });
}

/** Answers each call in turn, and keeps what was asked. */
function script<M extends "create" | "addAddress">(...answers: (Methods[M]["result"] | Error)[]) {
  const asked: Methods[M]["params"][] = [];
  const call = async (params: Methods[M]["params"]): Promise<Methods[M]["result"]> => {
    asked.push(params);
    const answer = answers.shift();
    if (answer === undefined) throw new Error("nothing more was expected");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, call };
}

const failing = (...failure: Parameters<typeof sample.failure>) =>
  new HostError({ from: "host", failure: sample.failure(...failure) });

beforeEach(() => letPeopleMean(true));

test("the portal's lists and fields can be read again, and nothing typed is lost", async () => {
  const note = { id: "uf-crm-18", label: "Nearest airport", input: { is: "text" as const } };
  const shapes = [shape, { ...shape, fields: [note] }];
  const recordForm = async () => shapes.shift() ?? shape;
  const { root, deeds } = await open({ recordForm });
  await type(root, "First name", "Piet");
  await press(root, "Read the portal's lists again");
  await settle();
  assert.deepEqual(deeds, [["renewReference"]]);
  assert.match(read(root), /They are as in the portal now\./);
  assert.equal(field(root, "First name").value, "Piet");
  assert.ok(field(root, "Nearest airport"));
});

test("the form begins with what is known, and the address stands as it is", async () => {
  const { root } = await open();
  assert.equal(read(root.querySelector("h1")), "Create contact");
  assert.equal(field(root, "First name").value, "Priya");
  assert.equal(field(root, "Company optional").value, "Corvus Logistics");
  assert.equal(field(root, "E-mail").disabled, true);
  assert.match(read(root), /Responsible: Lena Hartmann \(you\)/);
  assert.deepEqual(names(root), ["Back", "Somebody else", "Read the portal's lists again", "Cancel", "Create contact"]);
});

test("what the portal requires is asked for in its own words before anything is sent", async () => {
  const { asked, call } = script<"create">(created);
  const { root } = await open({ recordForm: async () => ({ ...shape, fields: [region] }), create: call });
  await press(root, "Create contact");
  assert.equal(asked.length, 0);
  const picker = [...root.querySelectorAll("select")][0];
  assert.ok(picker);
  assert.equal(picker.getAttribute("aria-invalid"), "true");
  assert.equal(document.activeElement, picker);
  assert.deepEqual(
    [...picker.options].map(({ text }) => text),
    ["Choose…", "DACH"],
  );
  const { act } = await import("preact/test-utils");
  await act(() => {
    picker.value = "41";
    picker.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await press(root, "Create contact");
  await settle();
  assert.deepEqual(asked[0]?.record, {
    type: "contact",
    firstName: "Priya",
    lastName: "Menon",
    company: "Corvus Logistics",
    more: { "uf-crm-17": "41" },
  });
});

test("a colleague who is picked becomes responsible, and the person again if they pick themselves", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, call } = script<"create">({ is: "refused", words: "no" }, created);
  const ann = { user: { id: "8", name: "Ann Keller", url: "" }, position: "Sales" };
  const lena = { user: { ...ann.user, id: "7", name: "Lena Hartmann" }, position: "" };
  const looked: string[] = [];
  const searchUsers: Actions["searchUsers"] = async ({ text }) => {
    looked.push(text);
    return { found: text === "ann" ? [ann] : [lena], cut: false };
  };
  const { root } = await open({ create: call, searchUsers });
  const pick = async (text: string) => {
    await press(root, "Somebody else");
    await type(root, "Responsible", text);
    const { act } = await import("preact/test-utils");
    await act(() => context.mock.timers.tick(pauseInTyping));
    await settle();
    await act(() => root.querySelector<HTMLElement>("[role=option]")?.click());
  };
  await pick("ann");
  assert.match(read(root), /Responsible: Ann Keller ?Somebody else/);
  await press(root, "Create contact");
  await settle();
  await pick("lena");
  await press(root, "Create contact");
  await settle();
  assert.deepEqual(looked, ["ann", "lena"]);
  assert.deepEqual(
    asked.map(({ responsible }) => responsible),
    ["8", undefined],
  );
});

test("without the permission to read users the form says why nobody else can be picked", async () => {
  const { root } = await open({ recordForm: async () => ({ ...shape, users: false }) });
  assert.match(read(root), /Responsible: Lena Hartmann \(you\)\. This connection may not read who else works here/);
  assert.deepEqual(names(root), ["Back", "Read the portal's lists again", "Cancel", "Create contact"]);
});

test("who may be the same is offered; creating anyway says who was seen", async () => {
  const { asked, call } = script<"create">({ is: "duplicates", found: [{ record: priya, same: "name" }] }, created);
  const { root, events } = await open({ create: call });
  await press(root, "Create contact");
  await settle();
  assert.match(read(root), /Is this the same\? Nothing was created so far\./);
  assert.match(read(root), /Priya Menon Contact ?Has the same name\. ?p\.menon@corvus\.example · Corvus Logistics/);
  await press(root, "Create anyway");
  await settle();
  assert.deepEqual(
    asked.map(({ despite }) => despite),
    [[], [{ type: "contact", id: "301" }]],
  );
  assert.equal(asked[0]?.key, asked[1]?.key);
  assert.deepEqual(events(), ["changed"]);
});

test("the address can go to the one who was found", async () => {
  const { call } = script<"create">({ is: "duplicates", found: [{ record: priya, same: "name" }] });
  const adding = script<"addAddress">({ is: "done" });
  const { root, deeds } = await open({ create: call, addAddress: adding.call });
  await press(root, "Create contact");
  await settle();
  await press(root, "Add the address to Priya Menon");
  await settle();
  assert.deepEqual(adding.asked, [
    { mailbox: sample.mailbox, email: sample.priya.email, record: { type: "contact", id: "301" } },
  ]);
  const [, event] = deeds.at(-1) ?? [];
  assert.match(JSON.stringify(event), /Address added to Priya Menon/);
});

test("the portal's refusal stands above the fields, and nothing typed is lost", async () => {
  const words = "The field <b>Phone</b> is required.";
  const { call } = script<"create">(
    { is: "refused", words },
    failing("unreachable", "x", "No way.", "Try again."),
    created,
  );
  const { root } = await open({ create: call });
  await type(root, "Position optional", "Dispatch");
  await press(root, "Create contact");
  await settle();
  assert.match(
    read(root.querySelector("[role=alert]")),
    /The portal refuses this\. The field <b>Phone<\/b> is required\./,
  );
  assert.equal(field(root, "Position optional").value, "Dispatch");
  await press(root, "Create contact");
  await settle();
  assert.match(read(root.querySelector("[role=alert]")), /^No way\. Try again\.$/);
  assert.equal(field(root, "Position optional").value, "Dispatch");
});

test("after a lost confirmation the button waits, and the next try says since when", async ({ mock }) => {
  mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  const lost = failing("try_later", "create_unconfirmed", "Not confirmed.", "Wait.", { seconds: "20" });
  const { asked, call } = script<"create">(lost, created);
  const { root, events } = await open({ create: call });
  await press(root, "Create contact");
  await settle();
  assert.equal(button(root, "Create contact").disabled, true);
  assert.equal(read(root.querySelector(".waits")), "Again in 20 s");
  const { act } = await import("preact/test-utils");
  await act(() => mock.timers.tick(20_000));
  await press(root, "Create contact");
  await settle();
  assert.deepEqual(
    asked.map(({ unconfirmed }) => unconfirmed),
    [undefined, 960_000],
  );
  assert.deepEqual(events(), ["changed"]);
});

test("a press that nobody meant sends nothing", async () => {
  letPeopleMean(false);
  const { asked, call } = script<"create">(created);
  const { root } = await open({ create: call });
  await press(root, "Create contact");
  await settle();
  assert.equal(asked.length, 0);
});

test("escape goes back, and the thread says what was done", async () => {
  const { root, deeds } = await open();
  const { act } = await import("preact/test-utils");
  await act(() => {
    field(root, "First name").dispatchEvent(
      new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }),
    );
  });
  assert.deepEqual(deeds.at(-1), ["form", { at: "form", form: undefined }]);
});

test("a form that can't be had says why and asks again", async () => {
  const answers = [failing("unreachable", "x", "No way.", "Try again."), shape];
  const recordForm = async () => {
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer;
    return answer;
  };
  const { root } = await open({ recordForm });
  assert.match(read(root.querySelector("[role=alert]")), /No way/);
  assert.equal(button(root, "Create contact").disabled, true);
  await press(root, "Try again");
  await settle();
  assert.equal(field(root, "First name").value, "Priya");
});

test("the focus is in the first empty field before anything is painted, so that whoever types at once stays there", async () => {
  const { render } = await import("preact");
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  // Without `act`, which would do what comes after painting, too.
  render(
    <Frame title="Comment" actions={fakeActions([])} submit="Add" busy={false} attention={0} onSubmit={() => {}}>
      <input value="filled" />
      <input id="empty" />
    </Frame>,
    root,
  );
  assert.equal(document.activeElement?.id, "empty");
});
