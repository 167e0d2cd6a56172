// One deal: what it is, where it stands, and moving it.
import type { Deal, Reference, Stage } from "../protocol/types.ts";
import { formatAmount, plain } from "../ui/format.ts";
import { isMeant } from "../ui/meant.ts";
import { Notice } from "../ui/parts.tsx";
import { locale, text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { PortalSays } from "./forms/portal-says.tsx";
import { TroubleNotice } from "./forms/trouble-notice.tsx";
import { Title } from "./portal-link.tsx";
import { Question } from "./question.tsx";
import { type Denied, mayChange } from "./rights.ts";
import { nameOfStage, pipelineOf, StageChip, Steps } from "./stage.tsx";
import { StagePicker } from "./stage-picker.tsx";
import { type Move, useMove } from "./use-move.ts";

export interface DealProps {
  readonly deal: Deal;
  readonly origin: string;
  readonly reference: Reference | undefined;
  readonly denied: Denied;
  /** An administrator wants nothing written from here. */
  readonly readOnly: boolean;
  readonly actions: Actions;
}

export function DealRow({ deal, origin, reference, denied, readOnly, actions }: DealProps) {
  const move = useMove(deal, actions);
  const mine = mayChange(denied, { type: "deal", id: deal.id });
  const stages = readOnly || !mine ? [] : stagesFor(deal, reference);
  const moving = move.state.at === "moving";
  // What is asked for is drawn at once, and taken back if the portal doesn't do it.
  const stage = move.state.at === "moving" ? move.state.to : deal.stage;
  return (
    <div class="deal">
      <p>
        <Title title={deal.title} url={deal.url} origin={origin} />
        {deal.amount && <span class="amount">{formatAmount(deal.amount, locale())}</span>}
      </p>
      <div class="deal-line">
        {stages.length > 0 ? (
          <StagePicker title={plain(deal.title)} stage={stage} stages={stages} busy={moving} onPick={move.pick} />
        ) : (
          <StageChip stage={stage} />
        )}
        {!moving && <Steps deal={deal} reference={reference} />}
        <span class="pipeline">{plain(deal.pipeline)}</span>
      </div>
      <Outcome deal={deal} move={move} />
      {!mine && move.state.at !== "failed" && <p class="remark">{text("mayNotChange")}</p>}
    </div>
  );
}

/** The stages of its pipeline; none where the portal's lists are not known, or the person may not see that pipeline. */
function stagesFor(deal: Deal, reference: Reference | undefined): readonly Stage[] {
  const stages = pipelineOf(deal, reference)?.stages ?? [];
  return stages.length > 1 ? stages : [];
}

/** What came of a move, or what has to be said before it. */
function Outcome({ deal, move: { state, move, leave } }: { deal: Deal; move: Move }) {
  switch (state.at) {
    case "asks":
      // A won or lost deal leaves the card, so it isn't closed by one click.
      return (
        <Question
          question={text(state.to.outcome === "won" ? "closeAsWon" : "closeAsLost", plain(deal.title))}
          answer={text("moveTo", nameOfStage(state.to))}
          onAnswer={() => move(state.to)}
          onLeave={leave}
        />
      );
    case "moving":
      return (
        <span role="status" class="for-readers">
          {text("movingTo", nameOfStage(state.to))}
        </span>
      );
    case "moved":
      if (deal.stage.id !== state.to.id) return null;
      return (
        <div role="status" class="deal-said">
          <span>{text("movedTo", nameOfStage(state.to))}</span>
          <button type="button" class="button quiet small" onClick={(event) => isMeant(event) && move(state.from)}>
            {text("undo")}
          </button>
        </div>
      );
    case "elsewhere":
      return (
        <div role="alert">
          <Notice look="warn" icon="alert">
            {text("movedMeanwhile", nameOfStage(state.now))}
          </Notice>
        </div>
      );
    case "refused":
      return <PortalSays words={state.words} />;
    case "failed":
      return <TroubleNotice trouble={state.trouble} />;
    default:
      return null;
  }
}
