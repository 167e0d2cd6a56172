import { isElement } from "./dom.ts";
import { isReadable } from "./find.ts";
import { readPerson, type Self } from "./person.ts";
import type { Person } from "./reading.ts";
import { chip } from "./selectors.ts";

/** More than any mail to people has; beyond it the list counts as cut. */
const MAX_RECIPIENTS = 1000;

/** Labels of blind copies in Gmail's languages. Own mail shows them at the end of the same line. */
const BCC =
  /(?:^|[^\p{L}])(?:bcc|cci|cco|ccn|udw|скрытая копия|скрытая|прихована копія|hemlig kopia|blindkopi|piilokopio|skrytá kopie|skrytá|titkos másolat|gizli|κρυφή κοινοποίηση|עותק מוסתר|نسخة مخفية|密送|密件副本|숨은참조)(?:[^\p{L}]|$)/iu;
/** A new label inside the line; `cc` is the only harmless one. */
const LABEL = /\p{L}\s*[:：]/u;
const CC = /(?:^|[^\p{L}])cc\s*[:：]/iu;
/** What stands after the last chip if there is no room for all: "…", "and 12 more". */
const CUT = /…|\.\.\.|\p{Nd}/u;

export type Recipients = { people: Person[]; blind: Person[]; cut: boolean };

/** Reads the line "to A, B, bcc: C": To and Cc mixed, and apart from them whoever got a blind copy. */
export function readRecipients(line: Element, self: Self): Recipients {
  const people: Person[] = [];
  const blind: Person[] = [];
  let isBlind = false;
  let before = "";
  let count = 0;
  for (const piece of pieces(line)) {
    if (typeof piece === "string") {
      before += piece;
      continue;
    }
    count += 1;
    if (BCC.test(before) || (count > 1 && LABEL.test(before) && !CC.test(before))) isBlind = true;
    before = "";
    if (isReadable(piece, line)) (isBlind ? blind : people).push(readPerson(piece, self, true));
    if (count === MAX_RECIPIENTS) return { people, blind, cut: true };
  }
  return { people, blind, cut: count > 0 && CUT.test(before) };
}

/** The line in order: texts between the people, and the people's elements. */
function* pieces(node: Node): Generator<string | Element> {
  for (const child of node.childNodes) {
    if (!isElement(child)) {
      if (child.nodeType === 3) yield child.nodeValue ?? "";
    } else if (child.matches(chip)) {
      yield child;
    } else {
      yield* pieces(child);
    }
  }
}
