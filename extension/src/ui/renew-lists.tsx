// Copies of the portal's pipelines, stages and fields are half a day old at most; a person who has just changed one needn't wait.
import { useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { text } from "./text.ts";
import { useDeed } from "./use.ts";
import { sentenceOf } from "./words.ts";

/** A button that has them read anew, and says when that is done. */
export function RenewLists({ look, renew }: { look: string; renew: () => Promise<unknown> }) {
  const [done, setDone] = useState(false);
  const { busy, trouble, run } = useDeed();
  const start = () => {
    setDone(false);
    run(async () => {
      await renew();
      setDone(true);
    });
  };
  return (
    <div class="renew-lists">
      <button type="button" class={look} aria-disabled={busy} title={text("renewListsHelp")} onClick={start}>
        <Icon name="refresh" />
        {text("renewLists")}
      </button>
      <span class="note" role="status">
        {busy ? text("renewingLists") : done && text("renewedLists")}
      </span>
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
    </div>
  );
}
