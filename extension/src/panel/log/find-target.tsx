// A record beyond those of the thread's people, found by hand.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RecordType } from "../../protocol/types.ts";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { RecordPicker } from "../find/record-picker.tsx";
import type { Denied } from "../rights.ts";
import type { Target } from "./form.ts";

const types: readonly RecordType[] = ["contact", "company", "lead", "deal"];

interface Props {
  readonly search: Actions["search"];
  readonly denied: Denied;
  readonly disabled: boolean;
  readonly onFind: (target: Target) => void;
}

/** A button that becomes a search field; found records go to the list above it. */
export function FindTarget({ search, denied, disabled, onFind }: Props) {
  const [looking, setLooking] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef(false);
  // The focus goes along with what takes the place of what had it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when one takes the other's place
  useLayoutEffect(() => {
    if (drawn.current) box.current?.querySelector<HTMLElement>("input, button")?.focus();
    drawn.current = true;
  }, [looking]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears only what the field inside leaves over
    <div
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || !looking) return;
        // Closes the search, not the form.
        event.preventDefault();
        setLooking(false);
      }}
    >
      {looking ? (
        <RecordPicker
          label={text("logFindRecord")}
          types={types}
          search={search}
          denied={denied}
          disabled={disabled}
          onPick={({ type, id, title }) => {
            onFind({ record: { type, id }, title: title || text("untitled"), email: "" });
            setLooking(false);
          }}
        />
      ) : (
        <button type="button" class="button small" disabled={disabled} onClick={() => setLooking(true)}>
          {text("logFindRecord")}
        </button>
      )}
    </div>
  );
}
