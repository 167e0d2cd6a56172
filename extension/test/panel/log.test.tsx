// The log screen, as somebody uses it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { MailBody } from "../../src/gmail/body.ts";
import type { MailHeader } from "../../src/gmail/header.ts";
import type { Actions } from "../../src/panel/actions.ts";
import { firstChoice, firstMessage, type LogForm, loggable, targetsOf } from "../../src/panel/log/form.ts";
import { initial, type Model } from "../../src/panel/model.ts";
import { entriesOf } from "../../src/panel/people.ts";
import { type Event, update } from "../../src/panel/update.ts";
import type { LogBlock, LogPreview, MailMessage, Methods, Status } from "../../src/protocol/types.ts";
import { HostError } from "../../src/worker/trouble.ts";
import { draw, letPeopleMean, openDocument, press, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
// An answer's effects come at once, and not with a frame that nobody draws.
const { options } = await import("preact");
options.requestAnimationFrame = (effects) => queueMicrotask(effects);
const { Panel } = await import("../../src/panel/view.tsx");

const id = "1a1f95f130003a01";
const plainThread = sample.thread(sample.fiveNamed);
const open = {
  ...plainThread,
  messages: plainThread.messages.map((message, at) => (at === 1 ? { ...message, id } : message)),
};
const entries = entriesOf(open, sample.reader, (email) => sample.five.find((person) => person.email === email), false);
const [message] = loggable(open);
assert.ok(message);
const targets = targetsOf(entries);
const body: MailBody = {
  own: "Week 50 suits us.",
  whole: "Week 50 suits us.\n\nTwo pallets",
  cut: false,
  clipped: false,
  bcc: [],
};

const header: MailHeader = { messageId: "<CAB1@mail.helion.example>", sentAt: Date.parse("2026-11-20T14:31:55Z") };

/** What the host would show for what it is asked. */
function shown({ message, records }: Methods["previewLog"]["params"]): LogPreview {
  const request = JSON.stringify({ subject: message.subject, text: message.text, records });
  return {
    digest: request,
    expiresAt: 0,
    direction: "incoming",
    from: "Marie Rousseau <marie.rousseau@helion.example>",
    to: sample.mailbox,
    sentAt: message.sentAt,
    subject: message.subject,
    text: message.text ?? "",
    records: records.map((record) => ({ ...record, title: record.id, email: "", url: "" })),
    responsible: sample.ann,
    request,
    notices: [],
    warnings: [],
  };
}

/** The sidebar with the log screen open. */
async function openLog(
  answers: Partial<Actions> = {},
  older: MailMessage[] = [],
  known: Partial<Status> = {},
  before: Event[] = [],
) {
  assert.ok(message);
  const form = {
    at: "log",
    mailbox: sample.mailbox,
    tabId: 5,
    messages: [message, ...older],
    first: message,
    people: [sample.marie.email],
    targets,
  } satisfies LogForm;
  const opened: Event[] = [
    { at: "worker", state: sample.connected(sample.reading(open), known) },
    ...before,
    { at: "form", form },
  ];
  let model: Model = opened.reduce(update, initial);
  const committed: string[] = [];
  const asked: Methods["previewLog"]["params"][] = [];
  const actions = fakeActions([], {
    dispatch: (event) => {
      model = update(model, event);
    },
    readBody: async () => body,
    readHeader: async () => header,
    previewLog: async (params) => {
      asked.push(params);
      return shown(params);
    },
    commitLog: async ({ digest }) => {
      committed.push(digest);
      return { id: "9", records: [], notices: [] };
    },
    ...answers,
  });
  const root = await draw(<Panel model={model} actions={actions} />);
  await settle();
  return {
    root,
    asked,
    committed,
    said: () => model.said?.words,
    denied: () => [...model.denied],
    formOpen: () => model.form !== undefined,
  };
}

async function settle() {
  const { act } = await import("preact/test-utils");
  await act(async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  });
}

async function tick(root: HTMLElement, label: string) {
  const { act } = await import("preact/test-utils");
  const input = [...root.querySelectorAll("label")].find((one) => read(one).includes(label))?.querySelector("input");
  assert.ok(input, label);
  await act(async () => {
    input.click();
    await Promise.resolve();
  });
  await settle();
}

