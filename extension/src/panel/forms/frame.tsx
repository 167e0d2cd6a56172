// What every form has: a head with the way back, its fields, and a foot with the one button that writes.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../ui/icons.tsx";
import { isMeant } from "../../ui/meant.ts";
import { IconButton } from "../../ui/parts.tsx";
import { text } from "../../ui/text.ts";
import type { Actions } from "../actions.ts";

export function Frame({
  title,
  actions,
  submit,
  primary = true,
  busy,
  seconds = 0,
  ready = true,
  attention,
  onSubmit,
  children,
}: {
  title: string;
  actions: Actions;
  /** What the button is called. */
  submit: string;
  /** Unless something else on the screen is what to do first. */
  primary?: boolean;
  busy: boolean;
  /** The button can be pressed again after so many seconds. */
  seconds?: number;
  ready?: boolean;
  /** Another value: the focus goes to the first wrong field, else to the first empty one. */
  attention: unknown;
  onSubmit: () => void;
  children: ComponentChildren;
}) {
  const form = useRef<HTMLFormElement>(null);
  // A submit event counts as a person's even if a script has caused it; the click before it tells. Enter makes one, too.
  const meant = useRef(false);
  const close = () => actions.dispatch({ at: "form", form: undefined });
  // Before the browser paints: who types at once is in no other field a moment later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value is when the focus moves
  useLayoutEffect(() => {
    const fields = [...(form.current?.querySelectorAll<HTMLElement>("input, select, textarea") ?? [])];
    const first =
      fields.find((field) => field.getAttribute("aria-invalid") === "true") ??
      fields.find((field) => "value" in field && field.value === "") ??
      form.current?.querySelector<HTMLElement>("button");
    first?.focus();
  }, [attention]);
  return (
    <form
      ref={form}
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = meant.current && !busy && ready && seconds === 0;
        meant.current = false;
        if (wanted) onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || busy) return;
        event.preventDefault();
        close();
      }}
    >
      <header class="head" tabIndex={-1}>
        <IconButton icon="back" name={text("back")} onClick={close} />
        <h1 class="form-title">{title}</h1>
      </header>
      <main class="people" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot" tabIndex={-1}>
        <button type="button" class="button" disabled={busy} onClick={close}>
          {text("cancel")}
        </button>
        <span class="waits" role="status">
          {busy && text("writing")}
          {!busy && seconds > 0 && text("againIn", seconds)}
        </span>
        <button
          type="submit"
          class={primary ? "button primary" : "button"}
          disabled={busy || !ready || seconds > 0}
          onClick={(event) => {
            meant.current = isMeant(event);
          }}
        >
          {busy && <Icon name="clock" />}
          {submit}
        </button>
      </footer>
    </form>
  );
}
