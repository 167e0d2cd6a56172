// What can be done about an entry that was just made. It stands in the portal, where others may have read it: each asks first.
import { useRef, useState } from "preact/hooks";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { type Denied, mayChange } from "../rights.ts";
import { keyOf, type Made } from "./form.ts";
import { MoveLog } from "./move.tsx";
import { UndoLog } from "./undo.tsx";

type Deed = "undo" | "move";

interface Props {
  readonly made: Made;
  readonly denied: Denied;
  readonly actions: Actions;
}

export function MadeEntry({ made, denied, actions }: Props) {
  const [asks, setAsks] = useState<Deed>();
  const undo = useRef<HTMLButtonElement>(null);
  const move = useRef<HTMLButtonElement>(null);
  // What is refused while a question is open stays in it, beside the sentence that says so.
  const [deniedBefore, setDeniedBefore] = useState(denied);
  const ask = (deed: Deed | undefined) => {
    setDeniedBefore(denied);
    setAsks(deed);
  };
  const toggle = (deed: Deed) => ask(asks === deed ? undefined : deed);
  const leave = () => {
    (asks === "move" ? move : undo).current?.focus();
    ask(undefined);
  };
  const stands = new Set(made.records.map(keyOf));
  const [goal, ...others] = made.targets.filter(
    ({ record }) => !stands.has(keyOf(record)) && mayChange(deniedBefore, record),
  );
  return (
    <>
      <div class="actions">
        <button
          ref={undo}
          type="button"
          class="button quiet small"
          aria-expanded={asks === "undo"}
          onClick={() => toggle("undo")}
        >
          {text("undo")}
        </button>
        {goal && (
          <button
            ref={move}
            type="button"
            class="button quiet small"
            aria-expanded={asks === "move"}
            onClick={() => toggle("move")}
          >
            {text("logMove")}
          </button>
        )}
      </div>
      {asks === "undo" && <UndoLog id={made.id} actions={actions} onLeave={leave} />}
      {asks === "move" && goal && <MoveLog made={made} goals={[goal, ...others]} actions={actions} onLeave={leave} />}
    </>
  );
}
