// An open thread: what it is, its people, and what is missing from them.
import type { ComponentChildren } from "preact";
import { formatTime, plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/parts.tsx";
import { count, locale, text } from "../ui/text.ts";
import { useNow } from "../ui/use.ts";
import { codeOf, wordsOf, wordsOfFailure } from "../ui/words.ts";
import type { Actions } from "./actions.ts";
import { Card } from "./card.tsx";
import { ColleagueRow, FoldRow } from "./folded.tsx";
import type { Model } from "./model.ts";
import { type Entry, entriesOf, filters, mostAddresses, nameOf, passes } from "./people.ts";
import type { Screen } from "./screen.ts";
import { Skeleton } from "./skeleton.tsx";

type ThreadScreen = Extract<Screen, { at: "thread" }>;
interface Props {
  readonly model: Model;
  readonly screen: ThreadScreen;
  readonly actions: Actions;
}

/** Filters appear above this many people. */
const filtersAbove = 8;
/** Above so many external people, all but the first few fold into one row. */
const externalAbove = 10;
const externalShown = 3;
/** Above so many cards the browser draws only those in view. */
const drawnAtOnce = 50;

function entriesFor({ model, screen }: Pick<Props, "model" | "screen">): Entry[] {
  const { lookup, known } = model;
  const waiting = lookup.at === "due" || lookup.at === "running" || lookup.at === "waiting";
  return entriesOf(screen.thread, screen.mailbox, (email) => known.get(email)?.person, waiting);
}

export function Thread({ model, screen, actions }: Props) {
  const entries = entriesFor({ model, screen });
  const shown = entries.filter((entry) => passes(model.filter, entry));
  const external = shown.filter(({ kind }) => kind !== "colleague");
  const colleagues = shown.filter(({ kind }) => kind === "colleague");
  const folds = model.filter === "all" && external.length > externalAbove;
  const ahead = folds ? external.slice(0, externalShown) : external;
  const behind = folds ? external.slice(externalShown) : [];
  const listed = model.rows.external ? external : ahead;
  const nothingYet = entries.length > 0 && entries.every(({ kind }) => kind === "pending");

  return (
    <>
      <Subject model={model} screen={screen} entries={entries} />
      {entries.length > filtersAbove && !nothingYet && <Filters model={model} entries={entries} actions={actions} />}
      <Troubles model={model} screen={screen} entries={entries} actions={actions} />
      <ul class={listed.length > drawnAtOnce ? "cards long" : "cards"} aria-label={text("people")}>
        {listed.map((entry, index) =>
          entry.kind === "pending" ? (
            <Skeleton key={entry.email} large={nothingYet && index === 0} />
          ) : (
            <Card
              key={entry.email}
              entry={entry}
              origin={screen.status.origin}
              reference={model.worker.reference}
              open={model.folds.get(entry.email) ?? index === 0}
              actions={actions}
            />
          ),
        )}
        {behind.length > 0 && (
          <FoldRow
            people={behind}
            title={count("moreExternal", behind.length)}
            text={text("inAndNotInCrm", ...split(behind))}
            open={model.rows.external}
            onToggle={() => actions.dispatch({ at: "row", row: "external", open: !model.rows.external })}
          />
        )}
        {colleagues.length > 0 && (
          <FoldRow
            people={colleagues}
            title={count("colleagues", colleagues.length)}
            text={names(colleagues)}
            open={model.rows.colleagues || model.filter === "colleagues"}
            onToggle={() => actions.dispatch({ at: "row", row: "colleagues", open: !model.rows.colleagues })}
          >
            {colleagues.map((entry) => (
              <ColleagueRow key={entry.email} entry={entry} origin={screen.status.origin} />
            ))}
          </FoldRow>
        )}
      </ul>
      {entries.length === 0 && <p class="starting">{text("nobodyElse")}</p>}
    </>
  );
}

/** What is open, and how far the lookup has come: the line a screen reader is told. */
function Subject({ model, screen, entries }: Pick<Props, "model" | "screen"> & { entries: Entry[] }) {
  const { thread } = screen;
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
function AsOf({ model, entries }: { model: Model; entries: Entry[] }) {
  const now = useNow(30_000);
  const times = entries.map(({ email }) => model.known.get(email)?.asOf).filter((time) => time !== undefined);
  if (times.length === 0) return null;
  const oldest = Math.min(...times);
  const young = now - oldest < 60_000;
  return <span> · {young ? text("lookedUpNow") : text("asOf", formatTime(oldest, now, locale()))}</span>;
}

function Filters({ model, entries, actions }: Pick<Props, "model" | "actions"> & { entries: Entry[] }) {
  const label = { all: "filterAll", inCrm: "filterInCrm", notInCrm: "filterNotInCrm", colleagues: "filterColleagues" };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and these change what is shown
    <div class="filters" role="group" aria-label={text("filter")}>
      {filters.map((filter) => {
        const number = entries.filter((entry) => passes(filter, entry)).length;
        return (
          <button
            key={filter}
            type="button"
            aria-pressed={model.filter === filter}
            onClick={() => actions.dispatch({ at: "filter", filter })}
          >
            {text(label[filter] as "filterAll", number)}
          </button>
        );
      })}
    </div>
  );
}

/** Why something is missing from all of them, and the way on. */
function Troubles({ model, screen, entries, actions }: Props & { entries: Entry[] }) {
  const { lookup, online } = model;
  const known = entries.filter(({ person }) => person !== undefined);
  const again = (
    <button type="button" class="button small" onClick={() => actions.dispatch({ at: "again", fresh: false })}>
      <Icon name="refresh" />
      {text("tryAgain")}
    </button>
  );
  const notices = lookup.at === "done" || lookup.at === "waiting" ? lookup.notices : [];
  return (
    <>
      {lookup.at === "waiting" && (
        <Waiting until={lookup.until} left={entries.length - known.length} actions={actions} />
      )}
      {lookup.at === "stopped" && known.length < entries.length && (
        <Notice look="calm" icon="clock" actions={again}>
          {text("stopped")}
        </Notice>
      )}
      {lookup.at === "failed" && <Failed model={model} known={known} again={again} />}
      {lookup.at !== "failed" && !online && <Notice look="warn" icon="cloudOff" title={text("offlineTitle")} />}
      {notices
        .filter(({ code }) => code !== "try_later")
        .map((failure) => {
          const { message, hint } = wordsOfFailure(failure);
          const refused = failure.code === "refused";
          return (
            <Notice
              key={failure.reason}
              look={refused ? "rights" : "warn"}
              icon={refused ? "lock" : "alert"}
              title={message}
            >
              {hint}
            </Notice>
          );
        })}
      {screen.thread.participants.length > mostAddresses && (
        <Notice look="warn" icon="alert">
          {text("onlyFirst", mostAddresses)}
        </Notice>
      )}
    </>
  );
}

function Waiting({ until, left, actions }: { until: number; left: number; actions: Actions }) {
  const now = useNow(1000);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return (
    <Notice
      look="calm"
      icon="clock"
      actions={
        <button type="button" class="button quiet small" onClick={() => actions.dispatch({ at: "stop" })}>
          {text("stop")}
        </button>
      }
    >
      {text("slowDown")} {left > 0 && count("othersFollow", left, seconds)}
    </Notice>
  );
}

function Failed({ model, known, again }: { model: Model; known: Entry[]; again: ComponentChildren }) {
  const now = useNow(60_000);
  if (model.lookup.at !== "failed") return null;
  const { trouble } = model.lookup;
  const times = known.map(({ email }) => model.known.get(email)?.asOf ?? now);
  const cutOff = codeOf(trouble) === "unreachable" || !model.online;
  const { message, hint } = wordsOf(trouble);
  return (
    <Notice
      look={cutOff ? "warn" : "danger"}
      icon={cutOff ? "cloudOff" : "alert"}
      title={cutOff ? text("offlineTitle") : message}
      actions={again}
    >
      {cutOff && times.length > 0 ? text("knownAt", formatTime(Math.min(...times), now, locale())) : hint}
    </Notice>
  );
}

/** How things stand, and asking again. */
export function ThreadFoot({ model, screen, actions }: Props) {
  const entries = entriesFor({ model, screen }).filter(({ kind }) => kind !== "colleague");
  const { lookup } = model;
  const working = lookup.at === "due" || lookup.at === "running";
  const inCrm = entries.filter((entry) => passes("inCrm", entry)).length;
  return (
    <footer class="foot" tabIndex={-1}>
      <p>{working ? text("footWorking") : text("footInCrm", inCrm, entries.length)}</p>
      <button
        type="button"
        class="button"
        disabled={working || lookup.at === "none"}
        onClick={() => actions.dispatch({ at: "again", fresh: true })}
      >
        <Icon name="refresh" />
        {text("refresh")}
      </button>
    </footer>
  );
}

function split(people: readonly Entry[]): [number, number] {
  const inCrm = people.filter((entry) => passes("inCrm", entry)).length;
  return [inCrm, people.length - inCrm];
}

function names(people: readonly Entry[]): string {
  const first = people.slice(0, 2).map((entry) => plain(nameOf(entry)));
  return people.length > 2 ? text("namesAndMore", first.join(", "), people.length - 2) : first.join(", ");
}
