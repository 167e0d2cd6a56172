// The words of the pages, from _locales/. Keys are checked by the compiler against the English file.
import type messages from "../../_locales/en/messages.json";

/** A message without a count. */
export type TextKey = keyof typeof messages;

type Plural<Key> = Key extends `${infer Base}_other` ? Base : never;

/** A message that depends on a count; its forms are `KEY_one`, `KEY_other` and what else the language has. */
export type PluralKey = Plural<TextKey>;

/** The text of a message, with `$1`, `$2`… filled in. */
export function text(key: TextKey, ...values: readonly (string | number)[]): string {
  return chrome.i18n.getMessage(key, values.map(String));
}

/** The text for a count, which is its `$1`. */
export function count(key: PluralKey, number: number, ...values: readonly (string | number)[]): string {
  // The plural rule is that of the messages, whatever the language of the browser.
  const form = new Intl.PluralRules(text("language")).select(number);
  return chrome.i18n.getMessage(`${key}_${form}`, [formatNumber(number), ...values.map(String)]);
}

/** The text of a message that only some languages have, or "". */
export function textIfAny(key: string): string {
  return chrome.i18n.getMessage(key);
}

/** The language that numbers, amounts and dates are written in: the browser's own. */
export function locale(): string {
  return chrome.i18n.getUILanguage();
}

/** A whole number as people write it. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}
