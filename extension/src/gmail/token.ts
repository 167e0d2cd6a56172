// Gmail's address bar names the open thread by a token such as `FMfcgzGkbDZKPJrNLplXZhKfWwtgjrXt`. It is an encoding, not a
// cipher: a number in base 40 whose base-64 digits are base64 of `f:<decimal>`, `a:r<number>` or `f:<thread>|msg-f:<message>`.
// InboxSDK has written the inverse since 2021 (encodeDraftUrlId).

/** What an address says about the open thread. */
export type ThreadRef = {
  /** 16 hex digits; null for threads the browser made itself (`thread-a:…`), whose server id is another number. */
  id: string | null;
  /** `thread-f:<decimal>` or `thread-a:r<number>`. */
  permId: string;
};

const DIGITS_40 = "BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz";
const DIGITS_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The longest token met has 71 letters; a bound keeps the arithmetic on foreign text small. */
const TOKEN = /^[BCDFGHJ-NP-TV-XZbcdfghj-np-tv-xz]{16,120}$/;
/** A hex id has 15 digits for mail before September 2004 and 16 since. */
const HEX_ID = /^[0-9a-f]{15,16}$/;
const PERM_ID = /^#?((thread|msg)-([af]):(r?-?\d{1,20}))(?:\||$)/;
const PLAIN = /^(?:(f):(\d{1,20})|(a):(r-?\d{1,20}))(?:\|msg-[af]:r?-?\d{1,20})?$/;

/** Decodes the thread token of the address bar; null for any word that is none. */
export function decodeThreadToken(token: string): ThreadRef | null {
  if (!TOKEN.test(token)) return null;
  let number = 0n;
  for (const digit of token) number = number * 40n + BigInt(DIGITS_40.indexOf(digit));
  let base64 = "";
  for (; number > 0n; number /= 64n) base64 = DIGITS_64.charAt(Number(number % 64n)) + base64;
  // One base64 digit alone holds no byte.
  if (base64.length % 4 === 1) return null;
  const match = PLAIN.exec(atob(base64));
  if (match === null) return null;
  if (match[3] !== undefined) return { id: null, permId: `thread-a:${match[4]}` };
  return fromDecimal(match[2] ?? "");
}

/** Checks a hex id (`data-legacy-thread-id`, `data-legacy-message-id`, old routes); null for anything else. */
export function hexId(value: string | null): string | null {
  return value !== null && HEX_ID.test(value) ? value : null;
}

/** Checks a sync id (`thread-f:1…`, `#msg-a:r…`) and gives it without `#`, cut at a bar; null for anything else. */
export function permId(value: string | null, kind: "thread" | "msg"): string | null {
  const match = PERM_ID.exec(value ?? "");
  return match?.[2] === kind ? (match[1] ?? null) : null;
}

/** The hex form of a `…-f:<decimal>` id: they are one number. Null for `…-a:…` ids and for impossible numbers. */
export function hexOfPermId(value: string | null): string | null {
  const match = PERM_ID.exec(value ?? "");
  return match?.[3] === "f" ? (fromDecimal(match[4] ?? "")?.id ?? null) : null;
}

/** Reads any form in which an address may name a thread: token, hex, sync id. */
export function parseThreadRef(text: string): ThreadRef | null {
  const hex = hexId(text);
  if (hex !== null) return { id: hex, permId: `thread-f:${BigInt(`0x${hex}`)}` };
  const perm = permId(text, "thread");
  if (perm !== null) return { id: hexOfPermId(perm), permId: perm };
  return decodeThreadToken(text);
}

function fromDecimal(decimal: string): ThreadRef | null {
  if (!/^\d{1,20}$/.test(decimal)) return null;
  const number = BigInt(decimal);
  const id = hexId(number.toString(16));
  return id === null ? null : { id, permId: `thread-f:${number}` };
}
