// What stays on disk in the browser: these three things and nothing more.
import type { Reference } from "../protocol/types.ts";

/** The three, by key. */
export interface Stored {
  /** This browser profile's session token: worthless without the host on this computer. */
  session: string;
  /** The portal's name: `acme.bitrix24.com`. */
  portal: string;
  /** The portal's lists of names. */
  reference: Reference;
}

/** Their keys. */
export const storedKeys: readonly (keyof Stored)[] = ["session", "portal", "reference"];

/** What is used of `chrome.storage.local`. */
export type Area = Pick<chrome.storage.StorageArea, "get" | "set" | "remove">;

/** The typed door to the browser's storage. */
export class Store {
  readonly #area: Area;

  constructor(area: Area) {
    this.#area = area;
  }

  /** The values there are. */
  async read(): Promise<Partial<Stored>> {
    return await this.#area.get([...storedKeys]);
  }

  /** Keeps the values given, and leaves the others. */
  async write(values: Partial<Stored>): Promise<void> {
    const known = storedKeys.filter((key) => values[key] !== undefined);
    await this.#area.set(Object.fromEntries(known.map((key) => [key, values[key]])));
  }

  /** Forgets one value, and leaves the others. */
  async forget(key: keyof Stored): Promise<void> {
    await this.#area.remove([key]);
  }

  /** Forgets all of them. */
  async clear(): Promise<void> {
    await this.#area.remove([...storedKeys]);
  }
}
