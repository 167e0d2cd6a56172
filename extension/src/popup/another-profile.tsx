// The code with which a further browser profile gets in.
import { useState } from "preact/hooks";
import type { OneTimeCode } from "../protocol/types.ts";
import { Icon } from "../ui/icons.tsx";
import { isMeant } from "../ui/meant.ts";
import { count, text } from "../ui/text.ts";
import { useDeed, useNow } from "../ui/use.ts";
import { sentenceOf } from "../ui/words.ts";

/** A code, and when it ends (ms since 1970). */
interface Shown {
  readonly code: string;
  readonly ends: number;
}

/** A button, then the code for as long as it is good. */
export function AnotherProfile({ newCode }: { newCode: () => Promise<OneTimeCode> }) {
  const [shown, setShown] = useState<Shown | undefined>();
  const { busy, trouble, run } = useDeed();
  const make = (event: Event) =>
    isMeant(event) &&
    run(async () => {
      const { code, seconds } = await newCode();
      setShown({ code, ends: Date.now() + seconds * 1000 });
    });
  if (!shown)
    return (
      <>
        <button type="button" class="button wide" disabled={busy} onClick={make}>
          <Icon name="key" />
          {text("anotherProfile")}
        </button>
        {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
      </>
    );
  return (
    <section class="box another-profile" aria-labelledby="another-profile">
      <h2 id="another-profile">{text("anotherProfile")}</h2>
      <Code shown={shown} />
      <button type="button" class="button quiet small" disabled={busy} onClick={make}>
        {text("anotherCode")}
      </button>
      {trouble && <p class="note wrong">{sentenceOf(trouble)}</p>}
    </section>
  );
}

function Code({ shown: { code, ends } }: { shown: Shown }) {
  const left = Math.ceil((ends - useNow(1000)) / 1000);
  if (left <= 0) return <p role="status">{text("codeEnded")}</p>;
  return (
    <>
      <p>{text("anotherProfileText")}</p>
      <p role="status">
        <code class="one-time-code" dir="ltr">
          {code}
        </code>
      </p>
      <p class="note">{count("codeGoodFor", left)}</p>
    </>
  );
}
