// What every page of the extension begins with.
import type { WorkerState } from "../worker/contract.ts";
import { pagePort } from "../worker/contract.ts";
import { text } from "./text.ts";
import { WorkerClient } from "./worker-client.ts";

/** A page, ready to draw into. */
export interface Page {
  readonly root: HTMLElement;
  readonly worker: WorkerClient;
  /** The browser window it belongs to; known before the first click, so that a click can open the sidebar at once. */
  readonly window: number;
}

/** Sets language and direction, and opens the port to the worker. */
export async function openPage(onState: (state: WorkerState) => void): Promise<Page> {
  document.documentElement.lang = text("language");
  document.documentElement.dir = chrome.i18n.getMessage("@@bidi_dir");
  const root = document.getElementById("root");
  const { id } = await chrome.windows.getCurrent();
  if (!root || id === undefined) throw new Error("the page has no root, or no window");
  const worker = new WorkerClient(() => chrome.runtime.connect({ name: pagePort }), id, onState);
  return { root, worker, window: id };
}

/** Opens the connect form, or the tab where it is open already. */
export async function openConnectTab(): Promise<void> {
  const url = chrome.runtime.getURL("connect.html");
  const [open] = await chrome.runtime.getContexts({ contextTypes: ["TAB"], documentUrls: [url] });
  if (open) {
    await chrome.tabs.update(open.tabId, { active: true });
    await chrome.windows.update(open.windowId, { focused: true });
  } else await chrome.tabs.create({ url });
}
