import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
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
