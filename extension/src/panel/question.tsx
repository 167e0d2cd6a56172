// A question before something that isn't done by one click: the first answer has the focus, Escape leaves.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isMeant } from "../ui/meant.ts";
import { Notice } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";

interface Props {
  readonly question: string;
  /** What the button says that does it. */
  readonly answer: string;
  readonly onAnswer: () => void;
  readonly onLeave: () => void;
  readonly busy?: boolean;
  /** What went wrong with the last try. */
  readonly children?: ComponentChildren;
}

export function Question({ question, answer, onAnswer, onLeave, busy = false, children }: Props) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and these are answers
    <div
      role="group"
      aria-label={question}
      aria-busy={busy}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || busy) return;
        event.preventDefault();
        onLeave();
      }}
    >
      {children}
      <Notice
        look="calm"
        icon="alert"
        actions={
          <>
            <button
              ref={first}
              type="button"
              class="button small"
              disabled={busy}
              onClick={(event) => isMeant(event) && onAnswer()}
            >
              {answer}
            </button>
            <button type="button" class="button quiet small" disabled={busy} onClick={onLeave}>
              {text("cancel")}
            </button>
          </>
        }
      >
        {question}
      </Notice>
    </div>
  );
}
