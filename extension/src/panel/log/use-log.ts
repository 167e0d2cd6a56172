// One message on its way into the portal: its text, the preview of what is chosen, and the sending of that.
import { useEffect, useState } from "preact/hooks";
import type { MailBody } from "../../gmail/body.ts";
import type { LoggedEmail, LogPreview, MailMessage } from "../../protocol/types.ts";
import { count, text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import { type Trouble, troubleOf } from "../../worker/trouble.ts";
import type { Actions } from "../actions.ts";
import { change, isDenied } from "../rights.ts";
import { wordsOfEarlier } from "./earlier.tsx";
import { type Amount, keyOf, type LogForm, type Target, withAddress } from "./form.ts";

/** The message's text, as far as it is known. */
export type BodyState =
  | { readonly at: "reading" }
  | { readonly at: "read"; readonly body: MailBody }
  /** The page doesn't hold it: the message is folded, or no longer in view. */
  | { readonly at: "absent" };

/** What would be sent. */
export type PreviewState =
  | { readonly at: "none" }
  | { readonly at: "asking" }
  | { readonly at: "shown"; readonly preview: LogPreview }
  | { readonly at: "failed"; readonly trouble: Trouble };

export interface Logging {
  readonly body: BodyState;
  readonly preview: PreviewState;
  readonly busy: boolean;
  /** Why the last try to send didn't work. */
  readonly trouble: Trouble | undefined;
  readonly readAgain: () => void;
  readonly previewAgain: () => void;
  readonly commit: () => void;
}

/** `message`, `chosen` and `amount` are what the person chose; each change is previewed anew. */
export function useLog(
  form: LogForm,
  message: MailMessage,
  chosen: readonly Target[],
  amount: Amount,
  actions: Actions,
): Logging {
  const { tabId, mailbox, people } = form;
  const [preview, setPreview] = useState<PreviewState>({ at: "none" });
  const [reads, setReads] = useState(0);
  const [looks, setLooks] = useState(0);
  const deed = useDeed();
  const { gmailId } = message;
  const found = useFound(`${gmailId} ${reads}`, () => actions.readBody(tabId, gmailId));
  // Without a header there is a preview all the same, and it says what can't be known then.
  const header = useFound(gmailId, () => actions.readHeader(tabId, gmailId));
  const body: BodyState =
    found === undefined ? { at: "reading" } : found === null ? { at: "absent" } : { at: "read", body: found };

  const mailText = body.at === "read" && amount !== "subject" ? body.body[amount] : undefined;
  const read = header !== undefined && body.at !== "reading";
  const ready = chosen.length > 0 && read && (amount === "subject" || mailText !== undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen, by its keys
  useEffect(() => {
    if (!ready) {
      setPreview({ at: "none" });
      return undefined;
    }
    let wanted = true;
    setPreview({ at: "asking" });
    const params = {
      mailbox,
      people: [...people],
      message: {
        ...message,
        ...(header?.messageId && { messageId: header.messageId }),
        sentAt: header?.sentAt ?? message.sentAt,
        ...(body.at === "read" && { bcc: withAddress(body.body.bcc) }),
        ...(mailText !== undefined && { text: mailText }),
      },
      records: chosen.map(({ record }) => record),
    };
    actions.previewLog(params).then(
      (shown) => wanted && setPreview({ at: "shown", preview: shown }),
      (error: unknown) => wanted && setPreview({ at: "failed", trouble: troubleOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [ready, gmailId, mailText, chosen.map(({ record }) => keyOf(record)).join(), looks]);

  const commit = () => {
    if (preview.at !== "shown") return;
    const { digest, logged } = preview.preview;
    if (digest === undefined) return;
    deed.run(async () => {
      try {
        const done = await actions.commitLog({ digest });
        const [first, ...others] = done.records;
        const url = others.length === 0 ? first?.url : undefined;
        const words = logged ? text("logCompleted") : wordsOfDone(done);
        // An entry of somebody else's, or one that was only completed, isn't ours to take back.
        const made = first && { id: done.id, records: done.records, mailbox, people, targets: form.targets };
        const here = made && { gmailId, id: done.id, at: Date.now() };
        actions.dispatch({ at: "logged", said: { words, url, notices: done.notices, made }, here });
      } catch (error) {
        // Of several records the portal doesn't tell which one it was about.
        const [only, ...others] = chosen;
        if (only && others.length === 0 && isDenied(troubleOf(error)))
          actions.dispatch({ at: "denied", denial: change(only.record) });
        // A preview serves once, whatever came of it.
        setLooks((number) => number + 1);
        throw error;
      }
    });
  };

  return {
    body,
    preview,
    busy: deed.busy,
    trouble: deed.trouble,
    readAgain: () => setReads(reads + 1),
    previewAgain: () => setLooks(looks + 1),
    commit,
  };
}

/**
 * What `read` finds in the page, for each `key` once: undefined until that is known, null where there is nothing. What was found for
 * another key is never given out.
 */
function useFound<T>(key: string, read: () => Promise<T | null>): T | null | undefined {
  const [known, setKnown] = useState<{ key: string; found: T | null }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is read
  useEffect(() => {
    let wanted = true;
    const tell = (found: T | null) => wanted && setKnown({ key, found });
    // A tab that is gone, or has another page, holds it no more.
    read().then(tell, () => tell(null));
    return () => {
      wanted = false;
    };
  }, [key]);
  return known?.key === key ? known.found : undefined;
}

/** What came of it: an entry, or the news that there was one already. */
function wordsOfDone({ records, earlier }: LoggedEmail): string {
  return earlier ? `${wordsOfEarlier(earlier)}. ${text("logNothingAdded")}` : count("logged", records.length);
}
