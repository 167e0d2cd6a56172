// One person: who they are in the portal.
import type { Company, Contact, Lead, Person, PortalUser, Reference } from "../protocol/types.ts";
import { formatAmount, plain, portalLink } from "../ui/format.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { Avatar, CopyButton, Foreign, IconButton, Notice } from "../ui/parts.tsx";
import { count, formatNumber, locale, text } from "../ui/text.ts";
import { wordsOfFailure } from "../ui/words.ts";
import type { Actions } from "./actions.ts";
import { Deals, StageChip } from "./deals.tsx";
import { type Entry, nameOf, only, severalMatches } from "./people.ts";

/** More phone numbers than this are in the portal. */
const mostPhones = 5;

interface Props {
  readonly entry: Entry;
  readonly origin: string;
  readonly reference: Reference | undefined;
  readonly open: boolean;
  readonly actions: Actions;
}

export function Card({ entry, origin, reference, open, actions }: Props) {
  const { email, kind, person } = entry;
  const name = plain(nameOf(entry));
  const foldable = kind === "inCrm" || kind === "lead";
  const several = person !== undefined && severalMatches(person);
  const company = person?.contacts.length === 0 ? only(person.companies) : undefined;
  const link = several || !person ? undefined : mainLink(person, origin);
  const look = !foldable || several ? "hollow" : company ? "square" : "round";
  return (
    <li class="card">
      <div class="card-head">
        {several ? (
          <Avatar address={email} name={name} look={look} letters={formatNumber(matchesOf(person))} />
        ) : (
          <Avatar address={email} name={name} look={look} />
        )}
        <div class="who">
          <h2>
            <bdi title={name}>{name}</bdi> <Tag entry={entry} several={several} />
          </h2>
          <SecondLine entry={entry} open={open && foldable} several={several} />
        </div>
        {!foldable && <CopyButton value={email} name={text("copyEmailOf", name)} />}
        {link !== undefined && (
          <PortalLink link={link} name={text("openOf", name)} className="icon-button">
            <Icon name="open" />
          </PortalLink>
        )}
        {foldable && (
          <IconButton
            icon={open ? "chevronUp" : "chevronDown"}
            name={text(open ? "foldOf" : "unfoldOf", name)}
            expanded={open}
            onClick={() => actions.dispatch({ at: "fold", email, open: !open })}
          />
        )}
      </div>
      {entry.viaGroup && <p class="remark">{text("viaGroup")}</p>}
      {person && foldable && !open && <FoldedStatus person={person} />}
      {person && foldable && open && (
        <>
          {several ? (
            <Matches person={person} origin={origin} />
          ) : (
            <Facts email={email} name={name} person={person} origin={origin} />
          )}
          {person.deals.length > 0 && (
            <Deals deals={person.deals} total={person.dealsTotal} origin={origin} reference={reference} />
          )}
          {person.leads.length > 0 && <Leads leads={person.leads} origin={origin} />}
        </>
      )}
      {person && <Problems person={person} missing={kind === "missing"} actions={actions} />}
    </li>
  );
}

/** Which kind of record; "not in CRM" is outlined, never red. */
function Tag({ entry: { kind, person }, several }: { entry: Entry; several: boolean }) {
  if (several && person) return <span class="tag">{count("matches", matchesOf(person))}</span>;
  switch (kind) {
    case "inCrm":
      if (person?.contacts.length) return <span class="tag">{text("contact")}</span>;
      if (person?.companies.length) return <span class="tag">{text("company")}</span>;
      return <span class="tag">{text("hiddenRecord")}</span>;
    case "lead":
      return <span class="tag">{count("leadTag", person?.leads.length ?? 1)}</span>;
    case "missing":
      return <span class="tag hollow">{text("notLookedUp")}</span>;
    case "unknown":
      return <span class="tag hollow">{text("notInCrm")}</span>;
    case "outside":
      return <span class="tag">{text(person?.role.is === "extranet" ? "extranet" : "formerColleague")}</span>;
    default:
      return null;
  }
}

const matchesOf = ({ contacts, companies }: Person) => contacts.length + companies.length;

function SecondLine({ entry, open, several }: { entry: Entry; open: boolean; several: boolean }) {
  const { person, email } = entry;
  const contact = only(person?.contacts);
  const parts: string[] = [];
  if (several) parts.push(text("severalRecords"));
  else if (open) parts.push(plain(contact?.position ?? ""));
  else {
    parts.push(plain(contact?.company?.title || contact?.position || ""));
    if (person && person.dealsTotal > 0) parts.push(count("openDeals", person.dealsTotal));
    if (entry.kind === "lead") parts.push(plain(only(person?.leads)?.title ?? ""));
  }
  if (person?.role.is === "extranet" && entry.kind !== "outside") parts.push(text("extranet"));
  if (person?.role.is === "formerColleague" && entry.kind !== "outside") parts.push(text("formerColleague"));
  const line = parts.filter((part) => part !== "").join(" · ");
  if (line !== "") return <p title={line}>{line}</p>;
  return open ? null : (
    <p title={email}>
      <Address email={email} />
    </p>
  );
}

