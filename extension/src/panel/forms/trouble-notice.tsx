// What went wrong with a form, above its fields.
import type { ComponentChildren } from "preact";
import { Notice } from "../../ui/parts.tsx";
import { codeOf, wordsOf } from "../../ui/words.ts";
import type { Trouble } from "../../worker/trouble.ts";

export function TroubleNotice({ trouble, actions }: { trouble: Trouble; actions?: ComponentChildren }) {
  const { message, hint } = wordsOf(trouble);
  const code = codeOf(trouble);
  const look = code === "refused" ? "rights" : code === "try_later" || code === "unreachable" ? "warn" : "danger";
  return (
    <div role="alert">
      <Notice look={look} icon={look === "rights" ? "lock" : "alert"} title={message} actions={actions}>
        {hint}
      </Notice>
    </div>
  );
}