beforeEach(() => letPeopleMean(true));

test("messages that have an id and a sender can be logged, the newest first, with the time in their ids", () => {
  assert.deepEqual(
    [message.gmailId, message.from.email, message.subject, new Date(message.sentAt).toISOString()],
    [id, sample.marie.email, open.subject, "2026-11-20T14:32:00.000Z"],
  );
  assert.deepEqual(loggable(plainThread), []);
  const all = { ...open, messages: open.messages.map((one, at) => ({ ...one, id: `1a1f95f130003a0${at}` })) };
  const ids = loggable(all).map(({ gmailId }) => gmailId);
  assert.ok(ids.length > 1);
  assert.deepEqual(ids, ids.toSorted().reverse());
});

test("the message the person clicked is meant, else the newest", () => {
  const several = { ...sample.severalLoggable, clicked: "1a1f95f130003a00" };
  const [newest, ...older] = loggable(several);
  assert.ok(newest);
  assert.equal(firstMessage(several, [newest, ...older]).gmailId, "1a1f95f130003a00");
  const { clicked: _, ...untouched } = several;
  assert.equal(firstMessage(untouched, [newest, ...older]), newest);
  assert.equal(firstMessage({ ...several, clicked: "1a1f95f13000ffff" }, [newest, ...older]), newest);
});

test("records of people from outside can be chosen, each once, the sender's first", () => {
  const keys = targets.map(({ record }) => `${record.type} ${record.id}`);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.some((key) => key.startsWith("deal")) && keys.some((key) => key.startsWith("lead")));
  assert.equal(firstChoice(targets, message)?.email, sample.marie.email);
  const fromUs = { ...message, from: { email: sample.mailbox }, to: [{ email: sample.jonas.email }] };
  assert.equal(firstChoice(targets, fromUs)?.email, sample.jonas.email);
});

test("it begins with the sender's record and the text without quotes, and sends nothing", async () => {
  const { root, asked, committed } = await openLog();
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.message.text, body.own);
  assert.equal(asked[0]?.records.length, 1);
  assert.match(read(root), /What will be sent/);
  assert.match(read(root.querySelector(".log-text")), /Week 50 suits us\./);
  assert.doesNotMatch(read(root.querySelector(".log-text")), /Two pallets/);
  assert.deepEqual(committed, []);
});

test("each choice is previewed anew, and only what is shown is agreed to", async () => {
  const { root, asked, committed, said, formOpen } = await openLog();
  await tick(root, "Full text");
  assert.equal(asked.at(-1)?.message.text, body.whole);
  await tick(root, "Subject only");
  assert.equal(asked.at(-1)?.message.text, undefined);
  const second = targets[1];
  assert.ok(second);
  await tick(root, second.title);
  assert.equal(asked.at(-1)?.records.length, 2);
  await press(root, "Log to 2 records");
  await settle();
  const last = asked.at(-1);
  assert.ok(last);
  assert.deepEqual(committed, [shown(last).digest]);
  assert.match(said() ?? "", /No mail was sent/);
  assert.equal(formOpen(), false);
});

test("where only the subject may be logged, nothing else is offered or handed to the host", async () => {
  const { root, asked } = await openLog({}, [], { subjectOnly: true });
  assert.equal(asked[0]?.message.text, undefined);
  assert.equal(asked[0]?.message.subject, open.subject);
  assert.equal(root.querySelector('input[name="amount"]'), null);
  assert.match(read(root), /lets only the subject be logged/);
});

