// In place of the own name Gmail writes a word of its language, inflected: Russian has one as sender and another as recipient.
// The reader drops such names by comparing addresses; this list is the net below, for chips without an address, aliases, and
// pages that don't tell whose mailbox it is.

/** Gmail's word for the mailbox's owner, by primary language of the page. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  af: ["ek", "my"],
  ar: ["أنا", "إليّ", "إلي", "لي"],
  bg: ["аз", "мен", "мене"],
  bn: ["আমি", "আমাকে"],
  ca: ["jo", "mi"],
  cs: ["já", "mně", "mne", "mi"],
  da: ["jeg", "mig"],
  de: ["ich", "mich", "mir"],
  el: ["εγώ", "εμένα", "μένα"],
  en: ["me"],
  es: ["yo", "mí", "mi"],
  et: ["mina", "mulle", "mind"],
  fa: ["من"],
  fi: ["minä", "minulle", "minut"],
  fil: ["ako", "akin", "sa akin"],
  fr: ["moi"],
  gl: ["eu", "min"],
  he: ["אני", "אליי", "אלי", "לי"],
  hi: ["मैं", "मुझे", "मुझको"],
  hr: ["ja", "meni", "mene"],
  hu: ["én", "nekem"],
  id: ["saya"],
  is: ["ég", "mig", "mér"],
  it: ["io", "me"],
  ja: ["自分"],
  ko: ["나", "나에게"],
  lt: ["aš", "man"],
  lv: ["es", "man"],
  ms: ["saya"],
  nl: ["ik", "mij"],
  no: ["jeg", "meg"],
  pl: ["ja", "mnie", "mi"],
  pt: ["eu", "mim"],
  ro: ["eu", "mie", "mine"],
  ru: ["я", "мне", "меня"],
  sk: ["ja", "mne", "mi"],
  sl: ["jaz", "meni", "mene"],
  sr: ["ја", "мени", "мене"],
  sv: ["jag", "mig"],
  sw: ["mimi"],
  ta: ["நான்", "எனக்கு", "என்னை"],
  te: ["నేను", "నాకు"],
  th: ["ฉัน"],
  tr: ["ben", "bana"],
  uk: ["я", "мені", "мене"],
  ur: ["میں", "مجھے"],
  vi: ["tôi"],
  zh: ["我"],
};

/** Old or narrower codes a page may carry for a language of the list. */
const SAME_AS: Readonly<Record<string, string>> = { in: "id", iw: "he", nb: "no", nn: "no", tl: "fil" };

const EVERY_WORD = Object.values(WORDS).flat();

/** A test for "is this name Gmail's word for me?" in the page's language; an unknown language tries every word. */
export function meTest(language: string): (name: string) => boolean {
  const primary = language.toLowerCase().split("-", 1)[0] ?? "";
  const words = new Set(WORDS[SAME_AS[primary] ?? primary] ?? EVERY_WORD);
  return (name) => words.has(name.toLowerCase());
}
