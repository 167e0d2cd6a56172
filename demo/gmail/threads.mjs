// The mailbox of the demo: what lies in Lena's inbox.
import { idAt } from "./ids.mjs";
import { allText } from "./page.mjs";
import { ann, beatriz, digest, jonas, katharina, layla, lena, marie, priya, short, tom } from "./people.mjs";
import { h } from "./tree.mjs";

/**
 * @typedef {import("./page.mjs").Thread} Thread
 * @typedef {import("./page.mjs").Message} Message
 */

/**
 * Paragraphs of a mail.
 * @param {...string} lines
 */
export const text = (...lines) => lines.map((line) => h("p", {}, line));

/** @type {Thread} */
export const pilotOrder = {
  id: idAt("2026-11-17T08:12:00Z"),
  subject: ["Re: Pilot order, 40 sensors for the Lyon plant"],
  messages: [
    {
      id: idAt("2026-11-17T08:12:00Z"),
      from: marie,
      to: [short(lena), short(ann)],
      date: "Tue, Nov 17, 2026, 9:12 AM",
      state: "collapsed",
      body: text(
        "Hello Lena,",
        "the board has agreed to the pilot: 40 sensors for line 2 in Lyon. Could you confirm the price of your offer and the earliest date?",
        "Marie",
      ),
    },
    {
      id: idAt("2026-11-17T10:40:00Z"),
      from: lena,
      to: [short(marie), short(ann), short(jonas)],
      date: "Tue, Nov 17, 2026, 11:40 AM",
      state: "loaded",
      body: text(
        "Dear Marie,",
        "wonderful news. The price stands until the end of the year. Jonas from Nordwerk would do the mounting; I add him here.",
        "Best regards, Lena",
      ),
    },
    {
      id: idAt("2026-11-18T07:55:00Z"),
      from: jonas,
      to: [short(lena), short(marie)],
      date: "Wed, Nov 18, 2026, 8:55 AM",
      state: "collapsed",
      body: text(
        "Good morning,",
        "we can mount in week 50, two days with three people. We need the line to stand still on the first one.",
        "Jonas Weber",
      ),
    },
    {
      id: idAt("2026-11-18T13:20:00Z"),
      from: ann,
      to: [short(lena), short(tom), short(priya)],
      date: "Wed, Nov 18, 2026, 2:20 PM",
      state: "collapsed",
      body: text(
        "Tom, please reserve 40 of the heat-proof ones. Priya, what can Corvus do for Berlin to Lyon, two pallets?",
        "Ann",
      ),
    },
    {
      id: idAt("2026-11-19T09:05:00Z"),
      from: priya,
      to: [short(ann), short(lena), short(tom)],
      date: "Thu, Nov 19, 2026, 10:05 AM",
      state: "collapsed",
      body: text(
        "Hi all,",
        "two pallets, pick-up on Thursday, in Lyon on Monday before noon: 412 euros, insured.",
        "Priya Menon, Corvus Logistics",
      ),
    },
    {
      id: idAt("2026-11-20T14:32:00Z"),
      from: marie,
      to: [short(lena), short(ann), short(jonas), short(tom)],
      date: "Fri, Nov 20, 2026, 3:32 PM",
      state: "expanded",
      body: [
        ...text(
          "Dear Lena,",
          "week 50 suits us; the line stands still on Tuesday. Please send the order confirmation with the delivery address of the plant and one invoice for everything.",
          "Éloïse from our quality team will want the calibration sheets before you ship. I will introduce her next week.",
          "Kind regards,",
          "Marie",
        ),
        h(
          "div",
          { class: "gmail_quote" },
          h(
            "div",
            { class: "gmail_attr" },
            "On Thu, Nov 19, 2026, Priya Menon <",
            h("a", { href: "mailto:priya@corvus-logistics.example" }, "priya@corvus-logistics.example"),
            "> wrote:",
          ),
          h("blockquote", { class: "gmail_quote" }, "two pallets, pick-up on Thursday"),
        ),
      ],
    },
  ],
};

