// A field that finds things and lets one be picked: a combobox with its list below, after the ARIA pattern. The focus stays in the
// field; arrow keys go through the list, Enter picks, Escape clears.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/icons.tsx";
import { IconButton } from "../../ui/parts.tsx";
import { count, text } from "../../ui/text.ts";
import { FailureNotice } from "../failure-notice.tsx";
import { TroubleNotice } from "../forms/trouble-notice.tsx";
import { type Ask, isEnough, useSearch } from "./use-search.ts";

export interface PickerProps<T> {
  readonly label: string;
  /** Below the field, before anything is found. */
  readonly help: string;
  readonly ask: Ask<T>;
  /** Equal for the same item. */
  readonly keyOf: (item: T) => string;
  readonly draw: (item: T) => ComponentChildren;
  readonly onPick: (item: T) => void;
  /** Whether an item can't be picked; what is drawn says why. */
  readonly isClosed?: (item: T) => boolean;
  /** The key of what is picked, if that is to be seen in the list; else the field is cleared for the next one. */
  readonly picked?: string | null;
  readonly disabled?: boolean;
  /** What is wrong with that nothing is picked. */
  readonly error?: string | undefined;
}

export function Picker<T>(props: PickerProps<T>) {
  const { label, help, ask, keyOf, draw, onPick, isClosed, picked, disabled = false, error } = props;
  const id = useId();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const search = useSearch(typed, ask);
  const { at, items, more, cut, notices, trouble, goOn } = search;
  const index = items.findIndex((item) => keyOf(item) === active);
  const open = items.length > 0;

  useEffect(() => {
    if (active !== undefined) document.getElementById(`${id}-${active}`)?.scrollIntoView?.({ block: "nearest" });
  }, [active, id]);

  const change = (value: string) => {
    setTyped(value);
    setActive(undefined);
  };
  const pick = (item: T) => {
    if (isClosed?.(item)) return;
    onPick(item);
    if (picked === undefined) change("");
    field.current?.focus();
  };
  const move = (by: number) => {
    const from = index < 0 && by < 0 ? 0 : index;
    const next = items[(from + by + items.length) % items.length];
    if (next !== undefined) setActive(keyOf(next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = items[index];
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && open) move(1);
    else if (event.key === "ArrowUp" && open) move(-1);
    else if (event.key === "Enter") item !== undefined && pick(item);
    else if (event.key === "Escape" && typed !== "") change("");
    else return;
    // Neither does Enter send a form from here, nor does Escape close it.
    event.preventDefault();
  };

  const said = stateOf({ at, number: items.length, more, enough: isEnough(typed) }) ?? error ?? help;
  return (
    <div class="field find">
      <label for={id}>{label}</label>
      <div class="input">
        <Icon name="search" />
        <input
          ref={field}
          id={id}
          type="text"
          role="combobox"
          dir="auto"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={index < 0 ? undefined : `${id}-${active}`}
          aria-describedby={`${id}-note`}
          aria-invalid={error !== undefined}
          value={typed}
          disabled={disabled}
          maxLength={100}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {typed !== "" && (
          <IconButton
            icon="cross"
            name={text("findClear")}
            onClick={() => {
              change("");
              field.current?.focus();
            }}
          />
        )}
      </div>
      <p id={`${id}-note`} class={said === error ? "note wrong" : "note"} role="status">
        {said === error && <Icon name="alert" />}
        {said}
      </p>
      {trouble && <TroubleNotice trouble={trouble} actions={<Again onClick={goOn} />} />}
      {notices.map((failure) => (
        <FailureNotice key={failure.reason} failure={failure} />
      ))}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-busy={at === "asking"}
        class="card options"
        hidden={!open}
      >
        {items.map((item) => {
          const key = keyOf(item);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field, which keeps the focus, hears the keys
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <div
              key={key}
              id={`${id}-${key}`}
              role="option"
              aria-disabled={isClosed?.(item) ?? false}
              aria-selected={picked === undefined ? key === active : key === picked}
              class={key === active ? "option active" : "option"}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => {
                if (disabled) return;
                setActive(key);
                pick(item);
              }}
            >
              {picked !== undefined && <span class="dot" aria-hidden="true" />}
              {draw(item)}
            </div>
          );
        })}
      </div>
      {more && at === "found" && (
        <button
          type="button"
          class="button small"
          disabled={disabled}
          onClick={() => {
            // It goes while the next page is asked for; the arrow keys go on where the list ended.
            const last = items.at(-1);
            if (last !== undefined) setActive(keyOf(last));
            field.current?.focus();
            goOn();
          }}
        >
          {text("findMore")}
        </button>
      )}
      {cut && !more && at === "found" && <p class="note">{text("findCut")}</p>}
    </div>
  );
}

function Again({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" class="button small" onClick={onClick}>
      {text("tryAgain")}
    </button>
  );
}

/** How the search stands, in words. */
function stateOf(search: { at: string; number: number; more: boolean; enough: boolean }): string | undefined {
  const { at, number, more, enough } = search;
  if (at === "asking") return text("finding");
  if (at !== "found" || !enough) return undefined;
  if (number === 0) return text("foundNothing");
  return more ? count("foundFirst", number) : count("found", number);
}
