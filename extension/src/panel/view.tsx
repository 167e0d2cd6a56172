// The sidebar: head, what the screen says, foot.
import type { IconName } from "../ui/icons.tsx";
import { Icon } from "../ui/icons.tsx";
import { Avatar, Foreign } from "../ui/parts.tsx";
import { type TextKey, text } from "../ui/text.ts";
import type { Trouble } from "../worker/trouble.ts";
import type { Actions } from "./actions.ts";
import { useFocusBack, useLastStatus } from "./forms/around.ts";
import { FormScreen } from "./forms/screen.tsx";
import { Menu } from "./menu.tsx";
import type { Model } from "./model.ts";
import { type Screen, screenOf } from "./screen.ts";
import { ScreenBody } from "./screens.tsx";
import { Thread, ThreadFoot } from "./thread.tsx";

export function Panel({ model, actions }: { model: Model; actions: Actions }) {
  const screen = screenOf(model);
  const { form } = model;
  const { standing } = model.worker;
  const status = useLastStatus(standing.at === "connected" ? standing.status : undefined);
  useFocusBack(form);
  if (form && status)
    return (
      <FormScreen
        form={form}
        status={status}
        reference={model.worker.reference}
        denied={model.denied}
        actions={actions}
      />
    );
  return (
    <div class="panel">
      <Head model={model} screen={screen} actions={actions} />
      <main class="people" tabIndex={-1}>
        {screen.at === "thread" ? (
          <Thread model={model} screen={screen} actions={actions} />
        ) : (
          <ScreenBody screen={screen} actions={actions} />
        )}
      </main>
      {screen.at === "thread" && <ThreadFoot model={model} screen={screen} actions={actions} />}
    </div>
  );
}

/** Where am I: mailbox and portal, and how the connection stands. */
function Head({ model, screen, actions }: { model: Model; screen: Screen; actions: Actions }) {
  const { tab, standing, portal } = model.worker;
  const mailbox = tab.at === "speaks" ? tab.mailbox : null;
  const { icon, look, words } = linkOf(model, screen);
  const name = standing.at === "connected" ? standing.status.portal : portal;
  return (
    <header class="head" tabIndex={-1}>
      {mailbox !== null && <Avatar address={mailbox} name={mailbox} />}
      <div class="where">
        <p class="mailbox" title={mailbox ?? undefined}>
          {mailbox === null ? text("noMailbox") : <Foreign ltr>{mailbox}</Foreign>}
        </p>
        <p class="portal">
          <span class={`link ${look}`}>
            <Icon name={icon} />
          </span>
          {name === undefined ? (
            text(words)
          ) : (
            <>
              <span class="for-readers">{text(words)}</span> <Foreign ltr>{name}</Foreign>
            </>
          )}
        </p>
      </div>
      <Menu model={model} screen={screen} actions={actions} />
    </header>
  );
}

interface Link {
  readonly icon: IconName;
  readonly look: "ok" | "warn" | "danger" | "quiet";
  /** The icon's meaning, and the whole line where no portal is known. */
  readonly words: TextKey;
}

function linkOf({ online, lookup }: Model, screen: Screen): Link {
  switch (screen.at) {
    case "starting":
      return { icon: "clock", look: "quiet", words: "linkStarting" };
    case "hostMissing":
      return { icon: "unlink", look: "warn", words: "linkHostMissing" };
    case "notConnected":
      return { icon: "unlink", look: "warn", words: "linkNone" };
    case "versions":
    case "error":
      return { icon: "unlink", look: "danger", words: "linkBroken" };
    default:
      if (!online || (lookup.at === "failed" && isUnreachable(lookup.trouble)))
        return { icon: "cloudOff", look: "warn", words: "linkOffline" };
      if (lookup.at === "waiting") return { icon: "clock", look: "warn", words: "linkWaiting" };
      return { icon: "link", look: "ok", words: "linkConnected" };
  }
}

function isUnreachable(trouble: Trouble): boolean {
  return trouble.from === "host" && trouble.failure.code === "unreachable";
}
