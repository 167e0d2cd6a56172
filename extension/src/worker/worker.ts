// The extension's service worker: the one place between Gmail's tabs, the extension's pages and the host. Every listener is
// registered before the first await, since the browser starts this file anew for each event after a pause.
import type { ReadBodyRequest, ReadHeaderRequest, ReadNowRequest } from "../messages.ts";
import { Connection } from "./connection.ts";
import type { GmailTab, WorkerState } from "./contract.ts";
import { bodyOf, headerOf, readingOf } from "./from-gmail.ts";
import { Host, openNativePort } from "./host.ts";
import { ManagedPolicy, type ManagedReading } from "./managed.ts";
import { type Handlers, type Page, Pages } from "./pages.ts";
import { gmailTabOf, isOwnPage } from "./senders.ts";
import { Store } from "./store.ts";
import { GmailTabs } from "./tabs.ts";

const store = new Store(chrome.storage.local);

const host: Host = new Host({
  open: openNativePort,
  lastError: () => chrome.runtime.lastError?.message,
  extension: chrome.runtime.getManifest().version,
  session: async () => (await store.read()).session,
  onEvent: () => void connection.refresh(),
  onClose: (trouble) => connection.lost(trouble, pages.any),
});

const connection: Connection = new Connection(host, store, () => pages.pushAll());

const tabs: GmailTabs = new GmailTabs(
  async (tabId) => {
    const request: ReadNowRequest = { type: "readNow" };
    const reading = readingOf(await chrome.tabs.sendMessage(tabId, request, { frameId: 0 }));
    if (!reading) throw new Error("no reader answers");
    return reading;
  },
  () => pages.pushAll(),
);

/** Window -> its active tab, for windows some page is about. */
const activeTabs = new Map<number, number>();

const fromPages: Handlers = {
  lookup: async (params, how) => {
    const found = await host.call("lookup", params, how);
    void connection.compare(found);
    return found;
  },
  renewReference: async () => {
    await connection.renewReference();
    return null;
  },
  setMailbox: (params) => connection.change("setMailbox", params),
  changeTeam: (params) => connection.change("changeTeam", params),
  search: (params, { signal }) => host.call("search", params, { signal }),
  searchUsers: (params, { signal }) => host.call("searchUsers", params, { signal }),
  chooseRecord: (params) => host.call("chooseRecord", params),
  changeNeverLog: (params) => connection.change("changeNeverLog", params),
  recordForm: (params, { signal }) => host.call("recordForm", params, { signal }),
  create: (params, { signal }) => host.call("create", params, { signal }),
  addAddress: (params, { signal }) => host.call("addAddress", params, { signal }),
  // Nobody can take back what may have been done: it runs to its end, even if the page closes.
  moveDeal: (params) => host.call("moveDeal", params),
  addEntry: (params, { onPart }) => host.call("addEntry", params, { onPart }),
  recent: (params, { signal }) => host.call("recent", params, { signal }),
  pasteCallback: (params) => host.call("pasteCallback", params),
  connect: (params, how) => connection.connect("connect", params, how),
  connectWebhook: (params, { signal }) => connection.connect("connectWebhook", params, { signal }),
  allow: (params, { signal }) => connection.connect("allow", params, { signal }),
  newCode: (params) => host.call("newCode", params),
  ledger: (params, how) => host.call("ledger", params, how),
  check: (params, how) => host.call("check", params, how),
  disconnect: (params) => connection.disconnect(params),
  refresh: async () => {
    await connection.refresh();
    return null;
  },
  previewLog: (params, { signal }) => host.call("previewLog", params, { signal }),
  // As above.
  commitLog: (params) => host.call("commitLog", params),
  undoLog: (params) => host.call("undoLog", params),
  moveLog: (params) => host.call("moveLog", params),
  readBody: async ({ tabId, messageId }) => {
    const request: ReadBodyRequest = { type: "readBody", messageId };
    return bodyOf(await chrome.tabs.sendMessage(tabId, request, { frameId: 0 }));
  },
  readHeader: async ({ tabId, messageId }) => {
    const request: ReadHeaderRequest = { type: "readHeader", messageId };
    return headerOf(await chrome.tabs.sendMessage(tabId, request, { frameId: 0 }));
  },
  nameMailbox: async ({ tabId, address }) => {
    tabs.name(tabId, address);
    return null;
  },
};

