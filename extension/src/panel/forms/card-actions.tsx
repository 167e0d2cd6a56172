// What can be done about a person, at the foot of their card.
import type { Person, RecordType, Reference } from "../../protocol/types.ts";
import { Icon, type IconName } from "../../ui/icons.tsx";
import { type TextKey, text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { type Entry, only, severalMatches } from "../people.ts";
import { type Denied, mayCreate } from "../rights.ts";
import { type EntryType, entryForm, recordsOf } from "../timeline/form.ts";
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
  readonly denied: Denied;
  readonly actions: Actions;
}

/** Somebody who isn't in the CRM can be put there, somebody who is can get a deal; a colleague's card has no such buttons. */
export function CardActions({ entry, mailbox, subject, reference, denied, actions }: Props) {
  const { email, mailName, person } = entry;
  const about = { email, mailName, mailbox, subject };
  const ties = tiesOf(person);
  const wanted = offered(entry, reference);
  const types = wanted.filter((type) => mayCreate(denied, type, reference));
  const withheld = wanted.filter((type) => !types.includes(type)).map((type) => names[type]);
  const entries = entryButtons.map((button) => ({ ...button, form: entryForm(button.type, entry, denied) }));
  if (recordsOf(entry).length > 0) withheld.push(...entries.filter(({ form }) => !form).map(({ name }) => name));
  return (
    <div class="card-actions">
      {types.map((type, index) => {
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
      {entries.map(
        ({ type, icon, name, form }) =>
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
          ),
      )}
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
      {withheld.length > 0 && <p class="remark">{text("mayNot", withheld.map((name) => text(name)).join(", "))}</p>}
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
