// A portal of the company's own, as companies have them: a name that only their network knows, an address in it, a port and an
// authority of their own, older methods, and an authorization server that isn't one of Bitrix24's; then one that is, since most of
// them sign in there. The machine's name table, policy and network are a copy that nobody else sees.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { inboxUrl, pilotOrderUrl } from "../../demo/gmail/serve.mjs";
import { subject } from "./beside.ts";
import { openExtensionPage } from "./browser.ts";
import { disconnect } from "./connecting.ts";
import { bytesOf } from "./host.ts";
import { button, createContactAndLog } from "./logging.ts";
import { cannotRunIn, passesIn } from "./namespace.ts";
import type { Portal } from "./portal.ts";
import { openSidebar, waitForPeople } from "./sidebar.ts";
import { setStage } from "./stage.ts";

/** Set for the process that runs inside. */
const INSIDE = "GMAIL_SYNC_TEST_ON_PREMISE";
const name = "crm.brightline.example";
const address = "10.20.0.5";
/** Bitrix24's own, on what is the internet here. */
const server = "oauth.bitrix.info";
const far = "1.2.3.4";
const network = `
  cp -a /etc/. "$1" && printf '%s\\n' '${address} ${name}' '${far} ${server}' >> "$1/hosts" && mount --bind "$1" /etc &&
  ip link set lo up && ip address add ${address}/32 dev lo && ip address add ${far}/32 dev lo && shift && exec "$@"`;
const kinds = ["net", "mount"] as const;
/** Methods that a portal of 2020 doesn't have. */
const late = ["crm.item.list", "crm.item.get", "crm.item.update", "crm.activity.todo.add", "crm.activity.binding.move"];

if (process.env[INSIDE] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "gmail-sync-etc-"));
  after(() => rmSync(folder, { recursive: true }));
  const within = (...command: string[]) => ["sh", "-c", network, "sh", folder, ...command];
  // An authority that somebody else than root could write is not believed.
  const skip =
    process.getuid?.() !== 0 ? "only root can give a machine a policy" : await cannotRunIn(kinds, within("true"));
  test("on premise: its own name, port, authority, methods and authorization server", { skip }, () => {
    passesIn(kinds, within, INSIDE, 7);
  });
} else {
  test("on premise", journey);
}

/** Follows the portal's sign-in and the way back, as a browser would that trusts the company's authority. */
async function signIn(page: string, { caFile = "" }: Portal): Promise<void> {
  await promisify(execFile)("curl", ["-sL", "--cacert", caFile, page]);
}

/** The administrator names the authority. */
async function policy({ caFile = "" }: Portal): Promise<void> {
  mkdirSync("/etc/gmail-sync-bitrix24", { recursive: true });
  copyFileSync(caFile, "/etc/gmail-sync-bitrix24/authority.pem");
  const policy = { ExtraCAFile: "/etc/gmail-sync-bitrix24/authority.pem" };
  writeFileSync("/etc/gmail-sync-bitrix24/policy.json", JSON.stringify(policy));
}

