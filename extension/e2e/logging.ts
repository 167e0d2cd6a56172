import type { Page } from "playwright-core";
import type { Row } from "./portal.ts";

export const button = (sidebar: Page, name: string | RegExp) => sidebar.getByRole("button", { name });
export const openLog = (sidebar: Page) => button(sidebar, "Log e-mail").click();
/** The log screen shows what would be sent. */
export const shown = (sidebar: Page) => sidebar.getByText("The request, word for word").waitFor();

/** Lena's own logs; the portal has one of Ann's from before. */
export const ours = (row: Row) => row["ORIGINATOR_ID"] === "gmail-sync" && row["AUTHOR_ID"] === 7;
