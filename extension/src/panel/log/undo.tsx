// Taking back what was just logged. What stands in the portal may have been read by others, so it doesn't go by one click.
import { useRef, useState } from "preact/hooks";
import { text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { Question } from "../question.tsx";

export function UndoLog({ id, actions }: { id: string; actions: Actions }) {
  const [asks, setAsks] = useState(false);
  const { busy, trouble, run } = useDeed();
  const opener = useRef<HTMLButtonElement>(null);
  const leave = () => {
    setAsks(false);
    opener.current?.focus();
  };
  const undo = () =>
    run(async () => {
      await actions.undoLog({ id });
      actions.dispatch({ at: "logged", said: { words: text("logUndone"), url: undefined, notices: [] } });
    });
  return (
    <>
      <div class="actions">
        <button
          ref={opener}
          type="button"
          class="button quiet small"
          aria-expanded={asks}
          disabled={busy}
          onClick={() => setAsks(!asks)}
        >
          {text("undo")}
        </button>
      </div>
      {asks && (
        <Question
          question={text("logUndoAsks")}
          answer={text("logUndoDelete")}
          onAnswer={undo}
          onLeave={leave}
          busy={busy}
        >
          {trouble && <TroubleNotice trouble={trouble} />}
        </Question>
      )}
    </>
  );
}
