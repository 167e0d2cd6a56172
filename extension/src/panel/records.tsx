// Records of a person, listed: leads.
import type { Lead } from "../protocol/types.ts";
import { formatAmount, plain } from "../ui/format.ts";
import { count, locale } from "../ui/text.ts";
import { Title } from "./portal-link.tsx";
import { StageChip } from "./stage.tsx";

export function Leads({ leads, origin }: { leads: readonly Lead[]; origin: string }) {
  return (
    <section class="part">
      <h3>{count("leads", leads.length)}</h3>
      {leads.map((lead) => (
        <div class="deal" key={lead.id}>
          <p>
            <Title title={lead.title || lead.name} url={lead.url} origin={origin} />
            {lead.amount && <span class="amount">{formatAmount(lead.amount, locale())}</span>}
          </p>
          <p>
            <StageChip stage={lead.status} />
            {lead.responsible && <span class="pipeline">{plain(lead.responsible.name)}</span>}
          </p>
        </div>
      ))}
    </section>
  );
}