/** An address may break after its @. */
function Address({ email }: { email: string }) {
  const [local = "", ...rest] = plain(email).split("@");
  return (
    <bdi dir="ltr" class="address">
      {local}@<wbr />
      {rest.join("@")}
    </bdi>
  );
}

function FoldedStatus({ person }: { person: Person }) {
  const lead = person.contacts.length + person.companies.length === 0 ? only(person.leads) : undefined;
  return lead ? (
    <p class="remark">
      <StageChip stage={lead.status} />
    </p>
  ) : null;
}

/** The page of the one record there is. */
function mainLink({ contacts, companies, leads, role }: Person, origin: string): string | undefined {
  const record = only(contacts) ?? only(companies) ?? only(leads) ?? ("user" in role ? role.user : undefined);
  return record && portalLink(record.url, origin);
}

function PortalLink({
  link,
  name,
  className,
  children,
}: {
  link: string;
  name?: string;
  className?: string;
  children: preact.ComponentChildren;
}) {
  return (
    <a class={className} href={link} target="_blank" rel="noopener noreferrer" title={name} aria-label={name}>
      {children}
    </a>
  );
}

/** A record's title, as a link where the portal gave one that is its own. */
function Title({ title, url, origin }: { title: string; url: string; origin: string }) {
  const link = portalLink(url, origin);
  const words = plain(title) || text("untitled");
  return link === undefined ? (
    <Foreign>{words}</Foreign>
  ) : (
    <PortalLink link={link}>
      <Foreign>{words}</Foreign>
    </PortalLink>
  );
}

function Facts({ email, name, person, origin }: { email: string; name: string; person: Person; origin: string }) {
  const contact = only(person.contacts);
  const company = contact ? contact.company : undefined;
  const responsible = contact?.responsible ?? only(person.companies)?.responsible;
  const phones = (contact?.phones ?? []).filter((phone) => plain(phone) !== "").slice(0, mostPhones);
  return (
    <ul class="facts">
      {company && (
        <Fact icon="building">
          <Title title={company.title} url={company.url} origin={origin} />
        </Fact>
      )}
      <Fact icon="mail" tool={<CopyButton value={email} name={text("copyEmailOf", name)} />}>
        <span title={email}>
          <Address email={email} />
        </span>
      </Fact>
      {phones.map((phone) => (
        <Fact key={phone} icon="phone" tool={<CopyButton value={phone} name={text("copyPhoneOf", name)} />}>
          <Foreign ltr>{plain(phone)}</Foreign>
        </Fact>
      ))}
      {responsible && plain(responsible.name) !== "" && <Responsible user={responsible} origin={origin} />}
    </ul>
  );
}

function Fact({
  icon,
  tool,
  children,
}: {
  icon: IconName;
  tool?: preact.ComponentChildren;
  children: preact.ComponentChildren;
}) {
  return (
    <li>
      <Icon name={icon} />
      <span class="value">{children}</span>
      {tool}
    </li>
  );
}

function Responsible({ user, origin }: { user: PortalUser; origin: string }) {
  return (
    <Fact icon="person">
      <Title title={user.name} url={user.url} origin={origin} /> <span class="second">{text("responsible")}</span>
    </Fact>
  );
}

/** Several records hold the address: all of them, none chosen. */
function Matches({ person: { contacts, companies }, origin }: { person: Person; origin: string }) {
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

function Leads({ leads, origin }: { leads: readonly Lead[]; origin: string }) {
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

/** What is missing of this person, each with its own sentence. */
function Problems({ person, missing, actions }: { person: Person; missing: boolean; actions: Actions }) {
  const again = (
    <button type="button" class="button small" onClick={() => actions.dispatch({ at: "again", fresh: false })}>
      <Icon name="refresh" />
      {text("tryAgain")}
    </button>
  );
  return (
    <>
      {person.problems.map((failure) => {
        const { message, hint } = wordsOfFailure(failure);
        const refused = failure.code === "refused";
        return (
          <Notice
            key={failure.reason}
            look={refused ? "rights" : "warn"}
            icon={refused ? "lock" : "clock"}
            title={message}
            actions={missing && !refused ? again : undefined}
          >
            {hint}
          </Notice>
        );
      })}
      {person.hidden > 0 && (
        <Notice look="rights" icon="lock">
          {count("hiddenRecords", person.hidden)}
        </Notice>
      )}
    </>
  );
}
