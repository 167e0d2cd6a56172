// Which of somebody's records.
import { Select } from "../../ui/form.tsx";
import { plain } from "../../ui/format.ts";
import { text } from "../../ui/text.ts";
import { keyOf, type Target } from "../log/form.ts";
import { recordNames } from "../record-names.ts";

export function RecordSelect({
  label,
  records,
  value,
  decided,
  disabled,
  onPick,
}: {
  label: string;
  records: readonly Target[];
  /** The record's key; empty while none is chosen. */
  value: string;
  decided: boolean;
  disabled?: boolean;
  onPick: (key: string) => void;
}) {
  const choices = records.map(({ record, title }) => ({
    id: keyOf(record),
    name: `${plain(title) || text("untitled")} · ${text(recordNames[record.type])}`,
  }));
  return (
    <Select label={label} value={value} choices={choices} decided={decided} disabled={disabled} onInput={onPick} />
  );
}
