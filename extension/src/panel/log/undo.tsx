// Taking back what was just logged.
import { text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { Question } from "../question.tsx";

interface Props {
  readonly id: string;
  readonly actions: Actions;
  readonly onLeave: () => void;
}

export function UndoLog({ id, actions, onLeave }: Props) {
  const { busy, trouble, run } = useDeed();
  const undo = () =>
    run(async () => {
      await actions.undoLog({ id });
      actions.dispatch({ at: "undone", id, said: { words: text("logUndone"), url: undefined, notices: [] } });
    });
  return (
    <Question
      question={text("logUndoAsks")}
      answer={text("logUndoDelete")}
      onAnswer={undo}
      onLeave={onLeave}
      busy={busy}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
    </Question>
  );
}
