// A failure of the host's beside what it concerns.
import type { ComponentChildren } from "preact";
import type { Failure } from "../protocol/types.ts";
import { Notice } from "../ui/parts.tsx";
import { wordsOfFailure } from "../ui/words.ts";

/** Grey with a lock where rights are missing, yellow for what may come yet. */
export function FailureNotice({ failure, actions }: { failure: Failure; actions?: ComponentChildren }) {
  const { message, hint } = wordsOfFailure(failure);
  const refused = failure.code === "refused";
  return (
    <Notice look={refused ? "rights" : "warn"} icon={refused ? "lock" : "alert"} title={message} actions={actions}>
      {hint}
    </Notice>
  );
}
