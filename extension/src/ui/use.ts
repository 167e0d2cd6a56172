// Hooks.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Trouble, troubleOf } from "../worker/trouble.ts";

/** The time in milliseconds since 1970, again every `every` milliseconds while it matters. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Something a button starts: whether it is under way, and how it went wrong. */
export interface Deed {
  readonly busy: boolean;
  readonly trouble: Trouble | undefined;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** One deed at a time; its trouble stays until the next try. */
export function useDeed(): Deed {
  const [state, setState] = useState<{ busy: boolean; trouble: Trouble | undefined }>({
    busy: false,
    trouble: undefined,
  });
  const running = useRef(false);
  const run = useCallback((work: () => Promise<unknown>) => {
    if (running.current) return;
    running.current = true;
    setState({ busy: true, trouble: undefined });
    const end = (trouble: Trouble | undefined) => {
      running.current = false;
      setState({ busy: false, trouble });
    };
    work().then(
      () => end(undefined),
      (error: unknown) => end(troubleOf(error)),
    );
  }, []);
  return { ...state, run };
}
