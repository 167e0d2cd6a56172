// The portal's own words about what was typed, in its own language: as text, and an alert.
import { plain } from "../../ui/format.ts";
import { Notice } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";

export function PortalSays({ words }: { words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <div role="alert">
      <Notice look="danger" icon="alert" title={text("portalSays")}>
        <bdi>{plain(words)}</bdi>
      </Notice>
    </div>
  );
}
