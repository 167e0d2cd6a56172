// What will be sent, all of it.
import type { LogPreview } from "../../protocol/types.ts";
import { formatBytes, formatMinute, plain } from "../../ui/format.ts";
import { Foreign } from "../../ui/parts.tsx";
import { locale, text } from "../../ui/text.ts";
import { FailureNotice } from "../failure-notice.tsx";

export function Preview({ preview, portal }: { preview: LogPreview; portal: string }) {
  const { direction, from, to, sentAt, subject, records, responsible, request, notices, warnings = [] } = preview;
  const rows = [
    ["logType", text(direction === "incoming" ? "logIncoming" : "logOutgoing")],
    ["logFrom", from],
    ["logTo", to],
    ["logDate", formatMinute(sentAt, locale())],
    ["logSubject", subject],
    ["logRecords", records.map(({ title }) => plain(title)).join(", ")],
    ["logResponsible", plain(responsible.name)],
  ] as const;
  return (
    <>
      {warnings.map((warning) => (
        <FailureNotice key={warning.reason} failure={warning} />
      ))}
      <div class="box log-preview">
        <p class="log-whereto">
          <span>
            {text("logWhereTo")} <Foreign ltr>{portal}</Foreign>
          </span>
          <span>{formatBytes(new TextEncoder().encode(request).length, locale())}</span>
        </p>
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{text(name)}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
        {preview.text !== "" && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by the keyboard, too
          <section class="log-text" tabIndex={0} aria-label={text("logText")} dir="auto">
            {preview.text}
          </section>
        )}
        <p class="note">{text("logStays")}</p>
        <details>
          <summary>{text("logRequest")}</summary>
          <code class="log-request" dir="ltr">
            {request}
          </code>
        </details>
      </div>
      {notices.map((failure) => (
        <FailureNotice key={failure.reason} failure={failure} />
      ))}
      <p class="note">{text("logSeenBy")}</p>
      <p class="note">{text("logUnseen")}</p>
    </>
  );
}
