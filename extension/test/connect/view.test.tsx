import assert from "node:assert/strict";
import { test } from "node:test";
import { connectParams, fieldOf, nothingTyped } from "../../src/connect/fields.ts";
import type { ConnectActions } from "../../src/connect/view.tsx";
import type { ConnectProgress, Status } from "../../src/protocol/types.ts";
import type { WorkerState } from "../../src/worker/contract.ts";
import { HostError, type Trouble } from "../../src/worker/trouble.ts";
import * as sample from "../panel/samples.ts";
import { draw, field, letPeopleMean, names, openDocument, press, read, type } from "../ui/dom.ts";
import { settle } from "../worker/fake-port.ts";

openDocument();
const { ConnectPage } = await import("../../src/connect/view.tsx");
const { act } = await import("preact/test-utils");
const { render } = await import("preact");

const failure = (reason: string, code: Parameters<typeof sample.failure>[0] = "failed"): Trouble => ({
  from: "host",
  failure: sample.failure(code, reason, `It was ${reason}.`, "Mend it."),
});
const fresh = sample.troubled(failure("not_connected", "not_connected"));
const noPortal: WorkerState = { ...fresh, portal: undefined };

/** The form, with the attempt in the test's hand. */
async function show(state: WorkerState | undefined = noPortal) {
  type Attempt = Parameters<ConnectActions["connect"]>;
  const attempts: Attempt[] = [];
  const pasted: string[] = [];
  let settled: { resolve: (status: Status) => void; reject: (error: HostError) => void } | undefined;
  const actions: ConnectActions = {
    connect: (...attempt) => {
      attempts.push(attempt);
      return new Promise((resolve, reject) => {
        settled = { resolve, reject };
        attempt[4].addEventListener("abort", () => reject(new HostError({ from: "caller" })));
      });
    },
    pasteCallback: async (address) => pasted.push(address),
  };
  const root = await draw(<ConnectPage state={state} actions={actions} />);
  return {
    root,
    redraw: (next: WorkerState) => act(() => render(<ConnectPage state={next} actions={actions} />, root)),
    attempts,
    pasted,
    progress: (stage: ConnectProgress["stage"]) => act(() => attempts.at(-1)?.[3]({ stage })),
    fail: (trouble: Trouble) =>
      act(async () => {
        settled?.reject(new HostError(trouble));
        await settle();
      }),
    succeed: () =>
      act(async () => {
        settled?.resolve(sample.status);
        await settle();
      }),
  };
}

/** Fills the form and sends it. */
async function submit(root: HTMLElement) {
  await type(root, "Portal address", "brightline.bitrix24.example");
  await type(root, "Client ID", "local.1");
  await type(root, "Client secret", "s3cret");
  await press(root, "Continue in the browser");
}

test("what was typed goes out once, with the mailbox in view", async () => {
  const { root, attempts } = await show();
  assert.match(read(root), /Connecting switches on lookups for lena@brightline\.example\./);
  await submit(root);
  const [way, values, mailbox] = attempts[0] ?? [];
  assert.equal(way, "app");
  assert.equal(values?.portal, "brightline.bitrix24.example");
  assert.equal(values?.clientId, "local.1");
  assert.equal(values?.clientSecret, "s3cret");
  assert.equal(mailbox, sample.mailbox);
});