test("of several messages one is chosen: its text, its header, its people's record", async () => {
  const older = { ...message, gmailId: "1a1f95f130003a00", from: { name: "Jonas", email: sample.jonas.email }, to: [] };
  const bodies: string[] = [];
  let answerHeader: (header: MailHeader | null) => void = () => undefined;
  const headers = { [id]: Promise.resolve(header) } as Record<string, Promise<MailHeader | null>>;
  headers[older.gmailId] = new Promise((resolve) => {
    answerHeader = resolve;
  });
  const { root, asked } = await openLog(
    {
      readBody: async (_, gmailId) => {
        bodies.push(gmailId);
        return gmailId === id ? body : { ...body, own: "From Jonas." };
      },
      readHeader: (_, gmailId) => headers[gmailId] ?? Promise.resolve(null),
    },
    [older],
  );
  const { act } = await import("preact/test-utils");
  const picker = root.querySelector("select");
  assert.ok(picker);
  assert.deepEqual(
    [...picker.options].map(({ value }) => value),
    [id, older.gmailId],
  );
  await act(async () => {
    picker.value = older.gmailId;
    picker.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await settle();
  assert.deepEqual(bodies, [id, older.gmailId]);
  assert.equal(asked.length, 1, "nothing is asked with the header of another message");
  answerHeader(null);
  await settle();
  const last = asked.at(-1);
  assert.deepEqual(
    [asked.length, last?.message.gmailId, last?.message.text, last?.message.messageId],
    [2, older.gmailId, "From Jonas.", undefined],
  );
  assert.deepEqual(last?.records, [firstChoice(targets, older)?.record]);
});

test("the header's Message-ID and time go into the preview, which waits for them", async () => {
  const { asked } = await openLog();
  assert.deepEqual([asked[0]?.message.messageId, asked[0]?.message.sentAt], [header.messageId, header.sentAt]);
  const without = await openLog({ readHeader: async () => null });
  assert.ok(message);
  assert.deepEqual(
    [without.asked[0]?.message.messageId, without.asked[0]?.message.sentAt],
    [undefined, message.sentAt],
  );
  const waiting = await openLog({ readHeader: () => new Promise<never>(() => undefined) });
  assert.deepEqual(waiting.asked, []);
});

test("a message somebody has logged can't be logged again", async () => {
  const earlier = { by: sample.ann, me: false, at: Date.UTC(2026, 10, 3, 12) };
  const { root } = await openLog({
    previewLog: async (params) => {
      const { digest: _, ...rest } = shown(params);
      return { ...rest, request: "", logged: earlier };
    },
  });
  assert.match(read(root), /Logged by Ann/);
  assert.equal(root.querySelector(".log-preview"), null);
  assert.equal(root.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled, true);
});

test("a message that may not be logged says why and can't be agreed to", async () => {
  const block: LogBlock[] = [
    { why: "listed", email: "counsel@opal.example", rule: "opal.example", byPolicy: true },
    { why: "recipientsUnknown" },
  ];
  const words = [/counsel@opal\.example.*administrator.s rule: opal\.example/, /doesn.t show every recipient/];
  for (const [at, blocked] of block.entries()) {
    const { root } = await openLog({
      previewLog: async (params) => {
        const { digest: _, ...rest } = shown(params);
        return { ...rest, request: "", blocked };
      },
    });
    assert.match(read(root), words[at] ?? /^$/);
    assert.equal(root.querySelector(".log-preview"), null);
    assert.equal(root.querySelector("fieldset"), null, "there is nothing to choose");
    assert.equal(root.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled, true);
  }
});

test("the host learns of blind copies and of recipients that may be missing, and its warnings are shown", async () => {
  const blind = { name: "Tom", email: "tom@quiet.example" };
  const warning = sample.failure("failed", "blind_copy", "Somebody got a blind copy.", "Think.");
  const asked: Methods["previewLog"]["params"][] = [];
  const { root } = await openLog({
    readBody: async () => ({ ...body, bcc: [blind, { name: "Nobody", email: null }] }),
    previewLog: async (params) => {
      asked.push(params);
      return { ...shown(params), warnings: [warning] };
    },
  });
  assert.deepEqual([asked[0]?.message.bcc, asked[0]?.message.incomplete], [[blind], false]);
  const notice = root.querySelector(".notice");
  assert.ok(notice && root.querySelector(".log-preview"));
  assert.match(notice.textContent ?? "", /Somebody got a blind copy\./);
  assert.equal(root.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled, false);
});

test("an entry left planned is completed, and said to be", async () => {
  const { root, committed, said } = await openLog({
    previewLog: async (params) => ({ ...shown(params), digest: "finish", logged: { me: true } }),
  });
  assert.match(read(root), /Completing it sends nothing of the message/);
  await press(root, "Complete the entry");
  await settle();
  assert.deepEqual(committed, ["finish"]);
  assert.match(said() ?? "", /The entry is completed/);
});

test("when somebody was quicker, that is said, with what is left to do", async () => {
  const left = sample.failure("failed", "logged_twice", "Two.", "Delete one.");
  const { root, said } = await openLog({
    commitLog: async () => ({ id: "9", records: [], earlier: { by: sample.ann, me: false, at: 0 }, notices: [left] }),
  });
  await press(root, "Log to 1 record");
  await settle();
  assert.match(said() ?? "", /^Logged by Ann.* Nothing was added\.$/);
});

test("a script's click sends nothing", async () => {
  letPeopleMean(false);
  const { root, committed } = await openLog();
  await press(root, "Log to 1 record");
  await settle();
  assert.deepEqual(committed, []);
});

test("without a record nothing can be sent", async () => {
  const { root, committed } = await openLog();
  const first = targets[0];
  assert.ok(first);
  await tick(root, first.title);
  assert.match(read(root), /Choose at least one record\./);
  const submit = root.querySelector<HTMLButtonElement>("button[type=submit]");
  assert.equal(submit?.disabled, true);
  assert.deepEqual(committed, []);
});

test("a message whose text isn't in the page can go by its subject", async () => {
  const { root, asked } = await openLog({ readBody: async () => null });
  assert.match(read(root), /Unfold it in Gmail/);
  assert.doesNotMatch(read(root), /What will be sent/, "no heading over nothing");
  assert.equal(asked.length, 0);
  await tick(root, "Subject only");
  assert.equal(asked.length, 1);
  assert.match(read(root), /What will be sent/);
});

test("the text is read once, and the preview is asked for again when it went wrong", async () => {
  const failure = sample.failure("unreachable", "cannot_connect", "No connection.", "Check it.");
  let tries = 0;
  const { root } = await openLog({
    previewLog: async (params) => {
      tries += 1;
      if (tries === 1) throw new HostError({ from: "host", failure });
      return shown(params);
    },
  });
  assert.ok(root.querySelector("[role=alert]"));
  await press(root, "Try again");
  await settle();
  assert.ok(root.querySelector(".log-text"));
});

test("when sending fails the reason is said, and a new preview is shown", async () => {
  const failure = sample.failure("refused", "access_denied", "No.", "Ask.");
  const { root, asked, formOpen } = await openLog({
    commitLog: async () => {
      throw new HostError({ from: "host", failure });
    },
  });
  await press(root, "Log to 1 record");
  await settle();
  assert.ok(root.querySelector("[role=alert]"));
  assert.equal(asked.length, 2);
  assert.equal(formOpen(), true);
});

test("a record the portal refused is remembered if it was the only one, and can't be chosen from then on", async () => {
  const failure = sample.failure("refused", "access_denied", "No.", "Ask.");
  const commitLog = async () => {
    throw new HostError({ from: "host", failure });
  };
  const [first, second] = targets;
  assert.ok(first && second);
  const { root, denied } = await openLog({ commitLog });
  await press(root, "Log to 1 record");
  await settle();
  const denial = `change ${first.record.type} ${first.record.id}` as const;
  assert.deepEqual(denied(), [denial]);

  const several = await openLog({ commitLog });
  await tick(several.root, second.title);
  await press(several.root, "Log to 2 records");
  await settle();
  assert.deepEqual(several.denied(), [], "which one it was nobody knows");

  const later = await openLog({}, [], {}, [{ at: "denied", denial }]);
  const [row, next] = [...later.root.querySelectorAll(".log-targets li")];
  assert.match(read(row), /The portal gives you no right to change it\./);
  assert.equal(row?.querySelector("input")?.disabled, true);
  assert.equal(next?.querySelector("input")?.checked, true, "the next one is chosen in its place");
  assert.deepEqual(
    later.asked.flatMap(({ records }) => records),
    [second.record],
  );
});

test("a hostile text is drawn as text", async () => {
  const evil = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>`;
  const { root } = await openLog({ readBody: async () => ({ ...body, own: evil }) });
  assert.equal(root.querySelectorAll("img, script, iframe").length, 0);
  assert.equal(root.querySelector(".log-text")?.textContent, evil);
});
