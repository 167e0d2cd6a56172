// What each state looks like to somebody who reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actions } from "../../src/panel/actions.ts";
import type { CreateForm } from "../../src/panel/forms/form.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { Person } from "../../src/protocol/types.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import { button, draw, field, names, openDocument, press, read, speak, type } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

/** The sidebar for a model, and what its buttons did. */
async function show(model: Model, answers: Partial<Actions> = {}) {
  const deeds: unknown[][] = [];
  const root = await draw(<Panel model={model} actions={fakeActions(deeds, answers)} />);
  return { root, deeds };
}

const modelOf = (state: WorkerState, ...events: Event[]) =>
  events.reduce(update, update(initial, { at: "worker", state }));
const host = (code: Parameters<typeof sample.failure>[0], args = {}) =>
  modelOf(
    sample.troubled({ from: "host", failure: sample.failure(code, "some_reason", "It broke.", "Mend it.", args) }),
  );

/** A model whose thread has these people, looked up. */
function lookedUp(people: readonly Person[], known: Parameters<typeof sample.lookup>[1] = {}): Model {
  const named = people.map(({ email }) => ({ email, name: null }));
  const model = modelOf(sample.connected(sample.reading(sample.thread(named))));
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const lookup = sample.lookup([...people], known);
  return [{ at: "started", ask } as const, { at: "answered", ask, lookup, now: sample.asOf } as const].reduce(
    update,
    model,
  );
}

const cards = (root: Element) => [...root.querySelectorAll(".cards > .card")].map(read);

test("a thread: people in order, the first card open, colleagues in one row", async () => {
  const { root } = await show(lookedUp(sample.five));
  assert.equal(read(root.querySelector("h1")), "Re: Pilot order, 40 sensors for the Lyon plant");
  assert.equal(read(root.querySelector(".thread [role=status]")), "6 messages · 5 people");
  const [marie = "", jonas, priya, colleagues] = cards(root);
  for (const part of [
    "Marie Rousseau Contact",
    "Head of Procurement",
    "Helion Automation SAS",
    "+33 1 99 00 12 34",
    "Ann Keller responsible",
    "2 open deals",
    "Pilot order, 40 sensors€48,600",
    "Offer sent",
    "Sales",
  ])
    assert.ok(marie.includes(part), `${part} in: ${marie}`);
  assert.match(jonas ?? "", /Jonas Weber Lead.*Web form, 12 Nov.*In progress/);
  assert.match(priya ?? "", /priya@corvus-logistics\.example Not in CRM/);
  assert.match(colleagues ?? "", /2 colleagues\s*Ann Keller, Tom Brandt/);
  assert.equal(read(root.querySelector(".foot p")), "2 of 3 in CRM");
  assert.equal(root.querySelectorAll("h2").length, 3, "each name is a heading");
});

test("who isn't in the CRM can be put there, who is can get a deal", async () => {
  const model = lookedUp(sample.five);
  const { root, deeds } = await show(model);
  const offered = [...root.querySelectorAll(".card")].filter((card) => card.querySelector(".card-actions"));
  assert.deepEqual(
    offered.map((card) => [read(card.querySelector("h2")), read(card.querySelector(".card-actions"))]),
    [
      ["Marie Rousseau Contact", "Create dealTo-doComment"],
      ["priya@corvus-logistics.example Not in CRM", "Create contactCreate leadCreate companyAdd to existing"],
    ],
  );
  await press(root, "Create contact");
  const [, event] = deeds.at(-1) ?? [];
  const { form } = event as { form: CreateForm };
  assert.deepEqual(
    { type: form.type, about: form.about },
    {
      type: "contact",
      about: {
        email: sample.priya.email,
        mailName: null,
        mailbox: sample.mailbox,
        subject: "Re: Pilot order, 40 sensors for the Lyon plant",
      },
    },
  );
  assert.match(form.key, /^[a-z0-9-]{36}$/);
});

test("what was done is said above the people, with what is otherwise than wanted", async () => {
  const person = sample.person(sample.priya.email, { contacts: [sample.contact("312", "Priya Menon")] });
  const notices = [sample.failure("failed", "company_not_tied", "No such company.", "Choose it there.")];
  const said = { words: "Contact created", url: `${sample.origin}/crm/contact/details/312/`, notices };
  const { root } = await show(update(lookedUp(sample.five), { at: "changed", person, now: sample.asOf, said }));
  assert.match(
    read(root.querySelector(".said")),
    /^Contact created\. Open in the portal ?No such company\. Choose it there\.$/,
  );
  assert.ok(
    cards(root).some((card) => card.startsWith("PMPriya Menon Contact") || card.includes("Priya Menon Contact")),
  );
});

