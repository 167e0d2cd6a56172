import { join } from "node:path";
import type { Page } from "playwright-core";
import { inboxUrl, routeGmail } from "../../demo/gmail/serve.mjs";
import { projectRoot } from "../test/project.ts";
import { type Browser, launchBrowser } from "./browser.ts";
import { type Host, prepareHost } from "./host.ts";
import { type Portal, startPortal } from "./portal.ts";

/** The whole product: browser with extension, registered host, fake portal, fake Gmail; nobody is connected yet. */
export interface Stage {
  readonly portal: Portal;
  readonly host: Host;
  readonly browser: Browser;
  /** A tab with the fake Gmail's inbox. */
  readonly gmail: Page;
  close(): Promise<void>;
}

export interface StageOptions {
  /** With a window; needs a display. */
  readonly headed?: boolean;
  /** Folders of further extensions. */
  readonly others?: readonly string[];
  /** What is started in the place of the machine's Chromium. */
  readonly executable?: string;
  /** The portal is in the company's network: NAME=ADDRESS, which must be this machine's. */
  readonly inside?: string;
  /** Bitrix24's own authorization server, beside a portal inside: NAME=ADDRESS. */
  readonly authorization?: string;
  /** How the person signs in at an address that the host wants opened; in the browser under test if nothing is given. */
  readonly signIn?: (address: string, portal: Portal) => Promise<unknown>;
  /** Called before the browser starts, when the portal has an address. */
  readonly prepare?: (portal: Portal) => Promise<void>;
  /** Where the host's program lies; where it was built if nothing is given. */
  readonly program?: string;
  /** Writes the manifest by which the browser finds the host; the host's own way if nothing is given. */
  readonly register?: (profile: string, host: Host) => Promise<void>;
}

/** Sets everything up; what was started is ended even when a later part fails. */
export async function setStage({
  inside,
  authorization,
  signIn,
  prepare,
  register,
  program,
  ...launch
}: StageOptions = {}): Promise<Stage> {
  const ends: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const portal = await startPortal(inside, authorization);
    ends.push(portal.close);
    // What the host asks to open, the browser under test opens.
    let open: (address: string) => Promise<unknown> = async () => {};
    const host = await prepareHost((address) => void open(address), program);
    ends.push(host.close);
    await prepare?.(portal);
    const browser = await launchBrowser({
      ...launch,
      environment: host.environment,
      prepareProfile: (profile) => (register ? register(profile, host) : host.register(profile)),
    });
    ends.push(browser.close);
    open = async (address) => (signIn ? signIn(address, portal) : (await browser.context.newPage()).goto(address));
    await routeGmail(browser.context, join(projectRoot, "demo/gmail"));
    const gmail = browser.context.pages()[0] ?? (await browser.context.newPage());
    await gmail.goto(inboxUrl);
    return { portal, host, browser, gmail, close };
  } catch (error) {
    await close();
    throw error;
  }
}
