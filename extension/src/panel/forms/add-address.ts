// A participant's address becomes one more of a record that is there already.
import type { RecordRef } from "../../protocol/types.ts";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import type { About } from "./form.ts";

/** Adds it; comes back with the portal's words if it refuses. */
export async function addAddress(
  { mailbox, email }: About,
  record: RecordRef,
  title: string,
  actions: Actions,
): Promise<string | undefined> {
  const change = await actions.addAddress({ mailbox, email, record });
  if (change.is === "refused") return change.words;
  const said = { words: text("addressAdded", title), url: undefined, notices: [] };
  actions.dispatch({ at: "changed", person: change.person, now: Date.now(), said });
  return undefined;
}
