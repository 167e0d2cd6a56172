// Several people in one row, and colleagues in theirs.
import type { ComponentChildren } from "preact";
import { plain, portalLink } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Avatar, CopyButton, Foreign } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { type Entry, nameOf } from "./people.ts";
import { PortalLink } from "./portal-link.tsx";

/** A row that opens: into the rows given, or by whoever lists the people themselves. */
export function FoldRow({
  people,
  title,
  line,
  open,
  onToggle,
  children,
}: {
  people: readonly Entry[];
  title: string;
  line: string;
  open: boolean;
  onToggle: () => void;
  children?: ComponentChildren;
}) {
  return (
    <li class="card fold-row">
      <button type="button" aria-expanded={open} onClick={onToggle}>
        <span class="pile">
          {people.slice(0, 3).map((entry) => (
            <Avatar key={entry.email} address={entry.email} name={plain(nameOf(entry))} />
          ))}
        </span>
        <span class="label">
          <strong>{title}</strong>
          <span>{line}</span>
        </span>
        <Icon name={open ? "chevronUp" : "chevronDown"} />
      </button>
      {open && children && <ul class="rows">{children}</ul>}
    </li>
  );
}

/** A colleague: name, position, and their page in the portal. */
export function ColleagueRow({ entry, origin }: { entry: Entry; origin: string }) {
  const role = entry.person?.role;
  const user = role?.is === "colleague" ? role.user : undefined;
  const position = role?.is === "colleague" ? plain(role.position) : "";
  const link = user && portalLink(user.url, origin);
  const name = plain(nameOf(entry));
  return (
    <li class="row">
      <Avatar address={entry.email} name={name} />
      <span class="label">
        <Foreign>{name}</Foreign>
        <span title={entry.email}>{position || <Foreign ltr>{plain(entry.email)}</Foreign>}</span>
      </span>
      <CopyButton value={entry.email} name={text("copyEmailOf", name)} />
      {link !== undefined && (
        <PortalLink link={link} name={text("openOf", name)} className="icon-button">
          <Icon name="open" />
        </PortalLink>
      )}
    </li>
  );
}
