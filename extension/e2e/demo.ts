// The demo: the whole product against the fake portal and the fake Gmail. With a window it stays until the person closes it;
// without, it walks through the screens and leaves a picture of each.  cargo xtask demo
import { parseArgs } from "node:util";
import { pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { subject } from "./beside.ts";
import { connectByForm } from "./connecting.ts";
import { openSidebar, waitForPeople } from "./sidebar.ts";
import { type Stage, setStage } from "./stage.ts";
import { walk } from "./walk/walk.ts";

export async function main(parameters: string[]): Promise<void> {
  const { values } = parseArgs({
    args: parameters,
    options: { headed: { type: "boolean", default: false }, pictures: { type: "string", default: "pictures" } },
  });
  const stage = await setStage({ headed: values.headed });
  try {
    if (values.headed) await show(stage);
    else await leavePictures(stage, values.pictures);
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

/** Walks through all screens, and tells who the people of the demo's thread are. */
async function leavePictures(stage: Stage, folder: string): Promise<void> {
  const people = await walk(stage, folder);
  for (const name of ["Marie Rousseau", "Jonas Weber", "Priya Menon", "Ann Keller", "Tom Brandt"]) {
    if (!people.some((person) => person.includes(name))) throw new Error(`the sidebar didn't show ${name}`);
  }
  console.log(`\nThe sidebar showed ${people.length} people of "${subject}":`);
  for (const person of people) console.log(`- ${person}`);
}
