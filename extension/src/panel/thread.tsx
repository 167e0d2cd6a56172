// An open thread and its people.
import type { Status } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { count, type TextKey, text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { Card } from "./card.tsx";
import { ColleagueRow, FoldRow } from "./folded.tsx";
import { LogButton } from "./log/button.tsx";
import type { Model } from "./model.ts";
import { type Entry, entriesOf, type Filter, filters, nameOf, passes } from "./people.ts";
import { SaidNotice } from "./said.tsx";
import type { Screen } from "./screen.ts";
import { Skeleton } from "./skeleton.tsx";
import { Subject } from "./subject.tsx";
import { Troubles } from "./troubles.tsx";

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

const filterNames: Readonly<Record<Filter, TextKey>> = {
  all: "filterAll",
  inCrm: "filterInCrm",
  notInCrm: "filterNotInCrm",
  colleagues: "filterColleagues",
};

function entriesFor({ model, screen }: Pick<Props, "model" | "screen">): Entry[] {
  const { lookup, known } = model;
  const waiting = lookup.at === "due" || lookup.at === "running" || lookup.at === "waiting";
  // The first host told nothing of the team.
  const { team }: Partial<Status> = screen.status;
  const me = { mailbox: screen.mailbox, addresses: team?.ownAddresses ?? [] };
  return entriesOf(screen.thread, me, (email) => known.get(email)?.person, waiting);
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
      <Subject model={model} thread={screen.thread} entries={entries} />
      {entries.length > filtersAbove && !nothingYet && <Filters model={model} entries={entries} actions={actions} />}
      {model.said && (
        <SaidNotice said={model.said} origin={screen.status.origin} denied={model.denied} actions={actions} />
      )}
      <Troubles model={model} participants={screen.thread.participants.length} entries={entries} actions={actions} />
      <ul class={listed.length > drawnAtOnce ? "cards long" : "cards"} aria-label={text("people")}>
        {listed.map((entry, index) =>
          entry.kind === "pending" ? (
            <Skeleton key={entry.email} large={nothingYet && index === 0} />
          ) : (
            <Card
              key={entry.email}
              entry={entry}
              origin={screen.status.origin}
              mailbox={screen.mailbox}
              subject={screen.thread.subject}
              reference={model.worker.reference}
              open={model.folds.get(entry.email) ?? index === 0}
              denied={model.denied}
              readOnly={model.worker.managed?.readOnly === true}
              actions={actions}
            />
          ),
        )}
        {behind.length > 0 && (
          <FoldRow
            people={behind}
            title={count("moreExternal", behind.length)}
            line={text("inAndNotInCrm", numberOf("inCrm", behind), numberOf("notInCrm", behind))}
            open={model.rows.external}
            onToggle={() => actions.dispatch({ at: "row", row: "external", open: !model.rows.external })}
          />
        )}
        {colleagues.length > 0 && (
          <FoldRow
            people={colleagues}
            title={count("colleagues", colleagues.length)}
            line={names(colleagues)}
            open={model.rows.colleagues || model.filter === "colleagues"}
            onToggle={() => actions.dispatch({ at: "row", row: "colleagues", open: !model.rows.colleagues })}
          >
            {colleagues.map((entry) => (
              <ColleagueRow key={entry.email} entry={entry} origin={screen.status.origin} />
            ))}
          </FoldRow>
        )}
      </ul>
      {entries.length > 0 && colleagues.length === entries.length && <p class="starting">{text("colleaguesOnly")}</p>}
      {entries.length === 0 && <p class="starting">{text("nobodyElse")}</p>}
    </>
  );
}

function Filters({ model, entries, actions }: Pick<Props, "model" | "actions"> & { entries: Entry[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and these change what is shown
    <div class="filters" role="group" aria-label={text("filter")}>
      {filters.map((filter) => {
        return (
          <button
            key={filter}
            type="button"
            aria-pressed={model.filter === filter}
            onClick={() => actions.dispatch({ at: "filter", filter })}
          >
            {text(filterNames[filter], numberOf(filter, entries))}
          </button>
        );
      })}
    </div>
  );
}

/** How things stand, and asking again. */
export function ThreadFoot({ model, screen, actions }: Props) {
  const entries = entriesFor({ model, screen });
  const { lookup } = model;
  const working = lookup.at === "due" || lookup.at === "running";
  const inCrm = numberOf("inCrm", entries);
  const answered = inCrm + numberOf("notInCrm", entries);
  return (
    <footer class="foot" tabIndex={-1}>
      <p>{working ? text("footWorking") : answered > 0 && text("footInCrm", inCrm, answered)}</p>
      <button
        type="button"
        class="button"
        disabled={working || lookup.at === "none"}
        onClick={() => actions.dispatch({ at: "again", fresh: true })}
      >
        <Icon name="refresh" />
        {text("refresh")}
      </button>
      <LogButton model={model} screen={screen} entries={entries} actions={actions} />
    </footer>
  );
}

function numberOf(filter: Filter, people: readonly Entry[]): number {
  return people.filter((entry) => passes(filter, entry)).length;
}

function names(people: readonly Entry[]): string {
  const first = people.slice(0, 2).map((entry) => plain(nameOf(entry)));
  return people.length > 2 ? text("namesAndMore", first.join(", "), people.length - 2) : first.join(", ");
}
