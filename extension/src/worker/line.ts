// One open port to the host: requests out, replies matched by id and by nothing else.
import type { EventKind, Failure } from "../protocol/types.ts";
import { HostError, portTrouble, type Trouble } from "./trouble.ts";

/** What is used of `chrome.runtime.Port`. */
export interface NativePort {
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

/** A request without its id. */
export interface Outgoing {
  /** The protocol version spoken in it. */
  readonly v: number;
  readonly method: string;
  readonly session: string | undefined;
  readonly params: unknown;
}

/** How to wait for an answer. */
export interface Waiting {
  /** Longest wait for the one last answer, in milliseconds. */
  readonly limit: number;
  /** Called for each piece that comes before it. */
  readonly onPart?: ((part: unknown) => void) | undefined;
  /** Takes the request back; the host is told. */
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly onPart: ((part: unknown) => void) | undefined;
  settle(outcome: { result: unknown } | { trouble: Trouble }): void;
}

/** A conversation over one port. After it closed it stays closed; everything still waiting has been told. */
export class Line {
  readonly #port: NativePort;
  readonly #onEvent: (kind: EventKind) => void;
  readonly #onClose: (trouble: Trouble) => void;
  readonly #pending = new Map<string, Pending>();
  #nextId = 1;
  #closed: Trouble | undefined;

  constructor(
    port: NativePort,
    lastError: () => string | undefined,
    onEvent: (kind: EventKind) => void,
    onClose: (trouble: Trouble) => void,
  ) {
    this.#port = port;
    this.#onEvent = onEvent;
    this.#onClose = onClose;
    port.onMessage.addListener((message) => this.#receive(message));
    port.onDisconnect.addListener(() => this.#end(portTrouble(lastError())));
  }

  /** Sends a request and waits for its one last answer. Rejects with a `HostError`. */
  ask(request: Outgoing, { limit, onPart, signal }: Waiting): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = (trouble: Trouble) => reject(new HostError(trouble));
      if (this.#closed) return fail(this.#closed);
      if (signal?.aborted) return fail({ from: "caller" });

      const id = String(this.#nextId++);
      const settle: Pending["settle"] = (outcome) => {
        this.#pending.delete(id);
        clearTimeout(timer);
        signal?.removeEventListener("abort", takeBack);
        if ("result" in outcome) resolve(outcome.result);
        else fail(outcome.trouble);
      };
      const giveUp = (trouble: Trouble) => {
        settle({ trouble });
        this.#post({ ...request, method: "cancel", params: { id } });
      };
      const takeBack = () => giveUp({ from: "caller" });
      const timer = setTimeout(
        () => giveUp({ from: "clock", method: request.method, seconds: Math.round(limit / 1000) }),
        limit,
      );
      signal?.addEventListener("abort", takeBack);
      this.#pending.set(id, { onPart, settle });
      this.#post(request, id);
    });
  }

  /** Hangs up: the host sees the end of its input. */
  close(trouble: Trouble): void {
    if (this.#closed) return;
    this.#port.disconnect();
    this.#end(trouble);
  }

  #post({ v, method, session, params }: Outgoing, id: string = String(this.#nextId++)): void {
    try {
      this.#port.postMessage({ v, id, method, ...(session === undefined ? {} : { session }), params });
    } catch (error) {
      // A port that is closed already, or a message of over 64 MiB.
      const detail = error instanceof Error ? error.message : "";
      this.#pending.get(id)?.settle({ trouble: { from: "port", cause: "unknown", detail } });
    }
  }

  #receive(message: unknown): void {
    if (!isObject(message)) return;
    if (isEventKind(message["event"])) this.#onEvent(message["event"]);
    // Anything else without an id we wait for is late, a reply to `cancel`, or meant for nobody.
    const pending = typeof message["id"] === "string" ? this.#pending.get(message["id"]) : undefined;
    if (!pending) return;
    if ("part" in message) pending.onPart?.(message["part"]);
    else if ("result" in message) pending.settle({ result: message["result"] });
    else pending.settle({ trouble: { from: "host", failure: readFailure(message["error"]) } });
  }

  #end(trouble: Trouble): void {
    if (this.#closed) return;
    this.#closed = trouble;
    for (const pending of [...this.#pending.values()]) pending.settle({ trouble });
    this.#onClose(trouble);
  }
}

const eventKinds: readonly EventKind[] = ["connection", "session", "settings"];

function isEventKind(value: unknown): value is EventKind {
  return eventKinds.some((kind) => kind === value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A newer host may use a code this extension doesn't know: that is shown as a sentence, like any failure. */
function readFailure(error: unknown): Failure {
  const fields = isObject(error) ? error : {};
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
  const args = isObject(fields["args"]) ? fields["args"] : {};
  return {
    code: (text("code") || "failed") as Failure["code"],
    reason: text("reason"),
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)])),
    message: text("message"),
    hint: text("hint"),
  };
}
