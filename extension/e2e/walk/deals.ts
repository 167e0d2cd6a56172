// What a card's records can be given: another stage, a comment, a to-do; and what happened last.
import type { Page } from "playwright-core";
import { button, type Chapter } from "./chapter.ts";

const chip = (sidebar: Page) => sidebar.getByRole("button", { name: /^Stage of Pilot order, 40 sensors: / });
const stage = (sidebar: Page, name: string) => sidebar.getByRole("menuitemradio", { name, exact: true });

export const deals: readonly Chapter[] = [
  {
    scenes: [
      {
        name: "stages",
        shows: "The stages of a deal's pipeline",
        go: async ({ sidebar }) => {
          await chip(sidebar).click();
          await sidebar.getByRole("menu").waitFor();
        },
      },
      {
        name: "stage-moved",
        shows: "The deal was moved, and can be moved back",
        go: async ({ sidebar }) => {
          await stage(sidebar, "Contract").click();
          await sidebar.getByText("Moved to Contract").waitFor();
        },
      },
      {
        name: "stage-won",
        shows: "Won asks first",
        go: async ({ sidebar }) => {
          await chip(sidebar).click();
          await stage(sidebar, "Won won").click();
          await button(sidebar, "Move to Won").waitFor();
        },
      },
    ],
  },
  {
    scenes: [
      {
        name: "comment",
        shows: "A comment",
        go: async ({ sidebar }) => {
          await button(sidebar, "Comment").click();
          await sidebar.getByLabel("Comment", { exact: true }).fill("Asks for two pallets in week 50.");
        },
      },
      {
        name: "comment-added",
        shows: "The comment was added",
        go: async ({ sidebar }) => {
          await button(sidebar, "Add comment").click();
          await sidebar.getByText("Comment added to Marie Rousseau").waitFor();
        },
      },
      {
        name: "to-do",
        shows: "A to-do with a deadline",
        go: async ({ sidebar }) => {
          await button(sidebar, "To-do").click();
          await sidebar.getByLabel("What is to be done").fill("Call Marie");
          await sidebar.getByLabel("By when").fill("2020-01-01T09:00");
          await button(sidebar, "Add to-do").click();
          await sidebar.getByText("That is in the past.").waitFor();
        },
      },
      {
        name: "recent-activity",
        shows: "What happened last",
        go: async ({ sidebar }) => {
          await button(sidebar, "Cancel").click();
          await button(sidebar, "Recent activity").click();
          await sidebar.locator(".recent").getByText("Call about the pilot").waitFor();
        },
      },
    ],
  },
];
