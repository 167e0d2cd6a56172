// Logging an e-mail: what is chosen, what would be sent, what is said, and what comes of it.
import { createHash } from "node:crypto";
import { idAt } from "../../../demo/gmail/ids.mjs";
import { ann, lena, marie, tom } from "../../../demo/gmail/people.mjs";
import { messageIdOf } from "../../../demo/gmail/source.mjs";
import { button, entryElsewhere, neverLog, newestAt, openLog, openPreview, shown } from "../logging.ts";
import { openColdStore } from "../sidebar.ts";
import type { Chapter, Walk } from "./chapter.ts";

/** By which the portal knows the demo's newest message once it was logged. */
const key = createHash("sha256")
  .update(`message:<${messageIdOf(idAt(newestAt))}>`)
  .digest("hex");

/** The portal has an entry that looks like it; with its key it is the very same. */
const logged = ({ portal }: Walk, more = {}) =>
  portal.call("crm.activity.add", entryElsewhere([3, 2], undefined, more));

const crowd = Array.from({ length: 24 }, (_, number) => ({
  name: `Guest ${number + 1}`,
  email: `guest${number + 1}@fair.example`,
}));

export const logging: readonly Chapter[] = [
  {
    scenes: [
      {
        name: "log",
        shows: "What logging the newest message would send, word for word",
        go: ({ sidebar }) => openPreview(sidebar),
      },
      {
        name: "log-subject",
        shows: "The subject alone",
        go: async ({ sidebar }) => {
          await sidebar.getByLabel("Subject only").check();
          await sidebar.getByRole("region", { name: "Text of the message" }).waitFor({ state: "detached" });
        },
      },
      {
        name: "log-full",
        shows: "With what was quoted",
        go: async ({ sidebar }) => {
          await sidebar.getByLabel("Full text").check();
          await sidebar.getByRole("region", { name: "Text of the message" }).getByText("two pallets").waitFor();
        },
      },
      {
        name: "log-several",
        shows: "To several records",
        go: async ({ sidebar }) => {
          await sidebar.getByLabel("Without quotes").check();
          await sidebar.getByLabel(/Pilot order, 40 sensors/).check();
          await button(sidebar, "Log to 2 records").waitFor();
          await shown(sidebar);
        },
      },
      {
        name: "log-another-record",
        shows: "To a record found by a search",
        go: async ({ sidebar }) => {
          await button(sidebar, "Another record").click();
          await sidebar.keyboard.type("obermeier gmbh");
          await sidebar.getByRole("option", { name: "Obermeier GmbH & Co. KG" }).first().waitFor();
        },
      },
      {
        name: "log-folded",
        shows: "An older message, whose text Gmail hasn't shown yet",
        go: async ({ sidebar }) => {
          await sidebar.keyboard.press("Escape");
          await sidebar.getByRole("combobox", { name: "Message" }).selectOption({ index: 1 });
          await sidebar.getByText(/Unfold it in Gmail/).waitFor();
        },
      },
    ],
  },
  {
    scenes: [
      {
        name: "logged",
        shows: "It was logged, and can be taken back or moved",
        go: async (walk) => {
          await openPreview(walk.sidebar);
          await button(walk.sidebar, "Log to 1 record").click();
          await walk.sidebar.getByText("Logged to 1 record. No mail was sent.").waitFor();
        },
      },
      {
        name: "undo",
        shows: "Taking it back asks first",
        go: async ({ sidebar }) => {
          await button(sidebar, "Undo").click();
          await sidebar.getByRole("group", { name: "Delete the entry from the portal again?" }).waitFor();
        },
      },
      {
        name: "move",
        shows: "Moving it, which asks, too",
        go: async ({ sidebar }) => {
          await sidebar.keyboard.press("Escape");
          await sidebar.getByRole("button", { name: "Move", exact: true }).click();
          await sidebar.getByLabel("Move to").selectOption({ label: "Pilot order, 40 sensors · Deal" });
          await button(sidebar, "Move the entry").waitFor();
        },
      },
      {
        name: "moved",
        shows: "It was moved",
        go: async ({ sidebar }) => {
          await button(sidebar, "Move the entry").click();
          await sidebar.getByText("The entry was moved to Pilot order, 40 sensors.").waitFor();
        },
      },
    ],
  },
  {
    before: (walk) => logged(walk),
    scenes: [
      {
        name: "log-likely",
        shows: "It was probably logged before",
        go: async ({ sidebar }) => sidebar.getByText(/^Probably logged/).waitFor(),
      },
    ],
  },
  {
    before: (walk) => logged(walk, { ORIGINATOR_ID: "gmail-sync", ORIGIN_ID: key }),
    scenes: [
      {
        name: "log-certain",
        shows: "It was logged before, and nothing can be sent twice",
        go: async ({ sidebar }) => {
          await openLog(sidebar);
          await sidebar.getByText(/^Logged by you, /).waitFor();
        },
      },
    ],
  },
  {
    before: ({ portal }) => portal.access("contact", 2, "read"),
    scenes: [
      {
        name: "log-refused",
        shows: "A record that may not be changed",
        go: async (walk) => {
          await openPreview(walk.sidebar);
          await button(walk.sidebar, "Log to 1 record").click();
          await walk.sidebar.locator(".log-targets").getByText("no right to change it").waitFor();
        },
      },
    ],
  },
  {
    scenes: [
      {
        name: "log-outgoing",
        shows: "An e-mail of one's own with a blind copy",
        go: async (walk) => {
          await openColdStore(walk.gmail, walk.sidebar);
          await openPreview(walk.sidebar);
          await walk.sidebar.getByText("Outgoing e-mail, as a record. No mail goes out.").waitFor();
        },
      },
    ],
  },
  {
    thread: { subject: "Invitation to the fair", from: marie, to: [lena, ...crowd] },
    scenes: [
      {
        name: "log-many-recipients",
        shows: "A message to very many",
        go: async (walk) => {
          await openPreview(walk.sidebar);
          await walk.sidebar.getByText(/25 recipients/).waitFor();
        },
      },
    ],
  },
  {
    thread: { subject: "Lunch on Friday", from: ann, to: [lena, tom] },
    scenes: [
      {
        name: "colleagues-only",
        shows: "A thread among colleagues",
        go: async ({ sidebar }) => sidebar.getByText("Everybody else in this thread is a colleague.").waitFor(),
      },
    ],
  },
  {
    scenes: [
      {
        name: "log-never",
        shows: "Somebody of the thread is on the never-log list",
        go: async ({ browser, gmail, sidebar }) => {
          await (await neverLog(browser, "corvus-logistics.example")).close();
          await gmail.bringToFront();
          await openLog(sidebar);
          await sidebar.getByText("Your own rule in the settings: corvus-logistics.example").waitFor();
        },
      },
    ],
  },
];
