// Taking what was just logged to another record: where it leaves and where it goes is said first.
import { useState } from "preact/hooks";
import { Select } from "../../ui/form.tsx";
import { plain } from "../../ui/format.ts";
import { text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { Question } from "../question.tsx";
import { recordNames } from "../record-names.ts";
import { keyOf, type Made, type Target } from "./form.ts";

interface Props {
  readonly made: Made;
  /** The records it can go to. */
  readonly goals: readonly [Target, ...Target[]];
  readonly actions: Actions;
  readonly onLeave: () => void;
}

export function MoveLog({ made, goals, actions, onLeave }: Props) {
  const { busy, trouble, run } = useDeed();
  const [key, setKey] = useState(keyOf(goals[0].record));
  const goal = goals.find(({ record }) => keyOf(record) === key) ?? goals[0];
  const from = made.records.map(({ title }) => plain(title)).join(", ");
  const move = () =>
    run(async () => {
      const { id, mailbox, people } = made;
      const refs = made.records.map(({ type, id }) => ({ type, id }));
      const { records, notices } = await actions.moveLog({
        id,
        mailbox,
        people: [...people],
        from: refs,
        to: goal.record,
      });
      const said = { words: text("logMoved", plain(goal.title)), url: records[0]?.url, notices };
      actions.dispatch({ at: "logged", said: { ...said, made: { ...made, records } } });
      onLeave();
    });
  return (
    <Question
      question={text("logMoveAsks", from, plain(goal.title))}
      answer={text("logMoveDo")}
      onAnswer={move}
      onLeave={onLeave}
      busy={busy}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
      <Select
        label={text("logMoveTo")}
        value={keyOf(goal.record)}
        choices={goals.map(({ record, title }) => ({
          id: keyOf(record),
          name: `${plain(title)} · ${text(recordNames[record.type])}`,
        }))}
        decided
        disabled={busy}
        onInput={setKey}
      />
    </Question>
  );
}
