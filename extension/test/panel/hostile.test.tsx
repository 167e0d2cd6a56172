// Everything a stranger can write, in a mail's header or in the portal, at its worst.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, type Model } from "../../src/panel/model.ts";
import { update } from "../../src/panel/update.ts";
import type { Person } from "../../src/protocol/types.ts";
import { draw, openDocument, read } from "../ui/dom.ts";
import { fakeActions } from "./fake-actions.ts";
import * as sample from "./samples.ts";

openDocument();
const { Panel } = await import("../../src/panel/view.tsx");

const actions = fakeActions();

/** The sidebar for one person, with a mail name and a subject of the sender's own making. */
async function show(person: Person, name: string | null = null, subject = "Hello"): Promise<HTMLElement> {
  const open = sample.thread([{ email: person.email, name }], { subject });
  const asked = update(initial, { at: "worker", state: sample.connected(sample.reading(open)) });
  assert.ok("ask" in asked.lookup);
  const { ask } = asked.lookup;
  const model: Model = update(update(asked, { at: "started", ask }), {
    at: "answered",
    ask,
    lookup: sample.lookup([person]),
    now: sample.asOf,
  });
  return await draw(<Panel model={model} actions={actions} />);
}

const markup = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script><a href=javascript:1>x</a>`;
const evilUrls = [
  "javascript:globalThis.hit=1",
  "data:text/html,<script>1</script>",
  "https://evil.example/crm/",
  `${sample.origin}.evil.example/`,
  `${sample.origin}@evil.example/`,
  "chrome://settings",
  "",
];

/** A person all of whose texts and links are the given ones. */
function made(text: string, url: string, color = "#2fc6d6"): Person {
  const user = { id: "1", name: text, url };
  const company = { id: "2", title: text, url, responsible: user };
  const stage = { id: text, name: text, color, outcome: "open" as const };
  return sample.person("evil@x.example", {
    role: { is: "extranet", user },
    contacts: [sample.contact("3", text, { position: text, phones: [text], company, responsible: user, url })],
    deals: [
      sample.deal("4", text, {
        stage,
        pipeline: text,
        url,
        amount: { value: text, currency: text },
        responsible: user,
      }),
    ],
    leads: [sample.lead("5", text, { name: text, status: stage, url, amount: { value: text, currency: text } })],
    problems: [sample.failure("refused", text, text, text, { [text]: text })],
  });
}

test("markup in any text is text", async () => {
  const root = await show(made(markup, sample.origin), markup, markup);
  assert.equal(root.querySelectorAll("img, script").length, 0);
  assert.deepEqual(
    [...root.querySelectorAll("a")]
      .map((link) => new URL(link.href).origin)
      .filter((origin) => origin !== sample.origin),
    [],
  );
  assert.ok(read(root.querySelector("h1")).includes("<script>"));
  assert.equal(Reflect.get(globalThis, "hit"), undefined);
});

test("a link that isn't the portal's own is no link, and the text stays", async () => {
  for (const url of evilUrls) {
    const root = await show(made("Helion", url));
    assert.equal(root.querySelectorAll("a").length, 0, url);
    assert.ok(read(root).includes("Helion"));
  }
  const root = await show(made("Helion", `${sample.origin}/crm/`));
  assert.ok(root.querySelectorAll("a").length >= 4);
  for (const link of root.querySelectorAll("a")) {
    assert.equal(link.rel, "noopener noreferrer");
    assert.equal(link.target, "_blank");
  }
});

test("no text turns the line round, and each stands in its own direction", async () => {
  const root = await show(made("Ann\u202e\u2066moc.elgoog\u0000", sample.origin), "\u202eevil", "Re: \u202egnp.exe");
  assert.doesNotMatch(root.textContent ?? "", /[\p{Cc}\p{Bidi_Control}]/u);
  for (const element of root.querySelectorAll("[title], [aria-label]"))
    assert.doesNotMatch(
      `${element.getAttribute("title")}${element.getAttribute("aria-label")}`,
      /[\p{Cc}\p{Bidi_Control}]/u,
      element.outerHTML,
    );
  assert.equal(root.querySelector("h1 bdi")?.textContent, "Re: gnp.exe");
});

test("a megabyte of a name stays a line", async () => {
  const root = await show(made("x".repeat(1_000_000), sample.origin), "y".repeat(1_000_000), "z".repeat(1_000_000));
  assert.ok((root.textContent ?? "").length < 30_000, String(root.textContent?.length));
});

test("a colour that is none leaves the chip without one", async () => {
  for (const color of ["red", "#fff", "url(https://evil.example/)", "#2fc6d6;background:url(x)", "expression(1)"]) {
    const root = await show(made("Stage", sample.origin, color));
    for (const chip of root.querySelectorAll<HTMLElement>(".chip, .steps"))
      assert.equal(chip.style.getPropertyValue("--stage"), "", color);
  }
  const root = await show(made("Stage", sample.origin));
  assert.equal(root.querySelector<HTMLElement>(".chip")?.style.getPropertyValue("--stage"), "#2fc6d6");
});

test("numbers beyond reason draw no steps", async () => {
  for (const [step, steps] of [
    [0, 0],
    [7, 6],
    [1, 100_000],
    [-1, 4],
  ] as const) {
    const root = await show(
      sample.person("a@x.example", {
        contacts: sample.marie.contacts,
        deals: [sample.deal("1", "D", { step, steps })],
      }),
    );
    assert.equal(root.querySelectorAll(".steps").length, 0, `${step} of ${steps}`);
  }
});

test("empty texts leave no empty rows", async () => {
  const root = await show(made("", ""), "", "");
  assert.equal(read(root.querySelector("h1")), "(no subject)");
  assert.match(read(root.querySelector(".card")), /evil@x\.example/);
  for (const value of root.querySelectorAll(".facts .value")) assert.notEqual(read(value), "", root.innerHTML);
});

test("styles are set through the style object, never as an attribute of markup", async () => {
  const { readExtensionFile, extensionFiles } = await import("../project.ts");
  for (const file of extensionFiles("src").filter((name) => name.endsWith(".tsx")))
    assert.doesNotMatch(readExtensionFile(file), /style=["'`]|setAttribute\(["']style/, file);
});
