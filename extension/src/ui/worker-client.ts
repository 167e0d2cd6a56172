// A page's end of its port to the worker. The browser ends an idle worker, so the port is opened again whenever it closes.
import type { PageMessage, PageMethods, WorkerMessage, WorkerState } from "../worker/contract.ts";
import { HostError } from "../worker/trouble.ts";

/** How a page waits for an answer. */
export interface Wait {
  readonly onPart?: ((part: unknown) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is used of `chrome.runtime.Port`. */
export type ClientPort = Pick<chrome.runtime.Port, "postMessage" | "onMessage" | "onDisconnect">;

interface Pending {
  readonly onPart: ((part: unknown) => void) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: HostError) => void;
}

/** How long to wait before opening a closed port again, in milliseconds. */
const reopenAfter = 250;

export class WorkerClient {
  readonly #open: () => ClientPort;
  readonly #window: number;
  readonly #onState: (state: WorkerState) => void;
  readonly #pending = new Map<string, Pending>();
  #port: ClientPort;
  #nextId = 1;

  constructor(open: () => ClientPort, window: number, onState: (state: WorkerState) => void) {
    this.#open = open;
    this.#window = window;
    this.#onState = onState;
    this.#port = this.#connect();
  }

  /** Asks the worker. Rejects with a `HostError` and nothing else. */
  call<M extends keyof PageMethods>(
    method: M,
    params: PageMethods[M]["params"],
    { onPart, signal }: Wait = {},
  ): Promise<PageMethods[M]["result"]> {
    return new Promise<PageMethods[M]["result"]>((resolve, reject) => {
      const id = String(this.#nextId++);
      signal?.addEventListener("abort", () => {
        // The answer still comes, and then nobody waits for it.
        if (this.#pending.delete(id)) this.#send({ cancel: id });
        reject(new HostError({ from: "caller" }));
      });
      this.#pending.set(id, { onPart, resolve: resolve as Pending["resolve"], reject });
      this.#send({ id, method, params });
    });
  }

  #connect(): ClientPort {
    const port = this.#open();
    port.onMessage.addListener((message: WorkerMessage) => this.#receive(message));
    port.onDisconnect.addListener(() => {
      const detail = chrome.runtime.lastError?.message ?? "";
      for (const { reject } of this.#pending.values())
        reject(new HostError({ from: "port", cause: "unknown", detail }));
      this.#pending.clear();
      setTimeout(() => {
        this.#port = this.#connect();
      }, reopenAfter);
    });
    const watch: PageMessage = { watch: this.#window };
    port.postMessage(watch);
    return port;
  }

  #send(message: PageMessage): void {
    try {
      this.#port.postMessage(message);
    } catch {
      // Between a close and the next opening: what was pending has been rejected, and this one is by the same means.
      if ("id" in message) this.#fail(message.id);
    }
  }

  #fail(id: string): void {
    this.#pending.get(id)?.reject(new HostError({ from: "port", cause: "unknown", detail: "" }));
    this.#pending.delete(id);
  }

  #receive(message: WorkerMessage): void {
    if ("state" in message) {
      this.#onState(message.state);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if ("part" in message) {
      pending.onPart?.(message.part);
      return;
    }
    this.#pending.delete(message.id);
    if ("trouble" in message) pending.reject(new HostError(message.trouble));
    else pending.resolve(message.result);
  }
}
