// Several records hold an address: all of them, none chosen silently; and the one the person picked, which they can change again.
import { useId, useState } from "preact/hooks";
import type { Person, RecordRef } from "../protocol/types.ts";
import { plain, portalLink } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Joined } from "../ui/parts.tsx";
import { count, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import type { Actions } from "./actions.ts";
import { TroubleNotice } from "./forms/trouble-notice.tsx";
import { matchesOf, severalMatches } from "./people.ts";
import { PortalLink } from "./portal-link.tsx";
import { recordNames } from "./record-names.ts";

interface Props {
  /** With all records. */
  readonly person: Person;
  readonly origin: string;
  readonly actions: Actions;
}

export function MatchesPart(props: Props) {
  const { person, actions } = props;
  const { busy, trouble, run } = useDeed();
  if (!severalMatches(person)) return null;
  const choose = (record: RecordRef | undefined) =>
    run(async () => {
      const { email } = person;
      await actions.chooseRecord({ email, ...(record && { record }) });
      actions.dispatch({ at: "chosen", email, record });
    });
  return (
    <>
      {trouble && <TroubleNotice trouble={trouble} />}
      {person.chosen ? (
        <p class="remark">
          {count("pickedOutOf", matchesOf(person))}{" "}
          <button type="button" class="button quiet small" disabled={busy} onClick={() => choose(undefined)}>
            {text("pickAnother")}
          </button>
        </p>
      ) : (
        <Matches {...props} busy={busy} onChoose={choose} />
      )}
    </>
  );
}

function Matches({
  person: { contacts, companies, email },
  origin,
  busy,
  onChoose,
}: Props & { busy: boolean; onChoose: (record: RecordRef) => void }) {
  const group = useId();
  const [marked, setMarked] = useState<RecordRef>();
  const records = [
    ...contacts.map((record) => ({ ...record, type: "contact" as const, title: record.name })),
    ...companies.map((record) => ({ ...record, type: "company" as const })),
  ];
  return (
    <>
      <ul class="rows" aria-label={text("matchesOf", plain(email))}>
        {records.map(({ type, id, title, responsible, url }) => {
          const name = plain(title) || text("untitled");
          const link = portalLink(url, origin);
          return (
            <li class="row" key={type + id}>
              <label class="mark">
                <input
                  type="radio"
                  name={group}
                  checked={marked?.type === type && marked.id === id}
                  disabled={busy}
                  onChange={() => setMarked({ type, id })}
                />
                <span class="label">
                  <bdi>{name}</bdi>
                  <span>
                    <Joined parts={[text(recordNames[type]), plain(responsible?.name ?? "")]} />
                  </span>
                </span>
              </label>
              {link !== undefined && (
                <PortalLink link={link} name={text("openOf", name)} className="icon-button">
                  <Icon name="open" />
                </PortalLink>
              )}
            </li>
          );
        })}
      </ul>
      <div class="card-actions">
        <button
          type="button"
          class="button small"
          disabled={busy || marked === undefined}
          onClick={() => marked && onChoose(marked)}
        >
          {text("useRecord")}
        </button>
      </div>
    </>
  );
}
