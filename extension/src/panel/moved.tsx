// A portal that says it is elsewhere now: whether to go there is the person's to say.
import type { Failure } from "../protocol/types.ts";
import { addressToConfirm, ConfirmAddress } from "../ui/confirm-address.tsx";
import { isMeant } from "../ui/meant.ts";
import { Notice } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { wordsOfFailure } from "../ui/words.ts";
import type { Actions } from "./actions.ts";
import { TroubleNotice } from "./forms/trouble-notice.tsx";
import { TryAgain } from "./try-again.tsx";

/** Asks, and connects there: by signing in once more, since only that shows whether it is the same portal. */
export function Moved({ to, failure, actions }: { to: string; failure: Failure; actions: Actions }) {
  const { busy, trouble, run } = useDeed();
  const follow = (confirmed?: string) => run(() => actions.follow(to, confirmed));
  if (busy) {
    return (
      <p class="starting" role="status">
        {text("stageBrowserOpened")}
      </p>
    );
  }
  if (trouble && addressToConfirm(trouble) !== undefined) return <ConfirmAddress trouble={trouble} onYes={follow} />;
  return (
    <>
      {trouble && <TroubleNotice trouble={trouble} />}
      <Notice
        look="warn"
        icon="alert"
        title={wordsOfFailure(failure).message}
        actions={
          <>
            <button type="button" class="button small" onClick={(event) => isMeant(event) && follow()}>
              {text("movedFollow", to)}
            </button>
            <TryAgain actions={actions} />
          </>
        }
      >
        {text("movedQuestion", to)}
      </Notice>
    </>
  );
}
