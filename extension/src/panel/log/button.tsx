// The way into the log form, and what is known of an earlier log.
import { Icon } from "../../ui/icons.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { openerId } from "../forms/form.ts";
import type { Model } from "../model.ts";
import { addressesOf, type Entry, type Kind, mostAddresses } from "../people.ts";
import type { Screen } from "../screen.ts";
import { firstMessage, type LogForm, loggable, targetsOf } from "./form.ts";
import { beforeOf, wordsOfBefore } from "./likely.ts";

/** Somebody from outside the company, of whom the portal has told what it knows: nobody's record, too, can be looked for. */
const outside: ReadonlySet<Kind> = new Set(["inCrm", "lead", "outside", "unknown"]);
const hintId = "log-before";

/** There while the thread has people from outside, the page tells enough of a message, and the administrator lets people write. */
export function LogButton({
  model,
  screen: { thread, mailbox, status },
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
  const offered = targets.length > 0 || entries.some(({ kind }) => outside.has(kind));
  if (!newest || !offered || tab.at !== "speaks" || managed?.readOnly) return null;
  const people = addressesOf(thread, mailbox).slice(0, mostAddresses);
  const messages = [newest, ...older] as const;
  const first = firstMessage(thread, messages);
  const form = {
    at: "log",
    mailbox,
    tabId: tab.tabId,
    messages,
    first,
    people,
    targets,
  } satisfies LogForm;
  const before = beforeOf(first, model.logged, entries);
  return (
    <>
      {before && (
        <p id={hintId} class="log-before">
          {wordsOfBefore(before, status.user)}
        </p>
      )}
      <button
        type="button"
        id={openerId(form)}
        class="button primary"
        aria-describedby={before && hintId}
        onClick={() => actions.dispatch({ at: "form", form })}
      >
        <Icon name="mail" />
        {text("logEmail")}
      </button>
    </>
  );
}
