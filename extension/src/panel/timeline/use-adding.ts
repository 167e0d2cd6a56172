// One form's tries to add its comment or to-do.
import { useRef } from "preact/hooks";
import type { AddedEntry, NewEntry, RecordRef, Tried } from "../../protocol/types.ts";
import { text } from "../../ui/text.ts";
import { troubleOf } from "../../worker/trouble.ts";
import type { Actions } from "../actions.ts";
import { unconfirmedSince } from "../forms/trying.ts";
import { type Attempts, useAttempt } from "../forms/use-attempt.ts";

export interface Adding extends Omit<Attempts, "attempt"> {
  readonly add: (record: RecordRef, title: string, entry: NewEntry) => void;
}

export function useAdding(actions: Actions): Adding {
  const { attempt, ...attempts } = useAttempt();
  const tried = useRef<Tried | undefined>(undefined);

  const add = (record: RecordRef, title: string, entry: NewEntry) =>
    attempt(async () => {
      const last = tried.current;
      let newest = last?.newest;
      let result: AddedEntry;
      try {
        result = await actions.addEntry({ record, entry, ...(last && { tried: last }) }, (before) => {
          newest = before.newest;
        });
      } catch (error) {
        // Before the host has told the newest entry, nothing has been sent.
        const at = unconfirmedSince(troubleOf(error), Date.now());
        if (at !== undefined && newest !== undefined) tried.current = { newest, at };
        throw error;
      }
      if (result.is === "refused") return result.words;
      const words = text(entry.type === "comment" ? "commentAdded" : "todoAdded", title);
      actions.dispatch({ at: "added", said: { words, url: undefined, notices: [] } });
      return undefined;
    });

  return { ...attempts, add };
}
