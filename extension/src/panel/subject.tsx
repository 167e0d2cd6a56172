// What is open, and how far the lookup has come.
import type { OpenThread } from "../gmail/reading.ts";
import { formatTime, plain } from "../ui/format.ts";
import { count, locale, text } from "../ui/text.ts";
import { useNow } from "../ui/use.ts";
import type { Model } from "./model.ts";
import type { Entry } from "./people.ts";

/** The subject, and the line a screen reader is told. */
export function Subject({ model, thread, entries }: { model: Model; thread: OpenThread; entries: readonly Entry[] }) {
  const subject = plain(thread.subject) || text("noSubject");
  const messages = thread.messages.length + thread.hiddenMessages;
  const known = entries.filter(({ kind }) => kind !== "pending" && kind !== "missing").length;
  const parts = [count("messages", messages), count("peopleCount", entries.length)];
  const { lookup } = model;
  const working = lookup.at === "due" || lookup.at === "running";
  const line =
    working && known === 0
      ? count("lookingUp", entries.length)
      : [...parts, ...(known < entries.length ? [text("lookedUpOf", known, entries.length)] : [])].join(" · ");
  return (
    <div class="thread">
      <h1 title={subject}>
        <bdi>{subject}</bdi>
      </h1>
      <p>
        <span role="status">{line}</span>
        {known === entries.length && known > 0 && !working && <AsOf model={model} entries={entries} />}
      </p>
      {thread.gaps.some((gap) => gap !== "stale") && <p>{text("maybeMore")}</p>}
    </div>
  );
}

/** How old the oldest answer is; outside the live region, which would otherwise speak each minute. */
function AsOf({ model, entries }: { model: Model; entries: readonly Entry[] }) {
  const now = useNow(30_000);
  const times = entries.map(({ email }) => model.known.get(email)?.asOf).filter((time) => time !== undefined);
  if (times.length === 0) return null;
  const oldest = Math.min(...times);
  const young = now - oldest < 60_000;
  return <span> · {young ? text("lookedUpNow") : text("asOf", formatTime(oldest, now, locale()))}</span>;
}
