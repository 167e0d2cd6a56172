// Saved and modelled Gmail pages that lie beside the project on some machines, each with the result expected from it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readPage } from "../../src/gmail/read.ts";
import type { Person } from "../../src/gmail/reading.ts";
import { parsePage, reportPage } from "../../tools/page-report.ts";
import { sharedFolder } from "../project.ts";

type Expected = {
  url: string | null;
  openThread: boolean;
  threadId: string | null;
  threadPermId: string | null;
  subject: string | null;
  userEmail: string | null;
  userEmailRequired?: boolean;
  messages: {
    messageId: string | null;
    messagePermId: string | null;
    from: Person;
    to: Person[] | null;
    cc: Person[] | null;
    collapsed: boolean;
    recipientsMixed?: Person[];
  }[];
  participants: Person[];
  allowedExtraParticipants?: string[];
  forbiddenNames?: string[];
  mustNotContain?: string[];
  hiddenMessages?: number;
  incomplete?: boolean;
  optional?: boolean;
};

const folder = join(sharedFolder, "gmail-pages");
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith(".html"))
      .map((file) => file.slice(0, -".html".length))
      .sort()
  : [];

test("the shared Gmail pages", { skip: names.length === 0 && "for want of ../shared/gmail-pages" }, () => {
  assert.ok(names.length > 0);
});

const sorted = (people: readonly Person[]) => [...people].sort((a, b) => (a.email ?? "").localeCompare(b.email ?? ""));

for (const name of names) {
  test(name, () => {
    const html = readFileSync(join(folder, `${name}.html`), "utf8");
    const expected: Expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), "utf8"));
    const address = expected.url ?? "https://mail.google.com/mail/u/0/";
    const report = reportPage(html, address);
    const reading = readPage(parsePage(html, address), address);

    const said = JSON.stringify([report, reading]);
    for (const word of expected.mustNotContain ?? []) assert.ok(!said.includes(word), `${word} came out`);
    const people = [...report.participants, ...report.messages.flatMap(({ from, to }) => [from, ...(to ?? [])])];
    for (const word of expected.forbiddenNames ?? []) assert.ok(!people.some((person) => person?.name === word), word);

    if (!(expected.userEmailRequired === false && report.userEmail === null)) {
      assert.equal(report.userEmail, expected.userEmail);
    }
    if (!expected.openThread || (expected.optional === true && !report.openThread)) {
      const { openThread, threadId, subject, messages, participants } = report;
      assert.deepEqual(
        { openThread, threadId, subject, messages, participants },
        { openThread: false, threadId: null, subject: null, messages: [], participants: [] },
      );
      return;
    }

    assert.equal(report.openThread, true);
    assert.equal(report.threadId, expected.threadId);
    assert.equal(report.subject, expected.subject);
    assert.equal(report.incomplete, expected.incomplete ?? false);
    const messages = expected.messages.map(({ messageId, from, to, cc, collapsed, recipientsMixed }) => ({
      messageId,
      from: { name: from.name, email: from.email },
      to: recipientsMixed ?? to,
      cc: recipientsMixed === undefined ? cc : null,
      collapsed,
    }));
    assert.deepEqual(report.messages, messages);
    const allowed = new Set(expected.allowedExtraParticipants);
    const participants = report.participants.filter(({ email }) => email === null || !allowed.has(email));
    assert.deepEqual(sorted(participants), sorted(expected.participants));

    assert.ok(reading.state === "thread");
    assert.equal(reading.thread.hiddenMessages, expected.hiddenMessages ?? 0);
    for (const [index, message] of reading.thread.messages.entries()) {
      const permId = expected.messages[index]?.messagePermId;
      assert.equal(message.permId, permId);
    }
    if (expected.threadPermId !== null) assert.equal(reading.thread.permId, expected.threadPermId);
  });
}
