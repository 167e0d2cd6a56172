// The chip that moves a deal: a button with the stages of its pipeline below it.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Stage } from "../protocol/types.ts";
import { checkedColor } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { isMeant } from "../ui/meant.ts";
import { text } from "../ui/text.ts";
import { nameOfStage } from "./stage.tsx";

interface Props {
  /** Of the deal. */
  readonly title: string;
  readonly stage: Stage;
  /** In the pipeline's order. */
  readonly stages: readonly Stage[];
  readonly busy: boolean;
  readonly onPick: (stage: Stage) => void;
}

export function StagePicker({ title, stage, stages, busy, onPick }: Props) {
  const [open, setOpen] = useState(false);
  const chip = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  // Before the browser paints, so that the next key finds the list.
  useLayoutEffect(() => {
    if (!open) return undefined;
    const own = itemsIn(list.current);
    (own.find((item) => item.getAttribute("aria-checked") === "true") ?? own[0])?.focus();
    const outside = ({ target }: Event) => {
      const at = target as Node;
      if (!list.current?.contains(at) && !chip.current?.contains(at)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    chip.current?.focus();
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const own = itemsIn(list.current);
    const here = own.indexOf(document.activeElement as HTMLElement);
    const next = nextItem(event.key, here, own);
    if (event.key === "Tab") setOpen(false);
    else if (event.key === "Escape") close();
    // A letter that finds nothing must not go on to the next person's card.
    else if (next === undefined && event.key.length > 1) return;
    if (event.key !== "Tab" && event.key !== " ") event.preventDefault();
    if (next !== undefined) own[next]?.focus();
  };

  return (
    <>
      <button
        ref={chip}
        type="button"
        class="chip"
        style={{ "--stage": checkedColor(stage.color) }}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={busy}
        aria-label={text("stageOf", title, nameOfStage(stage))}
        onClick={() => !busy && setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || busy) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <bdi>{nameOfStage(stage)}</bdi>
        <Icon name={busy ? "clock" : open ? "chevronUp" : "chevronDown"} />
      </button>
      {open && (
        <div ref={list} role="menu" class="stages" aria-label={text("stages", title)} onKeyDown={onKey}>
          {stages.map((other) => (
            <button
              key={other.id}
              type="button"
              role="menuitemradio"
              aria-checked={other.id === stage.id}
              tabIndex={-1}
              style={{ "--stage": checkedColor(other.color) }}
              onClick={(event) => {
                close();
                if (isMeant(event) && other.id !== stage.id) onPick(other);
              }}
            >
              <bdi>{nameOfStage(other)}</bdi>{" "}
              {other.outcome !== "open" && <span class="second">{text(other.outcome === "won" ? "won" : "lost")}</span>}
              {other.id === stage.id && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

const itemsIn = (list: HTMLElement | null): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>("button") ?? [])];

/** Which item a key goes to: up, down, to either end, or to the next one that begins with the letter. */
export function nextItem(
  key: string,
  here: number,
  items: readonly Pick<HTMLElement, "textContent">[],
): number | undefined {
  const { length } = items;
  if (length === 0) return undefined;
  if (key === "ArrowDown") return (here + 1) % length;
  if (key === "ArrowUp") return (here - 1 + length) % length;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  if (!/^[\p{L}\p{N}]$/u.test(key)) return undefined;
  const letter = key.toLocaleLowerCase();
  const after = Array.from({ length }, (_, step) => (here + 1 + step) % length);
  return after.find((index) => items[index]?.textContent?.trim().toLocaleLowerCase().startsWith(letter));
}
