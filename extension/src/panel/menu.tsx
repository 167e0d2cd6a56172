// The menu behind the three dots.
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import type { Actions } from "./actions.ts";
import type { Model } from "./model.ts";
import type { Screen } from "./screen.ts";

export function Menu({ model, screen, actions }: { model: Model; screen: Screen; actions: Actions }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { standing } = model.worker;

  useEffect(() => {
    if (!open) return undefined;
    const control = new AbortController();
    const { signal } = control;
    const opener = box.current?.querySelector("button");
    document.addEventListener("pointerdown", ({ target }) => !box.current?.contains(target as Node) && setOpen(false), {
      signal,
    });
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        setOpen(false);
        opener?.focus();
      },
      { signal },
    );
    return () => control.abort();
  }, [open]);

  const item = (name: string, onClick: () => void) => (
    <li>
      <button
        type="button"
        onClick={() => {
          setOpen(false);
          onClick();
        }}
      >
        {name}
      </button>
    </li>
  );

  return (
    <div class="menu" ref={box}>
      <IconButton icon="more" name={text("more")} expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <ul class="menu-list">
          {screen.at === "thread" && item(text("stopMailbox"), () => void actions.setMailbox(screen.mailbox, false))}
          {standing.at === "connected" && item(text("connectOther"), actions.openConnect)}
          {standing.at === "connected" && item(text("settingsItem"), actions.openOptions)}
          {item(text("askHostAgain"), () => void actions.refresh())}
        </ul>
      )}
    </div>
  );
}
