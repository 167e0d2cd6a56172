// What can be done about an entry that was just made. It stands in the portal, where others may have read it: each asks first.
import { useRef, useState } from "preact/hooks";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { keyOf, type Made } from "./form.ts";
import { MoveLog } from "./move.tsx";
import { UndoLog } from "./undo.tsx";

type Deed = "undo" | "move";

export function MadeEntry({ made, actions }: { made: Made; actions: Actions }) {
  const [asks, setAsks] = useState<Deed>();
  const undo = useRef<HTMLButtonElement>(null);
  const move = useRef<HTMLButtonElement>(null);
  const toggle = (deed: Deed) => setAsks(asks === deed ? undefined : deed);
  const leave = () => {
    (asks === "move" ? move : undo).current?.focus();
    setAsks(undefined);
  };
  const stands = new Set(made.records.map(keyOf));
  const [goal, ...others] = made.targets.filter(({ record }) => !stands.has(keyOf(record)));
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
