// Deals and stages.
import { useState } from "preact/hooks";
import type { Deal, Reference, Stage } from "../protocol/types.ts";
import { checkedColor, formatAmount, plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { count, locale, text } from "../ui/text.ts";
import { Title } from "./portal-link.tsx";

const shownFirst = 3;
const shownMore = 20;
/** A pipeline of more stages gets no steps: they would be dots. */
const mostSteps = 16;

export function Deals({
  deals,
  total,
  origin,
  reference,
}: {
  deals: readonly Deal[];
  total: number;
  origin: string;
  reference: Reference | undefined;
}) {
  const [shown, setShown] = useState(shownFirst);
  const visible = deals.slice(0, shown);
  const all = Math.max(total, deals.length);
  return (
    <section class="part">
      <h3>{count("openDeals", all)}</h3>
      {visible.map((deal) => (
        <DealRow key={deal.id} deal={deal} origin={origin} reference={reference} />
      ))}
      {visible.length < deals.length ? (
        <button type="button" class="button quiet small" onClick={() => setShown(shown + shownMore)}>
          <Icon name="chevronDown" />
          {text("moreDeals", visible.length, all)}
        </button>
      ) : (
        visible.length < all && <p class="remark">{text("moreInPortal", visible.length, all)}</p>
      )}
    </section>
  );
}

function DealRow({ deal, origin, reference }: { deal: Deal; origin: string; reference: Reference | undefined }) {
  return (
    <div class="deal">
      <p>
        <Title title={deal.title} url={deal.url} origin={origin} />
        {deal.amount && <span class="amount">{formatAmount(deal.amount, locale())}</span>}
      </p>
      <p>
        <StageChip stage={deal.stage} />
        <Steps deal={deal} reference={reference} />
        <span class="pipeline">{plain(deal.pipeline)}</span>
      </p>
    </div>
  );
}

/** A stage: its name always written, its colour beside it if it has one. */
export function StageChip({ stage }: { stage: Stage }) {
  return (
    <span class="chip" style={{ "--stage": checkedColor(stage.color) }}>
      <bdi>{plain(stage.name) || stage.id}</bdi>
    </span>
  );
}

/** How far along its pipeline a deal is. */
function Steps({ deal, reference }: { deal: Deal; reference: Reference | undefined }) {
  const { step, steps, stage } = deal;
  if (step < 1 || steps < step || steps > mostSteps) return null;
  const pipeline = reference?.pipelines.find(({ id }) => id === deal.pipelineId);
  const next = pipeline?.stages.filter(({ outcome }) => outcome === "open")[step];
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
