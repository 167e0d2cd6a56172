// The header of one message, from Gmail itself: its Message-ID, which every recipient's copy has, is nowhere in the page. The one
// request of this extension; made only when the person opens a log preview, and ended after the header.

/** What a message's header tells. Plain data: it crosses from the page to the worker. */
export type MailHeader = {
  /** The Message-ID with its angle brackets; null if there is none, or several. */
  messageId: string | null;
  /** When its sender says it was sent, in milliseconds since 1970; null if the header doesn't tell. */
  sentAt: number | null;
};

/** A header is far shorter; a hostile one isn't waited for. */
const limits = { bytes: 256 * 1024, ms: 5000 };

type Fetch = (address: string, options: RequestInit) => Promise<Response>;

/**
 * Reads the header of a message in the mailbox at `page`, the address of the Gmail page; null if Gmail doesn't give it.
 *
 * `view=att` with `attid=0` is the message as it came in. Source: gmail.js, `get.email_source_async`.
 */
export async function readHeader(
  page: string,
  messageId: string,
  get: Fetch,
  most = limits,
): Promise<MailHeader | null> {
  const address = sourceOf(page, messageId);
  if (address === null) return null;
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), most.ms);
  try {
    const answer = await get(address, {
      signal: end.signal,
      redirect: "error",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    const isPage = answer.headers.get("content-type")?.includes("html") ?? false;
    if (!answer.ok || isPage || answer.body === null) return null;
    const header = await readToEmptyLine(answer.body, most.bytes);
    return header === null ? null : parseHeader(header);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    // The rest of the message isn't wanted.
    end.abort();
  }
}

/** Where Gmail gives a message as it came in: on the page's own origin, in the page's own mailbox. */
function sourceOf(page: string, messageId: string): string | null {
  const { origin, pathname } = new URL(page);
  const mailbox = /^\/mail\/(?:b\/[^/]+\/)?u\/\d+\/(?:d\/[^/]+\/)?/.exec(pathname)?.[0];
  if (mailbox === undefined || !/^[0-9a-f]{15,16}$/.test(messageId)) return null;
  return `${origin}${mailbox}?view=att&th=${messageId}&attid=0&disp=comp&safe=1&zw`;
}

/** Text up to the first empty line; null if there is none within the limit. */
async function readToEmptyLine(body: ReadableStream<Uint8Array>, most: number): Promise<string | null> {
  const reader = body.getReader();
  // Every byte is one character: a field in another encoding can't break those around it.
  const decoder = new TextDecoder("latin1");
  let text = "";
  try {
    while (text.length < most) {
      const { value, done } = await reader.read();
      // The empty line may have come in two pieces.
      const from = Math.max(0, text.length - 3);
      if (value) text += decoder.decode(value, { stream: true });
      const end = /\r?\n\r?\n/.exec(text.slice(from));
      if (end) return text.slice(0, from + end.index);
      if (done) return null;
    }
    return null;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The fields that count. */
export function parseHeader(header: string): MailHeader {
  // A field goes on in lines that begin with a blank.
  const lines = header.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  return { messageId: idOf(valuesOf(lines, "message-id")), sentAt: timeOf(valuesOf(lines, "date")) };
}

function valuesOf(lines: readonly string[], name: string): string[] {
  const prefix = `${name}:`;
  return lines.filter((line) => line.toLowerCase().startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
}

/** Mail programs disagree about which of several counts, so that nobody's copy has a key others share. */
function idOf([value, second]: readonly string[]): string | null {
  return value !== undefined && second === undefined && /^<[!-;=?-~]{1,980}>$/.test(value) ? value : null;
}

/** RFC 5322, section 3.3, with the comment that names the zone. */
function timeOf([value, second]: readonly string[]): number | null {
  const time = value === undefined || second !== undefined ? Number.NaN : Date.parse(value.replace(/\([^()]*\)/g, ""));
  return time >= 0 ? time : null;
}
