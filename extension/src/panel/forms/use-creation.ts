// One form's tries to make its record.
import { useRef, useState } from "preact/hooks";
import type { Creation, Duplicate, NewRecord, RecordRef, RecordType } from "../../protocol/types.ts";
import { type TextKey, text } from "../../ui/text.ts";
import { troubleOf } from "../../worker/trouble.ts";
import type { Actions } from "../actions.ts";
import { addAddress } from "./add-address.ts";
import type { CreateForm } from "./form.ts";
import { unconfirmedSince } from "./trying.ts";
import { type Attempts, useAttempt } from "./use-attempt.ts";

const created: Readonly<Record<RecordType, TextKey>> = {
  contact: "contactCreated",
  company: "companyCreated",
  lead: "leadCreated",
  deal: "dealCreated",
};

export interface Tries extends Omit<Attempts, "attempt"> {
  /** Records that may be the same, and were offered. */
  readonly found: readonly Duplicate[];
  /** `responsible` is the portal's id of a user; undefined: the person at the sidebar. */
  readonly create: (record: NewRecord, responsible: string | undefined) => void;
  /** Adds the address to a record there is already. */
  readonly addTo: (record: RecordRef, title: string) => void;
}

export function useCreation({ type, about, key }: CreateForm, actions: Actions): Tries {
  const { attempt, ...attempts } = useAttempt();
  const [found, setFound] = useState<readonly Duplicate[]>([]);
  const unconfirmed = useRef<number | undefined>(undefined);
  const params = { mailbox: about.mailbox, email: about.email };

  const create = (record: NewRecord, responsible: string | undefined) =>
    attempt(async () => {
      const despite = found.map(({ record: { type, id } }) => ({ type, id }));
      const since = unconfirmed.current;
      let creation: Creation;
      try {
        creation = await actions.create({
          ...params,
          key,
          record,
          despite,
          ...(responsible !== undefined && { responsible }),
          ...(since && { unconfirmed: since }),
        });
      } catch (error) {
        unconfirmed.current = unconfirmedSince(troubleOf(error), Date.now()) ?? since;
        throw error;
      }
      if (creation.is === "refused") return creation.words;
      if (creation.is === "duplicates") setFound([...found, ...creation.found]);
      else {
        const { person, notices, url } = creation;
        actions.dispatch({
          at: "changed",
          person,
          now: Date.now(),
          said: { words: text(created[type]), url, notices },
        });
      }
      return undefined;
    });

  const addTo = (record: RecordRef, title: string) => attempt(() => addAddress(about, record, title, actions));

  return { ...attempts, found, create, addTo };
}
