import { join } from "node:path";
import type { Page } from "playwright-core";
import { caseHtml } from "../../demo/gmail/cases.mjs";
import { idAt, threadToken } from "../../demo/gmail/ids.mjs";
import { page, thread, view } from "../../demo/gmail/page.mjs";
import { lena } from "../../demo/gmail/people.mjs";
import { inboxUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";

type Person = typeof lena;

export interface OwnThread {
  readonly subject: string;
  readonly from: Person;
  readonly to: readonly Person[];
  /** The date as the page has it, and the only line of the body. */
  readonly date?: string;
  readonly line?: string;
}

/** Opens, in Lena's mailbox, a thread of one message that isn't one of the demo's. */
export async function openOwnThread(gmail: Page, { subject, from, to, date = "Nov 20", line = "Hello." }: OwnThread) {
  const id = idAt("2026-11-20T14:32:00Z");
  const letter = { id, from, date, state: "expanded" as const, body: [line] };
  const open = thread({ id, subject: [subject], messages: [{ ...letter, to: [...to] }] }, lena);
  const tree = page({ title: `${subject} - ${lena.email} - Gmail`, account: lena, views: [view([open])] });
  const html = caseHtml({ name: "own", shows: "a thread of a test's own", url: "", tree });
  await routeGmail(gmail, join(projectRoot, "demo/gmail"), html);
  // The page is another one: an address that differs after its hash alone would not fetch it.
  await gmail.goto("about:blank");
  await gmail.goto(`${inboxUrl}/${threadToken(id)}`);
}
