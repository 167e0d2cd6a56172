// What is missing of a person.
import type { Person } from "../protocol/types.ts";
import { Notice } from "../ui/parts.tsx";
import { count } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { TryAgain } from "./try-again.tsx";

/** What is missing of this person, each piece with its own sentence. */
export function Problems({ person, missing, actions }: { person: Person; missing: boolean; actions: Actions }) {
  return (
    <>
      {person.problems.map((failure) => (
        <FailureNotice
          key={failure.reason}
          failure={failure}
          actions={missing && failure.code !== "refused" ? <TryAgain actions={actions} /> : undefined}
        />
      ))}
      {person.hidden > 0 && (
        <Notice look="rights" icon="lock">
          {count("hiddenRecords", person.hidden)}
        </Notice>
      )}
    </>
  );
}
