// The content script's entry, with a browser's extension API made of plain objects.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { caseHtml, cases } from "../../../demo/gmail/cases.mjs";
import type { BodyMessage, ThreadMessage } from "../../src/messages.ts";

type Listener = (message: unknown, sender: { id?: string }, answer: (reply: unknown) => void) => void;

test("tells the worker, no text unasked, answers it, and falls silent once the extension is gone", async (context) => {
  const example = cases.find(({ name }) => name === "six-messages");
  assert.ok(example);
  const window = new Window({ url: example.url });
  window.document.write(caseHtml(example));
  context.after(() => window.happyDOM.close());

  let time = 0;
  context.mock.method(performance, "now", () => time);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const pass = async (ms: number) => {
    await window.happyDOM.waitUntilComplete();
    time += ms;
    context.mock.timers.tick(ms);
    await Promise.resolve();
  };

  const sent: ThreadMessage[] = [];
  const listeners: Listener[] = [];
  const runtime: { id: string | undefined; sendMessage: unknown; onMessage: unknown } = {
    id: "mebnejionpjiahmhjiindnjipdhmcneo",
    sendMessage: (message: ThreadMessage) => {
      if (runtime.id === undefined) throw new Error("Extension context invalidated.");
      sent.push(message);
      return Promise.reject(new Error("Could not establish connection. Receiving end does not exist."));
    },
    onMessage: { addListener: (listener: Listener) => listeners.push(listener) },
  };
  Object.assign(globalThis, { window, document: window.document, chrome: { runtime } });
  context.after(() => {
    for (const name of ["window", "document", "chrome"]) Reflect.deleteProperty(globalThis, name);
  });
  await import("../../src/gmail/content.ts");

  await pass(200);
  assert.equal(sent.length, 1);
  assert.equal(sent[0]?.type, "thread");
  assert.equal(sent[0]?.reading.state, "thread");

  const ask = (message: unknown, sender: { id?: string }) => {
    const answers: unknown[] = [];
    for (const listener of listeners) listener(message, sender, (reply) => answers.push(reply));
    return answers;
  };
  assert.deepEqual(ask({ type: "readNow" }, { id: "mebnejionpjiahmhjiindnjipdhmcneo" }), [sent[0]]);
  assert.deepEqual(ask({ type: "readNow" }, { id: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }), []);
  assert.deepEqual(ask({ type: "readNow" }, {}), []);
  const wanted = { type: "readBody", messageId: "1a1f95f130003a01" };
  const [answered] = ask(wanted, { id: "mebnejionpjiahmhjiindnjipdhmcneo" });
  assert.match((answered as BodyMessage).body?.own ?? "", /^Dear Lena,/);
  assert.deepEqual(ask(wanted, { id: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }), []);
  assert.ok(!JSON.stringify(sent).includes("Dear Lena"));
  for (const other of [{ type: "readBody" }, { type: "readHeader" }, { type: "else" }, {}, null, "readNow", 5]) {
    assert.deepEqual(ask(other, { id: "mebnejionpjiahmhjiindnjipdhmcneo" }), []);
  }

  runtime.id = undefined;
  for (const round of [1, 2]) {
    window.location.hash = `#inbox/p${round}`;
    window.document.querySelector("h2")?.remove();
    for (let step = 0; step < 5; step += 1) await pass(200);
  }
  assert.equal(sent.length, 1);
});
