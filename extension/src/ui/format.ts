// Values as people read them. Everything here gets text of strangers: from mail headers and from the portal.
import type { Amount } from "../protocol/types.ts";

/** Longest text of a stranger's that is drawn; the layout shortens far earlier, this is against megabytes. */
const longest = 500;

// Characters that change the direction or the place of the text around them, and those that are no text at all (Cc, Zl, Zp).
const disturbing = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufff9-\ufffb]+/gu;

/** A stranger's text, safe to stand in a line with others. */
export function plain(value: string): string {
  const line = value.slice(0, longest).replace(disturbing, " ").replace(/\s+/g, " ").trim();
  return value.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** One or two letters for an avatar. */
export function initials(name: string): string {
  const words = plain(name)
    .split(/[\s@._-]+/)
    .map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)))
    .filter((letter) => letter !== undefined);
  const pair = name.includes("@") ? words.slice(0, 1) : [words.at(0), words.length > 1 ? words.at(-1) : undefined];
  // A zero-width non-joiner keeps letters of joined scripts apart.
  return pair
    .filter((letter) => letter !== undefined)
    .join("\u200c")
    .toLocaleUpperCase();
}

/** A colour's angle for an address: always the same for the same address. (FNV-1a, 32 bits.) */
export function hueOf(address: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(address.toLowerCase())) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % 360;
}

/** An amount of money, without a fraction where that is zero; what isn't an amount stays as the portal spells it. */
export function formatAmount({ value, currency }: Amount, locale: string): string {
  const known = /^[A-Z]{3}$/.test(currency) && /^-?\d{1,15}(?:\.\d+)?$/.test(value);
  if (!known) return plain(`${value} ${currency}`);
  const number = Number(value);
  const digits = Number.isInteger(number) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(number);
}

/** The time of day, with the day if that isn't today. */
export function formatTime(at: number, now: number, locale: string): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  const style: Intl.DateTimeFormatOptions = today
    ? { timeStyle: "short" }
    : { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(locale, style).format(at);
}

/** The day, short, with the year if it isn't this one. */
export function formatDay(at: number, locale: string, now = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...year }).format(at);
}

/** Day and time, in full. */
export function formatMoment(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** Day, hour and minute. */
export function formatMinute(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** A number of bytes: exact below a thousand, then in steps of a thousand. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const style = {
    style: "unit",
    unit: units[step],
    unitDisplay: step > 0 ? "short" : "long",
    maximumFractionDigits: step > 0 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(locale, style).format(bytes / 1000 ** step);
}

/** A stage's colour if it is one: `#rrggbb` and nothing else. */
export function checkedColor(color: string | undefined): string | undefined {
  return color !== undefined && /^#[0-9a-f]{6}$/i.test(color) ? color : undefined;
}

/** A link to a page of the portal, if that is what it is: http(s), and on the portal's own origin. */
export function portalLink(address: string, origin: string): string | undefined {
  if (!URL.canParse(address) || !URL.canParse(origin)) return undefined;
  const url = new URL(address);
  const ours = url.protocol === "https:" || url.protocol === "http:";
  return ours && url.origin === new URL(origin).origin && url.username === "" && url.password === ""
    ? url.href
    : undefined;
}
