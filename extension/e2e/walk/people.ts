// Who belongs to the company and who doesn't; very long names, another direction of writing, a portal that is down.
import { ann, layla, lena, marie } from "../../../demo/gmail/people.mjs";
import { peopleShown } from "../sidebar.ts";
import type { Chapter } from "./chapter.ts";

const person = (name: string, email: string) => ({ name, email });

export const people: readonly Chapter[] = [
  {
    thread: {
      subject: "Leaflet for the fair",
      from: person("Vera Lindqvist", "vera@agentur-lindqvist.example"),
      to: [
        lena,
        ann,
        person("Henrik Lund", "henrik@brightline.example"),
        person("Sofia Marchetti", "sofia@studio-marchetti.example"),
      ],
    },
    scenes: [
      {
        name: "colleagues-and-guests",
        shows: "Colleagues, former ones, and people from outside who have an account",
        go: async ({ sidebar }) => peopleShown(sidebar),
      },
    ],
  },
  {
    thread: {
      subject: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft: Angebot",
      from: layla,
      to: [lena, person("Maximiliane-Alexandra von der Höhenburg-Waldenfels zu Sankt Veit", "m@hoehenburg.example")],
    },
    scenes: [
      {
        name: "long-and-right-to-left",
        shows: "A long subject, a long name, and one that is written from right to left",
        go: async ({ sidebar }) => peopleShown(sidebar),
      },
    ],
  },
  {
    scenes: [
      {
        name: "narrow",
        shows: "The sidebar as narrow as it gets",
        width: 280,
        go: async ({ sidebar }) => peopleShown(sidebar),
      },
      {
        name: "portal-down",
        shows: "The portal doesn't answer as it should",
        go: async ({ portal, sidebar }) => {
          await portal.breakDown(5);
          await sidebar.getByRole("button", { name: "Refresh" }).click();
          await sidebar.getByRole("button", { name: "Try again" }).first().waitFor();
        },
      },
    ],
  },
  {
    before: async ({ portal }) => {
      await portal.access("contact", 2, "none");
    },
    thread: { subject: "Only for some", from: marie, to: [lena] },
    scenes: [
      {
        name: "hidden-record",
        shows: "A record that the person may not read",
        go: async ({ sidebar }) => peopleShown(sidebar),
      },
    ],
  },
];
