// One deal's moves to other stages.
import { useRef, useState } from "preact/hooks";
import type { Deal, DealMove, Stage } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { text } from "../ui/text.ts";
import { type Trouble, troubleOf } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";
import { nameOfStage } from "./stage.tsx";

export type MoveState =
  | { readonly at: "still" }
  /** A stage that closes the deal asks first. */
  | { readonly at: "asks"; readonly to: Stage }
  | { readonly at: "moving"; readonly to: Stage }
  /** It stands in `to` now, and can go back. */
  | { readonly at: "moved"; readonly from: Stage; readonly to: Stage }
  /** Somebody else was there first. */
  | { readonly at: "elsewhere"; readonly now: Stage }
  | { readonly at: "refused"; readonly words: string }
  | { readonly at: "failed"; readonly trouble: Trouble };

export interface Move {
  readonly state: MoveState;
  /** The person picked a stage. */
  readonly pick: (to: Stage) => void;
  /** They mean it: also of a stage that closes the deal, and of the way back. */
  readonly move: (to: Stage) => void;
  readonly leave: () => void;
}

export function useMove(deal: Deal, actions: Actions): Move {
  const [state, setState] = useState<MoveState>({ at: "still" });
  const running = useRef(false);

  const move = async (to: Stage) => {
    if (running.current) return;
    running.current = true;
    setState({ at: "moving", to });
    try {
      setState(outcomeOf(await actions.moveDeal({ deal: deal.id, from: deal.stage.id, to: to.id })));
    } catch (error) {
      setState({ at: "failed", trouble: troubleOf(error) });
    } finally {
      running.current = false;
    }
  };

  const outcomeOf = (result: DealMove): MoveState => {
    if (result.is === "refused") return { at: "refused", words: result.words };
    const { stage, url } = result.deal;
    const name = nameOfStage(stage);
    const words = result.is === "moved" ? text("movedTo", name) : text("movedMeanwhile", name);
    // A deal that is closed is on no card any more, so it's said above them.
    const said = { words: `${plain(deal.title)}: ${words}`, url, notices: [] };
    actions.dispatch({ at: "deal", deal: result.deal, ...(stage.outcome === "open" ? {} : { said }) });
    return result.is === "moved" ? { at: "moved", from: deal.stage, to: stage } : { at: "elsewhere", now: stage };
  };

  return {
    state,
    pick: (to) => (to.outcome === "open" ? void move(to) : setState({ at: "asks", to })),
    move: (to) => void move(to),
    leave: () => setState({ at: "still" }),
  };
}
