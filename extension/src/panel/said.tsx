// What has just been done.
import { portalLink } from "../ui/format.ts";
import { Notice } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { FailureNotice } from "./failure-notice.tsx";
import type { Said } from "./model.ts";
import { PortalLink } from "./portal-link.tsx";

export function SaidNotice({ said: { words, url, notices }, origin }: { said: Said; origin: string }) {
  const link = url === undefined ? undefined : portalLink(url, origin);
  return (
    <div role="status" class="said">
      <Notice look="calm" icon="check" title={words}>
        {link !== undefined && <PortalLink link={link}>{text("openInPortal")}</PortalLink>}
      </Notice>
      {notices.map((failure) => (
        <FailureNotice key={failure.reason} failure={failure} />
      ))}
    </div>
  );
}
