// A message's header: its Message-ID and date, from as little as possible.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHeader, readHeader } from "../../src/gmail/header.ts";

const page = "https://mail.google.com/mail/u/1/#inbox/FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt";
const id = "18a41665ecb473a3";
const mail = (header: string) => `${header}\r\n\r\nThe text, which nobody wants.`;
const plain = mail(
  "From: Marie <marie@helion.example>\r\nMessage-ID: <CAB1@mail.helion.example>\r\nDate: Fri, 20 Nov 2026 15:32:00 +0100 (CET)",
);

/** A Gmail that answers in pieces, and what it was asked. */
function gmail(pieces: readonly string[], { status = 200, type = "text/plain", endless = false } = {}) {
  const seen = { asked: [] as string[], options: [] as RequestInit[], given: 0, cancelled: false };
  const get = async (address: string, options: RequestInit) => {
    seen.asked.push(address);
    seen.options.push(options);
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const piece = pieces[seen.given] ?? (endless ? pieces.at(-1) : undefined);
          seen.given += 1;
          if (piece === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(piece));
        },
        cancel: () => {
          seen.cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status, headers: { "content-type": type } });
  };
  return { seen, get };
}

test("reads Message-ID and date, in the mailbox of the page, and ends the request after the header", async () => {
  const { seen, get } = gmail([plain, "more", "more"]);
  assert.deepEqual(await readHeader(page, id, get), {
    messageId: "<CAB1@mail.helion.example>",
    sentAt: Date.parse("2026-11-20T14:32:00Z"),
  });
  assert.deepEqual(seen.asked, [`https://mail.google.com/mail/u/1/?view=att&th=${id}&attid=0&disp=comp&safe=1&zw`]);
  assert.deepEqual([seen.given, seen.cancelled, seen.options[0]?.signal?.aborted], [1, true, true]);
  assert.equal(seen.options[0]?.redirect, "error");
});

test("pieces may end anywhere", async () => {
  for (let at = 1; at < plain.length; at += 1) {
    const found = await readHeader(page, id, gmail([plain.slice(0, at), plain.slice(at)]).get);
    assert.equal(found?.messageId, "<CAB1@mail.helion.example>", String(at));
  }
});

test("what is no message has no header", async () => {
  const never = (pieces: string[], options = {}) => readHeader(page, id, gmail(pieces, options).get);
  assert.equal(await never(["<!doctype html><title>Sign in</title>\n\n"], { type: "text/html; charset=utf-8" }), null);
  assert.equal(await never([plain], { status: 404 }), null);
  assert.equal(await never([]), null);
  assert.equal(await never(["Message-ID: <a@b>\r\n"]), null);
  assert.equal(await readHeader(page, id, () => Promise.reject(new TypeError("Failed to fetch"))), null);
});

test("an endless header and an answer that never comes are given up", async () => {
  const endless = gmail(["X: y\r\n"], { endless: true });
  assert.equal(await readHeader(page, id, endless.get, { bytes: 600, ms: 5000 }), null);
  assert.equal(endless.seen.given, 100);
  const silent = (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  assert.equal(await readHeader(page, id, silent, { bytes: 600, ms: 0 }), null);
});

test("only a Gmail mailbox and one of Gmail's ids are asked about", async () => {
  const { seen, get } = gmail([plain]);
  for (const other of ["", "undefined", "18a41665ecb473a3&x=1", "18A41665ECB473A3"])
    assert.equal(await readHeader(page, other, get), null);
  assert.equal(await readHeader("https://mail.google.com/chat/u/0/", id, get), null);
  assert.deepEqual(seen.asked, []);
  await readHeader("https://mail.google.com/mail/b/AEoRXRS/u/0/#inbox", id, get);
  assert.match(seen.asked[0] ?? "", /^https:\/\/mail\.google\.com\/mail\/b\/AEoRXRS\/u\/0\/\?view=att/);
});

test("fields are folded, written in any case, and hostile", () => {
  const idIn = (header: string) => parseHeader(header).messageId;
  assert.equal(idIn("MESSAGE-id:\r\n <a@b>"), "<a@b>");
  assert.equal(idIn("Message-ID: <a@b>\nSubject: x"), "<a@b>");
  assert.equal(idIn("Subject: x\r\n Message-ID: <a@b>"), null);
  assert.equal(idIn("X-Message-ID: <a@b>"), null);
  assert.equal(idIn("Message-ID: <a@b>\r\nMessage-ID: <c@d>"), null);
  for (const bad of ["a@b", "<a b@c>", "<>", "<a@b> x", "<a<b@c>", "<\u00e9@b>", `<${"a".repeat(981)}>`])
    assert.equal(idIn(`Message-ID: ${bad}`), null, bad);
  const timeIn = (value: string) => parseHeader(`Date: ${value}`).sentAt;
  assert.equal(timeIn("20 Nov 2026 14:32:00 +0000"), Date.parse("2026-11-20T14:32:00Z"));
  for (const bad of [
    "",
    "yesterday",
    "1 Jan 1200 00:00:00 +0000",
    "Fri, 20 Nov 2026 15:32:00 +0100\r\nDate: 1 Jan 2026",
  ])
    assert.equal(timeIn(bad), null, bad);
});
