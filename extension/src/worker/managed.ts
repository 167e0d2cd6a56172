// What this browser's administrator fixed for the extension, in the managed storage of manifests/managed-schema.json. It
// can only take away. The host has a policy of its own, which binds other callers too.
import type { PageMethods } from "./contract.ts";
import type { Area } from "./store.ts";
import { HostError, type Trouble } from "./trouble.ts";

/** A way to connect, as the setting ConnectBy names it. */
export type ConnectWay = "application" | "webhook" | "code";

/** The administrator's settings; what is absent forbids nothing. */
export interface Managed {
  /** What the connect form begins with. */
  readonly portal?: string;
  readonly clientId?: string;
  readonly callbackPort?: number;
  /** The ways to connect that are allowed. */
  readonly connectBy?: readonly ConnectWay[];
  /** Addresses and domains, lower case: the mailboxes that may be looked up. */
  readonly mailboxes?: readonly string[];
  /** Nothing may be written to the portal. */
  readonly readOnly?: boolean;
}

/** The settings, or the name of the first one that means nothing. */
export type ManagedReading = { readonly managed: Managed } | { readonly wrong: string };

const domain = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
/** As people type it; whether it is a portal's is for the host to say. */
const portal = /^(?=.{1,253}$)(?:https?:\/\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const ways: readonly string[] = ["application", "webhook", "code"] satisfies ConnectWay[];

const isText = (value: unknown): value is string => typeof value === "string";
const isMailbox = (value: unknown) => isText(value) && domain.test(value.toLowerCase().replace(/^[^\s@]+@/, ""));
const isListOf = (holds: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(holds);

/** Each setting and the values it may have. The schema gives types only, since Chrome leaves out without a word what breaks it. */
const settings: Readonly<Record<string, (value: unknown) => boolean>> = {
  Portal: (value) => isText(value) && portal.test(value.toLowerCase()),
  ClientId: (value) => isText(value) && /^[\w.-]{1,100}$/.test(value),
  CallbackPort: (value) => Number.isInteger(value) && Number(value) >= 1024 && Number(value) <= 65_535,
  ConnectBy: isListOf((value) => isText(value) && ways.includes(value)),
  Mailboxes: isListOf(isMailbox),
  ReadOnly: (value) => typeof value === "boolean",
};

/** Reads what the browser gives. Names it doesn't know are for a newer extension. */
export function parseManaged(values: Readonly<Record<string, unknown>>): ManagedReading {
  const wrong = Object.keys(settings).find((name) => name in values && !settings[name]?.(values[name]));
  if (wrong !== undefined) return { wrong };
  const { Portal, ClientId, CallbackPort, ConnectBy, Mailboxes, ReadOnly } = values;
  return {
    managed: {
      ...(isText(Portal) && { portal: Portal.toLowerCase() }),
      ...(isText(ClientId) && { clientId: ClientId }),
      ...(typeof CallbackPort === "number" && { callbackPort: CallbackPort }),
      ...(Array.isArray(ConnectBy) && { connectBy: ConnectBy }),
      ...(Array.isArray(Mailboxes) && { mailboxes: Mailboxes.map((entry: string) => entry.toLowerCase()) }),
      ...(typeof ReadOnly === "boolean" && { readOnly: ReadOnly }),
    },
  };
}

/** Whether a mailbox may be looked up. */
export function allowsMailbox({ mailboxes }: Managed, mailbox: string): boolean {
  const address = mailbox.trim().toLowerCase();
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return mailboxes === undefined || mailboxes.includes(address) || mailboxes.includes(domain);
}

/** Whether a way to connect is allowed. */
export function allowsWay({ connectBy }: Managed, way: ConnectWay): boolean {
  return connectBy === undefined || connectBy.includes(way);
}

/** What each method is to an administrator: a way to connect, a reading, a writing, or a way out, which nobody may close. */
const kinds: Readonly<Record<keyof PageMethods, ConnectWay | "reads" | "writes" | "leaves">> = {
  connect: "application",
  connectWebhook: "webhook",
  allow: "code",
  newCode: "code",
  pasteCallback: "application",
  lookup: "reads",
  search: "reads",
  searchUsers: "reads",
  chooseRecord: "reads",
  recordForm: "reads",
  renewReference: "reads",
  recent: "reads",
  ledger: "reads",
  readBody: "reads",
  readHeader: "reads",
  nameMailbox: "reads",
  setMailbox: "reads",
  changeTeam: "reads",
  changeNeverLog: "reads",
  create: "writes",
  addAddress: "writes",
  moveDeal: "writes",
  addEntry: "writes",
  previewLog: "writes",
  commitLog: "writes",
  undoLog: "writes",
  moveLog: "writes",
  refresh: "leaves",
  // Whoever may not work must still find out why.
  check: "leaves",
  disconnect: "leaves",
};

type Refusal = Extract<Trouble, { cause: "refused" }>;

/** Why a page's request may not go to the host; undefined: it may. */
export function refusalOf(reading: ManagedReading, method: keyof PageMethods, params: unknown): Trouble | undefined {
  const kind = kinds[method];
  if (kind === "leaves") return undefined;
  if ("wrong" in reading) return { from: "policy", cause: "wrong", name: reading.wrong };
  const { managed } = reading;
  const refused = (name: Refusal["name"]): Refusal => ({ from: "policy", cause: "refused", name });
  if (kind === "writes" && managed.readOnly) return refused("ReadOnly");
  if (kind !== "reads" && kind !== "writes" && !allowsWay(managed, kind)) return refused("ConnectBy");
  const { mailbox, address, on } = params as { mailbox?: unknown; address?: unknown; on?: unknown };
  const switchedOn = method === "setMailbox" && on === true ? address : undefined;
  const closed = [mailbox, switchedOn].some((about) => isText(about) && !allowsMailbox(managed, about));
  return closed ? refused("Mailboxes") : undefined;
}

/** What is used of the managed storage. */
export type ManagedArea = Pick<Area, "get">;

/**
 * The settings of the moment. After a first installation the browser gives none for some seconds and then says that they
 * changed, so nothing is decided once and for all.
 */
export class ManagedPolicy {
  readonly #area: ManagedArea;
  readonly #onChange: () => void;
  #latest: ManagedReading | undefined;
  #reading: Promise<ManagedReading>;

  constructor(area: ManagedArea, onChange: () => void) {
    this.#area = area;
    this.#onChange = onChange;
    this.#reading = this.#read();
  }

  /** As read last; undefined: not yet. */
  get latest(): ManagedReading | undefined {
    return this.#latest;
  }

  /** The browser says that they are others now. */
  changed(): void {
    this.#reading = this.#read();
  }

  /** Lets a page's request through. Rejects with a `HostError`. */
  async permit(method: keyof PageMethods, params: unknown): Promise<void> {
    const trouble = refusalOf(await this.#reading, method, params);
    if (trouble) throw new HostError(trouble);
  }

  async #read(): Promise<ManagedReading> {
    const reading = await this.#area.get().then(parseManaged, () => ({ wrong: "storage.managed" }));
    this.#latest = reading;
    this.#onChange();
    return reading;
  }
}
