// What the sidebar's buttons can do, beyond changing the model.
import type { MailBody } from "../gmail/body.ts";
import type { MailHeader } from "../gmail/header.ts";
import type { BeforeEntry, Methods } from "../protocol/types.ts";
import type { Event } from "./update.ts";

/** Asks the worker for a method of the host's. */
type Ask<M extends keyof Methods> = (params: Methods[M]["params"]) => Promise<Methods[M]["result"]>;

export interface Actions {
  readonly dispatch: (event: Event) => void;
  readonly openConnect: () => void;
  readonly openOptions: () => void;
  readonly reloadTab: (tabId: number) => void;
  /** Asks the host again how things stand. */
  readonly refresh: () => Promise<unknown>;
  /** Reads the portal's lists and fields anew. */
  readonly renewReference: () => Promise<unknown>;
  readonly setMailbox: (address: string, on: boolean) => Promise<unknown>;
  readonly nameMailbox: (tabId: number, address: string) => Promise<unknown>;
  readonly allow: (code: string) => Promise<unknown>;
  /** Connects to where the portal says it is now; `confirmed` is the address that the person agreed to, if they were asked. */
  readonly follow: (to: string, confirmed?: string) => Promise<unknown>;
  /** Aborting ends the request, too. */
  readonly search: (params: Methods["search"]["params"], signal: AbortSignal) => ReturnType<Ask<"search">>;
  readonly searchUsers: (
    params: Methods["searchUsers"]["params"],
    signal: AbortSignal,
  ) => ReturnType<Ask<"searchUsers">>;
  readonly chooseRecord: Ask<"chooseRecord">;
  readonly recordForm: Ask<"recordForm">;
  readonly create: Ask<"create">;
  readonly addAddress: Ask<"addAddress">;
  readonly moveDeal: Ask<"moveDeal">;
  /** `before` gets what the next try needs, before anything is sent that could get lost. */
  readonly addEntry: (
    params: Methods["addEntry"]["params"],
    before: (before: BeforeEntry) => void,
  ) => Promise<Methods["addEntry"]["result"]>;
  readonly recent: Ask<"recent">;
  readonly readBody: (tabId: number, messageId: string) => Promise<MailBody | null>;
  readonly readHeader: (tabId: number, messageId: string) => Promise<MailHeader | null>;
  readonly previewLog: Ask<"previewLog">;
  readonly commitLog: Ask<"commitLog">;
  readonly undoLog: Ask<"undoLog">;
  readonly moveLog: Ask<"moveLog">;
}
