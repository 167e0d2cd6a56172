// In place of a preview: the message may not be logged, and why.
import type { LogBlock } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { Foreign, Notice } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";

export function Blocked({ block }: { block: LogBlock }) {
  if (block.why === "recipientsUnknown") {
    return (
      <Notice look="warn" icon="shield" title={text("neverLogUnknown")}>
        {text("neverLogUnknownHelp")}
      </Notice>
    );
  }
  const { email, rule, byPolicy } = block;
  return (
    <>
      <Notice look="warn" icon="shield" title={text("neverLogged")} />
      <div class="box log-rule">
        <div>
          <p>
            <Foreign ltr>{plain(email)}</Foreign>
          </p>
          <p class="note">
            {text(byPolicy ? "neverLogByPolicy" : "neverLogByYou")} <Foreign ltr>{plain(rule)}</Foreign>
          </p>
        </div>
        {byPolicy && <Icon name="lock" />}
      </div>
      <p class="note">{text("neverLogWholeThread")}</p>
    </>
  );
}
