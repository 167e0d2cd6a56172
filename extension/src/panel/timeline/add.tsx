// Adding a comment or a to-do to a record.
import { useState } from "preact/hooks";
import type { Status } from "../../protocol/types.ts";
import { Field, TextArea } from "../../ui/form.tsx";
import { plain } from "../../ui/format.ts";
import { locale, type TextKey, text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { Frame } from "../forms/frame.tsx";
import { PortalSays } from "../forms/portal-says.tsx";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { keyOf } from "../log/form.ts";
import {
  type EntryForm,
  type EntryType,
  entryOf,
  type Typed,
  tomorrowMorning,
  type WrongEntry,
  wrongIn,
} from "./form.ts";
import { RecordSelect } from "./record-select.tsx";
import { useAdding } from "./use-adding.ts";

const titles: Readonly<Record<EntryType, TextKey>> = { comment: "addComment", todo: "addTodo" };
const wrongs: Readonly<Record<WrongEntry, TextKey>> = { missing: "fieldMissing", past: "dueInPast" };

export function AddEntry({ form, status, actions }: { form: EntryForm; status: Status; actions: Actions }) {
  const { type, records, first } = form;
  const [key, setKey] = useState(first ? keyOf(first) : "");
  const [typed, setTyped] = useState<Typed>(() => ({ text: "", title: "", due: tomorrowMorning(Date.now()) }));
  const [wrong, setWrong] = useState<ReadonlyMap<keyof Typed, WrongEntry>>(new Map());
  const [tries, setTries] = useState(0);
  const { busy, seconds, words, trouble, add } = useAdding(actions);
  const record = records.find((one) => keyOf(one.record) === key);

  const submit = () => {
    const mistakes = wrongIn(type, typed, Date.now());
    setWrong(mistakes);
    setTries(tries + 1);
    if (mistakes.size === 0 && record) add(record.record, plain(record.title), entryOf(type, typed));
  };
  const common = (name: keyof Typed) => {
    const mistake = wrong.get(name);
    return {
      value: typed[name],
      error: mistake && text(wrongs[mistake]),
      disabled: busy,
      onInput: (value: string) => {
        setTyped({ ...typed, [name]: value });
        setWrong(new Map([...wrong].filter(([other]) => other !== name)));
      },
    };
  };

  return (
    <Frame
      title={text(titles[type])}
      submit={text(titles[type])}
      actions={actions}
      busy={busy}
      seconds={seconds}
      ready={record !== undefined}
      attention={tries}
      onSubmit={submit}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
      <PortalSays words={words} />
      <RecordSelect
        label={text("entryAt")}
        records={records}
        value={key}
        decided={first !== undefined}
        disabled={busy}
        onPick={setKey}
      />
      {type === "comment" ? (
        <TextArea {...common("text")} label={text("comment")} help={text("commentSeen")} />
      ) : (
        <>
          <Field {...common("title")} label={text("todoTitle")} direction="auto" />
          <Field {...common("due")} label={text("todoDue")} kind="datetime-local" help={text("yourTime", zone())} />
          <TextArea {...common("text")} label={text("todoMore")} optional />
          <p class="note">{text("responsibleYou", plain(status.user.name))}</p>
        </>
      )}
    </Frame>
  );
}

/** The time zone of this computer, as people know it. */
function zone(): string {
  const format = new Intl.DateTimeFormat(locale(), { timeZoneName: "long" });
  const name = format.formatToParts().find(({ type }) => type === "timeZoneName")?.value;
  return name ?? format.resolvedOptions().timeZone;
}
