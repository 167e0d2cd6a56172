import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { builtProgram } from "./programs.ts";

/** The fake Bitrix24 portal, running. */
export interface Portal {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  webhookUrl: string;
  /** Where it sends the browser back to, on a port that is free. */
  callbackUrl: string;
  /** The authority that vouches for it; only where it speaks https. */
  caFile?: string;
  /** How many requests its methods got. */
  requests(): Promise<number>;
  /** Bytes of all bodies, as it counted them: in and out. */
  bytes(): Promise<readonly [number, number]>;
  /** The same, of what it was asked for as an authorization server alone, or of all but that. */
  bytesAsked(of: "tokens" | "methods"): Promise<readonly [number, number]>;
  /** Every access and refresh token that it has issued. */
  tokens(): Promise<readonly string[]>;
  /** Answers the next so many requests with a page of a broken gateway. */
  breakDown(times: number): Promise<void>;
  /** Lets something go wrong: a fault of the fake portal's. */
  fault(fault: { kind: string; method?: string; times?: number; to?: string }): Promise<void>;
  /** Puts everything back to how it started, but for what connects the host. */
  reset(): Promise<void>;
  /** Sets switches of the fake portal's. */
  switch(switches: Record<string, unknown>): Promise<void>;
  /** Sets what Lena may do with a record. */
  access(kind: string, id: number, access: "full" | "read" | "none"): Promise<void>;
  /** Takes back faults that haven't happened. */
  clearFaults(): Promise<void>;
  /** Adds a pipeline, or further stages of the one with this id. */
  pipeline(pipeline: {
    id: number;
    name: string;
    stages: { id: string; name: string; semantics: string }[];
  }): Promise<void>;
  /** Waits until an answer is held back by the fault `slowAnswer`. */
  held(): Promise<void>;
  /** Everything the portal keeps of a type of record. */
  rows(kind: string): Promise<Row[]>;
  /** Calls a method as the person does who uses the sidebar, but elsewhere. */
  call(method: string, params: Record<string, unknown>): Promise<void>;
  /** All methods it was asked for, those inside batches too, in order. */
  methods(): Promise<string[]>;
  /** The methods that were to change something, in order. */
  writes(): Promise<string[]>;
  /** The parameters a method was called with, each time. */
  paramsOf(method: string): Promise<unknown[]>;
  /** What a method was called with, byte for byte but for the token, each time. */
  bodiesOf(method: string): Promise<string[]>;
  /** Ends it. Whatever a test did, a real portal must not have sent mail: fails if it would have. */
  close(): Promise<void>;
}

/** A record, by the portal's own names. */
export interface Row {
  readonly [name: string]: unknown;
  readonly ID: number;
  readonly EMAIL?: readonly { readonly VALUE: string }[] | null;
}

/** Somebody else makes two records with one address: a person, and the company they work for. */
export async function makeNamesakes(portal: Portal, email: string): Promise<void> {
  const address = [{ VALUE: email, VALUE_TYPE: "WORK" }];
  await portal.call("crm.contact.add", { fields: { NAME: "Priya", LAST_NAME: "Menon", EMAIL: address } });
  await portal.call("crm.company.add", { fields: { TITLE: "Corvus Freight", EMAIL: address } });
}

/** Somebody else makes companies of that name, more than a page of results holds. */
export async function makeCompanies(portal: Portal, title: string): Promise<void> {
  for (let number = 10; number < 35; number += 1)
    await portal.call("crm.company.add", { fields: { TITLE: `${title} ${number}` } });
}

/** Methods that only read; whatever isn't among them may change something. */
const reading =
  /^(?:oauth\.token|server\.time|batch|profile|scope|methods)$|\.(?:list|get|info|fields|current|search|findbycomm)$/;

/** Asks one whose authority only this file vouches for, which `fetch` can't be told. */
async function fetchTrusting(caFile: string, url: string, options: RequestInit): Promise<Response> {
  const { method = "GET", headers, body } = options;
  const asking = request(url, {
    method,
    headers: { ...(headers as Record<string, string>) },
    ca: readFileSync(caFile),
  });
  asking.end(body ?? undefined);
  const [answer] = await once(asking, "response");
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  return new Response(Buffer.concat(pieces), { status: answer.statusCode });
}

/**
 * Starts a fake portal with data of its own on a free port; `inside`, as NAME=ADDRESS, with https and in this machine's network, with
 * Bitrix24's `authorization` server beside it.
 */
export async function startPortal(inside?: string, authorization?: string): Promise<Portal> {
  const where = inside === undefined ? [] : ["--tls", "--inside", inside];
  if (authorization !== undefined) where.push("--authorization", authorization);
  const child = spawn(builtProgram("demo"), ["portal", "--port", "0", ...where], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const end = async () => {
    child.stdin.end();
    await exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line);
    const fake = async (path: string, body?: unknown) => {
      const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const url = `${told.baseUrl}/_fake/${path}`;
      const options = body === undefined ? {} : post;
      const answer = await (told.caFile === undefined ? fetch(url, options) : fetchTrusting(told.caFile, url, options));
      if (!answer.ok) throw new Error(`the fake portal answers ${answer.status} to ${path}`);
      return answer;
    };
    const methods = async () => {
      const log: { method: string; batched: string[] }[] = await (await fake("log")).json();
      return log.flatMap(({ method, batched }) => [method, ...batched]);
    };
    return {
      ...told,
      requests: async () => (await (await fake("stats")).json()).httpCalls,
      bytes: async () => {
        const { bytesIn, bytesOut } = await (await fake("stats")).json();
        return [bytesIn, bytesOut];
      },
      bytesAsked: async (of) => {
        const log: { method: string; bytesIn: number; bytesOut: number }[] = await (await fake("log")).json();
        const asked = log.filter(({ method }) => (method === "oauth.token") === (of === "tokens"));
        const sum = (size: "bytesIn" | "bytesOut") => asked.reduce((sum, entry) => sum + entry[size], 0);
        return [sum("bytesIn"), sum("bytesOut")];
      },
      tokens: async () => (await fake("tokens")).json(),
      breakDown: async (times) => void (await fake("faults", { kind: "badGateway", times })),
      fault: async (fault) => void (await fake("faults", fault)),
      reset: async () => void (await fake("reset", {})),
      switch: async (switches) => void (await fake("switches", switches)),
      access: async (kind, id, access) => void (await fake("access", { kind, id, access })),
      clearFaults: async () => void (await fetch(`${told.baseUrl}/_fake/faults`, { method: "DELETE" })),
      pipeline: async (pipeline) => void (await fake("pipeline", pipeline)),
      held: async () => void (await fake("held?atLeast=1")),
      rows: async (kind) => (await fake(`rows/${kind}`)).json(),
      call: async (method, params) => {
        const body = JSON.stringify(params);
        await fetch(told.webhookUrl + method, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
      },
      methods,
      writes: async () => (await methods()).filter((method) => !reading.test(method)),
      paramsOf: async (name) => {
        const log: { method: string; params: unknown }[] = await (await fake("log")).json();
        return log.filter(({ method }) => method === name).map(({ params }) => params);
      },
      bodiesOf: async (name) => {
        const log: { method: string; body: string }[] = await (await fake("log")).json();
        return log.filter(({ method }) => method === name).map(({ body }) => body);
      },
      close: async () => {
        try {
          assert.deepEqual((await (await fake("stats")).json()).sentMail, [], "the portal would have sent mail");
        } finally {
          await end();
        }
      },
    };
  }
  throw new Error("the fake portal ended before it said where it listens");
}
