import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeThreadToken, hexId, hexOfPermId, parseThreadRef, permId } from "../../src/gmail/token.ts";
import { extensionRoot } from "../project.ts";
import { random } from "./random.ts";

test("decodes tokens of server threads", () => {
  assert.deepEqual(decodeThreadToken("FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt"), {
    id: "17b97976d1aab6b9",
    permId: "thread-f:1709531084794541753",
  });
});

test("decodes tokens of threads the browser made: no server id follows from them", () => {
  assert.deepEqual(decodeThreadToken("KtbxLvHkSWwbVHxgCbWNvXVKGjFgqMbGQq"), {
    id: null,
    permId: "thread-a:r2920100187541125030",
  });
});

/** The inverse, written after the description of the encoding: what Gmail would put into its address bar. */
function encode(plain: string): string {
  const digits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const digits40 = "BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz";
  let number = 0n;
  for (const digit of btoa(plain).replace(/=+$/, "")) number = number * 64n + BigInt(digits64.indexOf(digit));
  let token = "";
  for (; number > 0n; number /= 40n) token = digits40.charAt(Number(number % 40n)) + token;
  return token;
}

test("the test's own encoder agrees with Gmail's tokens", () => {
  assert.equal(encode("f:1709531084794541753"), "FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt");
  assert.equal(encode("a:r2920100187541125030"), "KtbxLvHkSWwbVHxgCbWNvXVKGjFgqMbGQq");
});

test("with conversation view off the token names thread and message: the thread counts", () => {
  const token = encode("f:1709531084794541753|msg-f:1709531084794541754");
  assert.ok(token.length > 60, token);
  assert.deepEqual(decodeThreadToken(token), { id: "17b97976d1aab6b9", permId: "thread-f:1709531084794541753" });
  assert.equal(decodeThreadToken(encode("a:r-77|msg-a:r-78"))?.permId, "thread-a:r-77");
});

const noTokens: readonly [string, string][] = [
  ["nothing", ""],
  ["a long word", "internationalization"],
  ["a word of the token's letters only", "BCDFGHJKLMNPQRSTVWXZ"],
  ["a page number", "p2"],
  ["one letter less", "FMfcgzGkbDZKPJrNLplXZhKfWwtgjrX"],
  ["one letter more", "FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXtt"],
  ["a vowel inside", "FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXa"],
  ["letters outside of ASCII", "ФMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt"],
  ["a huge word", "F".repeat(100_000)],
  ["an id of impossible size", encode("f:99999999999999999999")],
  ["an id of nothing", encode("f:0")],
  ["a draft's token", encode("msg-a:r2920100187541125030")],
  ["another plain text", encode("https://evil.example/")],
];
for (const [what, word] of noTokens) {
  test(`is no token: ${what}`, () => assert.equal(decodeThreadToken(word), null));
}

test("hex ids have 15 or 16 lower-case digits", () => {
  assert.equal(hexId("18a41665ecb473a3"), "18a41665ecb473a3");
  assert.equal(hexId("ff00aa11bb22cc3"), "ff00aa11bb22cc3");
  for (const bad of [
    null,
    "",
    "undefined",
    "18A41665ECB473A3",
    "18a41665ecb473",
    "18a41665ecb473a3f",
    "18a41665ecb473g3",
  ]) {
    assert.equal(hexId(bad), null, String(bad));
  }
});

test("sync ids come with or without #, may be composite, and must be of the kind asked for", () => {
  assert.equal(permId("thread-f:1", "thread"), "thread-f:1");
  assert.equal(permId("#msg-f:1775568780109575075", "msg"), "msg-f:1775568780109575075");
  assert.equal(permId("thread-a:r-29201", "thread"), "thread-a:r-29201");
  assert.equal(permId("thread-f:12|msg-f:34", "thread"), "thread-f:12");
  for (const bad of ["undefined", "", "thread-f:", "thread-f:x", "msg-f:1", "thread-f:1 onclick", "thread-x:1"]) {
    assert.equal(permId(bad, "thread"), null, bad);
  }
  assert.equal(permId(null, "thread"), null);
});

test("hex and decimal are one number, beyond 2^53", () => {
  assert.equal(hexOfPermId("msg-f:1775568780109575075"), "18a41665ecb473a3");
  assert.equal(hexOfPermId("thread-f:1589064200257780346"), "160d7d788da7ba7a");
  assert.equal(hexOfPermId("msg-a:r1775568780109575075"), null);
  assert.equal(hexOfPermId("msg-f:5"), null);
});

test("an address may name a thread in three ways", () => {
  const expected = { id: "160d7d788da7ba7a", permId: "thread-f:1589064200257780346" };
  assert.deepEqual(parseThreadRef("160d7d788da7ba7a"), expected);
  assert.deepEqual(parseThreadRef("#thread-f:1589064200257780346"), expected);
  assert.deepEqual(parseThreadRef(encode("f:1589064200257780346")), expected);
  assert.equal(parseThreadRef("inbox"), null);
});

/** What is read of a text that may be anybody's: a reference of the right shape, or none, and never an error. */
function promise(text: string): boolean {
  const reference = parseThreadRef(text);
  if (reference === null) return false;
  assert.match(reference.permId, /^thread-(?:f:\d{1,20}|[af]:r?-?\d{1,20})$/, text);
  assert.ok(reference.id === null || /^[0-9a-f]{15,16}$/.test(reference.id), text);
  return true;
}

/** Texts that were met, and those that once broke the promise: one file each. `cargo xtask fuzz` sets another seed each round. */
const corpus = join(extensionRoot, "fuzz/token");
const seed = Number(process.env["GMAIL_SYNC_FUZZ_SEED"] ?? 20_261_125);

test("fuzz_token: any damaged text is a thread's reference of the right shape, or none, and never an error", () => {
  const met = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), "utf8"));
  const examples = [...met, encode("f:1709531084794541753|msg-f:1709531084794541754")];
  const pieces = [..."BCDZz09af:r-|#%/\\\u0000\u202e\ud800", "99999999999999999999", "thread-", "__proto__"];
  const next = random(seed);
  let read = 0;
  for (const text of examples) promise(text);
  for (let turn = 0; turn < 20_000; turn += 1) {
    let text = examples[next(examples.length)] ?? "";
    for (let damage = next(4); damage > 0; damage -= 1) {
      const at = next(text.length + 1);
      text = text.slice(0, at) + (pieces[next(pieces.length)] ?? "") + text.slice(at + next(3));
    }
    try {
      if (promise(text)) read += 1;
    } catch (error) {
      writeFileSync(join(corpus, `broke-${seed}-${turn}`), text);
      throw error;
    }
  }
  assert.ok(read > 1000, "some stay readable");
});
