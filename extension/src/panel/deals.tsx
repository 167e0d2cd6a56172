// The open deals of a person.
import { useState } from "preact/hooks";
import type { Deal } from "../protocol/types.ts";
import { Icon } from "../ui/icons.tsx";
import { count, text } from "../ui/text.ts";
import { type DealProps, DealRow } from "./deal.tsx";

const shownFirst = 3;
const shownMore = 20;

export function Deals({
  deals,
  total,
  ...common
}: Omit<DealProps, "deal"> & { readonly deals: readonly Deal[]; readonly total: number }) {
  const [shown, setShown] = useState(shownFirst);
  const visible = deals.slice(0, shown);
  const all = Math.max(total, deals.length);
  return (
    <section class="part">
      <h3>{count("openDeals", all)}</h3>
      {visible.map((deal) => (
        <DealRow key={deal.id} {...common} deal={deal} />
      ))}
      {visible.length < deals.length ? (
        <button type="button" class="button quiet small" onClick={() => setShown(shown + shownMore)}>
          <Icon name="chevronDown" />
          {text("moreDeals", visible.length, all)}
        </button>
      ) : (
        visible.length < all && <p class="remark">{text("moreInPortal", visible.length, all)}</p>
      )}
    </section>
  );
}
