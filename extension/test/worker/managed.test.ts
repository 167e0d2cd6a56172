// The administrator's settings: what they take away, and that whatever can't be read takes away everything.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  allowsMailbox,
  type ManagedArea,
  ManagedPolicy,
  type ManagedReading,
  parseManaged,
  refusalOf,
} from "../../src/worker/managed.ts";
import { HostError, type Trouble } from "../../src/worker/trouble.ts";
import { projectRoot } from "../project.ts";

const schema = JSON.parse(readFileSync(join(projectRoot, "manifests/managed-schema.json"), "utf8"));
const full = {
  Portal: "Acme.bitrix24.com",
  ClientId: "local.0123456789abcdef.01234567",
  CallbackPort: 17500,
  ConnectBy: ["application", "code"],
  Mailboxes: ["Acme.com", "shared@partner.example"],
  ReadOnly: true,
};

test("each setting of the schema is read, and no other", () => {
  assert.deepEqual(Object.keys(schema.properties), Object.keys(full));
  assert.deepEqual(parseManaged({ ...full, Later: { any: "thing" } }), {
    managed: {
      portal: "acme.bitrix24.com",
      clientId: "local.0123456789abcdef.01234567",
      callbackPort: 17500,
      connectBy: ["application", "code"],
      mailboxes: ["acme.com", "shared@partner.example"],
      readOnly: true,
    },
  });
  assert.deepEqual(parseManaged({}), { managed: {} });
});

test("the schema gives types and nothing that lets Chrome drop a value that we would refuse", () => {
  assert.deepEqual(Object.keys(schema), ["type", "properties"]);
  for (const [name, property] of Object.entries<Record<string, unknown>>(schema.properties)) {
    const { title, description, type, items, ...rest } = property;
    assert.deepEqual(rest, {}, name);
    assert.ok(typeof title === "string" && typeof description === "string", name);
    assert.deepEqual(items, type === "array" ? { type: "string" } : undefined, name);
  }
});

test("a value that means nothing is named", () => {
  const wrong: [string, readonly unknown[]][] = [
    [
      "Portal",
      ["", "ftp://acme.bitrix24.com", "acme.bitrix24.com/x", "me@acme.bitrix24.com", "a b", null, "x".repeat(300)],
    ],
    ["ClientId", ["", "local 1", "a\u0000b", 5, "x".repeat(101)]],
    ["CallbackPort", [0, 80, 1023, 65_536, 1e9, 17485.5, "17485", Number.NaN]],
    ["ConnectBy", [[], ["password"], ["application", 1], "application", { 0: "code" }]],
    [
      "Mailboxes",
      [
        [],
        ["*"],
        ["acme"],
        ["@acme.com"],
        ["a b@acme.com"],
        ["a@b@acme.com"],
        ["acme.com", ""],
        [["acme.com"]],
        "acme.com",
      ],
    ],
    ["ReadOnly", ["true", 1, null]],
  ];
  for (const [name, values] of wrong)
    for (const value of values)
      assert.deepEqual(parseManaged({ ...full, [name]: value }), { wrong: name }, `${name}: ${JSON.stringify(value)}`);
});

test("a mailbox is allowed by its address or its domain, and by nothing that merely looks like it", () => {
  const managed = { mailboxes: ["acme.com", "shared@partner.example"] };
  for (const mailbox of ["lena@acme.com", " Lena@ACME.com ", "shared@partner.example"])
    assert.ok(allowsMailbox(managed, mailbox), mailbox);
  for (const mailbox of [
    "lena@sub.acme.com",
    "lena@notacme.com",
    "lena@acme.com.evil.example",
    "x@partner.example",
    "",
    "acme.com@evil.example",
  ])
    assert.ok(!allowsMailbox(managed, mailbox), mailbox);
  assert.ok(allowsMailbox({}, "anybody@anywhere.example"));
});

const writing = ["create", "addAddress", "previewLog", "commitLog"] as const;

test("each setting takes away what it is for", () => {
  const under = (values: Record<string, unknown>) => parseManaged(values);
  const by = (name: Extract<Trouble, { cause: "refused" }>["name"]): Trouble => ({
    from: "policy",
    cause: "refused",
    name,
  });
  for (const method of writing) {
    assert.deepEqual(refusalOf(under({ ReadOnly: true }), method, {}), by("ReadOnly"));
    assert.equal(refusalOf(under({ ReadOnly: false }), method, {}), undefined);
  }
  assert.equal(refusalOf(under({ ReadOnly: true }), "lookup", { mailbox: "lena@acme.com" }), undefined);

  assert.deepEqual(refusalOf(under({ ConnectBy: ["code"] }), "connect", {}), by("ConnectBy"));
  assert.deepEqual(refusalOf(under({ ConnectBy: ["application"] }), "connectWebhook", {}), by("ConnectBy"));
  assert.deepEqual(refusalOf(under({ ConnectBy: ["application", "webhook"] }), "allow", {}), by("ConnectBy"));
  assert.equal(refusalOf(under({ ConnectBy: ["application"] }), "connect", {}), undefined);

  const mailboxes = under({ Mailboxes: ["acme.com"] });
  for (const method of ["lookup", "connect", "connectWebhook", "allow", ...writing] as const) {
    assert.deepEqual(refusalOf(mailboxes, method, { mailbox: "me@home.example" }), by("Mailboxes"), method);
    assert.equal(refusalOf(mailboxes, method, { mailbox: "me@acme.com" }), undefined, method);
  }
  assert.deepEqual(refusalOf(mailboxes, "setMailbox", { address: "me@home.example", on: true }), by("Mailboxes"));
  assert.equal(refusalOf(mailboxes, "setMailbox", { address: "me@home.example", on: false }), undefined);
});

test("settings that can't be read close everything but the way out", () => {
  const trouble: Trouble = { from: "policy", cause: "wrong", name: "Mailboxes" };
  const reading: ManagedReading = { wrong: "Mailboxes" };
  for (const method of ["lookup", "connect", "setMailbox", "ledger", ...writing] as const)
    assert.deepEqual(refusalOf(reading, method, {}), trouble, method);
  for (const method of ["disconnect", "refresh"] as const) assert.equal(refusalOf(reading, method, {}), undefined);
});

test("settings that come late hold from then on, and nothing passes before the first are here", async () => {
  let give: (values: Record<string, unknown>) => void = () => {};
  const area = { get: () => new Promise((resolve) => (give = resolve)) } as unknown as ManagedArea;
  let told = 0;
  const policy = new ManagedPolicy(area, () => told++);
  const create = () =>
    policy.permit("create", {}).then(
      () => "permitted",
      (error: unknown) => (error instanceof HostError ? error.trouble.from : "?"),
    );
  const early = create();
  assert.equal(policy.latest, undefined);
  give({});
  assert.equal(await early, "permitted");
  policy.changed();
  const late = create();
  give({ ReadOnly: true });
  assert.equal(await late, "policy");
  assert.deepEqual(policy.latest, { managed: { readOnly: true } });
  assert.equal(told, 2);
});

test("a browser that doesn't give the settings is taken for one whose settings forbid", async () => {
  const area = { get: () => Promise.reject(new Error("no")) } as unknown as ManagedArea;
  const policy = new ManagedPolicy(area, () => {});
  await assert.rejects(policy.permit("lookup", {}), HostError);
  assert.deepEqual(policy.latest, { wrong: "storage.managed" });
});
