import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { count, text } from "../../src/ui/text.ts";
import { codeOf, detailsOf, wordsOf, wordsOfFailure } from "../../src/ui/words.ts";
import { failure } from "../panel/samples.ts";
import { speak } from "./dom.ts";

beforeEach(() => speak("en"));

const busy = failure("try_later", "portal_busy", "acme gets too many requests.", "Wait 18 s.", { seconds: "18" });

test("without a translation the host's own words are shown", () => {
  assert.deepEqual(wordsOfFailure(busy), { message: busy.message, hint: busy.hint });
});

test("a translation by reason gets the host's values, and a value can't smuggle in another", () => {
  const get = chrome.i18n.getMessage;
  chrome.i18n.getMessage = ((key: string, values?: string[]) =>
    key === "reason_portal_busy" ? "{portal}: zu viel, {seconds} s, {nothing}" : get(key, values)) as typeof get;
  const told = wordsOfFailure({ ...busy, args: { portal: "{seconds}", seconds: "1\u202e8" } });
  assert.deepEqual(told, { message: "{seconds}: zu viel, 1 8 s, ?", hint: busy.hint });
});

test("a reason that is no name is never looked up", () => {
  const asked: string[] = [];
  const get = chrome.i18n.getMessage;
  chrome.i18n.getMessage = ((key: string, values?: string[]) => {
    asked.push(key);
    return get(key, values);
  }) as typeof get;
  wordsOfFailure({ ...busy, reason: "../../x", message: "" });
  wordsOfFailure({ ...busy, reason: "" });
  assert.deepEqual(asked, ["somethingWrong"]);
});

test("every trouble has words, and details that name no people", () => {
  assert.deepEqual(wordsOf({ from: "port", cause: "exited", detail: "Native host has exited." }), {
    message: text("portExited"),
    hint: text("portExitedHint"),
  });
  assert.equal(
    wordsOf({ from: "clock", method: "lookup", seconds: 60 }).message,
    "The host gave no answer for 60 seconds",
  );
  for (const [name, said] of [
    ["ConnectBy", "managedConnectBy"],
    ["Mailboxes", "managedMailboxes"],
    ["ReadOnly", "managedReadOnly"],
  ] as const)
    assert.equal(wordsOf({ from: "policy", cause: "refused", name }).message, text(said));
  const wrong = { from: "policy", cause: "wrong", name: "Mailboxes" } as const;
  assert.equal(wordsOf(wrong).message, text("managedWrong", "Mailboxes"));
  assert.equal(detailsOf(wrong), "policy / Mailboxes");
  assert.equal(wordsOf({ from: "caller" }).message, "It was cancelled.");
  assert.equal(detailsOf({ from: "host", failure: busy }), "try_later / portal_busy");
  assert.equal(detailsOf({ from: "port", cause: "exited", detail: "" }), "exited");
  assert.equal(detailsOf({ from: "clock", method: "lookup", seconds: 60 }), "lookup: 60 s");
  assert.equal(codeOf({ from: "host", failure: busy }), "try_later");
  assert.equal(codeOf({ from: "caller" }), undefined);
});

test("counts take the form of the messages' language", () => {
  assert.equal(count("peopleCount", 1), "1 person");
  assert.equal(count("peopleCount", 1200), "1,200 people");
  speak("ru");
  assert.deepEqual(
    [1, 2, 5, 21, 112].map((number) => count("peopleCount", number)),
    ["1 участник", "2 участника", "5 участников", "21 участник", "112 участников"],
  );
});
