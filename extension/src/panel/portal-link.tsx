// Links into the portal, and the titles that carry them.
import type { ComponentChildren } from "preact";
import { plain, portalLink } from "../ui/format.ts";
import { Foreign } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";

/** A link checked by `portalLink`; it opens beside Gmail, and the page there learns nothing of this one. */
export function PortalLink({
  link,
  name,
  className,
  children,
}: {
  link: string;
  name?: string;
  className?: string;
  children: ComponentChildren;
}) {
  return (
    <a class={className} href={link} target="_blank" rel="noopener noreferrer" title={name} aria-label={name}>
      {children}
    </a>
  );
}

/** A record's title, as a link where the portal gave one that is its own. */
export function Title({ title, url, origin }: { title: string; url: string; origin: string }) {
  const link = portalLink(url, origin);
  const words = plain(title) || text("untitled");
  return link === undefined ? (
    <Foreign>{words}</Foreign>
  ) : (
    <PortalLink link={link}>
      <Foreign>{words}</Foreign>
    </PortalLink>
  );
}
