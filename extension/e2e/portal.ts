import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { builtProgram } from "./programs.ts";

/** The fake Bitrix24 portal, running. */
export interface Portal {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  webhookUrl: string;
  callbackUrl: string;
  close(): Promise<void>;
}

/** Starts a fake portal with data of its own on a free port. */
export async function startPortal(callbackUrl: string): Promise<Portal> {
  const child = spawn(builtProgram("demo"), ["portal", "--port", "0", "--callback", callbackUrl], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const close = async () => {
    child.stdin.end();
    await exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...JSON.parse(line), close };
  }
  throw new Error("the fake portal ended before it said where it listens");
}
