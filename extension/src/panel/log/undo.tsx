// Taking back what was just logged, after a question.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isMeant } from "../../ui/meant.ts";
import { text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import { TroubleNotice } from "../forms/trouble-notice.tsx";

export function UndoLog({ id, actions }: { id: string; actions: Actions }) {
  const [asks, setAsks] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const leave = () => {
    setAsks(false);
    opener.current?.focus();
  };
  return (
    <>
      <button ref={opener} type="button" class="button quiet small" aria-expanded={asks} onClick={() => setAsks(!asks)}>
        {text("undo")}
      </button>
      {asks && <Question id={id} actions={actions} onLeave={leave} />}
    </>
  );
}

/** What stands in the portal may have been read by others, so it doesn't go by one click. */
function Question({ id, actions, onLeave }: { id: string; actions: Actions; onLeave: () => void }) {
  const { busy, trouble, run } = useDeed();
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const undo = () =>
    run(async () => {
      await actions.undoLog({ id });
      actions.dispatch({ at: "logged", said: { words: text("logUndone"), url: undefined, notices: [] } });
    });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and these are answers
    <div
      role="group"
      aria-label={text("logUndoAsks")}
      aria-busy={busy}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || busy) return;
        event.preventDefault();
        onLeave();
      }}
    >
      <p>{text("logUndoAsks")}</p>
      {trouble && <TroubleNotice trouble={trouble} />}
      <div class="actions">
        <button
          ref={first}
          type="button"
          class="button small"
          disabled={busy}
          onClick={(event) => isMeant(event) && undo()}
        >
          {text("logUndoDelete")}
        </button>
        <button type="button" class="button quiet small" disabled={busy} onClick={onLeave}>
          {text("cancel")}
        </button>
      </div>
    </div>
  );
}
