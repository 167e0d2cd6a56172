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
  /** How many requests its methods got. */
  requests(): Promise<number>;
  /** Answers the next so many requests with a page of a broken gateway. */
  breakDown(times: number): Promise<void>;
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
    const told = JSON.parse(line);
    const fake = async (path: string, body?: unknown) => {
      const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const answer = await fetch(`${told.baseUrl}/_fake/${path}`, body === undefined ? {} : post);
      if (!answer.ok) throw new Error(`the fake portal answers ${answer.status} to ${path}`);
      return answer;
    };
    return {
      ...told,
      requests: async () => (await (await fake("stats")).json()).httpCalls,
      breakDown: async (times) => void (await fake("faults", { kind: "badGateway", times })),
      close,
    };
  }
  throw new Error("the fake portal ended before it said where it listens");
}
