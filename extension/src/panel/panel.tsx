// The sidebar's page: events in, model on, effects out. May also stand in a tab of its own; it is then about the Gmail tab that
// spoke last.
import { render } from "preact";
import type { BeforeEntry, Lookup, Methods } from "../protocol/types.ts";
import { openConnectTab, openPage } from "../ui/page.ts";
import type { Wait } from "../ui/worker-client.ts";
import { troubleOf } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";
import { listenToKeys } from "./keys.ts";
import { initial, type LookupState, type Model } from "./model.ts";
import { denialBy, type Guarded } from "./rights.ts";
import { type Event, update } from "./update.ts";
import { Panel } from "./view.tsx";

let model: Model = { ...initial, online: navigator.onLine };
let running: { key: string; control: AbortController } | undefined;
let pause: ReturnType<typeof setTimeout> | undefined;

const { root, worker } = await openPage((state) => dispatch({ at: "worker", state }));

const actions: Actions = {
  dispatch,
  openConnect: () => void openConnectTab(),
  openOptions: () => void chrome.runtime.openOptionsPage(),
  reloadTab: (tabId) => void chrome.tabs.reload(tabId),
  refresh: () => worker.call("refresh", {}).catch(() => undefined),
  renewReference: () => worker.call("renewReference", {}),
  setMailbox: (address, on) => worker.call("setMailbox", { address, on }),
  search: (params, signal) => worker.call("search", params, { signal }),
  searchUsers: (params, signal) => worker.call("searchUsers", params, { signal }),
  chooseRecord: (params) => worker.call("chooseRecord", params),
  recordForm: (params) => worker.call("recordForm", params),
  create: (params) => guarded("create", params),
  addAddress: (params) => guarded("addAddress", params),
  addEntry: (params, before) => guarded("addEntry", params, { onPart: (part) => before(part as BeforeEntry) }),
  recent: (params) => worker.call("recent", params),
  moveDeal: (params) => guarded("moveDeal", params),
  readHeader: (tabId, messageId) => worker.call("readHeader", { tabId, messageId }),
  readBody: (tabId, messageId) => worker.call("readBody", { tabId, messageId }),
  previewLog: (params) => worker.call("previewLog", params),
  commitLog: (params) => worker.call("commitLog", params),
  undoLog: (params) => worker.call("undoLog", params),
  moveLog: (params) => guarded("moveLog", params),
  nameMailbox: (tabId, address) => worker.call("nameMailbox", { tabId, address }),
  allow: (code) => worker.call("allow", { code, ...mailboxInView() }),
  follow: (to, confirmed) =>
    worker.call("connect", {
      portal: to,
      moved: true,
      ...(confirmed !== undefined && { confirmed }),
      ...mailboxInView(),
    }),
};

/** Connecting switches it on. */
function mailboxInView(): { mailbox?: string } {
  const { tab } = model.worker;
  return tab.at === "speaks" && tab.mailbox !== null ? { mailbox: tab.mailbox } : {};
}

/** Asks for something the portal may not let the person do, and remembers it if so. */
async function guarded<M extends Guarded>(method: M, params: Methods[M]["params"], options: Wait = {}) {
  try {
    return await worker.call(method, params, options);
  } catch (error) {
    const denial = denialBy(method, params, troubleOf(error));
    if (denial !== undefined) dispatch({ at: "denied", denial });
    throw error;
  }
}

function dispatch(event: Event): void {
  const before = model.lookup;
  model = update(model, event);
  if (model.lookup !== before) effects(model.lookup);
  render(<Panel model={model} actions={actions} />, root);
}

/** What the state of the lookup wants done. */
function effects(lookup: LookupState): void {
  clearTimeout(pause);
  const key = "ask" in lookup ? lookup.ask.key : undefined;
  if (running && (running.key !== key || lookup.at === "due" || lookup.at === "stopped")) {
    running.control.abort();
    running = undefined;
  }
  if (lookup.at === "due") queueMicrotask(startIfDue);
  if (lookup.at === "waiting")
    pause = setTimeout(() => dispatch({ at: "again", fresh: false }), Math.max(0, lookup.until - Date.now()));
}

function startIfDue(): void {
  if (model.lookup.at !== "due") return;
  const { ask, fresh } = model.lookup;
  const control = new AbortController();
  running = { key: ask.key, control };
  dispatch({ at: "started", ask });
  const params = { mailbox: ask.mailbox, addresses: [...ask.addresses], fresh };
  const onPart = (part: unknown) => dispatch({ at: "part", ask, lookup: part as Lookup });
  worker.call("lookup", params, { signal: control.signal, onPart }).then(
    (lookup) => !control.signal.aborted && dispatch({ at: "answered", ask, lookup, now: Date.now() }),
    (error: unknown) => {
      if (control.signal.aborted) return;
      const trouble = troubleOf(error);
      dispatch({ at: "failed", ask, trouble, now: Date.now() });
      // The host's word about mailbox, session or connection is newer than what this page was told.
      const stale = ["mailbox_off", "session_needed", "not_connected"];
      if (trouble.from === "port" || (trouble.from === "host" && stale.includes(trouble.failure.code)))
        void actions.refresh();
    },
  );
}

addEventListener("online", () => dispatch({ at: "online", online: true }));
addEventListener("offline", () => dispatch({ at: "online", online: false }));
listenToKeys(document, root);
render(<Panel model={model} actions={actions} />, root);
