import { accessSync, constants } from "node:fs";

/** The programs of the workspace that end-to-end runs start, and the variable that tells where each was built. */
const variables = { demo: "DEMO_BINARY", host: "GMAIL_SYNC_HOST_BINARY" } as const;

/** Where `cargo xtask` built a program. */
export function builtProgram(name: keyof typeof variables): string {
  const path = process.env[variables[name]];
  if (path === undefined)
    throw new Error(`${variables[name]} is not set; run this through \`cargo xtask test --only e2e\``);
  accessSync(path, constants.X_OK);
  return path;
}
