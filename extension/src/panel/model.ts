// Everything the sidebar knows, as one value.
import type { Failure, LoggedHere, Person } from "../protocol/types.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Form } from "./forms/form.ts";
import type { Made } from "./log/form.ts";
import type { Filter } from "./people.ts";
import type { Denied } from "./rights.ts";

/** What is to be looked up. */
export interface Ask {
  /** Equal for equal questions. */
  readonly key: string;
  readonly mailbox: string;
  readonly addresses: readonly string[];
}

/** How the lookup of the open thread stands. */
export type LookupState =
  | { readonly at: "none" }
  /** Whoever runs the effects starts it now. */
  | { readonly at: "due"; readonly ask: Ask; readonly fresh: boolean }
  | { readonly at: "running"; readonly ask: Ask }
  | { readonly at: "done"; readonly ask: Ask; readonly notices: readonly Failure[] }
  | { readonly at: "failed"; readonly ask: Ask; readonly trouble: Trouble }
  /** The portal asked for a pause; it goes on by itself. */
  | { readonly at: "waiting"; readonly ask: Ask; readonly until: number; readonly notices: readonly Failure[] }
  /** The person ended the pause for good. */
  | { readonly at: "stopped"; readonly ask: Ask };

/** A person, and when the portal said so (ms since 1970). */
export interface Known {
  readonly person: Person;
  readonly asOf: number;
}

/** What has just been done: said until the next thing is. */
export interface Said {
  readonly words: string;
  /** The portal's page about it. */
  readonly url: string | undefined;
  /** What is otherwise than was asked for. */
  readonly notices: readonly Failure[];
  /** The entry that was made, where it can be taken back or moved. */
  readonly made?: Made | undefined;
}

export interface Model {
  readonly worker: WorkerState;
  /** The browser believes there is a network. */
  readonly online: boolean;
  readonly lookup: LookupState;
  /** The portal that people are known from. */
  readonly portal: string | undefined;
  /** By address. In this page's memory, and gone with it. */
  readonly known: ReadonlyMap<string, Known>;
  /** Messages that were logged from here, of the people looked up last. */
  readonly logged: readonly LoggedHere[];
  /** By address: opened or folded by hand. */
  readonly folds: ReadonlyMap<string, boolean>;
  readonly filter: Filter;
  /** Rows of folded people that are open. */
  readonly rows: { readonly external: boolean; readonly colleagues: boolean };
  /** What the portal has refused; offered again once the person refreshes. */
  readonly denied: Denied;
  /** It stays open while other threads are. */
  readonly form: Form | undefined;
  readonly said: Said | undefined;
}

export const initial: Model = {
  worker: { standing: { at: "asking" }, tab: { at: "asking" } },
  online: true,
  lookup: { at: "none" },
  portal: undefined,
  known: new Map(),
  logged: [],
  folds: new Map(),
  filter: "all",
  rows: { external: false, colleagues: false },
  denied: new Set(),
  form: undefined,
  said: undefined,
};