async function journey(t: TestContext): Promise<void> {
  const stage = await setStage({
    inside: `${name}=${address}`,
    authorization: `${server}=${far}`,
    signIn,
    prepare: policy,
  });
  t.after(stage.close);
  const { browser, gmail, host, portal } = stage;
  const { port } = new URL(portal.baseUrl);
  await portal.switch({ plan: "selfHosted", contactIdsFilter: false, missingMethods: late });
  const form = await openExtensionPage(browser, "connect.html");

  const continueAt = async (typed: string) => {
    await form.getByLabel("Portal address").fill(typed);
    await form.getByLabel("Client ID").fill(portal.clientId);
    await form.getByLabel("Client secret", { exact: true }).fill(portal.clientSecret);
    const place = form.getByLabel("Port", { exact: true });
    if (!(await place.isVisible())) await form.getByText("Redirect address", { exact: true }).click();
    await place.fill(new URL(portal.callbackUrl).port);
    await form.getByRole("button", { name: "Continue in the browser" }).click();
  };

  await t.test("plain http is refused with a sentence, before anything is sent", async () => {
    await continueAt(`http://${name}:${port}`);
    await form.getByText("begins with http, which anybody on the way can read").waitFor();
    assert.deepEqual(await host.ledger(), []);
  });

  await t.test(
    "where it is, is a question; an authorization server of its own is refused with a sentence",
    async () => {
      await continueAt(`${name}:${port}`);
      await form
        .getByText(`${name}:${port} isn't one of Bitrix24's own addresses. The way there leads to ${address}`)
        .waitFor();
      assert.deepEqual(
        (await host.ledger()).map(({ outcome, sent }) => [outcome, sent]),
        [["located", 0]],
      );
      assert.equal(await portal.requests(), 0);
      await button(form, "Yes, that is our portal").click();
      await form.getByText("uses an authorization server that isn't one of Bitrix24's own").waitFor();
      await form.getByText("Connect with an inbound webhook instead").waitFor();
      assert.equal(await portal.requests(), 0, "no secret left");
    },
  );

  await t.test("a webhook connects, behind the same question", async () => {
    await form.getByRole("radio", { name: "Webhook" }).check();
    await form.getByLabel("Address of the inbound webhook").fill(portal.webhookUrl);
    await form.getByRole("button", { name: "Connect", exact: true }).click();
    await button(form, "Yes, that is our portal").click();
    await form.getByRole("heading", { name: `Connected to ${name}:${port}` }).waitFor();
  });

  await t.test("people are looked up by the methods it has, somebody is created, a message logged", async () => {
    await gmail.bringToFront();
    const sidebar = await openSidebar(browser);
    await gmail.goto(pilotOrderUrl);
    await waitForPeople(sidebar, subject);
    await sidebar.getByText("Pilot order, 40 sensors", { exact: true }).waitFor();
    assert.ok((await portal.methods()).includes("crm.deal.list"));
    await createContactAndLog(sidebar);
    assert.deepEqual(await portal.writes(), ["crm.contact.add", "crm.activity.add"]);
    assert.match(await check(), /is older than this host expects: it has no crm\.item\.list/);
  });

  /** Ends with 1 after warnings. */
  async function check(): Promise<string> {
    return host.run("--check").catch((error: unknown) => String(Reflect.get(Object(error), "stdout")));
  }

  await t.test("where Bitrix24's own server takes the sign-in, OAuth connects, too", async () => {
    await portal.switch({ authorizationServer: server });
    await form.reload();
    // The portal is known by now, and so is where it is.
    await continueAt(`${name}:${port}`);
    await form.getByRole("heading", { name: `Connected to ${name}:${port}` }).waitFor();
    assert.deepEqual(
      (await portal.methods()).filter((method) => method === "oauth.token"),
      ["oauth.token"],
    );
    assert.match(await host.run("lookup", "marie.rousseau@helion.example"), /Pilot order, 40 sensors/);
  });

  await t.test("the ledger has every byte for each of the two, and nobody else was spoken to", async () => {
    const entries = await host.ledger();
    assert.deepEqual([...new Set(entries.map(({ to }) => to))], [`${name}:${port}`, server]);
    for (const [to, asked] of [
      [`${name}:${port}`, "methods"],
      [server, "tokens"],
    ] as const) {
      const bytes = bytesOf(entries.filter((entry) => entry.to === to));
      assert.deepEqual(bytes, await portal.bytesAsked(asked), to);
      assert.ok(bytes[0] > 0 && bytes[1] > 0, to);
    }
    assert.deepEqual(bytesOf(entries), await portal.bytes());
    await gmail.goto(inboxUrl);
    await disconnect(browser);
    await host.run("purge", "--yes");
  });
}
