import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { inboxUrl, pilotOrderUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { launchBrowser } from "./browser.ts";
import { connectByForm } from "./connecting.ts";
import { openSidebar, waitForPeople } from "./sidebar.ts";
import { type Stage, type StageOptions, setStage } from "./stage.ts";

/** The subject of the demo's thread. */
export const subject = "Re: Pilot order, 40 sensors for the Lyon plant";

/** Connected, with the sidebar beside the demo's thread. */
export async function beside(context: TestContext, options: StageOptions = {}): Promise<Stage & { sidebar: Page }> {
  const stage = await setStage(options);
  context.after(() => stage.close());
  await (await connectByForm(stage)).close();
  const sidebar = await openSidebar(stage.browser);
  await stage.gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  return { ...stage, sidebar };
}

/** After the browser was killed, it starts again and shows the same thread beside the sidebar; nobody signs in. */
export async function besideAgain(context: TestContext, { browser, host }: Stage): Promise<void> {
  const again = await launchBrowser({ environment: host.environment, profile: browser.profile });
  context.after(() => again.close());
  await routeGmail(again.context, join(projectRoot, "demo/gmail"));
  const gmail = await again.context.newPage();
  await gmail.goto(inboxUrl);
  const sidebar = await openSidebar(again);
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
}
