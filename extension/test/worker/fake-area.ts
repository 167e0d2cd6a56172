import type { Area } from "../../src/worker/store.ts";

/** A storage area in memory. */
export class FakeArea implements Area {
  items: Record<string, unknown> = {};

  get = (async (keys: string[]) =>
    Object.fromEntries(keys.filter((key) => key in this.items).map((key) => [key, this.items[key]]))) as Area["get"];

  set = (async (items: Record<string, unknown>) => {
    Object.assign(this.items, items);
  }) as Area["set"];

  remove = (async (keys: string[]) => {
    for (const key of keys) delete this.items[key];
  }) as Area["remove"];
}
