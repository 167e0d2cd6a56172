// What the sidebar's buttons can do, beyond changing the model.
import type { Event } from "./update.ts";

export interface Actions {
  readonly dispatch: (event: Event) => void;
  readonly openConnect: () => void;
  readonly openOptions: () => void;
  readonly reloadTab: (tabId: number) => void;
  /** Asks the host again how things stand. */
  readonly refresh: () => Promise<unknown>;
  readonly setMailbox: (address: string, on: boolean) => Promise<unknown>;
  readonly nameMailbox: (tabId: number, address: string) => Promise<unknown>;
  readonly allow: (code: string) => Promise<unknown>;
}
