// What can be done about a person, at the foot of their card.
import { Icon } from "../../ui/icons.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import type { Entry } from "../people.ts";
import { openerId } from "./form.ts";

/** Somebody who isn't in the CRM can be put there; a colleague's card has no such buttons. */
export function CardActions({ entry, mailbox, actions }: { entry: Entry; mailbox: string; actions: Actions }) {
  const { email, mailName, kind } = entry;
  if (kind !== "unknown" && kind !== "outside" && kind !== "lead") return null;
  const about = { email, mailName, mailbox };
  const form = { at: "create", type: "contact", about } as const;
  return (
    <div class="card-actions">
      <button
        type="button"
        id={openerId(form)}
        class="button small"
        onClick={() => actions.dispatch({ at: "form", form: { ...form, key: crypto.randomUUID() } })}
      >
        <Icon name="plus" />
        {text("createContact")}
      </button>
    </div>
  );
}
