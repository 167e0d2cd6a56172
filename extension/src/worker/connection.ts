// How host and connection stand, and what connecting and disconnecting leave behind in the browser.
import type { Connected, Disconnected, Lookup, Methods, Reference, Status } from "../protocol/types.ts";
import type { Standing } from "./contract.ts";
import type { CallOptions, Host } from "./host.ts";
import { placesOf, unknownPlaces } from "./places.ts";
import type { Store } from "./store.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** The three ways to a session. */
type Connecting = "connect" | "connectWebhook" | "allow";

/** Methods that change what the host knows, and answer with all of it. */
type Change = "setMailbox" | "changeTeam" | "changeNeverLog";

/** From this age on the portal's lists are read anew: half a day. */
const listsAge = 12 * 60 * 60 * 1000;

export class Connection {
  readonly #host: Host;
  readonly #store: Store;
  readonly #onChange: () => void;
  readonly #now: () => number;
  #standing: Standing = { at: "asking" };
  #refreshing: Promise<void> | undefined;
  /** When this worker read the portal's lists. */
  #referenceAt: number | undefined;
  /** Where records stand of which even new lists know nothing: the person may not see it. */
  readonly #hiddenPlaces = new Set<string>();
  /** The host's version, once it has greeted. */
  version: string | undefined;
  /** The portal's name as remembered. */
  portal: string | undefined;
  reference: Reference | undefined;

  /** `now`: milliseconds since 1970. */
  constructor(host: Host, store: Store, onChange: () => void, now: () => number = Date.now) {
    this.#host = host;
    this.#store = store;
    this.#onChange = onChange;
    this.#now = now;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Asks the host how things stand; several at once share one question. Never rejects: a trouble is a standing too. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Asks once, for a page that just opened. */
  async begin(): Promise<void> {
    if (this.#standing.at !== "connected") await this.refresh();
  }

  /**
   * The port closed. A host that worked is started anew at once if somebody looks at a page, who won't notice; one that
   * didn't work is left alone, and the page says why.
   */
  lost(trouble: Trouble, watched: boolean): void {
    if (watched && this.#standing.at === "connected") void this.refresh();
    else this.#set({ at: "trouble", trouble });
  }

  /** Connects, keeps the session here, and gives the page what it may know. */
  async connect<M extends Connecting>(method: M, params: Methods[M]["params"], how: CallOptions<M>): Promise<Status> {
    const { session, status } = (await this.#host.call(method, params, how)) as Connected;
    // Another portal's names must not outlive this worker under the new portal's.
    if ((await this.#store.read()).portal !== status.portal) await this.#store.forget("reference");
    await this.#store.write({ session, portal: status.portal });
    this.#connected(status);
    return status;
  }

  /** Ends this profile's session; the browser forgets everything of it. */
  async disconnect(params: Methods["disconnect"]["params"]): Promise<Disconnected> {
    const disconnected = await this.#host.call("disconnect", params);
    await this.#forget();
    await this.refresh();
    return disconnected;
  }

  /** Changes a setting that the status tells of. */
  async change<M extends Change>(method: M, params: Methods[M]["params"]): Promise<Status> {
    const status: Status = await this.#host.call(method, params);
    this.#connected(status);
    return status;
  }

  async #ask(): Promise<void> {
    try {
      const { session, portal, reference } = await this.#store.read();
      this.portal = portal;
      this.reference = reference;
      const answer = await this.#answer();
      // Connected or disconnected meanwhile: that answer was about a session which is this profile's no longer.
      if ((await this.#store.read()).session !== session) return await this.#ask();
      if ("status" in answer) return this.#connected(answer.status);
      // Revoked elsewhere: what was kept for this session is kept for nothing now.
      if (session !== undefined && isSessionNeeded(answer.trouble)) await this.#forget();
      this.#set({ at: "trouble", trouble: answer.trouble });
    } catch (error) {
      this.#set({ at: "trouble", trouble: troubleOf(error) });
    }
  }

  async #answer(): Promise<{ status: Status } | { trouble: Trouble }> {
    try {
      this.version = (await this.#host.hello()).host;
      return { status: await this.#host.call("status", {}) };
    } catch (error) {
      return { trouble: troubleOf(error) };
    }
  }

  #connected(status: Status): void {
    if (this.portal !== status.portal) this.#forgetReference();
    this.portal = status.portal;
    const before = this.#standing;
    this.#set({ at: "connected", status });
    if (before.at !== "connected" || before.status.portal !== status.portal) void this.#tryReference(false);
  }

  /** Reads the portal's lists anew, and the host its fields. */
  async renewReference(): Promise<void> {
    await this.#readReference(true);
  }

  /** A lookup names something that the lists don't, or they have grown old: they are read again. */
  async compare({ people }: Lookup): Promise<void> {
    const age = this.#now() - (this.#referenceAt ?? Number.NaN);
    const isYoung = age >= 0 && age < listsAge;
    const news = unknownPlaces(people, this.reference).filter((place) => !this.#hiddenPlaces.has(place));
    if (isYoung && news.length === 0) return;
    // The host has noticed the same, and read them already.
    await this.#tryReference(!isYoung);
    const known = placesOf(this.reference);
    for (const place of news) if (!known.has(place)) this.#hiddenPlaces.add(place);
  }

  /** The portal's lists are a convenience: without them names are missing here and there, and nothing else. */
  async #tryReference(fresh: boolean): Promise<void> {
    try {
      await this.#readReference(fresh);
    } catch {
      // The next lookup, connection or start tries again.
    }
  }

  async #readReference(fresh: boolean): Promise<void> {
    const { portal } = this;
    const reference = await this.#host.call("reference", { fresh });
    // Connected to another portal meanwhile: those are not its lists.
    if (this.portal !== portal) return;
    this.reference = reference;
    this.#referenceAt = this.#now();
    await this.#store.write({ reference });
    this.#onChange();
  }

  async #forget(): Promise<void> {
    await this.#store.clear();
    this.portal = undefined;
    this.#forgetReference();
  }

  #forgetReference(): void {
    this.reference = undefined;
    this.#referenceAt = undefined;
    this.#hiddenPlaces.clear();
  }

  #set(standing: Standing): void {
    this.#standing = standing;
    this.#onChange();
  }
}

function isSessionNeeded(trouble: Trouble): boolean {
  return trouble.from === "host" && trouble.failure.code === "session_needed";
}
