// What the extension's own pages and the worker say to each other, over one long-lived port per page.
import type { MailBody } from "../gmail/body.ts";
import type { MailHeader } from "../gmail/header.ts";
import type { Reading } from "../gmail/reading.ts";
import type { Methods, Reference, Status } from "../protocol/types.ts";
import type { Managed } from "./managed.ts";
import type { Trouble } from "./trouble.ts";

/** The name of a page's port. */
export const pagePort = "page";

/** The host's methods that pages ask for as they are. */
type HostMethods =
  | "lookup"
  | "setMailbox"
  | "changeTeam"
  | "changeNeverLog"
  | "pasteCallback"
  | "newCode"
  | "disconnect"
  | "ledger"
  | "search"
  | "searchUsers"
  | "check"
  | "chooseRecord"
  | "recordForm"
  | "create"
  | "addAddress"
  | "moveDeal"
  | "addEntry"
  | "recent"
  | "previewLog"
  | "commitLog"
  | "undoLog"
  | "moveLog";

/** What a page may ask of the worker: the host's methods, but the session token stays in the worker. */
export interface PageMethods extends Pick<Methods, HostMethods> {
  connect: { params: Methods["connect"]["params"]; result: Status };
  connectWebhook: { params: Methods["connectWebhook"]["params"]; result: Status };
  allow: { params: Methods["allow"]["params"]; result: Status };
  /** Ask the host again how things stand. */
  refresh: { params: Record<string, never>; result: null };
  /** Read the portal's pipelines, stages, fields and other lists anew, however young the copies are. */
  renewReference: { params: Record<string, never>; result: null };
  /** The text of a message in a tab, which the person wants to log; null if the page doesn't hold it. */
  readBody: { params: { tabId: number; messageId: string }; result: MailBody | null };
  /** The header of a message in a tab, which the person wants to log; null if Gmail doesn't give it. */
  readHeader: { params: { tabId: number; messageId: string }; result: MailHeader | null };
  /** The person says whose mailbox a tab shows, where the page doesn't tell. */
  nameMailbox: { params: { tabId: number; address: string }; result: null };
}

/** From a page. */
export type PageMessage =
  /** Comes first: the window whose Gmail tab the page is about. */
  | { readonly watch: number }
  | { readonly id: string; readonly method: keyof PageMethods; readonly params: unknown }
  | { readonly cancel: string };

/** To a page. */
export type WorkerMessage =
  | { readonly state: WorkerState }
  | { readonly id: string; readonly part: unknown }
  | { readonly id: string; readonly result: unknown }
  | { readonly id: string; readonly trouble: Trouble };

/** Everything a page draws that it didn't ask for itself. */
export interface WorkerState {
  /** The host's version, once it has greeted. */
  readonly host?: string | undefined;
  readonly standing: Standing;
  readonly tab: GmailTab;
  /** As remembered from last time, to say where one is before the host has answered. */
  readonly portal?: string | undefined;
  readonly reference?: Reference | undefined;
  /** What the browser's administrator fixed. */
  readonly managed?: Managed | undefined;
}

/** How host and connection stand. */
export type Standing =
  | { readonly at: "asking" }
  | { readonly at: "connected"; readonly status: Status }
  | { readonly at: "trouble"; readonly trouble: Trouble };

/** The Gmail tab a page is about. */
export type GmailTab =
  /** It was asked and has not answered yet. */
  | { readonly at: "asking" }
  /**
   * No reader answers there: no Gmail, or a Gmail older than the extension. The browser doesn't tell which. Without an id it is
   * surely no Gmail.
   */
  | { readonly at: "silent"; readonly tabId: number | undefined }
  | {
      readonly at: "speaks";
      readonly tabId: number;
      readonly reading: Reading;
      /** Whose mailbox: as the page tells, or as the person said. */
      readonly mailbox: string | null;
    };
