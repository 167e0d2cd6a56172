// The extension's open pages: what each is about, what it asked, and pushing it the state it draws.
import { type PageMessage, type PageMethods, pagePort, type WorkerMessage, type WorkerState } from "./contract.ts";
import { troubleOf } from "./trouble.ts";

/** One page. */
export interface Page {
  /** The window it is about, once it has said so. */
  window: number | undefined;
  /** The tab it stands in, if it isn't the sidebar or the popup. */
  readonly ownTab: number | undefined;
  /** The Gmail tab that a page in a tab of its own keeps to. */
  about: number | undefined;
}

/** How an answer travels. */
export interface How {
  readonly onPart: (part: unknown) => void;
  readonly signal: AbortSignal;
}

/** What each method does. */
export type Handlers = {
  readonly [M in keyof PageMethods]: (params: PageMethods[M]["params"], how: How) => Promise<PageMethods[M]["result"]>;
};

/** Lets a request through, or rejects. */
export type Permit = (method: keyof PageMethods, params: unknown) => Promise<void>;

/** What is used of a page's port. */
export type PagePort = Pick<chrome.runtime.Port, "name" | "postMessage" | "onMessage" | "onDisconnect">;

export class Pages {
  readonly #handlers: Handlers;
  readonly #permit: Permit;
  readonly #stateFor: (page: Page) => WorkerState;
  readonly #onWatch: (page: Page) => void;
  readonly #open = new Map<PagePort, Page>();

  constructor(
    handlers: Handlers,
    permit: Permit,
    stateFor: (page: Page) => WorkerState,
    onWatch: (page: Page) => void,
  ) {
    this.#handlers = handlers;
    this.#permit = permit;
    this.#stateFor = stateFor;
    this.#onWatch = onWatch;
  }

  /** A page of our own opened its port. */
  add(port: PagePort, ownTab: number | undefined): void {
    if (port.name !== pagePort) return;
    const page: Page = { window: undefined, ownTab, about: undefined };
    const running = new Map<string, AbortController>();
    this.#open.set(port, page);
    port.onMessage.addListener((message: PageMessage) => {
      if ("watch" in message) {
        page.window = message.watch;
        this.#onWatch(page);
        this.#push(port, page);
      } else if ("cancel" in message) running.get(message.cancel)?.abort();
      else void this.#answer(port, message, running);
    });
    port.onDisconnect.addListener(() => {
      this.#open.delete(port);
      // Whoever asked is gone, and nobody waits for the answers.
      for (const control of running.values()) control.abort();
    });
  }

  /** Whether any page is open. */
  get any(): boolean {
    return this.#open.size > 0;
  }

  /** Whether a tab shows one of our own pages. */
  holds(tabId: number): boolean {
    return [...this.#open.values()].some(({ ownTab }) => ownTab === tabId);
  }

  /** Tells every page how things stand now. */
  pushAll(): void {
    for (const [port, page] of this.#open) this.#push(port, page);
  }

  #push(port: PagePort, page: Page): void {
    if (page.window !== undefined) send(port, { state: this.#stateFor(page) });
  }

  async #answer(
    port: PagePort,
    { id, method, params }: { id: string; method: keyof PageMethods; params: unknown },
    running: Map<string, AbortController>,
  ): Promise<void> {
    const control = new AbortController();
    running.set(id, control);
    try {
      if (!Object.hasOwn(this.#handlers, method)) throw new Error("no such method");
      await this.#permit(method, params);
      const handler = this.#handlers[method] as (params: unknown, how: How) => Promise<unknown>;
      const result = await handler(params, { onPart: (part) => send(port, { id, part }), signal: control.signal });
      send(port, { id, result });
    } catch (error) {
      send(port, { id, trouble: troubleOf(error) });
    } finally {
      running.delete(id);
    }
  }
}

/** A port that closed meanwhile has nobody behind it any more. */
function send(port: PagePort, message: WorkerMessage): void {
  try {
    port.postMessage(message);
  } catch {
    // See above.
  }
}
