// Small parts that more than one page is made of.
import { type ComponentChildren, Fragment } from "preact";
import { useState } from "preact/hooks";
import { hueOf, initials } from "./format.ts";
import { Icon, type IconName } from "./icons.tsx";
import { text } from "./text.ts";

/** Initials, or other letters, in a colour of the address's own; `hollow` for somebody unknown, square for a company. */
export function Avatar({
  address,
  name,
  look = "round",
  letters = initials(name),
}: {
  address: string;
  name: string;
  look?: "round" | "square" | "hollow";
  letters?: string;
}) {
  return (
    <span class={`avatar ${look}`} style={{ "--hue": String(hueOf(address)) }} aria-hidden="true">
      {letters || "?"}
    </span>
  );
}

/** A button that is an icon; its name is for screen readers and the tooltip. */
export function IconButton({
  icon,
  name,
  onClick,
  expanded,
}: {
  icon: IconName;
  name: string;
  onClick: (event: Event) => unknown;
  expanded?: boolean;
}) {
  return (
    <button type="button" class="icon-button" title={name} aria-label={name} aria-expanded={expanded} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** Copies a text; says so for a moment in place of its icon. */
export function CopyButton({ value, name, label }: { value: string; name: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  const icon = <Icon name={copied ? "check" : "copy"} />;
  const done = (
    <span role="status" class="for-readers">
      {copied && text("copied")}
    </span>
  );
  return label === undefined ? (
    <button
      type="button"
      class="icon-button"
      title={name}
      aria-label={name}
      onClick={copy}
      onBlur={() => setCopied(false)}
      onPointerLeave={() => setCopied(false)}
    >
      {icon}
      {done}
    </button>
  ) : (
    <button type="button" class="button small" onClick={copy} onBlur={() => setCopied(false)}>
      {icon}
      <span role="status">{copied ? text("copied") : label}</span>
    </button>
  );
}

/** A command to copy. Its lines end between words, not after the hyphens of an option. */
export function Command({ line }: { line: string }) {
  return (
    <div class="command">
      <code dir="ltr">
        {line.split(" ").map((word, index) => (
          <Fragment key={`${index} ${word}`}>
            {index > 0 && " "}
            <span>{word}</span>
          </Fragment>
        ))}
      </code>
      <CopyButton value={line} name={text("copyCommand", line)} />
    </div>
  );
}

/** Something said beside what it concerns. */
export function Notice({
  look,
  icon,
  title,
  children,
  actions,
}: {
  look: "calm" | "warn" | "danger" | "rights";
  icon: IconName;
  title?: string | undefined;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <div class={`notice ${look}`}>
      <Icon name={icon} />
      <div>
        <p>
          {title !== undefined && <strong>{asSentence(title)}</strong>} {children}
        </p>
        {actions && <div class="actions">{actions}</div>}
      </div>
    </div>
  );
}

/** A title in front of more text ends like a sentence. */
function asSentence(title: string): string {
  return /[.!?…。]$/.test(title) ? title : `${title}.`;
}

/** A whole screen with one thing to say: an icon, a title, a few lines, one primary button. */
export function Statement({
  icon,
  look = "plain",
  title,
  lines = [],
  actions,
  children,
}: {
  icon: IconName;
  look?: "plain" | "warn" | "danger";
  title: string;
  lines?: readonly string[];
  actions?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <section class="statement">
      <span class={`emblem ${look}`}>
        <Icon name={icon} />
      </span>
      <h1>{title.replace(/\.$/, "")}</h1>
      {lines
        .filter((line) => line !== "")
        .map((line) => (
          <p key={line}>{line}</p>
        ))}
      {actions && <div class="actions">{actions}</div>}
      {children}
    </section>
  );
}

/** Texts of strangers in one line, each with its own direction. */
export function Joined({ parts }: { parts: readonly string[] }) {
  return parts
    .filter((part) => part !== "")
    .map((part, index) => (
      <Fragment key={part + index}>
        {index > 0 && " · "}
        <bdi>{part}</bdi>
      </Fragment>
    ));
}

/** A stranger's name or address in a line of ours: its direction stays its own. */
export function Foreign({ children, ltr = false }: { children: string; ltr?: boolean }) {
  return ltr ? <bdi dir="ltr">{children}</bdi> : <bdi>{children}</bdi>;
}
