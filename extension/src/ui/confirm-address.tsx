// The question about a portal that isn't one of Bitrix24's own: where it is, before anything is sent there.
import type { Trouble } from "../worker/trouble.ts";
import { isMeant } from "./meant.ts";
import { Notice } from "./parts.tsx";
import { text } from "./text.ts";
import { wordsOf } from "./words.ts";

/** Where the host says that the portal is; undefined for any other trouble. */
export function addressToConfirm(trouble: Trouble | undefined): string | undefined {
  if (trouble?.from !== "host" || trouble.failure.reason !== "portal_unconfirmed") return undefined;
  return trouble.failure.args["address"];
}

export function ConfirmAddress({ trouble, onYes }: { trouble: Trouble; onYes: (address: string) => void }) {
  const address = addressToConfirm(trouble);
  if (address === undefined) return null;
  return (
    <div role="alert">
      <Notice
        look="warn"
        icon="alert"
        title={wordsOf(trouble).message}
        actions={
          <button type="button" class="button small" onClick={(event) => isMeant(event) && onYes(address)}>
            {text("confirmAddressYes")}
          </button>
        }
      >
        {text("confirmAddressText")}
      </Notice>
    </div>
  );
}
