// The popup: mailboxes and portal side by side, the way into the sidebar, and the way out.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Disconnected, OneTimeCode, Status } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { isMeant } from "../ui/meant.ts";
import { Avatar, Command, Foreign, Notice } from "../ui/parts.tsx";
import { RenewLists } from "../ui/renew-lists.tsx";
import { count, text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import { codeOf, commandOf, sentenceOf, wordsOf } from "../ui/words.ts";
import type { WorkerState } from "../worker/contract.ts";
import { allowsWay } from "../worker/managed.ts";
import type { Trouble } from "../worker/trouble.ts";
import { AnotherProfile } from "./another-profile.tsx";
import { CheckPage, type RunCheck } from "./check.tsx";
import { LedgerPage, type ReadLedger } from "./ledger.tsx";

/** What the popup can have done. */
export interface PopupActions {
  /** Must reach the browser within the click: no await before it. */
  readonly openSidebar: () => void;
  readonly openConnect: () => void;
  readonly openOptions: () => void;
  readonly setMailbox: (address: string, on: boolean) => Promise<unknown>;
  readonly readLedger: ReadLedger;
  readonly check: RunCheck;
  readonly renewReference: () => Promise<unknown>;
  readonly newCode: () => Promise<OneTimeCode>;
  readonly disconnect: (everywhere: boolean) => Promise<Disconnected>;
}

export function Popup({ state, actions }: { state: WorkerState | undefined; actions: PopupActions }) {
  const [disconnected, setDisconnected] = useState<Disconnected | undefined>();
  const { subpage, open, back } = useSubpage();
  const standing = state?.standing ?? { at: "asking" };
  const status = standing.at === "connected" ? standing.status : undefined;
  const inView = state?.tab.at === "speaks" ? state.tab.mailbox : null;
  if (subpage === "check") return <CheckPage check={actions.check} connected={status !== undefined} back={back} />;
  if (subpage === "ledger" && status) return <LedgerPage read={actions.readLedger} back={back} />;
  return (
    <div class="popup">
      <header class="title">
        <img src="icons/32.png" alt="" width="20" height="20" />
        <h1>{text("productName")}</h1>
      </header>
      <main>
        {status && <Mailboxes status={status} inView={inView} actions={actions} />}
        {disconnected && !status && <Gone disconnected={disconnected} />}
        {standing.at === "trouble" && <Failed trouble={standing.trouble} actions={actions} />}
        <button
          type="button"
          class={status ? "button primary wide" : "button wide"}
          onClick={() => actions.openSidebar()}
        >
          <Icon name="panel" />
          {text("openSidebar")}
        </button>
        {status && (
          <button type="button" id={openerId.ledger} class="button wide" onClick={() => open("ledger")}>
            <Icon name="list" />
            {text("leftTitle")}
          </button>
        )}
        {status && allowsWay(state?.managed ?? {}, "code") && <AnotherProfile newCode={actions.newCode} />}
        {status && <RenewLists look="button wide" renew={actions.renewReference} />}
        <div class="host-row">
          <p class="host">
            <Icon name="shield" />
            {state?.host === undefined
              ? text(standing.at === "asking" ? "linkStarting" : "linkHostMissing")
              : text("hostVersion", state.host)}
          </p>
          {state?.host !== undefined && (
            <button
              type="button"
              id={openerId.check}
              class="button quiet small"
              title={text("checkTitle")}
              onClick={() => open("check")}
            >
              {text("check")}
            </button>
          )}
          {status && (
            <button type="button" class="button quiet small" onClick={() => actions.openOptions()}>
              {text("settingsItem")}
            </button>
          )}
        </div>
      </main>
      {status && <Leaving status={status} disconnect={actions.disconnect} onGone={setDisconnected} />}
    </div>
  );
}

/** The pages behind the first one, and the ids of the buttons that open them. */
const openerId = { check: "open-check", ledger: "open-ledger" } as const;

/** Which page is shown; after the way back, the focus is where it was. */
function useSubpage() {
  const [subpage, open] = useState<keyof typeof openerId | undefined>();
  const before = useRef(subpage);
  useLayoutEffect(() => {
    if (subpage === undefined && before.current) document.getElementById(openerId[before.current])?.focus();
    before.current = subpage;
  }, [subpage]);
  return { subpage, open, back: () => open(undefined) };
}

/** The mailbox in view first, then those the person decided about. */
function Mailboxes({ status, inView, actions }: { status: Status; inView: string | null; actions: PopupActions }) {
  const { busy, trouble, run } = useDeed();
  const decided = status.mailboxes.filter(({ address }) => address !== inView);
  const here = status.mailboxes.find(({ address }) => address === inView);
  const rows = [...(inView === null ? [] : [{ address: inView, on: here?.on }]), ...decided];
  return (
    <>
      {rows.length > 0 && (
        <ul class="mailboxes" aria-label={text("mailboxes")}>
          {rows.map(({ address, on }) => (
            <li key={address}>
              <Avatar address={address} name={address} />
              <div>
                <p class="address" title={address}>
                  <Foreign ltr>{address}</Foreign>
                </p>
                <p class={on ? "goes-to on" : "goes-to"}>
                  <Icon name={on ? "link" : "unlink"} />
                  {on ? <Foreign ltr>{status.portal}</Foreign> : text(on === undefined ? "undecided" : "noLookups")}
                </p>
              </div>
              <button
                type="button"
                class="button quiet small"
                disabled={busy}
                aria-label={text(on ? "stopLookupsFor" : "startLookupsFor", address)}
                onClick={(event) => isMeant(event) && run(() => actions.setMailbox(address, !on))}
              >
                {text(on ? "stop" : "start")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {rows.length === 0 && <p class="host">{text("connectedTo", status.portal)}</p>}
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
    </>
  );
}

function Failed({ trouble, actions }: { trouble: Trouble; actions: PopupActions }) {
  const code = codeOf(trouble);
  const connects = code === "not_connected" || code === "session_needed";
  const { message, hint } = connects ? { message: text("linkNone"), hint: text("notConnectedText") } : wordsOf(trouble);
  const command = commandOf(trouble);
  return (
    <>
      <Notice look={connects ? "calm" : "warn"} icon={connects ? "plug" : "alert"} title={message}>
        {hint}
      </Notice>
      {command !== undefined && <Command line={command} />}
      {connects && (
        <button type="button" class="button primary wide" onClick={() => actions.openConnect()}>
          {text("connect")}
        </button>
      )}
    </>
  );
}

function Gone({ disconnected: { connectionEnded, sessionsLeft } }: { disconnected: Disconnected }) {
  return (
    <div role="status">
      <Notice look="calm" icon="check" title={text("disconnected")}>
        {connectionEnded ? text("keysDeleted") : count("profilesLeft", sessionsLeft)} {text("purgeHint")}
      </Notice>
    </div>
  );
}

/** Who is signed in, and Disconnect with its question in place. */
function Leaving({
  status,
  disconnect,
  onGone,
}: {
  status: Status;
  disconnect: PopupActions["disconnect"];
  onGone: (disconnected: Disconnected) => void;
}) {
  const [asking, setAsking] = useState(false);
  const [everywhere, setEverywhere] = useState(false);
  const { busy, trouble, run } = useDeed();
  if (!asking)
    return (
      <footer class="leave">
        <p>{text("signedInAs", plain(status.user.name) || status.user.id)}</p>
        <button type="button" class="button quiet danger" onClick={() => setAsking(true)}>
          <Icon name="power" />
          {text("disconnect")}
        </button>
      </footer>
    );
  return (
    <footer class="leave question">
      <h2>{text("disconnectQuestion", status.portal)}</h2>
      <p>{text("disconnectText")}</p>
      <label>
        <input type="checkbox" checked={everywhere} onChange={(event) => setEverywhere(event.currentTarget.checked)} />
        {text("alsoOtherProfiles")}
      </label>
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
      <div class="actions">
        <button
          type="button"
          class="button danger"
          disabled={busy}
          onClick={(event) => isMeant(event) && run(async () => onGone(await disconnect(everywhere)))}
        >
          {text("disconnect")}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => setAsking(false)}>
          {text("stayConnected")}
        </button>
      </div>
    </footer>
  );
}
