// Tries to write something to the portal: one at a time, and what came of the last one.
import { useState } from "preact/hooks";
import { useDeed, useNow } from "../../ui/use.ts";
import { type Trouble, troubleOf } from "../../worker/trouble.ts";
import { pauseUntil } from "./trying.ts";

export interface Attempts {
  readonly busy: boolean;
  /** The portal's own words, if it refused. */
  readonly words: string | undefined;
  readonly trouble: Trouble | undefined;
  /** How long until another try makes sense. */
  readonly seconds: number;
  /** Does it; what the work comes back with are the portal's words. */
  readonly attempt: (work: () => Promise<string | undefined>) => void;
}

export function useAttempt(): Attempts {
  const deed = useDeed();
  const [words, setWords] = useState<string>();
  const [pause, setPause] = useState({ from: 0, until: 0 });
  const now = useNow(1000);
  const attempt = (work: () => Promise<string | undefined>) => {
    setWords(undefined);
    deed.run(async () => {
      try {
        setWords(await work());
      } catch (error) {
        const from = Date.now();
        setPause({ from, until: pauseUntil(troubleOf(error), from) ?? 0 });
        throw error;
      }
    });
  };
  const seconds = Math.max(0, Math.ceil((pause.until - Math.max(now, pause.from)) / 1000));
  return { busy: deed.busy, words, trouble: deed.trouble, seconds, attempt };
}
