// What happened last with somebody's record: read when it is opened, and not before.
import { useEffect, useState } from "preact/hooks";
import type { EntryKind, Recent, TimelineEntry } from "../../protocol/types.ts";
import { formatDay, formatMoment, formatTime, plain } from "../../ui/format.ts";
import { Icon, type IconName } from "../../ui/icons.tsx";
import { locale, type TextKey, text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import { FailureNotice } from "../failure-notice.tsx";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { keyOf, type Target } from "../log/form.ts";
import type { Entry } from "../people.ts";
import { mainRecord, recordsOf } from "./form.ts";
import { RecordSelect } from "./record-select.tsx";

export function RecentActivity({ entry, actions }: { entry: Entry; actions: Actions }) {
  const [open, setOpen] = useState(false);
  const records = recordsOf(entry);
  if (records.length === 0) return null;
  return (
    <section class="part recent">
      <button type="button" class="button quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="recent" />
        {text("recent")}
        <Icon name={open ? "chevronUp" : "chevronDown"} />
      </button>
      {open && <Opened entry={entry} records={records} actions={actions} />}
    </section>
  );
}

function Opened({ entry, records, actions }: { entry: Entry; records: readonly Target[]; actions: Actions }) {
  const first = mainRecord(entry, records);
  const [key, setKey] = useState(first ? keyOf(first) : "");
  const [shown, setShown] = useState<Recent>();
  const reading = useDeed();
  const record = records.find((one) => keyOf(one.record) === key)?.record;

  const read = () => {
    setShown(undefined);
    if (record) reading.run(async () => setShown(await actions.recent({ record })));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each record
  useEffect(read, [key]);

  return (
    <>
      {records.length > 1 && (
        <RecordSelect
          label={text("entryOf")}
          records={records}
          value={key}
          decided={first !== undefined}
          disabled={reading.busy}
          onPick={setKey}
        />
      )}
      {reading.busy && <p class="remark">{text("readingRecent")}</p>}
      {reading.trouble && (
        <TroubleNotice
          trouble={reading.trouble}
          actions={
            <button type="button" class="button small" onClick={read}>
              {text("tryAgain")}
            </button>
          }
        />
      )}
      {shown?.notices.map((failure) => (
        <FailureNotice key={failure.reason} failure={failure} />
      ))}
      {shown && shown.entries.length === 0 && <p class="remark">{text("nothingRecent")}</p>}
      {shown && shown.entries.length > 0 && (
        <ul>
          {shown.entries.map((one, index) => (
            <Row key={index} entry={one} now={Date.now()} />
          ))}
        </ul>
      )}
      {shown?.more && <p class="remark">{text("moreRecent")}</p>}
    </>
  );
}

function Row({ entry: { kind, at, author, subject, due }, now }: { entry: TimelineEntry; now: number }) {
  const [icon, name] = look(kind);
  const when = at === undefined ? "" : moment(at, now);
  const by = plain(author?.name ?? "");
  return (
    <li>
      <Icon name={icon} />
      <span class="label">
        <bdi>{plain(subject) || text("untitled")}</bdi>
        <span title={at === undefined ? undefined : formatMoment(at, locale())}>
          {text(name)}
          {by !== "" && (
            <>
              {" · "}
              <bdi>{by}</bdi>
            </>
          )}
          {when !== "" && ` · ${when}`}
          {due !== undefined && ` · ${text("dueAt", moment(due, now))}`}
        </span>
      </span>
    </li>
  );
}

/** Day and time; of another year the day alone, with the year. */
function moment(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear ? formatTime(at, now, locale()) : formatDay(at, locale(), now);
}

/** Kinds that a newer host may tell of are entries like others. */
function look(kind: EntryKind): readonly [IconName, TextKey] {
  switch (kind.is) {
    case "comment":
      return ["comment", "comment"];
    case "email":
      return ["mail", kind.direction === "outgoing" ? "emailOut" : "emailIn"];
    case "call":
      return ["phone", "call"];
    case "meeting":
      return ["group", "meeting"];
    case "todo":
      return ["todo", "todo"];
    default:
      return ["list", "otherEntry"];
  }
}
