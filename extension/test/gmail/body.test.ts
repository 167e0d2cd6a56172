// A message's text: what a reader sees of it, and nothing a hostile sender hides in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { caseHtml, cases } from "../../../demo/gmail/cases.mjs";
import { readBody, renderBody } from "../../src/gmail/body.ts";
import { parsePage } from "../../tools/page-report.ts";

/** Renders a mail's markup. */
function render(html: string, style = "", most?: { characters: number; nodes: number }) {
  const window = new Window();
  window.document.write(`<html><head><style>${style}</style></head><body><div class="a3s">${html}</div></body></html>`);
  const body = window.document.querySelector(".a3s");
  assert.ok(body);
  return renderBody(body as unknown as Element, most);
}

const own = (html: string, style = "") => render(html, style).own;

test("lines are where a reader sees them", () => {
  assert.equal(own("Dear <b>Lena</b>,<br>week\n  50 <i>suits</i> us."), "Dear Lena,\nweek 50 suits us.");
  assert.equal(own("<p>One</p><p>Two</p><div>Three</div><div>Four</div>"), "One\n\nTwo\n\nThree\nFour");
  assert.equal(own("<div>One</div><div><br></div><div>Two</div>"), "One\n\nTwo");
  assert.equal(own("<ul><li>a</li><li>b <b>c</b></li></ul>after"), "- a\n- b c\nafter");
  assert.equal(
    own("<table><tr><td>Price</td><td>412</td></tr><tr><td>Sum</td><td>824</td></tr></table>"),
    "Price 412\nSum 824",
  );
  assert.equal(own("<pre>a\n  b</pre>"), "a\n  b");
  assert.equal(own('Good <img data-emoji="👍" src=x><img alt="logo" src=y>'), "Good 👍");
});

test("quoted history is told apart, also where Gmail folds it away", () => {
  const gmail = `<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Thu, Priya wrote:</div><blockquote class="gmail_quote">Two pallets</blockquote></div>`;
  assert.deepEqual(render(gmail), {
    own: "Yes.",
    whole: "Yes.\n\nOn Thu, Priya wrote:\nTwo pallets",
    cut: false,
  });
  const folded = `Yes.<div class="adL"><div class="gmail_quote">Two pallets</div></div>`;
  assert.deepEqual(render(folded, ".adL { display: none }"), { own: "Yes.", whole: "Yes.\nTwo pallets", cut: false });
  for (const quoted of [
    `<blockquote type="cite">Old words</blockquote>`,
    `<div class="yahoo_quoted">Old words</div>`,
    `<div id="m_-34divRplyFwdMsg">From: Priya</div><div>Old words</div>`,
  ]) {
    assert.equal(own(`<div>Yes.</div>${quoted}`), "Yes.", quoted);
    assert.match(render(`<div>Yes.</div>${quoted}`).whole, /Old words$/);
  }
  // An answer between the quoted lines is the sender's own.
  assert.equal(own(`<blockquote type="cite">When?</blockquote><div>Monday.</div>`), "Monday.");
});

test("what is hidden from a reader is not in the text", () => {
  for (const hidden of [
    `<span style="display:none">HIDDEN</span>`,
    `<div style="display: none"><p>HIDDEN <b>deeper</b></p></div>`,
    `<span style="visibility:hidden">HIDDEN</span>`,
    `<span style="opacity:0">HIDDEN</span>`,
    `<span style="font-size:0">HIDDEN</span>`,
    `<span style="font-size:0px">HIDDEN</span>`,
    `<span hidden>HIDDEN</span>`,
    `<span class="sly">HIDDEN</span>`,
    "<style>.HIDDEN { color: red }</style>",
    "<script>HIDDEN()</script>",
    "<template>HIDDEN</template>",
    "<title>HIDDEN</title>",
    "<!-- HIDDEN -->",
    `<input value="HIDDEN"><textarea>HIDDEN</textarea>`,
    `<img alt="HIDDEN" title="HIDDEN" src="x">`,
    `<a href="https://HIDDEN.example/">link</a>`,
  ]) {
    const text = own(`before ${hidden} after`, ".sly { display: none }");
    assert.doesNotMatch(text, /HIDDEN/, hidden);
    assert.match(text, /^before .*after$/s, hidden);
  }
});

test("markup stays behind, and what looks like markup stays text", () => {
  assert.equal(own("<b onclick=x>1 &lt; 2</b> &amp;lt;script&amp;gt;"), "1 < 2 &lt;script&gt;");
});

test("a mail of millions of elements or letters is cut, and says so", () => {
  const most = { characters: 20, nodes: 12 };
  const long = "x x x x x x x x x x";
  assert.deepEqual(render("x ".repeat(100_000), "", most), { own: long, whole: long, cut: true });
  assert.deepEqual(render("<p>word</p>".repeat(10), "", most).own, "word\n\nword\n\nword\n\nwo");
  assert.deepEqual(render(`${"<i></i>".repeat(20)}late`, "", most), { own: "", whole: "", cut: true });
  assert.equal(render("<p>word</p>", "", most).cut, false);
});

test("depth is no danger", () => {
  const window = new Window();
  const { document } = window;
  const top = document.createElement("div");
  let at = top;
  for (let depth = 0; depth < 5_000; depth += 1) {
    const inner = document.createElement("span");
    at.appendChild(inner);
    at = inner;
  }
  at.textContent = "deep";
  assert.equal(renderBody(top as unknown as Element).own, "deep");
});

test("half a character becomes a sign for it, since no message could carry it", () => {
  const window = new Window();
  const body = window.document.createElement("div");
  body.textContent = "a\ud800b";
  assert.equal(renderBody(body as unknown as Element).own, "a\ufffdb");
});

const page = (name: string) => {
  const example = cases.find((candidate) => candidate.name === name);
  assert.ok(example, name);
  const document = parsePage(caseHtml(example), example.url);
  return { read: (id: string) => readBody(document, example.url, id) };
};

test("the text is that of the message asked for", () => {
  const { read } = page("six-messages");
  const newest = read("1a1f95f130003a01");
  assert.match(newest?.own ?? "", /^Dear Lena,\n\nweek 50 suits us/);
  assert.match(newest?.own ?? "", /Marie$/);
  assert.match(newest?.whole ?? "", /Marie\n+On Thu, Nov 19.*two pallets, pick-up on Thursday$/s);
  assert.equal(newest?.clipped, false);
  // The second message was unfolded once, and is folded again.
  for (const id of ["", "1a1e890188003a01", "1a1e917980003a01", "undefined", "0000000000000000"])
    assert.equal(read(id), null, id);
});

test("whoever got a blind copy is read with the text", () => {
  const emails = (name: string, id: string) =>
    page(name)
      .read(id)
      ?.bcc.map(({ email }) => email);
  assert.deepEqual(emails("blind-copies", "1a10c03864000100"), ["unopened@decoy.example", "tom@brightline.example"]);
  assert.deepEqual(emails("six-messages", "1a1f95f130003a01"), []);
});

test("no text is read where no thread is open, of drafts, or of a message a body imitates", () => {
  for (const { name, url } of cases) {
    const { read } = page(name);
    const forged = read("1111111111111111");
    assert.equal(forged, null, `${name} ${url}`);
    if (name === "list") assert.equal(read("1a1f95f130003a01"), null);
  }
});
