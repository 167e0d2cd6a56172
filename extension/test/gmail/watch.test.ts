import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Window } from "happy-dom";
import { decimal, idAt, threadToken } from "../../../demo/gmail/ids.mjs";
import { messageItem, page, thread, view } from "../../../demo/gmail/page.mjs";
import { jonas, lena, marie } from "../../../demo/gmail/people.mjs";
import { type Tree, toDom, toHtml } from "../../../demo/gmail/tree.mjs";
import type { Reading } from "../../src/gmail/reading.ts";
import { type Clock, watchPage } from "../../src/gmail/watch.ts";

/** Time that only moves when told to. */
class ManualClock implements Clock {
  time = 0;
  #timers: { at: number; callback: () => void }[] = [];

  now = () => this.time;

  after = (ms: number, callback: () => void) => {
    const timer = { at: this.time + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get waiting(): number {
    return this.#timers.length;
  }

  /** The next timer due until `end`, taken out. */
  take(end: number): (() => void) | null {
    const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    this.time = next?.at ?? end;
    this.#timers = this.#timers.filter((other) => other !== next);
    return next?.callback ?? null;
  }
}

const FIRST = idAt("2026-11-02T09:00:00Z");
const SECOND = idAt("2026-11-03T09:00:00Z");
const letter = (id: string, from = marie) => ({ id, from, to: [lena], date: "Nov 2, 2026", body: ["Hello"] });
const open = (id: string, subject: string, from = marie) =>
  view([thread({ id, subject: [subject], messages: [letter(id, from)] }, lena)]);
const list = view(["No threads here"]);
const hashOf = (id: string) => `#inbox/${threadToken(id)}`;

/** A watched page. */
function start(context: TestContext, hash: string, first: Tree) {
  const window = new Window({ url: `https://mail.google.com/mail/u/0/${hash}` });
  window.document.write(toHtml(page({ title: `x - ${lena.email} - Gmail`, account: lena, views: [first] })));
  context.after(() => window.happyDOM.close());
  const clock = new ManualClock();
  const end = new AbortController();
  const readings: Reading[] = [];
  const document = window.document as unknown as Document;
  const gmail = window as unknown as globalThis.Window;
  const readNow = watchPage(gmail, (reading) => readings.push(reading), end.signal, clock);

  /** Lets the browser deliver what happened, then the time pass. */
  const pass = async (ms: number) => {
    const until = clock.time + ms;
    await window.happyDOM.waitUntilComplete();
    for (let callback = clock.take(until); callback !== null; callback = clock.take(until)) {
      callback();
      await window.happyDOM.waitUntilComplete();
    }
  };
  const show = (tree: Tree) => {
    const old = document.querySelector("[role=main]");
    assert.ok(old);
    old.replaceWith(toDom(tree, document));
  };
  const go = (to: string) => {
    window.location.hash = to;
  };
  return { clock, document, end, go, pass, readNow, readings, show };
}

const subjects = (readings: Reading[]) =>
  readings.map((reading) => (reading.state === "thread" ? reading.thread.subject : reading.state));

test("a page loaded with an open thread is reported once it was seen twice", async (context) => {
  const { pass, readings } = start(context, hashOf(FIRST), open(FIRST, "First"));
  assert.deepEqual(readings, []);
  await pass(199);
  assert.deepEqual(readings, []);
  await pass(1);
  assert.deepEqual(subjects(readings), ["First"]);
  await pass(60_000);
  assert.deepEqual(subjects(readings), ["First"], "and only once");
});

test("opening, changing and closing a thread are reported", async (context) => {
  const { go, pass, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  go(hashOf(FIRST));
  show(open(FIRST, "First"));
  await pass(1000);
  go(hashOf(SECOND));
  show(open(SECOND, "Second", jonas));
  await pass(1000);
  go("#inbox");
  show(list);
  await pass(1000);
  assert.deepEqual(subjects(readings), ["none", "First", "Second", "none"]);
});

test("a thread that opens without a change of the address is reported", async (context) => {
  const { pass, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  show(open(FIRST, "First"));
  await pass(1000);
  assert.deepEqual(subjects(readings), ["none", "First"]);
});

test("a page that never rests is read all the same", async (context) => {
  const { document, go, pass, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  go(hashOf(FIRST));
  show(open(FIRST, "First"));
  for (let round = 0; round < 25; round += 1) {
    document.querySelector("[role=main]")?.append(document.createElement("i"));
    await pass(100);
  }
  assert.deepEqual(subjects(readings), ["none", "First"]);
});

test("a heading that keeps the old ids for a moment is not believed", async (context) => {
  const { document, go, pass, readings, show } = start(context, hashOf(FIRST), open(FIRST, "First"));
  await pass(1000);
  go(hashOf(SECOND));
  show(open(SECOND, "Second", jonas));
  const heading = document.querySelector("h2");
  assert.ok(heading);
  heading.setAttribute("data-legacy-thread-id", FIRST);
  heading.setAttribute("data-thread-perm-id", `thread-f:${decimal(FIRST)}`);
  await pass(600);
  assert.deepEqual(subjects(readings), ["First"]);
  heading.setAttribute("data-thread-perm-id", `thread-f:${decimal(SECOND)}`);
  heading.setAttribute("data-legacy-thread-id", SECOND);
  await pass(600);
  assert.deepEqual(subjects(readings), ["First", "Second"]);
  assert.deepEqual(readings[1]?.state === "thread" && readings[1].thread.gaps, []);
});

test("a heading without messages is a changed Gmail only if it stays so", async (context) => {
  const { document, go, pass, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  go(hashOf(FIRST));
  show(open(FIRST, "First"));
  const messages = document.querySelector("[role=list]");
  const place = messages?.parentElement;
  assert.ok(messages && place);
  messages.remove();
  await pass(1500);
  assert.deepEqual(subjects(readings), ["none"]);
  place.append(messages);
  await pass(1000);
  assert.deepEqual(subjects(readings), ["none", "First"]);
  messages.remove();
  await pass(3000);
  assert.deepEqual(subjects(readings), ["none", "First", "unreadable"]);
});

test("an address that names a thread is given the time Gmail takes to start", async (context) => {
  const { pass, readings } = start(context, hashOf(FIRST), list);
  await pass(14_000);
  assert.deepEqual(subjects(readings), []);
  await pass(2000);
  assert.deepEqual(subjects(readings), ["unreadable"]);
});

test("asked at once it answers with what was seen twice, and reports the rest when it was", async (context) => {
  const { go, pass, readNow, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  go(hashOf(FIRST));
  show(open(FIRST, "First"));
  assert.deepEqual(subjects([readNow()]), ["none"], "seen once");
  await pass(1000);
  assert.deepEqual(subjects(readings), ["none", "First"]);
  assert.deepEqual(subjects([readNow()]), ["First"]);
  go("#inbox");
  show(list);
  assert.deepEqual(subjects([readNow()]), ["First"], "not seen twice yet");
  await pass(1000);
  assert.deepEqual(subjects([readNow()]), ["none"]);
  assert.deepEqual(subjects(readings), ["none", "First", "none"]);
});

test("asked while the page changes it answers with what it was sure of", async (context) => {
  const { go, pass, readNow } = start(context, hashOf(FIRST), list);
  assert.deepEqual(subjects([readNow()]), ["none"], "loading: nothing yet");
  go("#inbox");
  await pass(1000);
  go(hashOf(SECOND));
  assert.deepEqual(subjects([readNow()]), ["none"], "no heading yet");
});

test("expanding a message is reported: its recipients are in the page now", async (context) => {
  const collapsed = { ...letter(FIRST), state: "collapsed" as const };
  const last = { ...letter(SECOND), from: jonas };
  const tree = view([thread({ id: FIRST, subject: ["First"], messages: [collapsed, last] }, lena)]);
  const { document, pass, readings } = start(context, hashOf(FIRST), tree);
  await pass(1000);
  document.querySelector("[role=listitem]")?.replaceWith(toDom(messageItem(letter(FIRST), lena), document));
  await pass(1000);
  const seen = readings.map(
    (reading) => reading.state === "thread" && reading.thread.messages.map(({ to }) => to?.length),
  );
  assert.deepEqual(seen, [
    [undefined, 1],
    [1, 1],
  ]);
});

test("typing into a reply wakes nobody", async (context) => {
  const { clock, document, pass } = start(context, hashOf(FIRST), open(FIRST, "First"));
  const box = document.createElement("div");
  box.setAttribute("contenteditable", "true");
  box.append("D");
  document.querySelector("[role=main]")?.append(box);
  await pass(1000);
  assert.equal(clock.waiting, 0);
  assert.ok(box.firstChild);
  box.firstChild.nodeValue = "Dear";
  box.setAttribute("class", "focus");
  await pass(0);
  assert.equal(clock.waiting, 0);
});

test("the page's main part may come late, and be replaced as a whole", async (context) => {
  const { document, go, pass, readings } = start(context, "#inbox", list);
  const container = document.querySelector("[role=main]")?.parentElement;
  const parent = container?.parentElement;
  assert.ok(container && parent);
  container.remove();
  document.title = `Loading - ${lena.email} - Gmail`;
  await pass(1000);
  const fresh = document.createElement("div");
  fresh.append(toDom(list, document));
  parent.append(fresh);
  await pass(1000);
  go(hashOf(FIRST));
  await pass(100);
  fresh.replaceChildren(toDom(open(FIRST, "First"), document));
  await pass(1000);
  fresh.replaceChildren(toDom(open(FIRST, "First, again"), document));
  await pass(1000);
  assert.deepEqual(subjects(readings), ["none", "First", "First, again"]);
});

test("the signal ends everything", async (context) => {
  const { clock, end, go, pass, readings, show } = start(context, "#inbox", list);
  await pass(1000);
  go(hashOf(FIRST));
  show(open(FIRST, "First"));
  await pass(50);
  assert.equal(clock.waiting, 1);
  end.abort();
  assert.equal(clock.waiting, 0);
  go(hashOf(SECOND));
  show(open(SECOND, "Second"));
  await pass(5000);
  assert.equal(clock.waiting, 0);
  assert.deepEqual(subjects(readings), ["none"]);
});

/** Three messages: one never unfolded, one folded again, one open. */
const several = (state: "collapsed" | "expanded" = "collapsed") =>
  view([
    thread(
      {
        id: FIRST,
        subject: ["Several"],
        messages: [
          { ...letter(FIRST), state },
          { ...letter(SECOND, jonas), state: "loaded" as const },
          letter(idAt("2026-11-04T09:00:00Z")),
        ],
      },
      lena,
    ),
  ]);

/** A click or a key at an element: a person's, or a script's. */
function happen(at: Element | null | undefined, by: "person" | "script", type = "click", key = "") {
  assert.ok(at);
  const view = at.ownerDocument.defaultView as unknown as typeof globalThis;
  const event = new view.KeyboardEvent(type, { bubbles: true, key });
  if (by === "person") Object.defineProperty(event, "isTrusted", { value: true });
  else Object.defineProperty(event, "isTrusted", { value: false });
  at.dispatchEvent(event);
}

const clickedIn = (readings: Reading[]) => {
  const last = readings.at(-1);
  return last?.state === "thread" ? last.thread.clicked : assert.fail("no thread");
};
const items = (document: Document) => [...document.querySelectorAll("[role=list] > [role=listitem]")];

test("the message a person clicks is told once it is unfolded, also where Gmail replaces its element", async (context) => {
  const { document, pass, readings, show } = start(context, hashOf(FIRST), several());
  await pass(5000);
  assert.equal(clickedIn(readings), undefined);
  happen(items(document)[0]?.querySelector(".gD, [email]"), "person");
  await pass(500);
  assert.equal(clickedIn(readings), undefined, "folded, it has no id yet");
  show(several("expanded"));
  await pass(5000);
  assert.equal(clickedIn(readings), FIRST);
  // Another one, which is open already and changes nothing in the page, by the keyboard.
  happen(items(document)[2]?.querySelector(".a3s"), "person", "keydown", "Enter");
  await pass(5000);
  assert.equal(clickedIn(readings), idAt("2026-11-04T09:00:00Z"));
  happen(items(document)[0]?.querySelector(".a3s"), "person", "keydown", "x");
  await pass(5000);
  assert.equal(clickedIn(readings), idAt("2026-11-04T09:00:00Z"));
  show(several());
  happen(items(document)[0], "person");
  await pass(5000);
  assert.equal(clickedIn(readings), undefined, "folded again");
});

test("no script's click counts, nor one beside the messages or into a reply", async (context) => {
  const { document, pass, readings } = start(context, hashOf(FIRST), several("expanded"));
  await pass(5000);
  const [first] = items(document);
  assert.ok(first);
  happen(first.querySelector(".a3s"), "script");
  happen(first, "script", "keydown", "Enter");
  happen(document.querySelector("h2"), "person");
  happen(document.body, "person");
  const reply = document.createElement("div");
  reply.className = "M9";
  first.append(reply);
  happen(reply, "person");
  // A body that imitates a list of messages is inside its own message, and no place of another.
  const body = items(document)[2]?.querySelector(".a3s");
  assert.ok(body);
  body.innerHTML = '<div role="list"><div role="listitem" data-legacy-message-id="1111111111111111">x</div></div>';
  happen(body.querySelector("[role=listitem]"), "script");
  await pass(5000);
  assert.equal(clickedIn(readings), undefined);
  happen(body.querySelector("[role=listitem]"), "person");
  await pass(5000);
  assert.equal(clickedIn(readings), idAt("2026-11-04T09:00:00Z"));
});

test("a click is forgotten when the list of messages changes meanwhile, or the thread does", async (context) => {
  const { document, go, pass, readings, show } = start(context, hashOf(FIRST), several());
  await pass(5000);
  happen(items(document)[0], "person");
  items(document)[1]?.remove();
  await pass(5000);
  show(several("expanded"));
  await pass(5000);
  assert.equal(clickedIn(readings), undefined);
  happen(items(document)[0], "person");
  await pass(5000);
  assert.equal(clickedIn(readings), FIRST);
  go(hashOf(SECOND));
  show(open(SECOND, "Other"));
  await pass(5000);
  assert.equal(clickedIn(readings), undefined);
  go(hashOf(FIRST));
  show(several("expanded"));
  await pass(5000);
  assert.equal(clickedIn(readings), undefined);
});
