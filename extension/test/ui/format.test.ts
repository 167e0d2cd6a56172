import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkedColor,
  formatAmount,
  formatBytes,
  formatTime,
  hueOf,
  initials,
  plain,
  portalLink,
} from "../../src/ui/format.ts";

const joiner = "\u200c";
const evenBlanks = (value: string) => value.replace(/[\u00a0\u202f]/g, " ");

test("initials are the first letters of the first and the last word", () => {
  const table: [string, string][] = [
    ["Marie Rousseau", `M${joiner}R`],
    ["María Fernanda de los Ángeles Villanueva", `M${joiner}V`],
    ["marie.rousseau@helion.example", "M"],
    ["Plato", "P"],
    ["سارة الحداد", `س${joiner}ا`],
    ["  'Ann' (via list) ", `A${joiner}L`],
    ["😀 Smile", "S"],
    ["—", ""],
    ["", ""],
  ];
  for (const [name, expected] of table) assert.equal(initials(name), expected, name);
});

test("an address has one hue, whatever its letter case", () => {
  assert.equal(hueOf("Marie@x.example"), hueOf("marie@X.example"));
  assert.notEqual(hueOf("marie@x.example"), hueOf("jonas@x.example"));
  for (const address of ["", "a", "я@пример.example"]) assert.ok(hueOf(address) >= 0 && hueOf(address) < 360);
});

test("amounts are written as the locale does, without a fraction that is zero", () => {
  const table: [string, string, string, string][] = [
    ["48600.00", "EUR", "en", "€48,600"],
    ["48600.50", "EUR", "en", "€48,600.50"],
    ["48600.00", "EUR", "de", "48.600 €"],
    ["-5", "USD", "en", "-$5"],
    ["1000", "JPY", "en", "¥1,000"],
    ["1e9", "EUR", "en", "1e9 EUR"],
    ["12", "euro", "en", "12 euro"],
    ["", "EUR", "en", "EUR"],
    ["9".repeat(40), "EUR", "en", `${"9".repeat(40)} EUR`],
  ];
  for (const [value, currency, locale, expected] of table)
    assert.equal(evenBlanks(formatAmount({ value, currency }, locale)), expected);
});

test("a time of another day comes with its day", () => {
  const noon = new Date(2026, 10, 23, 12, 0).getTime();
  assert.equal(evenBlanks(formatTime(new Date(2026, 10, 23, 10, 31).getTime(), noon, "de")), "10:31");
  assert.match(formatTime(new Date(2026, 10, 3, 10, 31).getTime(), noon, "de"), /^3\. Nov/);
});

test("text of strangers can neither turn the line round nor break it", () => {
  const table: [string, string][] = [
    ["Ann\u202egnp.exe", "Ann gnp.exe"],
    ["a\u0000b\u0007c\r\nd", "a b c d"],
    ["\u2066isolate\u2069 \u200fmark", "isolate mark"],
    ["two\u2028lines", "two lines"],
    ["<b>bold</b>", "<b>bold</b>"],
    ["  ", ""],
  ];
  for (const [value, expected] of table) assert.equal(plain(value), expected);
  const huge = plain("x".repeat(1_000_000));
  assert.equal(huge.length, 500);
  assert.ok(huge.endsWith("…"));
});

test("a colour is six hexadecimal digits or none", () => {
  assert.equal(checkedColor("#2fC6d6"), "#2fC6d6");
  for (const bad of [undefined, "", "red", "#fff", "#2fc6d6ff", "#2fc6d6;x:y", "url(https://x.example)", "var(--ink)"])
    assert.equal(checkedColor(bad), undefined, bad);
});

test("a link leads to the portal's own origin or nowhere", () => {
  const origin = "https://acme.bitrix24.com";
  assert.equal(portalLink(`${origin}/crm/deal/details/1/`, origin), `${origin}/crm/deal/details/1/`);
  assert.equal(portalLink("http://127.0.0.1:8080/crm/", "http://127.0.0.1:8080"), "http://127.0.0.1:8080/crm/");
  const refused = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)//https://acme.bitrix24.com",
    "data:text/html,<script>",
    "https://acme.bitrix24.com.evil.example/",
    "https://evil.example/https://acme.bitrix24.com",
    "https://acme.bitrix24.com@evil.example/",
    "https://user:secret@acme.bitrix24.com/",
    "http://acme.bitrix24.com/",
    "https://acme.bitrix24.com:8443/",
    "//acme.bitrix24.com/",
    "/crm/",
    "chrome-extension://abc/panel.html",
    "",
  ];
  for (const address of refused) assert.equal(portalLink(address, origin), undefined, address);
  assert.equal(portalLink("javascript:alert(1)", "javascript:alert(1)"), undefined);
  assert.equal(portalLink(`${origin}/`, ""), undefined);
});

test("bytes are exact below a thousand, and then in steps of a thousand", () => {
  const sizes = [0, 1, 999, 1000, 1530, 20_480, 999_960_000, 5e12];
  assert.deepEqual(
    sizes.map((size) => formatBytes(size, "en")),
    ["0 bytes", "1 byte", "999 bytes", "1 kB", "1.5 kB", "20.5 kB", "1,000 MB", "5,000 GB"],
  );
});
