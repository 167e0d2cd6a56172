// The way into the log form.
import { Icon } from "../../ui/icons.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { openerId } from "../forms/form.ts";
import type { Model } from "../model.ts";
import { addressesOf, type Entry, mostAddresses } from "../people.ts";
import type { Screen } from "../screen.ts";
import { type LogForm, loggable, targetsOf } from "./form.ts";

/** There while somebody of the thread has a record, the page tells enough of a message, and the administrator lets people write. */
export function LogButton({
  model,
  screen: { thread, mailbox },
  entries,
  actions,
}: {
  model: Model;
  screen: Extract<Screen, { at: "thread" }>;
  entries: readonly Entry[];
  actions: Actions;
}) {
  const { tab, managed } = model.worker;
  const [newest, ...older] = loggable(thread);
  const targets = targetsOf(entries);
  if (!newest || targets.length === 0 || tab.at !== "speaks" || managed?.readOnly) return null;
  const people = addressesOf(thread, mailbox).slice(0, mostAddresses);
  const form = {
    at: "log",
    mailbox,
    tabId: tab.tabId,
    messages: [newest, ...older],
    people,
    targets,
  } satisfies LogForm;
  return (
    <button
      type="button"
      id={openerId(form)}
      class="button primary"
      onClick={() => actions.dispatch({ at: "form", form })}
    >
      <Icon name="mail" />
      {text("logEmail")}
    </button>
  );
}