const policy: ManagedPolicy = new ManagedPolicy(chrome.storage.managed, () => pages.pushAll());

const pages: Pages = new Pages(
  fromPages,
  (method, params) => policy.permit(method, params),
  (page) => ({
    host: connection.version,
    ...standingUnder(policy.latest),
    tab: tabOf(page),
    portal: connection.portal,
    reference: connection.reference,
  }),
  (page) => {
    void connection.begin();
    void findTabs(page);
  },
);

/** A policy that can't be read stops everything; what it means might be stricter than what can be guessed. */
function standingUnder(reading: ManagedReading | undefined): Pick<WorkerState, "standing" | "managed"> {
  if (reading === undefined) return { standing: { at: "asking" } };
  if ("managed" in reading) return { standing: connection.standing, managed: reading.managed };
  return { standing: { at: "trouble", trouble: { from: "policy", cause: "wrong", name: reading.wrong } } };
}

function tabOf(page: Page): GmailTab {
  if (page.ownTab !== undefined) return keptTab(page);
  const active = page.window === undefined ? undefined : activeTabs.get(page.window);
  if (active === undefined) return { at: "asking" };
  return pages.holds(active) ? { at: "silent", tabId: undefined } : tabs.view(active);
}

/**
 * The active tab of a page in a tab of its own is itself: it is about the Gmail tab that spoke last when it opened, and stays
 * with it while that shows Gmail, whatever another window's mailbox has to say meanwhile.
 */
function keptTab(page: Page): GmailTab {
  const { about } = page;
  const stays = about !== undefined && tabs.knows(about) && tabs.view(about).at !== "silent";
  if (!stays) page.about = tabs.spokeLast;
  return tabs.view(page.about);
}

/** Finds out what a page is about that just opened: the worker may just have been started, and know of no tab. */
async function findTabs({ window, ownTab }: Page): Promise<void> {
  if (window === undefined) return;
  if (ownTab === undefined) {
    const [tab] = await chrome.tabs.query({ active: true, windowId: window });
    if (tab?.id !== undefined) activeTabs.set(window, tab.id);
  } else if (tabs.spokeLast === undefined) {
    const all = await chrome.tabs.query({});
    await Promise.all(all.map(({ id }) => (id === undefined ? undefined : tabs.look(id))));
  }
  pages.pushAll();
}

chrome.runtime.onConnect.addListener((port) => {
  const { sender } = port;
  if (sender && isOwnPage(sender, chrome.runtime.id, chrome.runtime.getURL(""))) pages.add(port, sender.tab?.id);
  else port.disconnect();
});

chrome.runtime.onMessage.addListener((message: unknown, sender) => {
  const tabId = gmailTabOf(sender, chrome.runtime.id);
  const reading = readingOf(message);
  if (tabId !== undefined && reading) tabs.heard(tabId, reading);
});

chrome.storage.managed.onChanged.addListener(() => policy.changed());

chrome.tabs.onActivated.addListener(({ tabId, windowId }) => {
  activeTabs.set(windowId, tabId);
  pages.pushAll();
});

chrome.tabs.onUpdated.addListener((tabId, { status }) => {
  // Whatever loaded there, what was known of the tab may be over. The browser doesn't tell us addresses, so the tab is asked.
  if (status === "complete" && tabs.knows(tabId)) void tabs.look(tabId);
});

chrome.tabs.onRemoved.addListener((tabId) => {
  tabs.forget(tabId);
  pages.pushAll();
});

chrome.windows.onRemoved.addListener((windowId) => activeTabs.delete(windowId));

// `open` comes first and without an await: one turn of the event loop and Chrome no longer sees the person's gesture.
chrome.commands.onCommand.addListener((command, tab) => {
  if (command === "open-sidebar" && tab !== undefined) void chrome.sidePanel.open({ windowId: tab.windowId });
});

// Content scripts live in Gmail's process and have no business with the session token.
void chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
