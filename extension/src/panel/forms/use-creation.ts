// One form's tries to make its record.
import { useRef, useState } from "preact/hooks";
import type { Change, Creation, Duplicate, NewRecord, RecordRef, RecordType } from "../../protocol/types.ts";
import { type TextKey, text } from "../../ui/text.ts";
import { useDeed, useNow } from "../../ui/use.ts";
import { type Trouble, troubleOf } from "../../worker/trouble.ts";
import type { Actions } from "../actions.ts";
import type { CreateForm } from "./form.ts";
import { pauseUntil, unconfirmedSince } from "./trying.ts";

const created: Readonly<Record<RecordType, TextKey>> = {
  contact: "contactCreated",
  company: "companyCreated",
  lead: "leadCreated",
  deal: "dealCreated",
};

export interface Tries {
  readonly busy: boolean;
  /** Records that may be the same, and were offered. */
  readonly found: readonly Duplicate[];
  /** The portal's own words about what was typed. */
  readonly words: string | undefined;
  readonly trouble: Trouble | undefined;
  /** How long until another try makes sense. */
  readonly seconds: number;
  readonly create: (record: NewRecord) => void;
  /** Adds the address to a record there is already. */
  readonly addTo: (record: RecordRef, title: string) => void;
}

export function useCreation({ type, about, key }: CreateForm, actions: Actions): Tries {
  const deed = useDeed();
  const [found, setFound] = useState<readonly Duplicate[]>([]);
  const [words, setWords] = useState<string>();
  const [pause, setPause] = useState({ from: 0, until: 0 });
  const unconfirmed = useRef<number | undefined>(undefined);
  const now = useNow(1000);

  const params = { mailbox: about.mailbox, email: about.email };
  const attempt = (work: () => Promise<void>) => {
    setWords(undefined);
    deed.run(async () => {
      try {
        await work();
      } catch (error) {
        const from = Date.now();
        setPause({ from, until: pauseUntil(troubleOf(error), from) ?? 0 });
        throw error;
      }
    });
  };

  const create = (record: NewRecord) =>
    attempt(async () => {
      const despite = found.map(({ record: { type, id } }) => ({ type, id }));
      const since = unconfirmed.current;
      let creation: Creation;
      try {
        creation = await actions.create({ ...params, key, record, despite, ...(since && { unconfirmed: since }) });
      } catch (error) {
        unconfirmed.current = unconfirmedSince(troubleOf(error), Date.now()) ?? since;
        throw error;
      }
      if (creation.is === "refused") setWords(creation.words);
      else if (creation.is === "duplicates") setFound([...found, ...creation.found]);
      else {
        const { person, notices, url } = creation;
        actions.dispatch({
          at: "changed",
          person,
          now: Date.now(),
          said: { words: text(created[type]), url, notices },
        });
      }
    });

  const addTo = (record: RecordRef, title: string) =>
    attempt(async () => {
      const change: Change = await actions.addAddress({ ...params, record });
      if (change.is === "refused") setWords(change.words);
      else {
        const said = { words: text("addressAdded", title), url: undefined, notices: [] };
        actions.dispatch({ at: "changed", person: change.person, now: Date.now(), said });
      }
    });

  return {
    busy: deed.busy,
    found,
    words,
    trouble: deed.trouble,
    seconds: Math.max(0, Math.ceil((pause.until - Math.max(now, pause.from)) / 1000)),
    create,
    addTo,
  };
}
