import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
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
  close(): Promise<void>;
}

/** Prepares a host; `open` stands in for the person's default browser. */
export async function prepareHost(open: (address: string) => void): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "gmail-sync-host-"));
  const opener = await startOpener(folder, open);
  const environment = { GMAIL_SYNC_HOME: join(folder, "state"), BROWSER: opener.program };
  const runHost = async (...parameters: string[]) => {
    const { stdout } = await run(builtProgram("host"), parameters, { env: { ...process.env, ...environment } });
    return stdout;
  };
  return {
    environment,
    register: async (profile) => {
      await runHost("register", "--user-data-dir", profile);
    },
    run: runHost,
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
