// One message on its way into the portal: its text, the preview of what is chosen, and the sending of that.
import { useEffect, useState } from "preact/hooks";
import type { MailBody } from "../../gmail/body.ts";
import type { MailHeader } from "../../gmail/header.ts";
import type { LoggedEmail, LogPreview } from "../../protocol/types.ts";
import { count, text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import { type Trouble, troubleOf } from "../../worker/trouble.ts";
import type { Actions } from "../actions.ts";
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

/** `chosen` and `amount` are what the person chose; each change is previewed anew. */
export function useLog(form: LogForm, chosen: readonly Target[], amount: Amount, actions: Actions): Logging {
  const { tabId, message, mailbox, people } = form;
  const [body, setBody] = useState<BodyState>({ at: "reading" });
  const [header, setHeader] = useState<MailHeader | null | undefined>();
  const [preview, setPreview] = useState<PreviewState>({ at: "none" });
  const [reads, setReads] = useState(0);
  const [looks, setLooks] = useState(0);
  const deed = useDeed();

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and again when the person asks for it
  useEffect(() => {
    let wanted = true;
    setBody({ at: "reading" });
    const tell = (found: MailBody | null) => wanted && setBody(found ? { at: "read", body: found } : { at: "absent" });
    // A tab that is gone, or has another page, holds it no more.
    actions.readBody(tabId, message.gmailId).then(tell, () => tell(null));
    return () => {
      wanted = false;
    };
  }, [message.gmailId, reads]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    let wanted = true;
    const tell = (found: MailHeader | null) => wanted && setHeader(found);
    // Without a header there is a preview all the same, and it says what can't be known then.
    actions.readHeader(tabId, message.gmailId).then(tell, () => tell(null));
    return () => {
      wanted = false;
    };
  }, [message.gmailId]);

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
  }, [ready, mailText, chosen.map(({ record }) => keyOf(record)).join(), looks]);

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
        actions.dispatch({ at: "logged", said: { words, url, notices: done.notices } });
      } catch (error) {
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

/** What came of it: an entry, or the news that there was one already. */
function wordsOfDone({ records, earlier }: LoggedEmail): string {
  return earlier ? `${wordsOfEarlier(earlier)}. ${text("logNothingAdded")}` : count("logged", records.length);
}
