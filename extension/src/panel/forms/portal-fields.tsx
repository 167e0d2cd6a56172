// Fields of the portal's own, as it describes them.
import { useState } from "preact/hooks";
import type { FormField, PortalUser } from "../../protocol/types.ts";
import { Field, Select } from "../../ui/form.tsx";
import { plain } from "../../ui/format.ts";
import { Notice } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { UserField } from "../find/user-field.tsx";
import type { More, Wrong } from "./values.ts";

export function PortalFields({
  fields,
  more,
  wrong,
  disabled,
  searchUsers,
  type,
}: {
  fields: readonly FormField[];
  more: More;
  wrong: ReadonlyMap<string, Wrong>;
  disabled: boolean;
  searchUsers: Actions["searchUsers"];
  type: (id: string, value: string) => void;
}) {
  return (
    <>
      {fields.map((field) => (
        <PortalField
          key={field.id}
          field={field}
          value={more[field.id] ?? ""}
          error={wordsOfWrong(wrong.get(field.id))}
          disabled={disabled}
          searchUsers={searchUsers}
          onInput={(value) => type(field.id, value)}
        />
      ))}
    </>
  );
}

/** What is wrong, in words. */
export function wordsOfWrong(wrong: Wrong | undefined): string | undefined {
  if (wrong === undefined) return undefined;
  return text(wrong === "missing" ? "fieldMissing" : "fieldNumber");
}

function PortalField({
  field: { label: spelt, input },
  value,
  error,
  disabled,
  searchUsers,
  onInput,
}: {
  field: FormField;
  value: string;
  error: string | undefined;
  disabled: boolean;
  searchUsers: Actions["searchUsers"];
  onInput: (value: string) => void;
}) {
  const [user, setUser] = useState<PortalUser>();
  const label = plain(spelt);
  const common = { label, value, error, disabled, onInput };
  switch (input.is) {
    case "text":
      return <Field {...common} direction="auto" />;
    case "number":
      return <Field {...common} kind="decimal" />;
    case "date":
      return <Field {...common} kind="date" />;
    case "time":
      return <Field {...common} kind="datetime-local" />;
    case "yesNo":
      return (
        <Select
          {...common}
          choices={[
            { id: "yes", name: text("yes") },
            { id: "no", name: text("no") },
          ]}
        />
      );
    case "choice":
      return <Select {...common} choices={input.choices.map(({ id, name }) => ({ id, name: plain(name) || id }))} />;
    case "user":
      return (
        <UserField
          label={label}
          picked={user}
          help={text("findUserHelp")}
          search={searchUsers}
          error={error}
          disabled={disabled}
          onPick={(user) => {
            setUser(user);
            onInput(user.id);
          }}
        />
      );
    case "elsewhere":
      return (
        <Notice look="warn" icon="alert">
          {text("fieldElsewhere", label)}
        </Notice>
      );
  }
}
