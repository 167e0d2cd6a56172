// What kinds of records are called.
import type { RecordType } from "../protocol/types.ts";
import type { TextKey } from "../ui/text.ts";

export const recordNames: Readonly<Record<RecordType, TextKey>> = {
  contact: "contact",
  company: "company",
  lead: "lead",
  deal: "deal",
};
