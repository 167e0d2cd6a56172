// What each Gmail tab shows. In memory only: after a restart of the worker the tabs are asked again.
import type { Reading } from "../gmail/reading.ts";
import type { GmailTab } from "./contract.ts";

/** Asks a tab's reader for a reading; rejects where there is none. */
export type AskTab = (tabId: number) => Promise<Reading>;

export class GmailTabs {
  readonly #ask: AskTab;
  readonly #onChange: (tabId: number) => void;
  readonly #tabs = new Map<number, GmailTab>();
  readonly #named = new Map<number, string>();
  #spokeLast: number | undefined;

  constructor(ask: AskTab, onChange: (tabId: number) => void) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** The tab whose reader spoke last: what a page in a tab of its own is about. */
  get spokeLast(): number | undefined {
    return this.#spokeLast;
  }

  /** What a tab shows; asks it the first time. */
  view(tabId: number | undefined): GmailTab {
    if (tabId === undefined) return { at: "silent", tabId };
    const known = this.#tabs.get(tabId);
    if (known) return known;
    void this.look(tabId);
    return { at: "asking" };
  }

  /** Whether the tab spoke, or somebody looked at it. */
  knows(tabId: number): boolean {
    return this.#tabs.has(tabId);
  }

  /** A reader reported. */
  heard(tabId: number, reading: Reading): void {
    this.#spokeLast = tabId;
    // A page that tells whose mailbox it is outranks what the person once said of this tab.
    if (reading.account.email !== null) this.#named.delete(tabId);
    const mailbox = reading.account.email ?? this.#named.get(tabId) ?? null;
    this.#set(tabId, { at: "speaks", tabId, reading, mailbox });
  }

  /** Asks a tab again: it loaded another page, or nobody has asked it yet. */
  async look(tabId: number): Promise<void> {
    if (!this.#tabs.has(tabId)) this.#tabs.set(tabId, { at: "asking" });
    try {
      this.heard(tabId, await this.#ask(tabId));
    } catch {
      this.#set(tabId, { at: "silent", tabId });
    }
  }

  /** The person says whose mailbox the tab shows; forgotten with the tab. */
  name(tabId: number, mailbox: string): void {
    const tab = this.#tabs.get(tabId);
    if (tab?.at !== "speaks" || tab.reading.account.email !== null) return;
    this.#named.set(tabId, mailbox);
    this.#set(tabId, { ...tab, mailbox });
  }

  /** The tab is gone. */
  forget(tabId: number): void {
    this.#tabs.delete(tabId);
    this.#named.delete(tabId);
    if (this.#spokeLast === tabId) this.#spokeLast = undefined;
  }

  #set(tabId: number, tab: GmailTab): void {
    this.#tabs.set(tabId, tab);
    this.#onChange(tabId);
  }
}
