// Screens about the host: missing, of another version, broken.
import { useEffect } from "preact/hooks";
import { formatMoment } from "../ui/format.ts";
import { downloadPage, packagesFor } from "../ui/packages.ts";
import { Command, CopyButton, Foreign, Statement } from "../ui/parts.tsx";
import { locale, text } from "../ui/text.ts";
import { commandOf, detailsOf, wordsOf } from "../ui/words.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";

/** Looks again by itself while somebody can see it. */
function useLookingAgain(refresh: () => Promise<unknown>) {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void refresh();
    };
    const timer = setInterval(look, 5000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [refresh]);
}

export function HostMissing({
  actions,
  download = downloadPage,
}: {
  actions: Actions;
  /** Where the host can be downloaded, if anywhere. */
  download?: string | undefined;
}) {
  useLookingAgain(actions.refresh);
  const packages = packagesFor(navigator.userAgent);
  return (
    <Statement icon="terminal" look="warn" title={text("hostMissingTitle")} lines={[text("hostMissingText")]}>
      <ol class="steps-box">
        <li>
          <h2>{text("hostStep1")}</h2>
          <p>{packages ? text("hostStep1Text", packages.files.join(", ")) : text("hostNoPackage")}</p>
          {packages && download !== undefined && (
            <p>
              <a href={download} target="_blank" rel="noreferrer">
                {text("hostDownload")}
              </a>
            </p>
          )}
          {packages?.install !== undefined && <Command line={packages.install} />}
        </li>
        <li>
          <h2>{text("hostStep2")}</h2>
          <Command line="gmail-sync-host register" />
        </li>
        <li>
          <h2>{text("hostStep3")}</h2>
          <Command line="gmail-sync-host --check" />
          <p>{text("hostStep3Text")}</p>
        </li>
      </ol>
      <p class="aside">{text("looksAgain")}</p>
      <button type="button" class="button" onClick={() => void actions.refresh()}>
        {text("lookAgain")}
      </button>
    </Statement>
  );
}

export function Versions({ older, actions }: { older: "host" | "extension"; actions: Actions }) {
  const host = older === "host";
  return (
    <Statement
      icon="terminal"
      look="warn"
      title={text(host ? "hostTooOld" : "hostTooNew")}
      lines={[text(host ? "hostTooOldText" : "hostTooNewText")]}
      actions={
        <button type="button" class="button primary" onClick={() => void actions.refresh()}>
          {text("lookAgain")}
        </button>
      }
    />
  );
}

/** Whatever else is wrong: the sentence, its cure, and details for support. */
export function Broken({ trouble, actions }: { trouble: Trouble; actions: Actions }) {
  const { message, hint } = wordsOf(trouble);
  const command = commandOf(trouble);
  const again = trouble.from === "port";
  const isForbidden = trouble.from === "port" && trouble.cause === "forbidden";
  const keychain = trouble.from === "host" && trouble.failure.reason.startsWith("keychain_");
  return (
    <Statement
      icon={again ? "terminal" : keychain ? "key" : "unlink"}
      look="danger"
      title={message}
      lines={[hint]}
      actions={
        <button type="button" class="button primary" onClick={() => void actions.refresh()}>
          {text("tryAgain")}
        </button>
      }
    >
      {command !== undefined && <Command line={command} />}
      {isForbidden && <p class="aside">{text("extensionId", extensionId())}</p>}
      {again && <LooksAgain refresh={actions.refresh} />}
      <Details lines={[detailsOf(trouble), formatMoment(Date.now(), locale())]} />
    </Statement>
  );
}

/** As the registration must name it. */
function extensionId(): string {
  return location.host;
}

function LooksAgain({ refresh }: { refresh: () => Promise<unknown> }) {
  useLookingAgain(refresh);
  return <p class="aside">{text("looksAgain")}</p>;
}

/** For support: codes and times, nothing about people. */
export function Details({ lines }: { lines: readonly string[] }) {
  return (
    <details class="box details">
      <summary>{text("details")}</summary>
      {lines.map((line) => (
        <p key={line}>
          <Foreign>{line}</Foreign>
        </p>
      ))}
      <CopyButton value={lines.join("\n")} name={text("copyDetails")} label={text("copyDetails")} />
    </details>
  );
}
