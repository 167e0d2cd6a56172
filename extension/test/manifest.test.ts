import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { extensionRoot, projectRoot, readExtensionFile } from "./project.ts";

const manifest = JSON.parse(readExtensionFile("manifest.json"));

/** Chrome's id of an extension: SHA-256 of the public key's DER form, 32 hex digits, written a to p. */
function extensionId(key: string): string {
  const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32);
  return digest.replace(/./g, (digit) => "abcdefghijklmnop".charAt(Number.parseInt(digit, 16)));
}

test("the manifest asks for exactly what the product needs", () => {
  assert.deepEqual(manifest.permissions, ["nativeMessaging", "sidePanel", "storage"]);
  assert.equal(manifest.incognito, "not_allowed");
});

test("the manifest has these keys and no other: each further one would open something", () => {
  // No host_permissions, externally_connectable, web_accessible_resources, sandbox, and whatever browsers may come to know.
  assert.deepEqual(Object.keys(manifest).sort(), [
    "action",
    "background",
    "commands",
    "content_scripts",
    "content_security_policy",
    "default_locale",
    "description",
    "icons",
    "incognito",
    "key",
    "manifest_version",
    "minimum_chrome_version",
    "name",
    "options_ui",
    "permissions",
    "short_name",
    "side_panel",
    "storage",
    "version",
  ]);
  assert.equal(manifest.manifest_version, 3);
  assert.deepEqual(Object.keys(manifest.content_security_policy), ["extension_pages"]);
});

test("the one content script runs in Gmail's top frame and nowhere else, apart from the page's own scripts", () => {
  // Without a `world` it is ISOLATED.
  assert.deepEqual(manifest.content_scripts, [
    { matches: ["https://mail.google.com/*"], js: ["content.js"], all_frames: false, run_at: "document_idle" },
  ]);
});

test("the policy of the extension's pages starts at 'none' and opens no network", () => {
  const policy = new Map(
    (manifest.content_security_policy.extension_pages as string).split(";").map((directive) => {
      const [name, ...values] = directive.trim().split(/\s+/);
      return [name, values.join(" ")];
    }),
  );
  assert.deepEqual(Object.fromEntries(policy), {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  });
});

test("the development id in manifests/extension-ids follows from the manifest's key", () => {
  const ids = readFileSync(join(projectRoot, "manifests/extension-ids"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  assert.ok(ids.includes(extensionId(manifest.key)), `${extensionId(manifest.key)} is not in the list`);
  for (const id of ids) assert.match(id, /^[a-p]{32}$/);
});

test("manifest and package carry one version", () => {
  assert.equal(JSON.parse(readExtensionFile("package.json")).version, manifest.version);
});

test("every dependency has an exact version", () => {
  const { dependencies, devDependencies } = JSON.parse(readExtensionFile("package.json"));
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    assert.match(String(version), /^\d+\.\d+\.\d+$/);
});

test("SEC-49: no package runs a script when it is installed", () => {
  assert.match(readExtensionFile(".npmrc"), /^ignore-scripts=true$/m);
  const { packages } = JSON.parse(readExtensionFile("package-lock.json"));
  const scripted = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(
    ([, { hasInstallScript }]) => hasInstallScript,
  );
  assert.deepEqual(
    scripted.map(([name]) => name),
    ["node_modules/esbuild"],
    "whose script only swaps a launcher for the program",
  );
  for (const [name, { resolved, integrity }] of Object.entries<{ resolved?: string; integrity?: string }>(packages)) {
    if (name === "") continue;
    assert.ok(
      resolved === undefined || resolved.startsWith("https://registry.npmjs.org/"),
      `${name} is from elsewhere`,
    );
    assert.match(integrity ?? "", /^sha512-/, name);
  }
});

test("every __MSG_name__ of the manifest has a text", () => {
  const messages = JSON.parse(readExtensionFile(`_locales/${manifest.default_locale}/messages.json`));
  const names = [...readExtensionFile("manifest.json").matchAll(/__MSG_(\w+)__/g)].map((match) => match[1] ?? "");
  assert.ok(names.length > 0);
  for (const name of names) assert.equal(typeof messages[name]?.message, "string", name);
  assert.ok(messages.description.message.length <= 132, "the store's limit for a description");
});

test("SEC-05: the built extension has no code from elsewhere, and can make none", (context) => {
  const out = mkdtempSync(join(tmpdir(), "gmail-sync-build-"));
  context.after(() => rmSync(out, { recursive: true }));
  execFileSync(process.execPath, [join(extensionRoot, "build.mjs"), "--out", out]);
  const forbidden = [
    /\beval\s*\(/,
    /\bnew\s+Function\b|\bFunction\s*\(\s*["'`]/,
    /\bimport\s*\(/,
    /\bimportScripts\b/,
    /\bfrom\s*["']https?:/,
    /<script[^>]+src=["']?https?:/,
    /inboxsdk\.com|pubsub\.googleapis\.com/,
    /\bset(?:Timeout|Interval)\s*\(\s*["'`]/,
  ];
  const files = readdirSync(out).filter((file) => /\.(?:js|html)$/.test(file));
  assert.ok(files.includes("worker.js") && files.includes("content.js"));
  for (const file of files) {
    const code = readFileSync(join(out, file), "utf8");
    for (const pattern of forbidden) assert.doesNotMatch(code, pattern, file);
  }
});

test("the build has every file the manifest names, the same policy, and no key in a release", (context) => {
  const out = mkdtempSync(join(tmpdir(), "gmail-sync-build-"));
  context.after(() => rmSync(out, { recursive: true }));
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(extensionRoot, "build.mjs"), "--out", out, ...args], { encoding: "utf8" });
  run();
  const built = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  assert.deepEqual(built, manifest);
  assert.match(built.content_security_policy.extension_pages, /(?:^|; )connect-src 'none';/);
  const named = [
    built.background.service_worker,
    built.side_panel.default_path,
    built.action.default_popup,
    built.options_ui.page,
    ...built.content_scripts.flatMap((script: { js: string[] }) => script.js),
    ...Object.values<string>(built.icons),
    ...Object.values<string>(built.action.default_icon),
    built.storage.managed_schema,
    "connect.html",
    "_locales/en/messages.json",
  ];
  for (const file of named) assert.ok(existsSync(join(out, file)), file);
  assert.doesNotMatch(
    readFileSync(join(out, "content.js"), "utf8"),
    /^\s*(?:import|export)\b/m,
    "a content script is no module",
  );

  const before = readFileSync(join(out, "content.js"));
  run("--release");
  assert.deepEqual(readFileSync(join(out, "content.js")), before, "the same source gives the same bytes");
  const { key, ...rest } = manifest;
  assert.equal(typeof key, "string");
  assert.deepEqual(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")), rest);
});
