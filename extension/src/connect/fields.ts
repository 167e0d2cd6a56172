// What the form asks for, what of it goes to the host, and which field a failure is about.
import type { ConnectParams } from "../protocol/types.ts";
import { portOf } from "../ui/redirect.ts";
import { allowsWay, type Managed } from "../worker/managed.ts";
import type { Trouble } from "../worker/trouble.ts";

/** What the person types. None of it is kept anywhere. */
export interface Values {
  readonly portal: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Empty: as the host has it. */
  readonly callbackPort: string;
  readonly webhook: string;
  readonly code: string;
}

export const nothingTyped: Values = {
  portal: "",
  clientId: "",
  clientSecret: "",
  callbackPort: "",
  webhook: "",
  code: "",
};

/** The three ways to connect. */
export type Way = "app" | "webhook" | "code";

export const ways: readonly Way[] = ["app", "webhook", "code"];

/** The ways that the browser's administrator allows. */
export function waysUnder(managed: Managed): readonly Way[] {
  return ways.filter((way) => allowsWay(managed, way === "app" ? "application" : way));
}

/** What stands in the form before somebody types: what the administrator set, else the portal there was last. */
export function givenValues({ portal, clientId, callbackPort }: Managed, lastPortal: string | undefined): Values {
  return {
    ...nothingTyped,
    portal: portal ?? lastPortal ?? "",
    clientId: clientId ?? "",
    callbackPort: callbackPort === undefined ? "" : String(callbackPort),
  };
}

const fieldsOfWay: Readonly<Record<Way, readonly (keyof Values)[]>> = {
  app: ["portal", "clientId", "clientSecret", "callbackPort"],
  webhook: ["webhook"],
  code: ["code"],
};

const fieldOfReason: Readonly<Record<string, readonly (keyof Values)[]>> = {
  portal_address_invalid: ["portal", "webhook"],
  portal_address_too_much: ["portal"],
  portal_needs_https: ["portal", "webhook"],
  portal_not_allowed: ["portal", "webhook"],
  host_unknown: ["portal", "webhook"],
  address_not_public: ["portal", "webhook"],
  client_id_missing: ["clientId"],
  client_id_wrong: ["clientId"],
  client_secret_missing: ["clientSecret"],
  client_secret_wrong: ["clientSecret"],
  callback_port_taken: ["callbackPort"],
  webhook_invalid: ["webhook"],
  webhook_refused: ["webhook"],
  no_code: ["code"],
  code_wrong: ["code"],
};

/** The field in view that a trouble belongs beside; undefined: it belongs above the form. */
export function fieldOf(trouble: Trouble | undefined, way: Way): keyof Values | undefined {
  if (trouble?.from !== "host") return undefined;
  const { reason } = trouble.failure;
  const fields = Object.hasOwn(fieldOfReason, reason) ? (fieldOfReason[reason] ?? []) : [];
  return fields.find((field) => fieldsOfWay[way].includes(field));
}

/** How the host is asked to connect. What was left empty it takes from policy, or from the connection there is. */
export function connectParams(values: Values, mailbox: string | null): ConnectParams {
  const [portal, id, secret] = [values.portal.trim(), values.clientId.trim(), values.clientSecret.trim()];
  const port = portOf(values.callbackPort);
  return {
    portal,
    ...(id === "" ? {} : { clientId: id }),
    ...(secret === "" ? {} : { clientSecret: secret }),
    ...(typeof port === "number" ? { callbackPort: port } : {}),
    ...(mailbox === null ? {} : { mailbox }),
  };
}
