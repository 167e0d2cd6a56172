// What left this computer: the ledger as somebody reads it who wants to know, not as the file has it.
import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import type { Ledger, LedgerEntry } from "../protocol/types.ts";
import { formatBytes, formatMoment, plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Foreign, Notice } from "../ui/parts.tsx";
import { count, locale, type TextKey, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { sentenceOf, wordsOf } from "../ui/words.ts";
import { Subpage } from "./subpage.tsx";

/** Reads a part of the ledger: the newest, or what came before a place. */
export type ReadLedger = (before: string | undefined) => Promise<Ledger>;

/** Purposes whose sentence needs no number. One that is missing here, from a newer host, is shown as the ledger names it. */
const purposes: Readonly<Record<string, TextKey>> = {
  lookup: "leftRecords",
  reference: "leftReference",
  connect: "leftConnect",
  refresh: "leftRefresh",
  check: "leftCheck",
  search: "leftSearch",
  create: "leftCreate",
  change: "leftChange",
  history: "leftHistory",
  log: "leftLog",
};

export function LedgerPage({ read, back }: { read: ReadLedger; back: () => void }) {
  const [shown, setShown] = useState<Ledger | undefined>();
  const { busy, trouble, run } = useDeed();
  const more = useCallback(
    (before?: string) =>
      run(async () => {
        const part = await read(before);
        setShown((earlier) => ({ ...part, entries: [...(earlier?.entries ?? []), ...part.entries] }));
      }),
    [read, run],
  );
  // Once: whoever wants to see newer ones opens the page again.
  useLayoutEffect(() => more(), [more]);
  return (
    <Subpage title={text("leftTitle")} busy={busy} back={back}>
      <p class="host">{text("leftText")}</p>
      {shown && <Standing ledger={shown} />}
      {shown && shown.entries.length > 0 && (
        <ol class="left">
          {shown.entries.map((entry, index) => (
            <Line key={`${entry.at} ${index}`} entry={entry} />
          ))}
        </ol>
      )}
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
      {shown?.next !== undefined && (
        <button type="button" class="button wide" disabled={busy} onClick={() => more(shown.next)}>
          {text("leftOlder")}
        </button>
      )}
    </Subpage>
  );
}

/** Whether the list can be believed, and its sums. */
function Standing({ ledger: { entries, places, problem } }: { ledger: Ledger }) {
  const { message, hint } = problem ? wordsOf({ from: "host", failure: problem }) : { message: "", hint: "" };
  return (
    <>
      {problem && (
        <Notice look="warn" icon="alert" title={message}>
          {hint}
        </Notice>
      )}
      {!problem && (
        <p class="host">
          <Icon name={entries.length > 0 ? "check" : "shield"} />
          {text(entries.length > 0 ? "leftWhole" : "leftNothing")}
        </p>
      )}
      {places.length > 0 && (
        <ul class="mailboxes places" aria-label={text("leftPlaces")}>
          {places.map(({ to, requests, sent, received }) => (
            <li key={to}>
              <div>
                <p class="address" title={plain(to)}>
                  <Foreign ltr>{plain(to)}</Foreign>
                </p>
                <p class="goes-to">{count("leftRequests", requests, bytes(sent), bytes(received))}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Line({ entry }: { entry: LedgerEntry }) {
  const methods = Object.entries(entry.methods).map(([method, times]) =>
    times === 1 ? method : `${method} ×${times}`,
  );
  return (
    <li class="request">
      <p>
        <strong>{sentence(entry)}</strong>
      </p>
      <p class="goes-to">
        <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(entry.at, locale())}</time>
        {" · "}
        <Foreign ltr>{plain(entry.to)}</Foreign>
        {" · "}
        {whatCame(entry)}
      </p>
      {methods.length > 0 && (
        <p class="methods">
          <Foreign ltr>{plain(methods.join(", "))}</Foreign>
        </p>
      )}
    </li>
  );
}

function sentence({ purpose, addresses }: LedgerEntry): string {
  if (purpose === "lookup" && addresses > 0) return count("leftLookup", addresses);
  const key = Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined;
  return key === undefined ? plain(purpose) : text(key);
}

/** Before its end, all of its body may have been sent, and nothing is known of an answer. */
function whatCame({ sent, received, outcome }: LedgerEntry): string {
  if (outcome === "begun") return text("leftOpen", bytes(sent));
  const carried = text("leftBytes", bytes(sent), bytes(received));
  return outcome === "200" ? carried : `${carried} · ${text("leftOutcome", plain(outcome))}`;
}

function bytes(value: number): string {
  return formatBytes(value, locale());
}
