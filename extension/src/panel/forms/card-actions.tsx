// What can be done about a person, at the foot of their card.
import type { Person, RecordType, Reference } from "../../protocol/types.ts";
import { Icon, type IconName } from "../../ui/icons.tsx";
import { type TextKey, text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { type Entry, only, severalMatches } from "../people.ts";
import { type EntryType, entryForm } from "../timeline/form.ts";
import { openerId, type Tie } from "./form.ts";

const names: Readonly<Record<RecordType, TextKey>> = {
  contact: "createContact",
  company: "createCompany",
  lead: "createLead",
  deal: "createDeal",
};

const entryButtons: readonly { type: EntryType; icon: IconName; name: TextKey }[] = [
  { type: "todo", icon: "todo", name: "todo" },
  { type: "comment", icon: "comment", name: "comment" },
];

interface Props {
  readonly entry: Entry;
  readonly mailbox: string;
  readonly subject: string;
  readonly reference: Reference | undefined;
  readonly actions: Actions;
}

/** Somebody who isn't in the CRM can be put there, somebody who is can get a deal; a colleague's card has no such buttons. */
export function CardActions({ entry, mailbox, subject, reference, actions }: Props) {
  const { email, mailName, person } = entry;
  const about = { email, mailName, mailbox, subject };
  const ties = tiesOf(person);
  return (
    <div class="card-actions">
      {offered(entry, reference).map((type, index) => {
        const form = { at: "create", type, about, ties } as const;
        return (
          <button
            key={type}
            type="button"
            id={openerId(form)}
            class={index === 0 ? "button small" : "button quiet small"}
            onClick={() => actions.dispatch({ at: "form", form: { ...form, key: crypto.randomUUID() } })}
          >
            {index === 0 && <Icon name="plus" />}
            {text(names[type])}
          </button>
        );
      })}
      {entryButtons.map(({ type, icon, name }) => {
        const form = entryForm(type, entry);
        return (
          form && (
            <button
              key={type}
              type="button"
              id={openerId(form)}
              class="button quiet small"
              onClick={() => actions.dispatch({ at: "form", form })}
            >
              <Icon name={icon} />
              {text(name)}
            </button>
          )
        );
      })}
      {canGetAddress(entry) && (
        <button
          type="button"
          id={openerId({ at: "addTo", about })}
          class="button quiet small"
          onClick={() => actions.dispatch({ at: "form", form: { at: "addTo", about } })}
        >
          {text("addToExisting")}
        </button>
      )}
    </div>
  );
}

/** Which records make sense for somebody. Leads only where the portal has them. */
export function offered({ kind, person }: Entry, reference: Reference | undefined): RecordType[] {
  const leads: RecordType[] = reference?.leads === false ? [] : ["lead"];
  switch (kind) {
    case "unknown":
    case "outside":
      return ["contact", ...leads, "company"];
    case "lead":
      return ["contact", "company"];
    case "inCrm":
      // Of several matches none is better than another.
      return person && !severalMatches(person) && tiesOf(person).length > 0 ? ["deal"] : [];
    default:
      return [];
  }
}

/** Whose address may belong to a record that is there already: nobody's who is a contact or company. */
const canGetAddress = ({ kind }: Entry) => kind === "unknown" || kind === "outside" || kind === "lead";

/** The contact, and its company or the one with the same address. */
function tiesOf(person: Person | undefined): Tie[] {
  const contact = only(person?.contacts);
  const company = contact?.company ?? only(person?.companies);
  return [
    ...(contact ? [{ type: "contact" as const, id: contact.id, title: contact.name }] : []),
    ...(company ? [{ type: "company" as const, id: company.id, title: company.title }] : []),
  ];
}