test("steps and the next stage are told in words", async () => {
  const { root } = await show(lookedUp([sample.marie]));
  const steps = [...root.querySelectorAll(".steps")].map((element) => element.getAttribute("aria-label"));
  assert.deepEqual(steps, ["Stage 3 of 6. Next: Order confirmed", "Stage 4 of 6"]);
  assert.equal(root.querySelectorAll(".steps")[0]?.querySelectorAll(".done").length, 3);
});

test("folding, refreshing and the row of colleagues change the model and nothing else", async () => {
  const { root, deeds } = await show(lookedUp(sample.five));
  await press(root, "Fold Marie Rousseau");
  await press(root, "Unfold Jonas Weber");
  await press(root, "Refresh");
  root.querySelector<HTMLButtonElement>(".fold-row button")?.click();
  assert.deepEqual(deeds, [
    ["fold", { at: "fold", email: sample.marie.email, open: false }],
    ["fold", { at: "fold", email: sample.jonas.email, open: true }],
    ["again", { at: "again", fresh: true }],
    ["row", { at: "row", row: "colleagues", open: true }],
  ]);
  const open = await show(update(lookedUp(sample.five), { at: "row", row: "colleagues", open: true }));
  assert.match(cards(open.root).at(-1) ?? "", /Ann Keller.*Sales.*Tom Brandt.*Service/);
});

test("loading: skeletons in the number of people, and the word for it", async () => {
  const { root } = await show(modelOf(sample.connected()));
  assert.equal(root.querySelectorAll(".skeleton").length, 5);
  assert.equal(read(root.querySelector(".thread [role=status]")), "Looking up 5 people…");
  assert.ok(button(root, "Refresh").disabled);
});

test("a part: what is known is there, the rest is on its way", async () => {
  const model = modelOf(sample.connected());
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const events: Event[] = [
    { at: "started", ask },
    { at: "part", ask, lookup: sample.lookup([sample.marie]) },
  ];
  const { root } = await show(events.reduce(update, model));
  assert.equal(root.querySelectorAll(".skeleton").length, 4);
  assert.match(cards(root)[0] ?? "", /^MR Marie Rousseau|Marie Rousseau/);
  assert.equal(read(root.querySelector(".thread [role=status]")), "6 messages · 5 people · 1 of 5 looked up");
});

test("each missing piece says why, in its own place", async () => {
  const noDeals = sample.failure("refused", "deals_hidden", "Deals are hidden from you.", "Ask for the right.");
  const slow = sample.failure("unreachable", "answer_too_slow", "The portal took longer than 10 s.", "Try again.");
  const { root, deeds } = await show(
    lookedUp([
      { ...sample.marie, hidden: 2, problems: [noDeals] },
      sample.person("x@y.example", { role: { is: "notLookedUp" }, problems: [slow] }),
    ]),
  );
  const [marie = "", other = ""] = cards(root);
  assert.match(marie, /Deals are hidden from you\. Ask for the right\./);
  assert.match(marie, /2 records with this address you have no right to read\./);
  assert.match(other, /x@y\.example Not looked up.*The portal took longer than 10 s\. Try again\./);
  await press(root, "Try again");
  assert.deepEqual(deeds, [["again", { at: "again", fresh: false }]]);
});

test("what is missing from all of them stands above the cards", async () => {
  const notice = sample.failure(
    "failed",
    "rows_nobody_asked_for",
    "The portal sent rows nobody had asked for.",
    "They were dropped.",
  );
  const { root } = await show(lookedUp([sample.marie], { notices: [notice] }));
  assert.match(read(root.querySelector("main > .notice")), /rows nobody had asked for\. They were dropped\./);
});

test("several records: all listed, none chosen", async () => {
  const [first] = sample.many;
  assert.ok(first);
  const { root } = await show(lookedUp([first]));
  const [card = ""] = cards(root);
  for (const part of [
    "3 matches",
    "Several records hold this address.",
    "Katharina Obermeier-Szczepańska",
    "Obermeier GmbH & Co. KG",
  ])
    assert.ok(card.includes(part), part);
  assert.equal(root.querySelectorAll(".rows a").length, 3);
  assert.ok(root.querySelector(".card-head a") === null);
});

