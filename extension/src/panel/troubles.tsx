// Why something is missing from all the people of a thread, and the way on.
import { formatTime } from "../ui/format.ts";
import { CopyButton, Notice } from "../ui/parts.tsx";
import { count, locale, text } from "../ui/text.ts";
import { useNow } from "../ui/use.ts";
import { codeOf, detailsOf, wordsOf } from "../ui/words.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";
import { FailureNotice } from "./failure-notice.tsx";
import type { Model } from "./model.ts";
import { Moved } from "./moved.tsx";
import { type Entry, mostAddresses } from "./people.ts";
import { TryAgain } from "./try-again.tsx";

/** The notices above the cards. */
export function Troubles({
  model,
  participants,
  entries,
  actions,
}: {
  model: Model;
  /** How many the thread has. */
  participants: number;
  entries: readonly Entry[];
  actions: Actions;
}) {
  const { lookup, online } = model;
  const known = entries.filter(({ person }) => person !== undefined);
  const left = entries.length - known.length;
  const notices = lookup.at === "done" || lookup.at === "waiting" ? lookup.notices : [];
  return (
    <>
      {lookup.at === "waiting" && <Waiting until={lookup.until} left={left} actions={actions} />}
      {lookup.at === "stopped" && left > 0 && (
        <Notice look="calm" icon="clock" actions={<TryAgain actions={actions} />}>
          {text("stopped")}
        </Notice>
      )}
      {lookup.at === "failed" && <Failed trouble={lookup.trouble} model={model} known={known} actions={actions} />}
      {lookup.at !== "failed" && !online && <Notice look="warn" icon="cloudOff" title={text("offlineTitle")} />}
      {notices
        .filter(({ code }) => code !== "try_later")
        .map((failure) => (
          <FailureNotice key={failure.reason} failure={failure} />
        ))}
      {participants > mostAddresses && (
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

/** Cut off: what was known, and since when. Anything else: what happened, its cure, and details for support. */
function Failed({
  trouble,
  model,
  known,
  actions,
}: {
  trouble: Trouble;
  model: Model;
  known: readonly Entry[];
  actions: Actions;
}) {
  const now = useNow(60_000);
  const times = known.map(({ email }) => model.known.get(email)?.asOf ?? now);
  const cutOff = codeOf(trouble) === "unreachable" || !model.online;
  const { message, hint } = wordsOf(trouble);
  const to = movedTo(trouble, model.worker);
  if (to !== undefined && trouble.from === "host") {
    return <Moved to={to} failure={trouble.failure} actions={actions} />;
  }
  return (
    <Notice
      look={cutOff ? "warn" : "danger"}
      icon={cutOff ? "cloudOff" : "alert"}
      title={cutOff ? text("offlineTitle") : message}
      actions={
        <>
          <TryAgain actions={actions} />
          {!cutOff && <CopyButton value={detailsOf(trouble)} name={text("copyDetails")} label={text("copyDetails")} />}
        </>
      }
    >
      {cutOff && times.length > 0 ? text("knownAt", formatTime(Math.min(...times), now, locale())) : hint}
    </Notice>
  );
}

/** Where the portal can be followed to. Nothing shows that a webhook's portal is the same one there. */
function movedTo(trouble: Trouble, { standing }: WorkerState): string | undefined {
  if (trouble.from !== "host" || trouble.failure.reason !== "portal_moved") return undefined;
  return standing.at === "connected" && standing.status.mode === "oauth" ? trouble.failure.args["to"] : undefined;
}
