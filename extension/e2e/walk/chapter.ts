// What the walk goes through: chapters of screens, each chapter beside an open thread and a portal as it was made.
import type { Page } from "playwright-core";
import { inboxUrl, pilotOrderUrl } from "../../../demo/gmail/serve.mjs";
import { subject } from "../beside.ts";
import { type OwnThread, openOwnThread } from "../own-thread.ts";
import { waitForPeople } from "../sidebar.ts";
import type { Stage } from "../stage.ts";
import { type Camera, sidebarSize, unroll } from "./camera.ts";

export interface Walk extends Stage {
  readonly sidebar: Page;
}

/** A screen: what its picture is called, what it shows, and how a person gets there from the one before. */
export interface Scene {
  readonly name: string;
  readonly shows: string;
  /** Ends when the screen is there. */
  readonly go: (walk: Walk) => Promise<unknown>;
  /** The sidebar's width, if it isn't the usual one. */
  readonly width?: number;
}

export interface Chapter {
  /** The demo's own thread if nothing is given. */
  readonly thread?: OwnThread;
  /** What the portal is like, and what happened there before. */
  readonly before?: (walk: Walk) => Promise<unknown>;
  readonly scenes: readonly Scene[];
}

/** The first button of exactly that name. */
export const button = (sidebar: Page, name: string) => sidebar.getByRole("button", { name, exact: true }).first();

export async function play(walk: Walk, camera: Camera, { thread, before, scenes }: Chapter): Promise<void> {
  await beginAnew(walk, thread, before);
  for (const { name, shows, go, width = sidebarSize.width } of scenes) {
    await go(walk);
    await unroll(walk.sidebar, width, sidebarSize.height);
    await camera.take(walk.sidebar, name, shows);
  }
}

/** Nothing of the chapter before is left: not in the portal, not in the host's memory, not on the screen. */
async function beginAnew(walk: Walk, thread: OwnThread | undefined, before: Chapter["before"]): Promise<void> {
  const { gmail, host, portal, sidebar } = walk;
  await gmail.bringToFront();
  // A thread of a chapter's own is a page of its own, in the place of Gmail's.
  await gmail.unrouteAll();
  await gmail.goto("about:blank");
  await gmail.goto(inboxUrl);
  await portal.reset();
  await before?.(walk);
  await host.kill();
  await sidebar.reload();
  await sidebar.getByRole("heading", { name: "Open a thread in Gmail" }).waitFor();
  if (thread === undefined) await gmail.goto(pilotOrderUrl);
  else await openOwnThread(gmail, thread);
  await waitForPeople(sidebar, thread?.subject ?? subject);
}