test("where a portal of the company's own is, is a question, and the yes is to exactly that", async () => {
  const { root, attempts, fail } = await show();
  await submit(root);
  assert.equal(attempts[0]?.[5], undefined);
  const asked = failure("portal_unconfirmed", "refused");
  assert.ok(asked.from === "host");
  await fail({
    from: "host",
    failure: { ...asked.failure, args: { portal: "crm.acme.example", address: "10.0.0.5" } },
  });
  assert.match(read(root.querySelector("[role=alert]")), /It was portal_unconfirmed.*If you don't know that address/);
  letPeopleMean(false);
  await press(root, "Yes, that is our portal");
  assert.equal(attempts.length, 1, "no script says yes");
  letPeopleMean(true);
  await press(root, "Yes, that is our portal");
  assert.deepEqual([attempts[1]?.[1], attempts[1]?.[5]], [attempts[0]?.[1], "10.0.0.5"]);
});

test("the way there is told step by step", async () => {
  const { root, progress, succeed } = await show();
  await submit(root);
  assert.match(read(root.querySelector("[role=status]")), /The host checks what you entered…/);
  assert.ok(!names(root).includes("Use the address"));
  await progress("browserOpened");
  assert.match(read(root.querySelector("[role=status]")), /Your portal opens in your browser\./);
  await progress("exchanging");
  assert.match(read(root.querySelector("[role=status]")), /The host fetches its keys…/);
  await progress("checking");
  assert.match(read(root.querySelector("[role=status]")), /checks portal and person…/);
  await succeed();
  assert.match(
    read(root),
    /Connected to brightline\.bitrix24\.example.*Lena Hartmann.*Lookups are on for lena@brightline\.example.*You may close this tab\./,
  );
});

test("while the browser is away its address can be pasted", async () => {
  const { root, progress, pasted } = await show();
  await submit(root);
  await progress("browserOpened");
  const label = "The browser shows an error page? Paste its address here";
  await type(root, label, " http://127.0.0.1:17485/callback?code=x&state=y ");
  await press(root, "Use the address");
  assert.deepEqual(pasted, ["http://127.0.0.1:17485/callback?code=x&state=y"]);
});

test("an error stands at its field, with its cure, and nothing typed is lost", async () => {
  const { root, fail } = await show();
  await submit(root);
  await fail(failure("client_secret_wrong", "refused"));
  const secret = field(root, "Client secret");
  assert.equal(secret.getAttribute("aria-invalid"), "true");
  const note = document.getElementById(secret.getAttribute("aria-describedby") ?? "");
  assert.equal(read(note), "It was client_secret_wrong. Mend it.");
  assert.ok(document.activeElement === secret);
  assert.equal(secret.value, "s3cret");
  assert.equal(field(root, "Portal address").value, "brightline.bitrix24.example");
  assert.ok(root.querySelector("[role=alert]") === null);
});

test("an error of no field stands above the form", async () => {
  const { root, fail } = await show();
  await submit(root);
  await fail(failure("person_gave_up"));
  assert.equal(read(root.querySelector("[role=alert]")), "It was person_gave_up. Mend it.");
  assert.ok(root.querySelector("[aria-invalid=true]") === null);
});

test("where another profile is connected already, the form turns to its code", async () => {
  const { root, fail } = await show();
  await submit(root);
  await fail(failure("already_connected", "refused"));
  assert.equal(read(root.querySelector("[role=alert]")), "It was already_connected. Mend it.");
  assert.equal(field(root.querySelector("form") as HTMLElement, "One-time code").value, "");
});

const redirect = (root: HTMLElement) => root.querySelector("details") as HTMLDetailsElement;

test("the redirect address is folded away, and follows the port typed", async () => {
  const { root, attempts } = await show();
  assert.ok(!redirect(root).open);
  assert.equal(read(redirect(root).querySelector("code")), "http://127.0.0.1:17485/callback");
  await type(root, "Port", "17500");
  assert.equal(read(redirect(root).querySelector("code")), "http://127.0.0.1:17500/callback");
  await submit(root);
  assert.equal(attempts[0]?.[1].callbackPort, "17500");
});

test("the request to the administrator names the redirect address with its port", async (context) => {
  const copied: string[] = [];
  context.mock.method(navigator.clipboard, "writeText", async (value: string) => copied.push(value));
  for (const port of ["", "17500"]) {
    const { root } = await show();
    await type(root, "Port", port);
    await press(root, "Copy a request to the administrator");
  }
  assert.match(copied[0] ?? "", /^3\. .*http:\/\/127\.0\.0\.1:17485\/callback$/m);
  assert.match(copied[1] ?? "", /^3\. .*http:\/\/127\.0\.0\.1:17500\/callback$/m);
});

test("what is no port isn't sent, and says so at its field", async () => {
  const { root, attempts } = await show();
  for (const wrong of ["1023", "65536", "0x4444", "1e4", "-17485", "17485.5", "174850", "١٧٤٨٥"]) {
    await type(root, "Port", wrong);
    await submit(root);
    assert.equal(attempts.length, 0, wrong);
    const port = field(root, "Port");
    assert.ok(redirect(root).open);
    assert.ok(document.activeElement === port);
    const note = document.getElementById(port.getAttribute("aria-describedby") ?? "");
    assert.equal(read(note), "This is no port: a number from 1024 to 65535.");
  }
  await type(root, "Port", "1024");
  assert.equal(field(root, "Port").getAttribute("aria-invalid"), "false");
  await submit(root);
  assert.equal(attempts.length, 1);
});

test("a port that is taken opens its field", async () => {
  const { root, fail } = await show();
  await submit(root);
  await fail(failure("callback_port_taken"));
  assert.ok(redirect(root).open);
  assert.equal(field(root, "Port").getAttribute("aria-invalid"), "true");
  assert.match(read(redirect(root)), /It was callback_port_taken\. Mend it\./);
});

test("only what was typed is sent to the host", () => {
  const portal = " acme.bitrix24.com ";
  assert.deepEqual(connectParams({ ...nothingTyped, portal }, null), { portal: "acme.bitrix24.com" });
  const all = { ...nothingTyped, portal, clientId: " local.1 ", clientSecret: " s ", callbackPort: " 65535 " };
  assert.deepEqual(connectParams(all, sample.mailbox), {
    portal: "acme.bitrix24.com",
    clientId: "local.1",
    clientSecret: "s",
    callbackPort: 65_535,
    mailbox: sample.mailbox,
  });
});

test("Cancel takes the request back, without an error", async () => {
  const { root, attempts } = await show();
  await submit(root);
  await press(root, "Cancel");
  assert.ok(attempts[0]?.[4].aborted);
  assert.ok(root.querySelector("[role=alert]") === null);
  assert.equal(field(root, "Client secret").value, "s3cret");
});

test("a secret is hidden until its owner wants to see it, and no form filler is offered it", async () => {
  const { root } = await show();
  const secret = field(root, "Client secret");
  assert.equal(secret.type, "password");
  assert.equal(secret.getAttribute("autocomplete"), "off");
  await press(root, "Show the secret");
  assert.equal(field(root, "Client secret").type, "text");
  await press(root, "Hide the secret");
  assert.equal(field(root, "Client secret").type, "password");
});

test("the other two ways ask for one thing each", async () => {
  for (const [way, label, value, key] of [
    ["Webhook", "Address of the inbound webhook", "https://acme.bitrix24.com/rest/7/x/", "webhook"],
    ["One-time code", "One-time code", "123456", "code"],
  ] as const) {
    const { root, attempts } = await show();
    const radio = [...root.querySelectorAll("label")]
      .find((candidate) => read(candidate) === way)
      ?.querySelector("input");
    await act(() => radio?.click());
    assert.equal(root.querySelectorAll("form input").length, 1);
    await act(() => undefined);
    await type(root.querySelector("form") as HTMLElement, label, value);
    await press(root, "Connect");
    assert.equal(attempts[0]?.[1][key], value);
  }
});

test("the portal known from last time is filled in, and a connection there is gets named", async () => {
  const { root } = await show(sample.connected());
  assert.equal(field(root, "Portal address").value, "brightline.bitrix24.example");
  assert.match(read(root), /This computer is connected to brightline\.bitrix24\.example as Lena Hartmann\./);
});

test("without a mailbox in view nothing is switched on behind anybody's back", async () => {
  const { root, attempts } = await show({ ...noPortal, tab: { at: "silent", tabId: 3 } });
  assert.match(read(root), /You'll be asked for each before anything is looked up\./);
  await submit(root);
  assert.equal(attempts[0]?.[2], null);
});

test("a failure belongs to a field only where that field is in view", () => {
  assert.equal(fieldOf(failure("portal_address_invalid"), "app"), "portal");
  assert.equal(fieldOf(failure("portal_needs_https"), "webhook"), "webhook");
  assert.equal(fieldOf(failure("client_id_wrong"), "webhook"), undefined);
  assert.equal(fieldOf(failure("constructor"), "app"), undefined);
  assert.equal(fieldOf({ from: "caller" }, "app"), undefined);
  assert.equal(fieldOf(undefined, "app"), undefined);
});

test("what the administrator set stands in the form, and only the ways they allow are offered", async () => {
  const managed = { portal: "acme.bitrix24.com", clientId: "local.9", callbackPort: 17500 };
  const { root, attempts } = await show({ ...noPortal, managed: { ...managed, connectBy: ["application", "code"] } });
  assert.deepEqual([...root.querySelectorAll(".ways label")].map(read), ["Application", "One-time code"]);
  await type(root, "Client secret", "s3cret");
  await press(root, "Continue in the browser");
  const [, values, mailbox] = attempts[0] ?? [];
  assert.deepEqual(
    { ...values },
    {
      ...nothingTyped,
      portal: "acme.bitrix24.com",
      clientId: "local.9",
      clientSecret: "s3cret",
      callbackPort: "17500",
    },
  );
  assert.equal(mailbox, sample.mailbox);
});

test("settings that come late fill the form, and leave what was typed", async () => {
  const { root, redraw } = await show();
  await type(root, "Client ID", "local.typed");
  await redraw({ ...noPortal, managed: { portal: "acme.bitrix24.com", clientId: "local.9" } });
  assert.deepEqual(
    ["Portal address", "Client ID"].map((name) => field(root, name).value),
    ["acme.bitrix24.com", "local.typed"],
  );
});

test("where one way is allowed it is the form's, and a mailbox that isn't allowed isn't switched on", async () => {
  const { root, attempts } = await show({ ...noPortal, managed: { connectBy: ["code"], mailboxes: ["acme.com"] } });
  await type(root.querySelector("form") as HTMLElement, "One-time code", "K7QF-2MXD");
  await press(root, "Connect");
  const [way, , mailbox] = attempts[0] ?? [];
  assert.deepEqual([way, mailbox], ["code", null]);
});
