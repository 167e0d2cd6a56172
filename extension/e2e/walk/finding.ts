// Records that are found by hand, and picked among several.
import type { Page } from "playwright-core";
import { priya } from "../../../demo/gmail/people.mjs";
import { makeCompanies, makeNamesakes } from "../portal.ts";
import { button, type Chapter } from "./chapter.ts";

const field = (sidebar: Page) => sidebar.getByRole("combobox", { name: "Find a contact or company" });

export const finding: readonly Chapter[] = [
  {
    before: ({ portal }) => makeCompanies(portal, "Lyon Machines"),
    scenes: [
      {
        name: "find",
        shows: "Looking for a record that the address belongs to",
        go: async ({ sidebar }) => {
          await button(sidebar, "Add to existing").click();
          await field(sidebar).waitFor();
        },
      },
      {
        name: "find-nothing",
        shows: "Nothing of that name",
        go: async ({ sidebar }) => {
          await field(sidebar).fill("nobody of that name");
          await sidebar.getByText("Nothing found.").waitFor();
        },
      },
      {
        name: "find-many",
        shows: "A page of results, and more to come",
        go: async ({ sidebar }) => {
          await field(sidebar).fill("lyon machines");
          await button(sidebar, "Show more").waitFor();
        },
      },
      {
        name: "find-one",
        shows: "One that fits",
        go: async ({ sidebar }) => {
          await field(sidebar).fill("hoekstra");
          await sidebar.getByRole("option", { name: "Piet Hoekstra" }).waitFor();
          await sidebar.keyboard.press("ArrowDown");
        },
      },
      {
        name: "find-picked",
        shows: "What adding the address would do",
        go: async ({ sidebar }) => {
          await sidebar.keyboard.press("Enter");
          await sidebar.getByText("becomes one more e-mail of Piet Hoekstra.").waitFor();
        },
      },
    ],
  },
  {
    before: ({ portal }) => makeNamesakes(portal, priya.email),
    scenes: [
      {
        name: "matches",
        shows: "Several records have the address",
        go: async ({ sidebar }) => {
          const card = sidebar.locator(".card", { hasText: "2 matches" });
          await card.getByRole("button", { name: "Unfold" }).click();
          await card.getByRole("radio", { name: "Corvus Freight" }).check();
        },
      },
      {
        name: "match-picked",
        shows: "One of them was picked",
        go: async ({ sidebar }) => {
          await button(sidebar, "Use this record").click();
          await sidebar.getByRole("heading", { name: "Corvus Freight Company" }).waitFor();
        },
      },
    ],
  },
];
