// Somebody has logged the message before.
import type { EarlierLog, LogPreview } from "../../protocol/types.ts";
import { formatDay, plain } from "../../ui/format.ts";
import { Notice } from "../../ui/parts.tsx";
import { locale, text } from "../../ui/text.ts";

/** Who and when, as far as the portal tells. */
export function wordsOfEarlier({ by, me, at }: EarlierLog): string {
  const day = at === undefined ? undefined : formatDay(at, locale());
  if (day === undefined) return text("logBefore");
  if (me) return text("logBeforeByYou", day);
  const name = by && plain(by.name);
  return name ? text("logBeforeBy", name, day) : text("logBefore");
}

/** In place of a preview: nothing of the message would be sent. */
export function Earlier({ preview: { logged, digest } }: { preview: LogPreview }) {
  if (!logged) return null;
  return (
    <Notice look="calm" icon="check" title={wordsOfEarlier(logged)}>
      {text(digest === undefined ? "logNothingToSend" : "logLeftPlanned")}
    </Notice>
  );
}
