// What the sidebar does around a form that comes and goes.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Status } from "../../protocol/types.ts";
import { type Form, openerId } from "./form.ts";

/** Whose portal it is: as last told, since a host that ended for a moment must not close a form. */
export function useLastStatus(status: Status | undefined): Status | undefined {
  const last = useRef(status);
  if (status) last.current = status;
  return last.current;
}

/** Gives the focus back to what opened the form, once it is closed. */
export function useFocusBack(form: Form | undefined): void {
  const before = useRef<Form | undefined>(undefined);
  useLayoutEffect(() => {
    const closed = form === undefined ? before.current : undefined;
    before.current = form;
    if (!closed) return;
    const opener = document.getElementById(openerId(closed));
    (opener ?? document.querySelector<HTMLElement>(".people"))?.focus();
  }, [form]);
}
