// The demo: the whole product against the fake portal and the fake Gmail. With a window it stays until the person closes it;
// without, it walks through the screens and leaves a picture of each.  cargo xtask demo
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { inboxUrl, pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { openExtensionPage } from "./browser.ts";
import { connectByForm } from "./connecting.ts";
import { openSidebar, peopleShown, waitForPeople } from "./sidebar.ts";
import { type Stage, setStage } from "./stage.ts";

const subject = "Re: Pilot order, 40 sensors for the Lyon plant";

export async function main(parameters: string[]): Promise<void> {
  const { values } = parseArgs({
    args: parameters,
    options: { headed: { type: "boolean", default: false }, pictures: { type: "string", default: "pictures" } },
  });
  const stage = await setStage({ headed: values.headed });
  try {
    if (values.headed) await show(stage);
    else await walk(stage, values.pictures);
  } finally {
    await stage.close();
  }
}

/** Leaves the person before an open thread with the sidebar beside it. */
async function show(stage: Stage): Promise<void> {
  const form = await connectByForm(stage);
  await form.close();
  await stage.gmail.goto(pilotOrderUrl);
  const sidebar = await openSidebar(stage.browser);
  await waitForPeople(sidebar, subject);
  console.log(`The sidebar stands beside a thread, connected to the fake portal at ${stage.portal.baseUrl}.`);
  console.log(
    "Open other threads, click the extension's icon, disconnect and connect again. Close the browser to end the demo.",
  );
  await stage.browser.context.waitForEvent("close", { timeout: 0 });
}

async function walk(stage: Stage, folder: string): Promise<void> {
  const { browser, gmail, portal } = stage;
  await mkdir(folder, { recursive: true });
  const picture = async (page: Page, name: string, what: string) => {
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
    console.log(`${what}\n  ${path}`);
  };

  await picture(gmail, "1-gmail", "Gmail's inbox, served by the demo");
  const sidebar = await openSidebar(browser);
  await sidebar.getByRole("heading", { name: "Connect your portal" }).waitFor();
  await picture(sidebar, "2-not-connected", "The sidebar, before a portal is connected");
  const form = await connectByForm(stage);
  await picture(
    form,
    "3-connected",
    `Connected to ${portal.baseUrl}: the browser went to the portal and back to the host`,
  );
  await form.close();
  await gmail.goto(pilotOrderUrl);
  await waitForPeople(sidebar, subject);
  await picture(gmail, "4-thread", "The thread");
  await picture(sidebar, "5-people", "Its people in the sidebar");
  const people = await peopleShown(sidebar);
  await picture(sidebar, "6-everybody", "Everybody unfolded");
  const popup = await openExtensionPage(browser, "popup.html");
  await popup.getByRole("button", { name: "Disconnect" }).waitFor();
  await picture(popup, "7-popup", "The popup");
  await popup.close();
  await gmail.goto(inboxUrl);

  console.log(`\nThe sidebar showed ${people.length} people of "${subject}":`);
  for (const person of people) console.log(`- ${person}`);
}
