// "Check": what the host finds between this browser and the portal, what is wrong first, each with its cure.
import { Fragment } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CheckReport, Finding } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Command, CopyButton, Foreign, Notice } from "../ui/parts.tsx";
import { count, type TextKey, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { commandOf, wordsOf, wordsOfFailure } from "../ui/words.ts";
import { Subpage } from "./subpage.tsx";

/** Has the host look; `onPart` is told what is known before the portal is asked. */
export type RunCheck = (onPart: (report: CheckReport) => void, signal: AbortSignal) => Promise<CheckReport>;

/** What it means that a probe finds nothing wrong. One that is missing here, from a newer host, speaks for itself. */
const wellOf: Readonly<Record<string, TextKey>> = {
  state: "wellState",
  policy: "wellPolicy",
  extension: "wellExtension",
  registration: "wellRegistration",
  host: "wellHost",
  keychain: "wellKeychain",
  port: "wellPort",
  ledger: "wellLedger",
  network: "wellNetwork",
  portal: "wellPortal",
  headroom: "wellHeadroom",
};

/** `connected`: without a connection this computer alone is looked at, which has to be said. */
export function CheckPage({ check, connected, back }: { check: RunCheck; connected: boolean; back: () => void }) {
  const [report, setReport] = useState<CheckReport | undefined>();
  const { busy, trouble, run } = useDeed();
  const leaving = useRef(new AbortController());
  const look = useCallback(
    () => run(async () => setReport(await check(setReport, leaving.current.signal))),
    [check, run],
  );
  // Before the browser paints: there is no moment at which nothing is looked at.
  useLayoutEffect(() => {
    look();
    return () => leaving.current.abort();
  }, [look]);
  return (
    <Subpage title={text("checkTitle")} busy={busy} back={back}>
      <p role="status" class="host">
        {busy ? text(report ? "checkAsksPortal" : "checkLooks") : report && <Verdict report={report} />}
      </p>
      {report && <Findings findings={report.findings} />}
      {!connected && !busy && <p class="host">{text("checkThisComputer")}</p>}
      {trouble && (
        <>
          <Notice look="danger" icon="alert" title={wordsOf(trouble).message}>
            {wordsOf(trouble).hint}
          </Notice>
          <Command line={commandOf(trouble) ?? "gmail-sync-host --check"} />
        </>
      )}
      <div class="actions">
        <button type="button" class="button small" disabled={busy} onClick={look}>
          <Icon name="refresh" />
          {text("checkAgain")}
        </button>
        {report && (
          <CopyButton value={JSON.stringify(report, null, 2)} name={text("copyDetails")} label={text("copyDetails")} />
        )}
      </div>
    </Subpage>
  );
}

function Verdict({ report: { findings } }: { report: CheckReport }) {
  const wrong = findings.filter(isWrong).length;
  return (
    <>
      <Icon name={wrong === 0 ? "check" : "alert"} />
      {wrong === 0 ? text("checkWell") : count("checkFound", wrong)}
    </>
  );
}

function isWrong({ severity }: Finding): boolean {
  return severity !== "ok";
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  // Errors before warnings; among equals the host's order, which is that of the way from browser to portal.
  const wrong = ["error", "warning"].flatMap((one) => findings.filter(({ severity }) => severity === one));
  const fine = findings.filter((finding) => !isWrong(finding));
  return (
    <>
      {wrong.length > 0 && (
        <ol class="faults">
          {wrong.map((finding, index) => (
            <Fault key={`${finding.code} ${index}`} finding={finding} />
          ))}
        </ol>
      )}
      {fine.length > 0 && (
        <details class="box" open={wrong.length === 0}>
          <summary>{count("checkFine", fine.length)}</summary>
          <ul class="well">
            {fine.map((finding, index) => (
              <Fine key={`${finding.probe} ${index}`} finding={finding} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** The sentence, its cure, the command for it, and, folded, what shows it. */
function Fault({ finding }: { finding: Finding }) {
  const { severity, sentence, code = "", reason = "", cure = "", command, evidence } = finding;
  const { message, hint } = wordsOfFailure({ reason, args: evidence, message: sentence, hint: cure });
  return (
    <li class={`notice ${severity === "error" ? "danger" : "warn"}`}>
      <Icon name="alert" />
      <div class="found">
        <p>
          <span class="for-readers">{text(severity === "error" ? "checkError" : "checkWarning")}</span>{" "}
          <strong>{message}</strong> {hint}
        </p>
        {command !== undefined && <Command line={plain(command)} />}
        <details>
          <summary>
            {text("details")} · <Foreign ltr>{plain(code)}</Foreign>
          </summary>
          <ShownBy values={{ probe: finding.probe, reason, ...evidence }} />
        </details>
      </div>
    </li>
  );
}

function ShownBy({ values }: { values: Finding["evidence"] }) {
  return (
    <dl class="shown-by">
      {Object.entries(values).map(([name, value]) => (
        <Fragment key={name}>
          <dt>
            <Foreign ltr>{plain(name.replaceAll("_", " "))}</Foreign>
          </dt>
          <dd>
            <Foreign ltr>{plain(value)}</Foreign>
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Fine({ finding: { probe, sentence, evidence } }: { finding: Finding }) {
  const key = Object.hasOwn(wellOf, probe) ? wellOf[probe] : undefined;
  return (
    <li>
      <Icon name="check" />
      <div>
        {key !== undefined && <p>{text(key)}</p>}
        <p class="goes-to" lang="en">
          <Foreign ltr>{plain(sentence)}</Foreign>
        </p>
        {Object.keys(evidence).length > 0 && <ShownBy values={evidence} />}
      </div>
    </li>
  );
}
