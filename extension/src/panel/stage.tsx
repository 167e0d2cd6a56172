// Stages: the chip that names one, and the steps to it.
import type { Deal, Pipeline, Reference, Stage } from "../protocol/types.ts";
import { checkedColor, plain } from "../ui/format.ts";
import { text } from "../ui/text.ts";

/** A pipeline of more stages gets no steps: they would be dots. */
const mostSteps = 16;

/** As the portal calls it. */
export const nameOfStage = ({ name, id }: Stage): string => plain(name) || plain(id);

/** The deal's pipeline, where the portal's lists are known and the person may see it. */
export function pipelineOf({ pipelineId }: Deal, reference: Reference | undefined): Pipeline | undefined {
  return reference?.pipelines.find(({ id }) => id === pipelineId);
}

/** A stage: its name always written, its colour beside it if it has one. */
export function StageChip({ stage }: { stage: Stage }) {
  return (
    <span class="chip" style={{ "--stage": checkedColor(stage.color) }}>
      <bdi>{nameOfStage(stage)}</bdi>
    </span>
  );
}

/** How far along its pipeline a deal is. */
export function Steps({ deal, reference }: { deal: Deal; reference: Reference | undefined }) {
  const { step, steps, stage } = deal;
  if (step < 1 || steps < step || steps > mostSteps) return null;
  const next = pipelineOf(deal, reference)?.stages.filter(({ outcome }) => outcome === "open")[step];
  const place = text("stepOf", step, steps);
  const label = next ? `${place}. ${text("nextStage", plain(next.name))}` : place;
  return (
    <span class="steps" role="img" aria-label={label} title={label} style={{ "--stage": checkedColor(stage.color) }}>
      {Array.from({ length: steps }, (_, index) => (
        <i key={index} class={index < step ? "done" : undefined} />
      ))}
    </span>
  );
}
