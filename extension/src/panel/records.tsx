// Records of a person, listed: several matches, and leads.
import type { Company, Contact, Lead, Person } from "../protocol/types.ts";
import { formatAmount, plain } from "../ui/format.ts";
import { count, locale, text } from "../ui/text.ts";
import { Title } from "./portal-link.tsx";
import { StageChip } from "./stage.tsx";

/** Several records hold the address: all of them, none chosen. */
export function Matches({ person: { contacts, companies }, origin }: { person: Person; origin: string }) {
  const records: { record: Contact | Company; title: string; kind: string }[] = [
    ...contacts.map((record) => ({ record, title: record.name, kind: text("contact") })),
    ...companies.map((record) => ({ record, title: record.title, kind: text("company") })),
  ];
  return (
    <ul class="rows">
      {records.map(({ record, title, kind }) => (
        <li class="row" key={kind + record.id}>
          <span class="label">
            <Title title={title} url={record.url} origin={origin} />
            <span>{[kind, plain(record.responsible?.name ?? "")].filter((part) => part !== "").join(" · ")}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

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
