import assert from "node:assert/strict";
import { test } from "node:test";
import { readAccount } from "../../src/gmail/account.ts";
import { parsePage } from "../../tools/page-report.ts";

const INBOX = "https://mail.google.com/mail/u/0/#inbox";
const button = (label: string) =>
  `<header role="banner"><a href="https://accounts.google.com/SignOutOptions?hl=en" aria-label="${label}"></a></header>`;

function account(title: string, body = "", address = INBOX) {
  return readAccount(
    parsePage(`<html><head><title>${title}</title></head><body>${body}</body></html>`, address),
    address,
  );
}

const titles: readonly [string, string | null][] = [
  ["Offer - anna@client.example - Gmail", "anna@client.example"],
  ["Inbox (3) - anna@client.example - Client AG Mail", "anna@client.example"],
  ["For bob@x.example - bob@x.example - anna@client.example - Gmail", "anna@client.example"],
  ["a - b - c - Anna@Client.example - Gmail", "anna@client.example"],
  ["Inbox – anna@client.example", "anna@client.example"],
  ["\u202banna@client.example - Gmail", "anna@client.example"],
  ["Please write to bob@x.example - Gmail", null],
  ["Gmail", null],
  ["", null],
  ["-".repeat(100_000), null],
];
for (const [title, email] of titles) {
  test(`title: ${title.slice(0, 70)}`, () => assert.equal(account(title).email, email));
}

test("the account button alone will do, in any language", () => {
  assert.equal(
    account("Gmail", button("Google Account: Anna Weber  &#10;(anna@client.example)")).email,
    "anna@client.example",
  );
  assert.equal(
    account("Gmail", button("Аккаунт Google: bob@x.example (anna@client.example)")).email,
    "anna@client.example",
  );
});

test("sources that agree count once", () => {
  assert.deepEqual(account("x - anna@client.example - Gmail", button("Google Account: A (Anna@Client.example)")), {
    email: "anna@client.example",
    candidates: ["anna@client.example"],
    delegated: false,
  });
});

test("sources that disagree leave the mailbox unknown", () => {
  assert.deepEqual(account("x - bob@x.example - Gmail", button("Google Account: A (anna@client.example)")), {
    email: null,
    candidates: ["bob@x.example", "anna@client.example"],
    delegated: false,
  });
});

test("other links with an address say nothing about the mailbox", () => {
  const link =
    '<a href="https://accounts.google.com/SignOutOptions" aria-label="Google Account: A (anna@client.example)"></a>';
  assert.equal(account("Gmail", link).email, null);
  assert.equal(account("Gmail", '<span data-hovercard-id="anna@client.example">Anna</span>').email, null);
});

test("the path tells a delegated mailbox", () => {
  const address = "https://mail.google.com/mail/u/0/d/AEoRXRT_invented/#inbox";
  assert.equal(account("x - desk@client.example - Gmail", "", address).delegated, true);
});
