// The only place that talks to the native messaging host.
import type {
  BeforeEntry,
  CheckReport,
  ConnectProgress,
  EventKind,
  Failure,
  Hello,
  Lookup,
  Methods,
} from "../protocol/types.ts";
import { Line, type NativePort } from "./line.ts";
import { HostError, type Trouble, troubleOf } from "./trouble.ts";

/** The native messaging host's name, as its manifest carries it. */
const hostName = "local.gmail_sync_bitrix24";

/** The protocol versions this extension speaks, the newest last. */
export const protocols: readonly number[] = [1];

const second = 1000;
const minute = 60 * second;
const usualLimit = 15 * second;

/** Longest waits of methods that need the portal, or the person. */
const limits: { readonly [M in keyof Methods]?: number } = {
  connect: 6 * minute,
  connectWebhook: minute,
  allow: minute,
  reference: minute,
  lookup: minute,
  // The way to each server, and then the portal, each of which may take half a minute.
  check: 4 * minute,
  recordForm: minute,
  // Several requests one after another, each of which may take half a minute.
  create: 3 * minute,
  addAddress: 2 * minute,
  moveDeal: 2 * minute,
  addEntry: 3 * minute,
  recent: minute,
  previewLog: minute,
  commitLog: 3 * minute,
  undoLog: 2 * minute,
  moveLog: 2 * minute,
};

/** Methods with pieces before their answer, and what a piece is. */
export type Parts = {
  lookup: Lookup;
  connect: ConnectProgress;
  check: CheckReport;
  addEntry: BeforeEntry;
};

/** How a call is made. */
export interface CallOptions<M extends keyof Methods> {
  readonly onPart?: ((part: M extends keyof Parts ? Parts[M] : never) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the host client needs from around it. */
export interface HostNeeds {
  /** Opens the port; may throw. */
  readonly open: () => NativePort;
  /** The browser's text about the port that just closed. */
  readonly lastError: () => string | undefined;
  /** The extension's own version. */
  readonly extension: string;
  /** This profile's session token, if it has one. */
  readonly session: () => Promise<string | undefined>;
  /** The host speaks unasked. */
  readonly onEvent: (kind: EventKind) => void;
  /** The port closed, for whatever reason. */
  readonly onClose: (trouble: Trouble) => void;
}

/** A port with the greeting that went over it. */
interface Greeted {
  readonly line: Line;
  readonly hello: Promise<Hello>;
}

/** The host: opens its port at the first call and again at the first call after it closed. */
export class Host {
  readonly #needs: HostNeeds;
  #current: Greeted | undefined;

  constructor(needs: HostNeeds) {
    this.#needs = needs;
  }

  /** Asks the host. Rejects with a `HostError` and nothing else. */
  async call<M extends keyof Methods>(
    method: M,
    params: Methods[M]["params"],
    options: CallOptions<M> = {},
  ): Promise<Methods[M]["result"]> {
    const { line, hello } = this.#greeted();
    const { protocol } = await hello;
    const session = await this.#needs.session();
    return (await line.ask(
      { v: protocol, method, session, params },
      {
        limit: limits[method] ?? usualLimit,
        onPart: options.onPart as ((part: unknown) => void) | undefined,
        signal: options.signal,
      },
    )) as Methods[M]["result"];
  }

  /** The greeting's answer: opens the port if there is none. Rejects with a `HostError`. */
  async hello(): Promise<Hello> {
    return await this.#greeted().hello;
  }

  #greeted(): Greeted {
    this.#current ??= this.#open();
    return this.#current;
  }

  #open(): Greeted {
    let port: NativePort;
    try {
      port = this.#needs.open();
    } catch (error) {
      throw new HostError(troubleOf(error));
    }
    const line: Line = new Line(port, this.#needs.lastError, this.#needs.onEvent, (trouble) => {
      if (this.#current?.line === line) this.#current = undefined;
      this.#needs.onClose(trouble);
    });
    const hello = this.#greet(line);
    // A host that greets wrongly isn't asked again: the next call starts a new one, maybe a repaired one.
    hello.catch((error: unknown) => line.close(troubleOf(error)));
    return { line, hello };
  }

  async #greet(line: Line): Promise<Hello> {
    const session = await this.#needs.session();
    const params: Methods["hello"]["params"] = { protocols: [...protocols], extension: this.#needs.extension };
    // The greeting is for ever version 1, so that both sides can always tell that they don't match.
    const hello = (await line.ask({ v: 1, method: "hello", session, params }, { limit: usualLimit })) as Hello;
    if (!protocols.includes(hello.protocol)) throw new HostError({ from: "host", failure: mismatch(hello) });
    return hello;
  }
}

/** What a host that knew better would have answered with. */
function mismatch({ protocols: spoken }: Hello): Failure {
  const args = { theirs: protocols.join(", "), ours: Array.isArray(spoken) ? spoken.join(", ") : "" };
  return {
    code: "unsupported_version",
    reason: "unsupported_version",
    args,
    message: `The extension and the host on this computer speak different versions: ${args.theirs} and ${args.ours}.`,
    hint: "Install the newest host, then reload the extension.",
  };
}

/** Opens the real port. */
export function openNativePort(): NativePort {
  return chrome.runtime.connectNative(hostName);
}
