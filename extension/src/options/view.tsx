// The page: whom the sidebar takes for colleagues, whose e-mail is never logged, and what the administrator says to both.
import type { ChangeNeverLogParams, ChangeTeamParams, NeverLogList, Status, Team } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Foreign, Statement } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { codeOf, wordsOf } from "../ui/words.ts";
import type { WorkerState } from "../worker/contract.ts";
import type { Trouble } from "../worker/trouble.ts";
import { ListEditor } from "./list-editor.tsx";

/** What the page can have done. */
export interface OptionsActions {
  readonly openConnect: () => void;
  readonly changeTeam: (change: ChangeTeamParams) => Promise<unknown>;
  readonly changeNeverLog: (change: ChangeNeverLogParams) => Promise<unknown>;
}

export function OptionsPage({ state, actions }: { state: WorkerState | undefined; actions: OptionsActions }) {
  const standing = state?.standing ?? { at: "asking" };
  switch (standing.at) {
    case "asking":
      return <p class="starting">{text("starting")}</p>;
    case "trouble":
      return <Unavailable trouble={standing.trouble} openConnect={actions.openConnect} />;
    case "connected":
      return <Settings status={standing.status} actions={actions} />;
  }
}

/** Settings live in the host: without it, or without a connection, there is nothing to show. */
function Unavailable({ trouble, openConnect }: { trouble: Trouble; openConnect: () => void }) {
  const { message, hint } = wordsOf(trouble);
  const connects = ["not_connected", "session_needed"].includes(codeOf(trouble) ?? "");
  const connect = (
    <button type="button" class="button primary" onClick={openConnect}>
      {text("connect")}
    </button>
  );
  return (
    <Statement
      icon={connects ? "plug" : "alert"}
      look={connects ? "plain" : "warn"}
      title={message}
      lines={[hint]}
      actions={connects && connect}
    />
  );
}

/** What a host's status says where it is older than the list. */
const noTeam: Team = { ownAddresses: [], domains: [], policyDomains: [] };
const noNeverLog: NeverLogList = { entries: [], policyEntries: [] };

function Settings({
  status: { portal, user, team = noTeam, neverLog = noNeverLog },
  actions: { changeTeam, changeNeverLog },
}: {
  status: Status;
  actions: Pick<OptionsActions, "changeTeam" | "changeNeverLog">;
}) {
  return (
    <div class="settings">
      <h1>{text("settings")}</h1>
      <p class="lead">
        {text("signedInAs", plain(user.name) || user.id)} · <Foreign ltr>{portal}</Foreign>
      </p>
      <ListEditor
        title={text("ownAddresses")}
        help={text("ownAddressesHelp")}
        label={text("addOwnAddress")}
        values={team.ownAddresses}
        add={(address) => changeTeam({ addAddresses: [address] })}
        remove={(address) => changeTeam({ removeAddresses: [address] })}
      />
      <ListEditor
        title={text("teamDomains")}
        help={text("teamDomainsHelp")}
        label={text("addTeamDomain")}
        values={team.domains}
        fixed={team.policyDomains}
        add={(domain) => changeTeam({ addDomains: [domain] })}
        remove={(domain) => changeTeam({ removeDomains: [domain] })}
      />
      <ListEditor
        title={text("neverLog")}
        help={text("neverLogHelp")}
        label={text("addNeverLog")}
        values={neverLog.entries}
        fixed={neverLog.policyEntries}
        add={(entry) => changeNeverLog({ add: [entry] })}
        remove={(entry) => changeNeverLog({ remove: [entry] })}
      />
    </div>
  );
}
