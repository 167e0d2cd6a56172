// The page: the form, then the way there, then where one is.

import { useRef, useState } from "preact/hooks";
import type { ConnectProgress, Status } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Statement } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { useDeed } from "../ui/use.ts";
import type { WorkerState } from "../worker/contract.ts";
import { allowsMailbox } from "../worker/managed.ts";
import { troubleOf } from "../worker/trouble.ts";
import { givenValues, type Values, type Way, waysUnder } from "./fields.ts";
import { ConnectForm } from "./form.tsx";
import { Progress, type Stage } from "./progress.tsx";

/** What the form can have done. */
export interface ConnectActions {
  readonly connect: (
    way: Way,
    values: Values,
    mailbox: string | null,
    onProgress: (progress: ConnectProgress) => void,
    signal: AbortSignal,
    /** The address of the portal that the person agreed to, if they were asked. */
    confirmed: string | undefined,
  ) => Promise<Status>;
  readonly pasteCallback: (address: string) => Promise<unknown>;
}

export function ConnectPage({ state, actions }: { state: WorkerState | undefined; actions: ConnectActions }) {
  const [chosen, setWay] = useState<Way>("app");
  const [typed, setTyped] = useState<Partial<Values>>({});
  const [stage, setStage] = useState<Stage | undefined>();
  const [connected, setConnected] = useState<Status | undefined>();
  const attempt = useRef<AbortController | undefined>(undefined);
  const { trouble, run } = useDeed();

  const managed = state?.managed ?? {};
  const ways = waysUnder(managed);
  const way = ways.includes(chosen) ? chosen : (ways[0] ?? chosen);
  const values: Values = { ...givenValues(managed, state?.portal), ...typed };
  const inView = state?.tab.at === "speaks" ? state.tab.mailbox : null;
  const mailbox = inView !== null && allowsMailbox(managed, inView) ? inView : null;

  const connect = (confirmed?: string) =>
    run(async () => {
      const control = new AbortController();
      attempt.current = control;
      setStage("asked");
      try {
        const onProgress = (progress: ConnectProgress) => setStage(progress.stage);
        const status = await actions.connect(way, values, mailbox, onProgress, control.signal, confirmed);
        // What was typed has done its work.
        setTyped({});
        setConnected(status);
      } catch (error) {
        // Another profile is connected: what helps now is its code.
        if (reasonOf(error) === "already_connected") setWay("code");
        throw error;
      } finally {
        setStage(undefined);
      }
    });

  if (connected) return <Done status={connected} mailbox={mailbox} />;
  return (
    <div class="connect">
      <h1>{text("notConnectedTitle")}</h1>
      <p class="lead">{text("notConnectedText")}</p>
      {stage ? (
        <Progress stage={stage} pasteCallback={actions.pasteCallback} onCancel={() => attempt.current?.abort()} />
      ) : (
        <ConnectForm
          ways={ways}
          way={way}
          setWay={setWay}
          values={values}
          type={(field, value) => setTyped({ ...typed, [field]: value })}
          trouble={trouble}
          standing={state?.standing}
          mailbox={mailbox}
          onSubmit={() => connect()}
          onConfirm={connect}
        />
      )}
    </div>
  );
}

function reasonOf(error: unknown): string | undefined {
  const trouble = troubleOf(error);
  return trouble.from === "host" ? trouble.failure.reason : undefined;
}

function Done({ status, mailbox }: { status: Status; mailbox: string | null }) {
  return (
    <Statement
      icon="check"
      title={text("connectedTitle", status.portal)}
      lines={[
        text("connectedAs", plain(status.user.name) || status.user.id),
        mailbox === null ? "" : text("lookupsAreOn", mailbox),
        text("closeTab"),
      ]}
    />
  );
}
