// A page of the popup that another one leads to: its title, and the way back.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";

export function Subpage({
  title,
  busy,
  back,
  children,
}: {
  title: string;
  busy: boolean;
  back: () => void;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  // What led here is gone, and the focus with it: reading begins at the title, before a key can be pressed.
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div class="popup">
      <header class="title">
        <IconButton icon="back" name={text("back")} onClick={back} />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </header>
      <main aria-busy={busy}>{children}</main>
    </div>
  );
}
