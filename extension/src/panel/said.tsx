// What has just been done.
import { portalLink } from "../ui/format.ts";
import { Notice } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { MadeEntry } from "./log/made.tsx";
import type { Said } from "./model.ts";
import { PortalLink } from "./portal-link.tsx";
import type { Denied } from "./rights.ts";

interface Props {
  readonly said: Said;
  readonly origin: string;
  readonly denied: Denied;
  readonly actions: Actions;
}

export function SaidNotice({ said, origin, denied, actions }: Props) {
  const { words, url, notices, made } = said;
  const link = url === undefined ? undefined : portalLink(url, origin);
  return (
    <div role="status" class="said">
      <Notice look="calm" icon="check" title={words}>
        {link !== undefined && <PortalLink link={link}>{text("openInPortal")}</PortalLink>}
      </Notice>
      {made && <MadeEntry key={made.id} made={made} denied={denied} actions={actions} />}
      {notices.map((failure) => (
        <FailureNotice key={failure.reason} failure={failure} />
      ))}
    </div>
  );
}
