import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute } from "../../src/gmail/route.ts";

const TOKEN = "FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt";
const THREAD = { id: "17b97976d1aab6b9", permId: "thread-f:1709531084794541753" };
const mail = (rest: string) => `https://mail.google.com/mail/${rest}`;

const withToken = [
  `u/0/#inbox/${TOKEN}`,
  `u/1/#all/${TOKEN}`,
  `u/0/#inbox/p3/${TOKEN}`,
  `u/0/#label/Deals%2F2025/${TOKEN}`,
  `u/0/#category/updates/${TOKEN}`,
  `u/0/#search/from%3Aanna+offer/${TOKEN}`,
  `u/0/#search/query/p2/${TOKEN}`,
  `u/0/#advanced-search/subject=x&subset=all/${TOKEN}`,
  `u/0/#inbox/${TOKEN}?compose=new`,
  `u/0/?tab=rm&ogbl#inbox/${TOKEN}?projector=1&messagePartId=0.1`,
];
for (const rest of withToken) {
  test(`thread by token: ${rest}`, () => {
    assert.deepEqual(parseRoute(mail(rest)), { mayShowThread: true, thread: THREAD, exact: true, delegated: false });
  });
}

test("old routes and pop-outs name a thread, or perhaps a message: not exact", () => {
  const inexact = { mayShowThread: true, thread: THREAD, exact: false, delegated: false };
  assert.deepEqual(parseRoute(mail("u/0/#inbox/17b97976d1aab6b9")), inexact);
  assert.deepEqual(parseRoute(mail("u/0/?ui=2&view=btop&search=inbox&th=17b97976d1aab6b9&cvid=1")), inexact);
  assert.deepEqual(parseRoute(mail("u/0/?ui=2&view=btop&th=%23thread-f%3A1709531084794541753&cvid=1")), inexact);
  assert.deepEqual(parseRoute(mail(`u/0/popout?ver=1&th=${TOKEN}`)), inexact);
});

const lists = [
  "u/0/",
  "u/0/#inbox",
  "u/0/#inbox/p2",
  `u/0/#${TOKEN}`,
  `u/0/#search/${TOKEN}`,
  "u/0/#search/17b97976d1aab6b9",
  "u/0/#search/internationalization",
  `u/0/#label/${TOKEN}`,
  "u/0/#inbox?compose=new",
];
for (const rest of lists) {
  test(`no thread named: ${rest}`, () => {
    assert.deepEqual(parseRoute(mail(rest)), { mayShowThread: true, thread: null, exact: false, delegated: false });
  });
}

const never = [
  "u/0/#settings/accounts",
  "u/0/#contacts",
  "u/0/#chat/dm/AbCdEfGh",
  "u/0/#rooms/AAAA",
  "u/0/#calls",
  "u/0/?ik=0123456789&view=pt&search=all&permthid=thread-f:1709531084794541753",
  "u/0/?ik=0123456789&view=om&th=17b97976d1aab6b9",
  "u/0/?view=att&th=17b97976d1aab6b9&attid=0.1",
  "u/0/?view=lg&msg=17b97976d1aab6b9",
];
for (const rest of never) {
  test(`no thread possible: ${rest}`, () => {
    assert.deepEqual(parseRoute(mail(rest)), { mayShowThread: false, thread: null, exact: false, delegated: false });
  });
}

test("a delegated mailbox is known by its path", () => {
  for (const path of ["b/143/u/0/#inbox", "u/0/d/AEoRXRT_invented/#inbox", "u/0/d/AEoRXRT_invented"]) {
    assert.equal(parseRoute(mail(path)).delegated, true, path);
  }
  for (const path of ["u/0/#inbox/d/x/", "u/10/#label/b/u/0"])
    assert.equal(parseRoute(mail(path)).delegated, false, path);
});

test("text that is no address names nothing", () => {
  for (const text of ["", "not an address", "https://", "\u0000"]) assert.equal(parseRoute(text).mayShowThread, false);
});