/** @type {Thread} */
const hallQuote = {
  id: idAt("2026-11-20T10:02:00Z", 0x3a11),
  subject: ["Quote for the Starnberg hall"],
  messages: [
    {
      id: idAt("2026-11-20T10:02:00Z", 0x3a11),
      from: katharina,
      to: [short(lena)],
      date: "Fri, Nov 20, 2026, 11:02 AM",
      state: "expanded",
      body: text(
        "Dear Ms Hartmann,",
        "could you quote gate sensors for our second hall? The plans are the same as last year.",
        "Katharina Obermeier-Szczepańska",
      ),
    },
  ],
};

/** @type {Thread} */
const arabicQuote = {
  id: idAt("2026-11-19T06:41:00Z", 0x3a12),
  subject: ["طلب عرض سعر: حساسات للخط الثالث"],
  messages: [
    {
      id: idAt("2026-11-19T06:41:00Z", 0x3a12),
      from: layla,
      to: [short(lena), short(ann)],
      date: "Thu, Nov 19, 2026, 7:41 AM",
      state: "expanded",
      body: text("السيدة هارتمان المحترمة،", "نرجو إرسال عرض سعر لعدد ١٢ حساسا مع مدة التوريد.", "ليلى حداد"),
    },
  ],
};

/** @type {Thread} */
const coldStore = {
  id: idAt("2026-11-18T15:30:00Z", 0x3a13),
  subject: ["Cold store, phase 2: dates"],
  messages: [
    {
      id: idAt("2026-11-18T15:30:00Z", 0x3a13),
      from: beatriz,
      to: [short(lena)],
      date: "Wed, Nov 18, 2026, 4:30 PM",
      state: "collapsed",
      body: text("Dear Lena,", "when could phase 2 start in Vigo?", "Beatriz"),
    },
    {
      id: idAt("2026-11-19T08:15:00Z", 0x3a14),
      from: lena,
      to: [short(beatriz)],
      bcc: [short(tom)],
      date: "Thu, Nov 19, 2026, 9:15 AM",
      state: "expanded",
      body: text("Dear Beatriz,", "the second week of January, if we have the floor plan by then.", "Lena"),
    },
  ],
};

/** @type {Thread} */
const newsletter = {
  id: idAt("2026-11-16T05:00:00Z", 0x3a15),
  subject: ["Plant Weekly: what sensors will cost in 2027"],
  messages: [
    {
      id: idAt("2026-11-16T05:00:00Z", 0x3a15),
      from: digest,
      to: [short(lena)],
      date: "Mon, Nov 16, 2026, 6:00 AM",
      state: "expanded",
      body: text("This week: prices, chips, and a look at last year's forecasts."),
    },
  ],
};

/** Newest first, as a mailbox shows them. @type {Thread[]} */
export const inbox = [pilotOrder, hallQuote, coldStore, arabicQuote, newsletter];

/** Two hundred letters after a trade fair, in no list: a day's reading, each from somebody else, the first five in the CRM. @type {Thread[]} */
export const fair = Array.from({ length: 200 }, (_, index) => {
  const known = [marie, jonas, katharina, beatriz, layla][index];
  const guest = { name: `Guest ${index + 1}`, email: `guest${index + 1}@fair.example` };
  const id = idAt("2026-10-20T08:00:00Z", 0x4000 + index);
  const letter = { from: known ?? guest, to: [short(lena)], date: "Tue, Oct 20, 2026, 10:00 AM" };
  return {
    id,
    subject: [`Fair, visit ${index + 1}`],
    messages: [{ ...letter, id, state: "expanded", body: text("Thank you for the talk at your stand.") }],
  };
});

/**
 * A thread's row in the list.
 * @param {Thread} thread
 * @returns {import("./page.mjs").Row}
 */
export function rowOf({ id, subject, messages }) {
  const last = messages.at(-1);
  if (last === undefined) throw new Error("a thread has a message");
  return {
    from: last.from,
    threadId: id,
    subject: allText(subject),
    snippet: allText(last.body).slice(0, 120),
    date: last.date.split(",").slice(1, 2).join("").trim(),
  };
}