test("of several records the person picks one, and can pick another again", async () => {
  const [first] = sample.many;
  assert.ok(first);
  const model = lookedUp([first]);
  const asked: unknown[] = [];
  const chooseRecord = async (params: unknown) => {
    asked.push(params);
    return {};
  };
  const { root, deeds } = await show(model, { chooseRecord });
  const marks = () => [...root.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  assert.ok(marks().every(({ checked }) => !checked));
  assert.ok(button(root, "Use this record").disabled);
  const { act } = await import("preact/test-utils");
  await act(() => marks()[2]?.click());
  await press(root, "Use this record");
  await act(async () => {});
  const event: Event = { at: "chosen", email: first.email, record: { type: "company", id: "53" } };
  assert.deepEqual(deeds, [["chosen", event]]);
  assert.deepEqual(asked, [{ email: first.email, record: event.record }]);

  const after = await show(update(model, event), { chooseRecord });
  const [card = ""] = cards(after.root);
  assert.match(card, /Obermeier GmbH & Co\. KG Company/);
  assert.doesNotMatch(card, /3 matches|Several records/);
  assert.match(card, /Picked out of 3 records\./);
  assert.equal(after.root.querySelectorAll(".card-head a").length, 1, "it has one page in the portal now");
  await press(after.root, "Pick another");
  await act(async () => {});
  assert.deepEqual(asked[1], { email: first.email });
  assert.deepEqual(after.deeds.at(-1)?.[1], { at: "chosen", email: first.email, record: undefined });
});

test("many people: filters, a fold after the first three, and the deals a few at a time", async () => {
  const model = lookedUp(sample.many);
  const { root, deeds } = await show(model);
  const filter = names(root).filter((name) => /\d+$/.test(name));
  assert.deepEqual(filter, ["All 23", "In CRM 8", "Not in CRM 9", "Colleagues 6"]);
  assert.equal(root.querySelectorAll(".card-head").length, 3);
  assert.match(cards(root).join("|"), /14 more external people\s*5 in CRM, 9 not/);
  await press(root, "In CRM 8");
  assert.deepEqual(deeds.at(-1), ["filter", { at: "filter", filter: "inCrm" }]);

  const inCrm = await show(update(model, { at: "filter", filter: "inCrm" }));
  assert.equal(inCrm.root.querySelectorAll(".card").length, 8);
  const all = await show(update(model, { at: "row", row: "external", open: true }));
  assert.equal(all.root.querySelectorAll(".card-head").length, 17);

  const second = sample.many[1];
  assert.ok(second);
  const deals = await show(lookedUp([second]));
  assert.equal(deals.root.querySelectorAll(".deal").length, 3);
  await press(deals.root, "Show more deals, 3 of 40");
  assert.equal(deals.root.querySelectorAll(".deal").length, 23);
  await press(deals.root, "Show more deals, 23 of 40");
  assert.equal(deals.root.querySelectorAll(".deal").length, 40);
  const more = await show(lookedUp([{ ...sample.marie, dealsTotal: 120 }]));
  assert.match(read(more.root), /120 open deals.*2 of 120 shown\. The others are in the portal\./);
});

test("hundreds of cards are drawn only where they are in view", async () => {
  const crowd = Array.from({ length: 150 }, (_, index) => sample.person(`p${index}@x.example`));
  const { root } = await show(update(lookedUp(crowd), { at: "row", row: "external", open: true }));
  assert.equal(root.querySelectorAll(".card-head").length, 150);
  assert.ok(root.querySelector(".cards")?.classList.contains("long"));
});

test("cut off: what was known, and since when", async () => {
  const model = lookedUp(sample.five);
  assert.ok("ask" in model.lookup);
  const trouble = {
    from: "host",
    failure: sample.failure("unreachable", "cannot_connect", "No connection.", "Check it."),
  } as const;
  const { root } = await show(
    [
      { at: "again", fresh: true } as const,
      { at: "failed", ask: model.lookup.ask, trouble, now: sample.asOf } as const,
    ].reduce(update, model),
  );
  assert.match(
    read(root.querySelector("main > .notice")),
    /Your portal can't be reached\. This is what was known at .*10:31|Your portal can't be reached\. This is what was known at/,
  );
  assert.equal(cards(root).length, 4);
  assert.match(read(root.querySelector(".portal")), /The portal can't be reached/);
});

test("the portal asks to wait: a time and a way to stop, in calm", async () => {
  const model = modelOf(sample.connected());
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const busy = sample.failure("try_later", "portal_busy", "m", "h", { seconds: "18" });
  const { root, deeds } = await show(
    [
      { at: "started", ask } as const,
      { at: "part", ask, lookup: sample.lookup([sample.marie]) } as const,
      { at: "failed", ask, trouble: { from: "host", failure: busy } as const, now: Date.now() } as const,
    ].reduce(update, model),
  );
  const notice = root.querySelector("main > .notice");
  assert.ok(notice?.classList.contains("calm"));
  assert.match(read(notice), /Your portal asks us to slow down\. The other 4 people follow in 1[78] s\./);
  await press(root, "Stop");
  assert.deepEqual(deeds, [["stop", { at: "stop" }]]);
});

test("nobody but the reader, a lost reader's gap, a mailing group", async () => {
  const alone = await show(modelOf(sample.connected(sample.reading(sample.thread([])))));
  assert.match(read(alone.root), /Nobody but you is in this thread\./);
  const gap = sample.thread([{ name: "Ann", email: "list@groups.example" }], { gaps: ["messages-absent"] });
  gap.participants = gap.participants.map((participant) => ({ ...participant, viaGroup: participant.name === "Ann" }));
  const model = modelOf(sample.connected(sample.reading(gap)));
  assert.ok("ask" in model.lookup);
  const { ask } = model.lookup;
  const events: Event[] = [
    { at: "started", ask },
    { at: "answered", ask, lookup: sample.lookup([sample.person("list@groups.example")]), now: 0 },
  ];
  const { root } = await show(events.reduce(update, model));
  assert.match(read(root), /Gmail doesn't show everybody of this thread\./);
  assert.match(read(root), /mailing group's address/);
});

test("a thread among colleagues says so and offers nothing to create", async () => {
  const colleagues = [sample.annKeller, sample.tomBrandt];
  const { root } = await show(lookedUp(colleagues));
  assert.match(read(root), /Everybody else in this thread is a colleague\./);
  assert.ok(!names(root).some((name) => /Create|Add to existing/.test(name)));
  const mixed = await show(lookedUp([...colleagues, sample.priya]));
  assert.doesNotMatch(read(mixed.root), /is a colleague\./);
  assert.ok(names(mixed.root).includes("Create contact"));
});

test("who was dismissed is shown so, with and without a record", async () => {
  const dismissed = { is: "extranet", user: sample.ann, dismissed: true } as const;
  const { root } = await show(
    lookedUp([{ ...sample.priya, role: dismissed }, { ...sample.marie, role: dismissed }, sample.jonas]),
  );
  const [marie = "", , priya = ""] = cards(root);
  assert.match(marie, /Marie Rousseau Contact.*Former external user/);
  assert.match(priya, /Former external user/);
});

test("the mailbox is asked about once, in the words of what happens", async () => {
  const { root, deeds } = await show(modelOf(sample.connected(undefined, { mailboxes: [] })));
  assert.match(read(root), /Look up people of threads in lena@brightline\.example\?/);
  assert.match(read(root), /Addresses of participants go to your portal brightline\.bitrix24\.example, nothing else\./);
  await press(root, "Look up people");
  await press(root, "Not this mailbox");
  assert.deepEqual(deeds, [
    ["setMailbox", sample.mailbox, true],
    ["setMailbox", sample.mailbox, false],
  ]);
});

test("a mailbox Gmail doesn't name: the person does", async () => {
  const open = sample.reading(sample.thread(sample.fiveNamed));
  const { root, deeds } = await show(
    modelOf(sample.connected({ ...open, account: { email: null, candidates: [], delegated: false } })),
  );
  await press(root, sample.mailbox);
  await type(root, "Address of this mailbox", " Sales@Brightline.example ");
  await press(root, "This is the mailbox");
  assert.deepEqual(deeds, [
    ["nameMailbox", 5, sample.mailbox],
    ["nameMailbox", 5, "sales@brightline.example"],
  ]);
});

test("every other state has a title and a way on", async () => {
  const account = sample.noThread.account;
  const table: [Model, string, [press: string, deed: string] | undefined][] = [
    [
      modelOf({ ...sample.connected(), tab: { at: "silent", tabId: 3 } }),
      "Open a thread in Gmail",
      ["Reload the Gmail tab", "reloadTab"],
    ],
    [modelOf(sample.connected(sample.noThread)), "Open a thread in Gmail", undefined],
    [
      modelOf(sample.connected({ state: "unreadable", why: "no-heading", threadId: null, subject: null, account })),
      "Gmail has changed",
      undefined,
    ],
    [
      modelOf(sample.connected(undefined, { mailboxes: [{ address: sample.mailbox, on: false }] })),
      "No lookups for this mailbox",
      ["Look up people", "setMailbox"],
    ],
    [
      modelOf(sample.troubled({ from: "port", cause: "hostMissing", detail: "" })),
      "One part is missing",
      ["Look again", "refresh"],
    ],
    [
      modelOf(sample.troubled({ from: "port", cause: "blockedByPolicy", detail: "" })),
      "Your administrator has switched off the host",
      ["Try again", "refresh"],
    ],
    [
      modelOf(sample.troubled({ from: "clock", method: "hello", seconds: 15 })),
      "The host gave no answer for 15 seconds",
      ["Try again", "refresh"],
    ],
    [host("unsupported_version", { theirs: "2", ours: "1" }), "The host is too old", ["Look again", "refresh"]],
    [host("unsupported_version", { theirs: "1", ours: "2" }), "The extension is too old", ["Look again", "refresh"]],
    [host("not_connected"), "Connect your portal", ["Connect…", "openConnect"]],
    [host("failed"), "It broke", ["Try again", "refresh"]],
  ];
  for (const [model, title, way] of table) {
    const { root, deeds } = await show(model);
    assert.equal(read(root.querySelector("h1")), title);
    if (way) {
      await press(root, way[0]);
      assert.equal(deeds[0]?.[0], way[1], title);
    }
  }
});

test("an error's details name codes and no people", async () => {
  const { root } = await show(host("failed"));
  assert.match(read(root.querySelector("details")), /failed \/ some_reason/);
  assert.ok(!read(root.querySelector("details")).includes("@"));
});

test("the first time there is one thing to do, and a code only where it may help", async () => {
  const first = await show(host("session_needed"));
  assert.equal(read(first.root.querySelector("h1")), "Connect your portal");
  assert.equal(first.root.querySelectorAll(".primary").length, 1);
  await press(first.root, "Connect…");
  assert.deepEqual(first.deeds, [["openConnect"]]);
  assert.ok(names(first.root).includes("Use the code"));
  assert.ok(!names((await show(host("not_connected"))).root).includes("Use the code"));
});

test("a further profile enters its one-time code, and a wrong one stays in the field", async () => {
  const { root, deeds } = await show(host("session_needed"));
  assert.ok(button(root, "Use the code").disabled);
  await type(root, "One-time code", " 123 456 ");
  await press(root, "Use the code");
  assert.deepEqual(deeds, [["allow", "123 456"]]);
  assert.equal(field(root, "One-time code").value, " 123 456 ");
});

test("the menu opens, stops lookups for the mailbox, and Escape closes it and gives the focus back", async () => {
  const { root, deeds } = await show(lookedUp(sample.five));
  const more = button(root, "More");
  assert.equal(more.getAttribute("aria-expanded"), "false");
  await press(root, "More");
  assert.equal(more.getAttribute("aria-expanded"), "true");
  const { act } = await import("preact/test-utils");
  await act(() => void document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", cancelable: true })));
  assert.equal(more.getAttribute("aria-expanded"), "false");
  assert.ok(document.activeElement === more);
  await press(root, "More");
  await press(root, "Stop lookups for this mailbox");
  assert.deepEqual(deeds, [["setMailbox", sample.mailbox, false]]);
});

test("every state can be read in German and Russian", async () => {
  const states = [
    lookedUp(sample.five),
    lookedUp(sample.many),
    host("not_connected"),
    host("session_needed"),
    modelOf(sample.connected()),
  ];
  for (const language of ["de", "ru"]) {
    speak(language);
    for (const model of states) {
      const { root } = await show(model);
      assert.doesNotMatch(read(root), /Look up|People|open deal|Not in CRM|Connect your/);
    }
  }
  speak("en");
});
