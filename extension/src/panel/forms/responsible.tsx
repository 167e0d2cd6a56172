// Who is to be responsible for a new record: the person at the sidebar, unless they pick a colleague.
import type { PortalUser } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { UserField } from "../find/user-field.tsx";

interface Props {
  readonly me: PortalUser;
  readonly picked: PortalUser;
  /** The connection may read who works at the portal. */
  readonly known: boolean;
  readonly searchUsers: Actions["searchUsers"];
  readonly disabled: boolean;
  readonly onPick: (user: PortalUser) => void;
}

export function Responsible({ me, picked, known, searchUsers, disabled, onPick }: Props) {
  const name = plain(picked.name) || picked.id;
  const words = picked.id === me.id ? text("userYou", name) : name;
  if (!known) {
    return (
      <p class="note">
        {text("responsibleYou", name)}. {text("responsibleOnlyYou")}
      </p>
    );
  }
  return (
    <UserField
      label={text("responsiblePerson")}
      picked={picked}
      words={words}
      help={text("responsibleStays", words)}
      search={searchUsers}
      disabled={disabled}
      onPick={onPick}
    />
  );
}
