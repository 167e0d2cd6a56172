// Where deals and leads stand, and whether the portal's lists know of it.
import type { Person, Reference } from "../protocol/types.ts";

/** A stage in its pipeline, or the status of a lead. */
const stageOf = (pipeline: string, stage: string) => `deal ${pipeline} ${stage}`;
const statusOf = (status: string) => `lead ${status}`;

/** Everything the lists know. */
export function placesOf(reference: Reference | undefined): ReadonlySet<string> {
  const { pipelines = [], leadStatuses = [] } = reference ?? {};
  return new Set([
    ...pipelines.flatMap(({ id, stages }) => stages.map((stage) => stageOf(id, stage.id))),
    ...leadStatuses.map(({ id }) => statusOf(id)),
  ]);
}

/** Where these people's records stand that the lists don't know, each place once. */
export function unknownPlaces(people: readonly Person[], reference: Reference | undefined): string[] {
  const known = placesOf(reference);
  const deals = people.flatMap((person) => person.deals).map(({ pipelineId, stage }) => stageOf(pipelineId, stage.id));
  const leads = people.flatMap((person) => person.leads).map(({ status }) => statusOf(status.id));
  return [...new Set([...deals, ...leads])].filter((place) => !known.has(place));
}
