// Stands in for the worker inside a page of the real extension: runs in the browser, before the page's own code. It is handed
// to the browser as text, so nothing outside of the function may be named in it.
import type { PageMessage, WorkerState } from "../../src/worker/contract.ts";

/** What the worker would say. */
export interface Script {
  readonly state: WorkerState;
  /** What each method is answered with, in order; without an entry it waits for ever. */
  readonly answers: { readonly [method in string]?: readonly object[] };
}

export function standIn({ state, answers }: Script): void {
  const listeners: ((message: unknown) => void)[] = [];
  const say = (message: unknown) => {
    for (const listener of listeners) listener(message);
  };
  const port = {
    onMessage: { addListener: (listener: (message: unknown) => void) => listeners.push(listener) },
    onDisconnect: { addListener: () => {} },
    postMessage: (message: PageMessage) => {
      if ("watch" in message) setTimeout(() => say({ state }));
      else if ("id" in message)
        for (const answer of answers[message.method] ?? []) setTimeout(() => say({ id: message.id, ...answer }));
    },
  };
  Object.defineProperty(chrome.runtime, "connect", { value: () => port });
}
