// One of the portal's users: who is picked, with a way to pick somebody else, or the search for somebody.
import { useCallback, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { FoundUser, PortalUser } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { Avatar } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";
import { Picker } from "./picker.tsx";
import type { Page } from "./use-search.ts";

export interface UserFieldProps {
  readonly label: string;
  readonly picked: PortalUser | undefined;
  /** What is picked, in words; by default their name. */
  readonly words?: string;
  /** Below the search field. */
  readonly help: string;
  readonly search: Actions["searchUsers"];
  readonly error?: string | undefined;
  readonly disabled: boolean;
  readonly onPick: (user: PortalUser) => void;
}

export function UserField(props: UserFieldProps) {
  const { label, picked, words, help, search, error, disabled, onPick } = props;
  const [looking, setLooking] = useState(picked === undefined);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const drawn = useRef(false);
  // The focus goes along with what takes the place of what had it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when one takes the other's place
  useLayoutEffect(() => {
    if (drawn.current) box.current?.querySelector<HTMLElement>("input, button")?.focus();
    drawn.current = true;
  }, [looking]);

  const ask = useCallback(
    async (typed: string, _skip: number, signal: AbortSignal): Promise<Page<FoundUser>> => {
      const { found, cut } = await search({ text: typed }, signal);
      return { items: found, more: false, cut, notices: [] };
    },
    [search],
  );
  const name = plain(picked?.name ?? "") || picked?.id || "";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears only what the field inside leaves over
    <div
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || !looking || picked === undefined) return;
        // Closes the search, not the form.
        event.preventDefault();
        setLooking(false);
      }}
    >
      {looking || picked === undefined ? (
        <Picker
          label={label}
          help={help}
          ask={ask}
          keyOf={({ user }) => user.id}
          draw={(found) => <Found found={found} />}
          error={error}
          disabled={disabled}
          onPick={({ user }) => {
            onPick(user);
            setLooking(false);
          }}
        />
      ) : (
        <div class="picked">
          <span id={id}>
            {label}: <bdi>{words ?? name}</bdi>
          </span>
          <button
            type="button"
            class="button small"
            disabled={disabled}
            aria-describedby={id}
            onClick={() => setLooking(true)}
          >
            {text("pickSomebodyElse")}
          </button>
        </div>
      )}
    </div>
  );
}

function Found({ found: { user, position } }: { found: FoundUser }) {
  const name = plain(user.name) || user.id;
  const second = plain(position);
  return (
    <>
      <Avatar address={user.id} name={name} />
      <span class="label">
        <bdi title={name}>{name}</bdi>
        {second !== "" && <span title={second}>{second}</span>}
      </span>
    </>
  );
}
