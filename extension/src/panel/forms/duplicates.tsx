// Records that may be the same, offered before a new one is made.
import type { Duplicate, FoundRecord } from "../../protocol/types.ts";
import { plain, portalLink } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { isMeant } from "../../ui/meant.ts";
import { Avatar, Joined, Notice } from "../../ui/parts.tsx";
import { count, type TextKey, text } from "../../ui/text.ts";
import { PortalLink } from "../portal-link.tsx";
import { recordNames } from "../record-names.ts";
import { type Denied, mayChange } from "../rights.ts";

const sameNames: Readonly<Record<Duplicate["same"], TextKey>> = {
  email: "sameEmail",
  phone: "samePhone",
  name: "sameName",
};

export function Duplicates({
  found,
  origin,
  denied,
  busy,
  onAdd,
}: {
  found: readonly Duplicate[];
  origin: string;
  denied: Denied;
  busy: boolean;
  onAdd: (record: FoundRecord) => void;
}) {
  return (
    <>
      <div role="alert">
        <Notice look="warn" icon="group" title={count("isItTheSame", found.length)}>
          {text("isItTheSameText")}
        </Notice>
      </div>
      <ul class="cards" aria-label={text("mayBeTheSame")}>
        {found.map(({ record, same }) => (
          <li key={record.type + record.id} class="card same">
            <Summary record={record} line={text(sameNames[same])} origin={origin} />
            {!mayChange(denied, record) && <p class="remark">{text("noRightToChange")}</p>}
            {same !== "email" && record.title !== "" && mayChange(denied, record) && (
              <button
                type="button"
                class="button primary small"
                disabled={busy}
                onClick={(event) => isMeant(event) && onAdd(record)}
              >
                {text("addAddressTo", plain(record.title))}
              </button>
            )}
          </li>
        ))}
      </ul>
      <h2 class="form-title">{text("orCreate")}</h2>
    </>
  );
}

/** Who or what a record is, in three lines at most. */
function Summary({ record, line, origin }: { record: FoundRecord; line: string; origin: string }) {
  const title = plain(record.title);
  const link = portalLink(record.url, origin);
  const second = [record.emails[0] ?? "", record.company].map(plain).filter((part) => part !== "");
  const responsible = plain(record.responsible?.name ?? "");
  return (
    <div class="card-head">
      <Avatar
        address={record.emails[0] ?? record.id}
        name={title}
        look={title === "" ? "hollow" : record.type === "contact" ? "round" : "square"}
      />
      <div class="who">
        <h2>
          <bdi>{title || text("hiddenRecord")}</bdi> <span class="tag">{text(recordNames[record.type])}</span>
        </h2>
        <p>{line}</p>
        {second.length > 0 && (
          <p>
            <Joined parts={second} />
          </p>
        )}
        {responsible !== "" && <p>{text("responsibleIs", responsible)}</p>}
      </div>
      {link !== undefined && (
        <PortalLink link={link} name={text("openOf", title || text("hiddenRecord"))} className="icon-button">
          <Icon name="open" />
        </PortalLink>
      )}
    </div>
  );
}
