// Adding a participant's address to a contact or company that is there already, found by hand.
import { useState } from "preact/hooks";
import type { FoundRecord, RecordType } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { Notice } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { RecordPicker } from "../find/record-picker.tsx";
import { type Denied, mayChange } from "../rights.ts";
import { addAddress } from "./add-address.ts";
import type { AddToForm } from "./form.ts";
import { Frame } from "./frame.tsx";
import { PortalSays } from "./portal-says.tsx";
import { TroubleNotice } from "./trouble-notice.tsx";
import { useAttempt } from "./use-attempt.ts";

const types: readonly RecordType[] = ["contact", "company"];

interface Props {
  readonly form: AddToForm;
  readonly denied: Denied;
  readonly actions: Actions;
}

export function AddTo({ form: { about }, denied, actions }: Props) {
  const [record, setRecord] = useState<FoundRecord | null>(null);
  const { busy, words, trouble, seconds, attempt } = useAttempt();
  const title = record ? plain(record.title) || text("untitled") : "";
  return (
    <Frame
      title={text("addToExisting")}
      submit={text("addAddress")}
      actions={actions}
      busy={busy}
      seconds={seconds}
      ready={record !== null && mayChange(denied, record)}
      attention={0}
      onSubmit={() => {
        if (record) attempt(() => addAddress(about, { type: record.type, id: record.id }, title, actions));
      }}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
      <PortalSays words={words} />
      <RecordPicker
        label={text("findContactOrCompany")}
        types={types}
        search={actions.search}
        denied={denied}
        picked={record}
        onPick={setRecord}
        disabled={busy}
      />
      {record && mayChange(denied, record) && (
        <div role="status">
          <Notice look="calm" icon="mail">
            {text("becomesOneMore", plain(about.email), title)}
          </Notice>
        </div>
      )}
    </Frame>
  );
}
