// A search that goes on while somebody types: it waits for a pause, and what was typed over is never answered.
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../protocol/types.ts";
import { type Trouble, troubleOf } from "../../worker/trouble.ts";

/** A page of what was found. */
export interface Page<T> {
  readonly items: readonly T[];
  /** There is a next page. */
  readonly more: boolean;
  /** More letters would help. */
  readonly cut: boolean;
  readonly notices: readonly Failure[];
}

/** Asks for the items that fit, without the first `skip` of them. */
export type Ask<T> = (text: string, skip: number, signal: AbortSignal) => Promise<Page<T>>;

/** How a search stands. What was found for fewer letters stays until there is something better to show. */
export interface Search<T> extends Page<T> {
  readonly at: "idle" | "asking" | "found" | "failed";
  readonly trouble: Trouble | undefined;
}

/** How long a pause in typing is, in milliseconds. */
export const pauseInTyping = 250;

/** Letters and digits that a search needs: the host's own figure. */
const fewest = 2;

export const isEnough = (text: string) => (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= fewest;

const nothing = { items: [], more: false, cut: false, notices: [], trouble: undefined } as const;

/** The search for `text`, and a way to see more or to try once more. */
export function useSearch<T>(text: string, ask: Ask<T>): Search<T> & { readonly goOn: () => void } {
  const [search, setSearch] = useState<Search<T>>({ at: "idle", ...nothing });
  const [turn, setTurn] = useState({ text, skip: 0, count: 0 });
  const wanted = text.trim();
  const skip = turn.text === wanted ? turn.skip : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another way to ask is no reason to ask again
  useEffect(() => {
    if (!isEnough(wanted)) {
      setSearch({ at: "idle", ...nothing });
      return;
    }
    const control = new AbortController();
    setSearch((before) => ({ ...before, at: "asking", trouble: undefined }));
    const run = async () => {
      try {
        const page = await ask(wanted, skip, control.signal);
        if (control.signal.aborted) return;
        setSearch((before) => ({
          ...page,
          at: "found",
          trouble: undefined,
          items: skip > 0 ? [...before.items, ...page.items] : page.items,
        }));
      } catch (error) {
        if (!control.signal.aborted) setSearch((before) => ({ ...before, at: "failed", trouble: troubleOf(error) }));
      }
    };
    // A pressed button needs no pause.
    const timer = setTimeout(() => void run(), turn.text === wanted && turn.count > 0 ? 0 : pauseInTyping);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [wanted, skip, turn.count]);

  const goOn = () => {
    const from = search.at === "failed" ? skip : search.items.length;
    setTurn({ text: wanted, skip: from, count: turn.count + 1 });
  };
  return { ...search, goOn };
}
