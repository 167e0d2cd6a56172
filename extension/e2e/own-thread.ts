import { join } from "node:path";
import type { Page } from "playwright-core";
import { caseHtml } from "../../demo/gmail/cases.mjs";
import { idAt, threadToken } from "../../demo/gmail/ids.mjs";
import { thread as conversation, page, view } from "../../demo/gmail/page.mjs";
import { lena } from "../../demo/gmail/people.mjs";
import { inboxUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";

type Person = typeof lena;

export interface OwnThread {
  readonly subject: string;
  readonly from: Person;
  readonly to: readonly Person[];
  /** Whose mailbox it is; Lena's if nothing is given. */
  readonly account?: Person;
  /** The date as the page has it, and the only line of the body. */
  readonly date?: string;
  readonly line?: string;
}

/** Opens a thread of one message that isn't one of the demo's. */
export async function openOwnThread(gmail: Page, thread: OwnThread): Promise<void> {
  const { subject, from, to, account = lena, date = "Nov 20", line = "Hello." } = thread;
  const id = idAt("2026-11-20T14:32:00Z");
  const letter = { id, from, date, state: "expanded" as const, body: [line] };
  const open = conversation({ id, subject: [subject], messages: [{ ...letter, to: [...to] }] }, account);
  const tree = page({ title: `${subject} - ${account.email} - Gmail`, account, views: [view([open])] });
  const html = caseHtml({ name: "own", shows: "a thread of a test's own", url: "", tree });
  await routeGmail(gmail, join(projectRoot, "demo/gmail"), html);
  // The page is another one: an address that differs after its hash alone would not fetch it.
  await gmail.goto("about:blank");
  await gmail.goto(`${inboxUrl}/${threadToken(id)}`);
}
