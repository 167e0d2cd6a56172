// Where does it all go? The whole journey, browser and host and portal, in a network of its own that has nothing but the loopback
// interface, with a name server that isn't there. The kernel counts each attempt to reach anything else, so that asking for a name
// counts too, and so does a server that nobody should ask.
import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { inboxUrl } from "../../demo/gmail/serve.mjs";
import { beside } from "./beside.ts";
import { disconnect } from "./connecting.ts";
import { bytesOf } from "./host.ts";
import { button, createContactAndLog } from "./logging.ts";
import { cannotRunIn, passesIn } from "./namespace.ts";

/** Set for the process that runs inside. */
const INSIDE = "GMAIL_SYNC_TEST_SEALED";
const seal = `
  echo 'nameserver 192.0.2.53' > "$1/resolv.conf" &&
  mount --bind "$1/resolv.conf" "$(realpath /etc/resolv.conf)" &&
  ip link set lo up && shift && exec "$@"`;
const kinds = ["net", "mount"] as const;

if (process.env[INSIDE] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "gmail-sync-sealed-"));
  after(() => rmSync(folder, { recursive: true }));
  const sealed = (...command: string[]) => ["sh", "-c", seal, "sh", folder, ...command];
  const skip = await cannotRunIn(kinds, sealed("true"));
  test("SEC-35, SEC-36: in a sealed network nothing but the portal is asked for, and the ledger has every byte", {
    skip,
  }, () => {
    passesIn(kinds, sealed, INSIDE, 3);
  });
} else {
  test("sealed", journey);
}

/**
 * How often something in this network wanted to go where no way leads: RFC 4293 ipSystemStatsOutNoRoutes. For IPv4: Chromium tries
 * by itself whether there is IPv6, and a name must be asked for before it leads anywhere.
 */
function attempts(): number {
  const [names = "", values = ""] = readFileSync("/proc/self/net/snmp", "utf8").split("\n");
  return Number(values.split(" ")[names.split(" ").indexOf("OutNoRoutes")]);
}

/** A server that nobody should ask. */
async function sink(): Promise<{ server: Server; address: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((socket) => {
    asked++;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `http://localhost:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

async function journey(t: TestContext): Promise<void> {
  const trap = await sink();
  t.after(() => trap.server.close());
  const { browser, gmail, host, portal, sidebar } = await beside(t);

  await t.test("connecting, looking up, creating, logging, a portal that points elsewhere, disconnecting", async () => {
    await createContactAndLog(sidebar);
    await portal.fault({ kind: "redirect", to: trap.address });
    await button(sidebar, "Refresh").click();
    // The browser finds itself without a network here, and the sidebar says that instead of the portal's new address.
    await button(sidebar, "Try again").first().waitFor();
    await gmail.goto(inboxUrl);
    await disconnect(browser);
    assert.deepEqual(await portal.writes(), ["crm.contact.add", "crm.activity.add"]);
  });

  await t.test("nothing else was asked for, and the ledger agrees with the portal to the byte", async () => {
    assert.equal(attempts(), 0, "attempts to leave this machine");
    assert.equal(trap.asked(), 0, "requests to where the portal pointed");
    const entries = await host.ledger();
    assert.deepEqual([...new Set(entries.map(({ to }) => to))], [new URL(portal.baseUrl).host]);
    assert.equal(entries.filter(({ outcome }) => outcome === "302").length, 1, "the portal did point elsewhere");
    assert.deepEqual(bytesOf(entries), await portal.bytes());
  });
  // All of it would have been counted.
  await assert.rejects(fetch("http://192.0.2.1/"));
  const toAddress = attempts();
  assert.ok(toAddress > 0);
  await assert.rejects(lookup("somewhere.example"));
  assert.ok(attempts() > toAddress);
  await assert.rejects(fetch(trap.address));
  assert.equal(trap.asked(), 1);
  await host.run("purge", "--yes");
}
