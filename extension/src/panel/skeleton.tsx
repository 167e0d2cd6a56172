import { text } from "../ui/text.ts";

/** A card whose answer is on its way, in the size of what comes. */
export function Skeleton({ large }: { large: boolean }) {
  return (
    <li class={large ? "card skeleton large" : "card skeleton"} aria-label={text("pending")}>
      <span class="blank avatar" />
      <span class="blank line" />
      <span class="blank line short" />
      {large && (
        <>
          <span class="blank line long" />
          <span class="blank line" />
          <span class="blank block" />
          <span class="blank block" />
        </>
      )}
    </li>
  );
}
