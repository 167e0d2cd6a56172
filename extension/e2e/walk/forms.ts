// Forms that create a record, and what may come of them.
import type { Page } from "playwright-core";
import { lena } from "../../../demo/gmail/people.mjs";
import { button, type Chapter } from "./chapter.ts";

const region = (sidebar: Page) => sidebar.getByLabel("Sales region").selectOption({ label: "Benelux" });

async function open(sidebar: Page, name: string, label: string): Promise<void> {
  await button(sidebar, name).click();
  await sidebar.getByLabel(label).first().waitFor();
}

const stranger = {
  subject: "A first question",
  from: { name: "Vera Novak", email: "vera.novak@unheard-of.example" },
  to: [lena],
};

export const forms: readonly Chapter[] = [
  {
    scenes: [
      {
        name: "create-contact",
        shows: "The form for somebody who isn't in the CRM",
        go: async ({ sidebar }) => open(sidebar, "Create contact", "First name"),
      },
      {
        name: "create-required",
        shows: "What the portal requires is asked for under its own name",
        go: async ({ sidebar }) => {
          await button(sidebar, "Create contact").click();
          await sidebar.getByText("Fill this in.").waitFor();
        },
      },
      {
        name: "create-responsible",
        shows: "A colleague is made responsible",
        go: async ({ sidebar }) => {
          await region(sidebar);
          await sidebar.getByRole("button", { name: "Somebody else" }).last().click();
          await sidebar.keyboard.type("keller");
          await sidebar.getByRole("option", { name: "Ann Keller" }).waitFor();
        },
      },
      {
        name: "create-duplicate",
        shows: "Somebody of that name is there already",
        go: async ({ sidebar }) => {
          await sidebar.keyboard.press("Escape");
          await sidebar.getByLabel("First name").fill("Piet");
          await sidebar.getByLabel("Last name").fill("Hoekstra");
          await button(sidebar, "Create contact").click();
          await sidebar.getByText("Is this the same?").waitFor();
        },
      },
      {
        name: "duplicate-got-the-address",
        shows: "The address was added to the one that was there",
        go: async ({ sidebar }) => {
          await button(sidebar, "Add the address to Piet Hoekstra").click();
          await sidebar.getByText("Address added to Piet Hoekstra").waitFor();
        },
      },
    ],
  },
  {
    before: ({ portal }) => portal.switch({ threeByteUtf8: true }),
    scenes: [
      {
        name: "create-refused",
        shows: "The portal's own words beside the form, and everything that was typed",
        go: async ({ sidebar }) => {
          await open(sidebar, "Create contact", "First name");
          await sidebar.getByLabel("Position").fill("Dispatch 🚚");
          await region(sidebar);
          await button(sidebar, "Create contact").click();
          await sidebar.getByText("The portal refuses this. SQL query error!").waitFor();
        },
      },
      {
        name: "contact-created",
        shows: "The contact was created, and its card is there",
        go: async ({ sidebar }) => {
          await sidebar.getByLabel("Position").fill("Dispatch");
          await button(sidebar, "Create contact").click();
          await sidebar.getByText("Contact created").waitFor();
        },
      },
    ],
  },
  {
    before: ({ portal }) => portal.switch({ cannotCreate: ["contact"] }),
    scenes: [
      {
        name: "create-forbidden",
        shows: "The portal gives no right to it",
        go: async ({ sidebar }) => {
          await open(sidebar, "Create contact", "First name");
          await region(sidebar);
          await button(sidebar, "Create contact").click();
          await sidebar.getByText("aren't enough for this").waitFor();
        },
      },
      {
        name: "create-not-offered",
        shows: "What was refused isn't offered again, and the card says why",
        go: async ({ sidebar }) => {
          await button(sidebar, "Cancel").click();
          await sidebar.getByText("Not offered, since the portal gives you no right to it").first().waitFor();
        },
      },
    ],
  },
  {
    thread: stranger,
    scenes: [
      {
        name: "stranger",
        shows: "Somebody nobody knows",
        go: async ({ sidebar }) => button(sidebar, "Create lead").waitFor(),
      },
      {
        name: "create-lead",
        shows: "The form for a lead",
        go: async ({ sidebar }) => open(sidebar, "Create lead", "Title"),
      },
      {
        name: "create-company",
        shows: "The form for a company",
        go: async ({ sidebar }) => {
          await button(sidebar, "Create lead").click();
          await sidebar.getByText("Lead created").waitFor();
          await open(sidebar, "Create company", "Company name");
        },
      },
    ],
  },
  {
    scenes: [
      {
        name: "create-deal",
        shows: "The form for a deal: pipelines and stages as the portal has them",
        go: async ({ sidebar }) => {
          await open(sidebar, "Create deal", "Pipeline");
          await sidebar.getByLabel("Pipeline").selectOption({ label: "Service" });
        },
      },
      {
        name: "create-deal-amount",
        shows: "An amount that isn't one",
        go: async ({ sidebar }) => {
          await sidebar.getByLabel("Amount").fill("48.6oo");
          await button(sidebar, "Create deal").click();
          await sidebar.getByText("Use digits only").waitFor();
        },
      },
    ],
  },
];

export const withoutLeads: Chapter = {
  thread: stranger,
  before: ({ portal }) => portal.switch({ crmMode: "simple" }),
  scenes: [
    {
      name: "without-leads",
      shows: "A portal that runs without leads",
      go: async ({ sidebar }) => {
        // The extension knows it by now as one with leads.
        await open(sidebar, "Create contact", "First name");
        await button(sidebar, "Read the portal's lists again").click();
        await sidebar.getByText("They are as in the portal now.").waitFor();
        await button(sidebar, "Cancel").click();
        await button(sidebar, "Create lead").waitFor({ state: "detached" });
      },
    },
  ],
};
