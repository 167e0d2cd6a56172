// Finds a record by what somebody types, and hands it to whoever wants one.
import { useCallback } from "preact/hooks";
import type { FoundRecord, RecordType } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { Avatar, Joined } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { recordNames } from "../record-names.ts";
import { type Denied, mayChange } from "../rights.ts";
import { Picker, type PickerProps } from "./picker.tsx";
import type { Page } from "./use-search.ts";

/** Equal for the same record. */
const keyOf = ({ type, id }: Pick<FoundRecord, "type" | "id">) => `${type}-${id}`;

interface Props extends Pick<PickerProps<FoundRecord>, "label" | "onPick" | "disabled"> {
  /** Which records can be picked. */
  readonly types: readonly RecordType[];
  readonly search: Actions["search"];
  /** What the portal has refused the person is shown, and can't be picked. */
  readonly denied: Denied;
  /** What is picked, if that is to be seen in the list; else the field is cleared for the next one. */
  readonly picked?: FoundRecord | null;
}

export function RecordPicker({ types, search, denied, picked, ...rest }: Props) {
  const ask = useCallback(
    async (typed: string, skip: number, signal: AbortSignal): Promise<Page<FoundRecord>> => {
      const { found, ...page } = await search({ text: typed, types: [...types], skip }, signal);
      return { items: found, ...page };
    },
    [search, types],
  );
  const deals = types.includes("deal");
  return (
    <Picker
      {...rest}
      help={text(deals ? "findHelpDeals" : "findHelp")}
      ask={ask}
      keyOf={keyOf}
      draw={(record) => <Found record={record} closed={!mayChange(denied, record)} />}
      isClosed={(record) => !mayChange(denied, record)}
      {...(picked === undefined ? {} : { picked: picked && keyOf(picked) })}
    />
  );
}

/** A record in two lines. */
function Found({ record, closed }: { record: FoundRecord; closed: boolean }) {
  const { type, id, title, emails, phones, company, responsible } = record;
  const name = plain(title) || text("untitled");
  const person = plain(responsible?.name ?? "");
  const line = [emails[0] ?? phones[0] ?? "", company, person && text("responsibleIs", person)].map(plain);
  const second = line.filter((part) => part !== "");
  return (
    <>
      <Avatar address={emails[0] ?? id} name={name} look={type === "contact" || type === "lead" ? "round" : "square"} />
      <span class="label">
        <bdi title={name}>{name}</bdi>
        {second.length > 0 && (
          <span title={second.join(" · ")}>
            <Joined parts={second} />
          </span>
        )}
        {closed && <span>{text("noRightToChange")}</span>}
      </span>
      <span class="tag">{text(recordNames[type])}</span>
    </>
  );
}
