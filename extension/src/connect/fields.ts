// Which field of the form a failure is about.
import type { Trouble } from "../worker/trouble.ts";

/** What the person types. None of it is kept anywhere. */
export interface Values {
  readonly portal: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhook: string;
  readonly code: string;
  readonly address: string;
}

export const nothingTyped: Values = { portal: "", clientId: "", clientSecret: "", webhook: "", code: "", address: "" };

/** The three ways to connect. */
export type Way = "app" | "webhook" | "code";

export const ways: readonly Way[] = ["app", "webhook", "code"];

const fieldsOfWay: Readonly<Record<Way, readonly (keyof Values)[]>> = {
  app: ["portal", "clientId", "clientSecret"],
  webhook: ["webhook"],
  code: ["code"],
};

const fieldOfReason: Readonly<Record<string, readonly (keyof Values)[]>> = {
  portal_address_invalid: ["portal", "webhook"],
  portal_address_too_much: ["portal"],
  portal_needs_https: ["portal", "webhook"],
  portal_not_allowed: ["portal", "webhook"],
  host_unknown: ["portal", "webhook"],
  client_id_missing: ["clientId"],
  client_id_wrong: ["clientId"],
  client_secret_missing: ["clientSecret"],
  client_secret_wrong: ["clientSecret"],
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
