// Which screen a model shows: one question after the other, the first that isn't settled wins.
import type { Account, OpenThread } from "../gmail/reading.ts";
import type { Status } from "../protocol/types.ts";
import { allowsMailbox, allowsWay } from "../worker/managed.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Ask, Model } from "./model.ts";
import { addressesOf, mostAddresses } from "./people.ts";

export type Screen =
  /** Host or tab was asked a moment ago. */
  | { readonly at: "starting" }
  /** No host on this computer that the browser would start. */
  | { readonly at: "hostMissing" }
  /** Host and extension share no protocol version. */
  | { readonly at: "versions"; readonly older: "host" | "extension" }
  /** `codeMayHelp`: this profile has no session; another one on this computer may be connected, which the host doesn't tell. */
  | { readonly at: "notConnected"; readonly codeMayHelp: boolean }
  | { readonly at: "error"; readonly trouble: Trouble }
  /** The tab in view has no reader. */
  | { readonly at: "noGmail"; readonly tabId: number | undefined }
  | { readonly at: "gmailChanged"; readonly why: string }
  | { readonly at: "noThread" }
  | { readonly at: "mailboxUnknown"; readonly tabId: number; readonly offered: readonly string[] }
  /** The browser's administrator allows other mailboxes only. */
  | { readonly at: "mailboxClosed"; readonly mailbox: string }
  | { readonly at: "mailboxAsk"; readonly mailbox: string; readonly status: Status }
  | { readonly at: "mailboxOff"; readonly mailbox: string }
  | { readonly at: "thread"; readonly thread: OpenThread; readonly mailbox: string; readonly status: Status };

/** The screen for a model. */
export function screenOf({ worker }: Pick<Model, "worker">): Screen {
  const { standing, tab, managed = {} } = worker;
  if (standing.at === "trouble") return screenOfTrouble(standing.trouble, allowsWay(managed, "code"));
  if (standing.at === "asking") return { at: "starting" };
  if (tab.at === "asking") return { at: "starting" };
  if (tab.at === "silent") return { at: "noGmail", tabId: tab.tabId };

  const { reading, mailbox, tabId } = tab;
  const { status } = standing;
  if (reading.state === "unreadable") return { at: "gmailChanged", why: reading.why };
  if (reading.state === "none") return { at: "noThread" };
  if (mailbox === null) return { at: "mailboxUnknown", tabId, offered: offered(reading.account, status) };
  if (!allowsMailbox(managed, mailbox)) return { at: "mailboxClosed", mailbox };
  const decided = status.mailboxes.find(({ address }) => address === mailbox.toLowerCase());
  if (!decided) return { at: "mailboxAsk", mailbox, status };
  if (!decided.on) return { at: "mailboxOff", mailbox };
  return { at: "thread", thread: reading.thread, mailbox, status };
}

/** Whose mailbox it may be: what the page's sources disagree about, else those that are switched on. */
function offered({ candidates }: Account, { mailboxes }: Status): string[] {
  return candidates.length > 0 ? candidates : mailboxes.filter(({ on }) => on).map(({ address }) => address);
}

function screenOfTrouble(trouble: Trouble, codeAllowed: boolean): Screen {
  if (trouble.from === "port" && trouble.cause === "hostMissing") return { at: "hostMissing" };
  if (trouble.from !== "host") return { at: "error", trouble };
  switch (trouble.failure.code) {
    case "unsupported_version":
      return { at: "versions", older: olderSide(trouble.failure.args) };
    case "not_connected":
      return { at: "notConnected", codeMayHelp: false };
    case "session_needed":
      return { at: "notConnected", codeMayHelp: codeAllowed };
    default:
      return { at: "error", trouble };
  }
}

/** In the host's sentence `theirs` are the extension's versions and `ours` the host's: "1, 2". */
function olderSide({ theirs = "", ours = "" }: { [name in string]?: string }): "host" | "extension" {
  const newest = (versions: string) => Math.max(0, ...(versions.match(/\d+/g) ?? []).map(Number));
  return newest(theirs) > newest(ours) ? "host" : "extension";
}

/** What the screen wants to know from the portal: the participants' addresses, and nothing else of the thread. */
export function askOf(screen: Screen): Ask | undefined {
  if (screen.at !== "thread") return undefined;
  const { thread, mailbox, status } = screen;
  const addresses = addressesOf(thread, mailbox).slice(0, mostAddresses);
  if (addresses.length === 0) return undefined;
  // Another team, other answers about the same people.
  return { key: JSON.stringify([status.portal, status.team, mailbox, ...addresses]), mailbox, addresses };
}
