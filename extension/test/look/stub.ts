// Stands in for the worker inside a page of the real extension: runs in the browser, before the page's own code. It is handed
// to the browser as text, so nothing outside of the function may be named in it.
import type { PageMessage, WorkerState } from "../../src/worker/contract.ts";

/** What the worker would say. */
export interface Script {
  readonly state: WorkerState;
  /** What each method is answered with, in order; without an entry it waits for ever. */
  readonly answers: { readonly [method in string]?: readonly object[] };
}

/** Messages of another language than the browser's, which has only those it was installed with. */
export interface Tongue {
  readonly language: string;
  readonly messages: Record<string, { message: string }>;
}

export function standIn({ state, answers, tongue }: Script & { tongue?: Tongue | undefined }): void {
  if (tongue) {
    const { language, messages } = tongue;
    const getMessage = (key: string, values: string[] = []) =>
      (messages[key]?.message ?? "").replace(/\$([1-9])/g, (_, place) => values[Number(place) - 1] ?? "");
    Object.defineProperty(chrome.i18n, "getMessage", { value: getMessage });
    Object.defineProperty(chrome.i18n, "getUILanguage", { value: () => language });
  }
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
