// What the portal has refused the person. It has no method that tells beforehand, so one refusal has to do: what it was about isn't
// offered again until the person refreshes.
import type { Methods, RecordRef, RecordType, Reference } from "../protocol/types.ts";
import type { Trouble } from "../worker/trouble.ts";

/** One thing the person has no right to: making records of a type, or changing one record. */
export type Denial = `create ${RecordType}` | `change ${RecordType} ${string}`;

/** All of them. */
export type Denied = ReadonlySet<Denial>;

/** That a record may not be changed. */
export const change = ({ type, id }: RecordRef): Denial => `change ${type} ${id}`;

/** Which right each of these methods needs. Comments and to-dos need that to change the record. */
const needs: {
  readonly [M in "create" | "moveDeal" | "addEntry" | "addAddress" | "moveLog"]: (
    params: Methods[M]["params"],
  ) => Denial;
} = {
  create: ({ record }) => `create ${record.type}`,
  moveDeal: ({ deal }) => change({ type: "deal", id: deal }),
  addEntry: ({ record }) => change(record),
  addAddress: ({ record }) => change(record),
  // Where the entry stands could be changed a moment ago.
  moveLog: ({ to }) => change(to),
};

/** The methods whose refusals are remembered. */
export type Guarded = keyof typeof needs;

/** What the person has no right to, if that is why the method failed. */
export function denialBy<M extends Guarded>(
  method: M,
  params: Methods[M]["params"],
  trouble: Trouble,
): Denial | undefined {
  return isDenied(trouble) ? needs[method](params) : undefined;
}

/** Whether something failed because the person has no right to it. */
export function isDenied(trouble: Trouble): boolean {
  return trouble.from === "host" && trouble.failure.reason === "access_denied";
}

/** Whether it makes sense to offer making such a record. Who may see no pipeline can put no deal into one. */
export function mayCreate(denied: Denied, type: RecordType, reference: Reference | undefined): boolean {
  return !denied.has(`create ${type}`) && !(type === "deal" && reference?.pipelines.length === 0);
}

/** Whether it makes sense to offer changing this record. */
export const mayChange = (denied: Denied, record: RecordRef): boolean => !denied.has(change(record));
