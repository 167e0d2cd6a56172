// A port whose other end is the test.
import type { NativePort } from "../../src/worker/line.ts";

export interface Sent {
  v: number;
  id: string;
  method: string;
  session?: string;
  params: Record<string, unknown>;
}

export class FakePort implements NativePort {
  readonly sent: Sent[] = [];
  closedByUs = false;
  #receive: (message: unknown) => void = () => {};
  #ended: () => void = () => {};
  readonly onMessage = {
    addListener: (listener: (message: unknown) => void) => {
      this.#receive = listener;
    },
  };
  readonly onDisconnect = {
    addListener: (listener: () => void) => {
      this.#ended = listener;
    },
  };

  postMessage(message: unknown): void {
    if (this.closedByUs) throw new Error("Attempting to use a disconnected port object");
    // What crosses to the host is JSON and nothing else.
    this.sent.push(JSON.parse(JSON.stringify(message)));
  }

  disconnect(): void {
    this.closedByUs = true;
  }

  /** The host says something. */
  say(message: unknown): void {
    this.#receive(message);
  }

  /** The port closes from the other side. */
  end(): void {
    this.#ended();
  }

  /** The newest request of a method. */
  last(method: string): Sent {
    const request = this.sent.findLast((sent) => sent.method === method);
    if (!request) throw new Error(`no ${method} was sent`);
    return request;
  }

  /** Answers the newest request of a method. */
  answer(method: string, result: unknown): void {
    this.say({ id: this.last(method).id, result });
  }
}

/** Lets everything that is ready run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
