// One person: who they are in the portal.
import type { Person, Reference } from "../protocol/types.ts";
import { plain, portalLink } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Avatar, CopyButton, IconButton, Joined } from "../ui/parts.tsx";
import { count, formatNumber, text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { Deals } from "./deals.tsx";
import { Address, Facts } from "./facts.tsx";
import { CardActions } from "./forms/card-actions.tsx";
import { MatchesPart } from "./matches.tsx";
import { type Entry, matchesOf, nameOf, only, severalMatches } from "./people.ts";
import { PortalLink } from "./portal-link.tsx";
import { Problems } from "./problems.tsx";
import { Leads } from "./records.tsx";
import type { Denied } from "./rights.ts";
import { StageChip } from "./stage.tsx";
import { RecentActivity } from "./timeline/recent.tsx";

interface Props {
  readonly entry: Entry;
  readonly origin: string;
  readonly mailbox: string;
  /** Of the thread. */
  readonly subject: string;
  readonly reference: Reference | undefined;
  readonly open: boolean;
  readonly denied: Denied;
  /** The administrator lets nobody write. */
  readonly readOnly: boolean;
  readonly actions: Actions;
}

export function Card({ entry, origin, mailbox, subject, reference, open, denied, readOnly, actions }: Props) {
  const { email, kind, person, whole } = entry;
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
          {!several && <Facts email={email} name={name} person={person} origin={origin} />}
          {whole && <MatchesPart person={whole} origin={origin} actions={actions} />}
          {person.deals.length > 0 && (
            <Deals
              deals={person.deals}
              total={person.dealsTotal}
              origin={origin}
              reference={reference}
              denied={denied}
              readOnly={readOnly}
              actions={actions}
            />
          )}
          {person.leads.length > 0 && <Leads leads={person.leads} origin={origin} />}
          <RecentActivity key={email} entry={entry} actions={actions} />
        </>
      )}
      {person && <Problems person={person} missing={kind === "missing"} actions={actions} />}
      {(open || !foldable) && !readOnly && (
        <CardActions
          entry={entry}
          mailbox={mailbox}
          subject={subject}
          reference={reference}
          denied={denied}
          actions={actions}
        />
      )}
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
      return <span class="tag">{standingOf(person)}</span>;
    default:
      return null;
  }
}

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
  // Without a record the tag says it.
  if (entry.kind !== "outside") parts.push(standingOf(person));
  const known = parts.filter((part) => part !== "");
  if (known.length > 0)
    return (
      <p title={known.join(" · ")}>
        <Joined parts={known} />
      </p>
    );
  return open ? null : (
    <p title={email}>
      <Address email={email} />
    </p>
  );
}

/** What a user of the portal is who is no colleague; empty for everybody else. */
function standingOf(person: Person | undefined): string {
  switch (person?.role.is) {
    case "extranet":
      return text(person.role.dismissed ? "formerExtranet" : "extranet");
    case "formerColleague":
      return text("formerColleague");
    default:
      return "";
  }
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
