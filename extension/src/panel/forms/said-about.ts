// Which field the portal's words are about.

import type { RecordForm, RecordType } from "../../protocol/types.ts";
import { plain } from "../../ui/format.ts";
import { text } from "../../ui/text.ts";
import { ownFields } from "./own-fields.ts";

/** Bitrix24 tells no field's name apart from its words, but puts its label into quotation marks: `The field "Sales region" is required.` */
const quoted = /["“„«]([^"“”„«»]+)["”“»]/g;

/** The field whose label the words quote, by its name or id; undefined if that is none of the form's, or more than one. */
export function saidAbout(words: string, type: RecordType, { fields }: RecordForm): string | undefined {
  const own = ownFields[type].map(({ name, label }) => [name, text(label)] as const);
  const portals = fields.map(({ id, label }) => [id, plain(label)] as const);
  const labels = new Set([...plain(words).matchAll(quoted)].map(([, label = ""]) => label.trim().toLowerCase()));
  const about = [...own, ...portals].filter(([, label]) => labels.has(label.trim().toLowerCase()));
  return about.length === 1 ? about[0]?.[0] : undefined;
}
