import { Icon } from "../ui/icons.tsx";
import { text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";

/** Asks for the thread's people again; what was answered a moment ago isn't asked of the portal twice. */
export function TryAgain({ actions }: { actions: Actions }) {
  return (
    <button type="button" class="button small" onClick={() => actions.dispatch({ at: "again", fresh: false })}>
      <Icon name="refresh" />
      {text("tryAgain")}
    </button>
  );
}
