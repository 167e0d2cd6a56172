// Actions that note what they were asked, and do nothing.
import type { Actions } from "../../src/panel/actions.ts";

/** Each call as its name and what it was given. Answers wait for ever unless a test gives some. */
export function fakeActions(deeds: unknown[][] = [], answers: Partial<Actions> = {}): Actions {
  const note =
    (name: string) =>
    async (...values: unknown[]) =>
      void deeds.push([name, ...values]);
  const wait =
    (name: string) =>
    (...values: unknown[]) => {
      deeds.push([name, ...values]);
      return new Promise<never>(() => undefined);
    };
  return {
    dispatch: (event) => deeds.push([event.at, event]),
    openConnect: note("openConnect"),
    openOptions: note("openOptions"),
    reloadTab: note("reloadTab"),
    refresh: note("refresh"),
    renewReference: note("renewReference"),
    setMailbox: note("setMailbox"),
    nameMailbox: note("nameMailbox"),
    allow: note("allow"),
    follow: wait("follow"),
    search: wait("search"),
    searchUsers: wait("searchUsers"),
    chooseRecord: wait("chooseRecord"),
    recordForm: wait("recordForm"),
    create: wait("create"),
    addAddress: wait("addAddress"),
    addEntry: wait("addEntry"),
    recent: wait("recent"),
    moveDeal: wait("moveDeal"),
    readBody: wait("readBody"),
    readHeader: wait("readHeader"),
    previewLog: wait("previewLog"),
    commitLog: wait("commitLog"),
    undoLog: wait("undoLog"),
    moveLog: wait("moveLog"),
    ...answers,
  };
}
