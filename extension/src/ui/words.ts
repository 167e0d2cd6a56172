// A trouble as a person is told: what happened, and what to do.
import type { Failure } from "../protocol/types.ts";
import type { PortCause, Trouble } from "../worker/trouble.ts";
import { plain } from "./format.ts";
import { type TextKey, text, textIfAny } from "./text.ts";

/** What happened and its cure. */
export interface Words {
  readonly message: string;
  readonly hint: string;
}

const ofPort: Readonly<Record<PortCause, readonly [TextKey, TextKey]>> = {
  hostMissing: ["hostMissingTitle", "hostMissingText"],
  forbidden: ["portForbidden", "portForbiddenHint"],
  blockedByPolicy: ["portBlocked", "portBlockedHint"],
  exited: ["portExited", "portExitedHint"],
  unknown: ["portUnknown", "portUnknownHint"],
};

const refusals = {
  ConnectBy: "managedConnectBy",
  Mailboxes: "managedMailboxes",
  ReadOnly: "managedReadOnly",
} as const satisfies Readonly<Record<string, TextKey>>;

/** The words for a trouble. */
export function wordsOf(trouble: Trouble): Words {
  switch (trouble.from) {
    case "host":
      return wordsOfFailure(trouble.failure);
    case "port": {
      const [message, hint] = ofPort[trouble.cause];
      return { message: text(message), hint: text(hint) };
    }
    case "clock":
      return { message: text("hostSilent", trouble.seconds), hint: text("hostSilentHint") };
    case "policy":
      return trouble.cause === "wrong"
        ? { message: text("managedWrong", plain(trouble.name)), hint: text("managedWrongHint") }
        : { message: text(refusals[trouble.name]), hint: text("managedHint") };
    case "caller":
      return { message: text("cancelled"), hint: "" };
  }
}

const commands: Readonly<Record<PortCause, string>> = {
  hostMissing: "gmail-sync-host register",
  // Registering lets in the extensions that the host was built for, and those of the administrator's policy.
  forbidden: "gmail-sync-host register",
  blockedByPolicy: "gmail-sync-host --check",
  exited: "gmail-sync-host --check",
  unknown: "gmail-sync-host --check",
};

/** What to type in a terminal, where the host itself can't be asked for more. */
export function commandOf(trouble: Trouble): string | undefined {
  if (trouble.from === "clock") return "gmail-sync-host --check";
  return trouble.from === "port" ? commands[trouble.cause] : undefined;
}

/** The translation by reason if there is one, else the host's own English. */
export function wordsOfFailure({ reason, args, message, hint }: Omit<Failure, "code">): Words {
  const known = /^[a-z0-9_]{1,64}$/.test(reason);
  const translated = (kind: string) => (known ? fill(textIfAny(`${kind}_${reason}`), args) : "");
  return {
    message: translated("reason") || plain(message) || text("somethingWrong"),
    hint: translated("hint") || plain(hint),
  };
}

/** Fills `{name}` as the host does: once, so that a value can't smuggle in another. */
function fill(template: string, args: Failure["args"]): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => plain(args[name] ?? "?"));
}

/** What support needs to know, and nothing about people. */
export function detailsOf(trouble: Trouble): string {
  switch (trouble.from) {
    case "host":
      return `${trouble.failure.code} / ${trouble.failure.reason}`;
    case "port":
      return trouble.detail || trouble.cause;
    case "clock":
      return `${trouble.method}: ${trouble.seconds} s`;
    case "policy":
      return `policy / ${trouble.name}`;
    case "caller":
      return "cancelled";
  }
}

/** The host's code, if it was the host that answered. */
export function codeOf(trouble: Trouble): Failure["code"] | undefined {
  return trouble.from === "host" ? trouble.failure.code : undefined;
}

/** Both in one line, for a place that has only one. */
export function sentenceOf(trouble: Trouble): string {
  const { message, hint } = wordsOf(trouble);
  return `${message} ${hint}`.trim();
}
