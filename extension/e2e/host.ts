import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtProgram } from "./programs.ts";

const run = promisify(execFile);

/** A host with a state folder of its own. Its keychain is the one of the D-Bus session this runs in. */
export interface Host {
  /** For the browser, whose native messaging hosts inherit it. */
  environment: Record<string, string>;
  /** Writes the host's manifest into a browser profile. */
  register(profile: string): Promise<void>;
  /** Runs the host's command line and returns what it printed. */
  run(...parameters: string[]): Promise<string>;
  /** The ledger's lines. */
  ledger(): Promise<LedgerLine[]>;
  /** The processes that browsers started and that are alive. */
  served(): Promise<number[]>;
  /** Ends them as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** What the ledger says of one request; sizes in bytes of HTTP bodies. */
export interface LedgerLine {
  readonly to: string;
  readonly outcome: string;
  readonly sent: number;
  readonly received: number;
}

/** All bytes of these requests, out and in. */
export function bytesOf(lines: readonly LedgerLine[]): readonly [number, number] {
  const sum = (of: "sent" | "received") => lines.reduce((sum, line) => sum + line[of], 0);
  return [sum("sent"), sum("received")];
}

/** Prepares a host, whose `program` lies there; `open` stands in for the person's default browser. */
export async function prepareHost(open: (address: string) => void, program = builtProgram("host")): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-host-"));
  const opener = await startOpener(folder, open);
  const environment = { GMAIL_SYNC_HOME: join(folder, "state"), BROWSER: opener.program };
  const runHost = async (...parameters: string[]) => {
    const { stdout } = await run(program, parameters, { env: { ...process.env, ...environment } });
    return stdout;
  };
  return {
    environment,
    register: async (profile) => {
      await runHost("register", "--user-data-dir", profile);
    },
    run: runHost,
    ledger: async () => {
      const lines = (await runHost("ledger", "--json")).split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as LedgerLine);
    },
    served: () => served(environment.GMAIL_SYNC_HOME),
    kill: async () => {
      for (const pid of await served(environment.GMAIL_SYNC_HOME)) process.kill(pid, "SIGKILL");
    },
    close: async () => {
      opener.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A program for `$BROWSER` that reports the address it is given. */
async function startOpener(folder: string, open: (address: string) => void) {
  const server = createServer(async (request, response) => {
    let address = "";
    for await (const piece of request) address += piece;
    response.end();
    open(address);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const program = join(folder, "open-address");
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await writeFile(program, `#!/bin/sh\nexec curl --silent --data-raw "$1" ${target}\n`);
  await chmod(program, 0o700);
  return { program, close: () => server.close() };
}

/** The processes that serve an extension from this state folder. */
async function served(folder: string): Promise<number[]> {
  const pids: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    // Processes come and go while they are looked at.
    const [line, variables] = await Promise.all(
      ["cmdline", "environ"].map((file) => readFile(`/proc/${entry}/${file}`, "utf8").catch(() => "")),
    );
    const started = line?.split("\0", 2)[1]?.startsWith("chrome-extension://");
    if (started && variables?.split("\0").includes(`GMAIL_SYNC_HOME=${folder}`)) pids.push(Number(entry));
  }
  return pids;
}
