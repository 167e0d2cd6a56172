// An invented company, its mail and its CRM: what the tests of the pages and their pictures are made of.
import type { Message, OpenThread, Reading } from "../../src/gmail/reading.ts";
import type {
  CheckReport,
  Contact,
  Deal,
  Failure,
  FoundRecord,
  Lead,
  Ledger,
  LogPreview,
  Lookup,
  Person,
  Recent,
  RecordForm,
  Reference,
  Stage,
  Status,
} from "../../src/protocol/types.ts";
import type { WorkerState } from "../../src/worker/contract.ts";

export const mailbox = "lena@brightline.example";
/** The person at the sidebar. */
export const reader = { mailbox, addresses: ["lena.private@freemail.example"] };
export const origin = "https://brightline.bitrix24.example";
export const asOf = Date.UTC(2026, 10, 23, 10, 31);

const page = (path: string) => `${origin}/${path}/`;

export const status: Status = {
  portal: "brightline.bitrix24.example",
  origin,
  mode: "oauth",
  user: { id: "7", name: "Lena Hartmann", url: page("company/personal/user/7") },
  team: { ownAddresses: [], domains: [], policyDomains: [] },
  neverLog: { entries: [], policyEntries: [] },
  mailboxes: [
    { address: mailbox, on: true },
    { address: "lena.h@home.example", on: false },
  ],
};

export const ann = { id: "3", name: "Ann Keller", url: page("company/personal/user/3") };
const tom = { id: "4", name: "Tom Brandt", url: page("company/personal/user/4") };

export const offerSent: Stage = { id: "PREPARATION", name: "Offer sent", color: "#2fc6d6", outcome: "open" };
const negotiation: Stage = { id: "C2:NEGOTIATION", name: "Negotiation", color: "#ffa900", outcome: "open" };

const confirmed: Stage = { id: "EXECUTING", name: "Order confirmed", color: "#7bd500", outcome: "open" };
export const won: Stage = { id: "WON", name: "Delivered", color: "#7bd500", outcome: "won" };

export const reference: Reference = {
  pipelines: [
    {
      id: "0",
      name: "Sales",
      stages: [
        { id: "NEW", name: "New", color: "#39a8ef", outcome: "open" },
        { id: "QUALIFIED", name: "Qualified", color: "#39a8ef", outcome: "open" },
        offerSent,
        confirmed,
        won,
        { id: "LOSE", name: "No order", color: "#ff5752", outcome: "lost" },
      ],
    },
  ],
  leadStatuses: [],
  sources: [],
  currencies: ["EUR"],
  leads: true,
};

/** Somebody nothing is known of; what differs is given. */
export function person(email: string, known: Partial<Person> = {}): Person {
  return {
    email,
    role: { is: "external" },
    contacts: [],
    companies: [],
    leads: [],
    deals: [],
    dealsTotal: known.deals?.length ?? 0,
    hidden: 0,
    problems: [],
    ...known,
  };
}

export function contact(id: string, name: string, known: Partial<Contact> = {}): Contact {
  return { id, name, position: "", emails: [], phones: [], url: page(`crm/contact/details/${id}`), ...known };
}

export function deal(id: string, title: string, known: Partial<Deal> = {}): Deal {
  return {
    id,
    title,
    pipelineId: "0",
    pipeline: "Sales",
    stage: offerSent,
    step: 3,
    steps: 6,
    url: page(`crm/deal/details/${id}`),
    ...known,
  };
}

export function lead(id: string, title: string, known: Partial<Lead> = {}): Lead {
  return {
    id,
    title,
    name: "",
    status: { id: "IN_PROCESS", name: "In progress", color: "#2fb4e6", outcome: "open" },
    url: page(`crm/lead/details/${id}`),
    ...known,
  };
}

export function failure(code: Failure["code"], reason: string, message: string, hint: string, args = {}): Failure {
  return { code, reason, args, message, hint };
}

export const marie = person("marie.rousseau@helion.example", {
  contacts: [
    contact("11", "Marie Rousseau", {
      position: "Head of Procurement",
      emails: ["marie.rousseau@helion.example"],
      phones: ["+33 1 99 00 12 34"],
      company: { id: "21", title: "Helion Automation SAS", url: page("crm/company/details/21") },
      responsible: ann,
    }),
  ],
  deals: [
    deal("31", "Pilot order, 40 sensors", { amount: { value: "48600.00", currency: "EUR" } }),
    deal("32", "Service contract 2027", {
      amount: { value: "12800.00", currency: "EUR" },
      pipelineId: "2",
      pipeline: "Service",
      stage: negotiation,
      step: 4,
    }),
  ],
});
/** Her first deal, a stage further. */
export const pilotConfirmed = deal("31", "Pilot order, 40 sensors", {
  amount: { value: "48600.00", currency: "EUR" },
  stage: confirmed,
  step: 4,
});
export const recent: Recent = {
  entries: [
    {
      kind: { is: "todo" },
      at: asOf,
      author: ann,
      subject: "Send the offer for two pallets",
      due: Date.UTC(2026, 10, 27, 8),
    },
    {
      kind: { is: "comment" },
      at: Date.UTC(2026, 10, 21, 9, 12),
      author: tom,
      subject: "Asks for two pallets instead of one; the loading bay is free from 7:30.",
    },
    {
      kind: { is: "email", direction: "incoming" },
      at: Date.UTC(2026, 10, 20, 14, 32),
      author: ann,
      subject: "Re: Pilot order, 40 sensors for the Lyon plant",
    },
    { kind: { is: "call" }, at: Date.UTC(2026, 10, 18, 10), author: ann, subject: "Delivery in two lots agreed" },
    { kind: { is: "meeting" }, at: Date.UTC(2025, 8, 2, 8), subject: "Trade fair, hall 7" },
  ],
  more: true,
  notices: [],
};
export const jonas = person("jonas.weber@weber-technik.example", {
  leads: [lead("41", "Web form, 12 Nov", { name: "Jonas Weber", responsible: tom })],
});
export const priya = person("priya@corvus-logistics.example");
export const annKeller = person("ann@brightline.example", {
  role: { is: "colleague", user: ann, position: "Sales" },
});
export const tomBrandt = person("tom@brightline.example", {
  role: { is: "colleague", user: tom, position: "Service" },
});
export const five = [marie, jonas, priya, annKeller, tomBrandt];

export function lookup(people: Person[], known: Partial<Lookup> = {}): Lookup {
  return { people, asOf, notices: [], ...known };
}

const named = (email: string, name: string | null) => ({ name, email });

/** A thread of `people`, the first of whom wrote the newest message. */
export function thread(people: readonly { name: string | null; email: string }[], known: Partial<OpenThread> = {}) {
  const [newest] = people;
  const message = (from: Message["from"]): Message => ({
    id: null,
    permId: null,
    from,
    to: null,
    recipientsMissing: true,
    collapsed: false,
  });
  const open: OpenThread = {
    threadId: "18f2a41665ecb473",
    permId: null,
    subject: "Re: Pilot order, 40 sensors for the Lyon plant",
    messages: [
      message({ name: null, email: mailbox }),
      {
        ...message(newest ?? null),
        to: [{ name: null, email: mailbox }, ...people.slice(1)],
        recipientsMissing: false,
      },
    ],
    participants: [named(mailbox, null), ...people].map((participant) => ({ ...participant, viaGroup: false })),
    hiddenMessages: 4,
    gaps: [],
    fallbacks: [],
    ...known,
  };
  return open;
}

export const fiveNamed = [
  named(marie.email, "Marie Rousseau"),
  named(jonas.email, "Jonas Weber"),
  named(priya.email, "Priya Menon"),
  named(annKeller.email, "Ann Keller"),
  named(tomBrandt.email, "Tom Brandt"),
];

const fiveOpen = thread(fiveNamed);
/** The same thread, whose newest message has an id. */
export const loggableThread: OpenThread = {
  ...fiveOpen,
  messages: fiveOpen.messages.map((message, at) => (at === 1 ? { ...message, id: "1a1f95f130003a01" } : message)),
};

/** Each of its messages can be logged. */
export const severalLoggable: OpenThread = {
  ...fiveOpen,
  messages: fiveOpen.messages.map((message, at) => ({ ...message, id: `1a1f95f130003a0${at}` })),
};

/** What the host would show of that message. */
export const logPreview: LogPreview = {
  digest: "9f2c",
  expiresAt: asOf,
  direction: "incoming",
  from: "Marie Rousseau <marie.rousseau@helion.example>",
  to: mailbox,
  sentAt: Date.UTC(2026, 10, 20, 14, 32),
  subject: fiveOpen.subject,
  text: "Dear Lena,\n\nweek 50 suits us; the line stands still on Tuesday. Please send the order confirmation.\n\nMarie",
  records: [
    { type: "contact", id: "275", title: "Marie Rousseau", email: marie.email, url: page("crm/contact/details/275") },
  ],
  responsible: status.user,
  request: '{"fields":{"OWNER_TYPE_ID":3,"OWNER_ID":275,"TYPE_ID":4,"DIRECTION":1,"COMPLETED":"Y"}}',
  notices: [],
  warnings: [],
};

/** What the host would show instead, as the administrator listed somebody. */
const { digest: _, ...withoutDigest } = logPreview;
export const blockedPreview: LogPreview = {
  ...withoutDigest,
  blocked: { why: "listed", email: "counsel@opal-law.example", rule: "opal-law.example", byPolicy: true },
  request: "",
};

const account = { email: mailbox, candidates: [mailbox], delegated: false };

export function reading(open: OpenThread): Reading {
  return { state: "thread", thread: open, account };
}

export const noThread: Reading = { state: "none", account };

/** Connected, with a reading in view. */
export function connected(shown: Reading = reading(thread(fiveNamed)), known: Partial<Status> = {}): WorkerState {
  return {
    host: "0.1.0",
    standing: { at: "connected", status: { ...status, ...known } },
    tab: { at: "speaks", tabId: 5, reading: shown, mailbox: shown.account.email },
    portal: status.portal,
    reference,
  };
}

/** Gmail is there, and the host has a trouble. */
export function troubled(trouble: Extract<WorkerState["standing"], { at: "trouble" }>["trouble"]): WorkerState {
  return { ...connected(noThread), standing: { at: "trouble", trouble } };
}

const surnames = ["Obermeier", "Szczepańska", "Villanueva", "Okonkwo", "Nguyen", "Sørensen", "Haddad", "Moreau"];

/** Many people: six colleagues, eight in the CRM, nine not. */
export const many: Person[] = Array.from({ length: 23 }, (_, index) => {
  const surname = surnames[index % surnames.length] ?? "";
  const email = `p${index}.${surname.toLowerCase()}@compras-ibericas.example`;
  if (index >= 17) return person(email, { role: { is: "colleague", position: "Sales" } });
  if (index >= 8) return person(email);
  if (index === 0)
    return person(email, {
      contacts: [contact("51", "Katharina Obermeier-Szczepańska"), contact("52", "Trade fair desk")],
      companies: [{ id: "53", title: "Obermeier GmbH & Co. KG", url: page("crm/company/details/53") }],
    });
  if (index === 1)
    return person(email, {
      contacts: [
        contact("54", "María Fernanda de los Ángeles Villanueva-Echeverría de la Torre y Mendoza", {
          position: "Deputy Director, Strategic Sourcing and Supplier Development for Iberia",
          company: {
            id: "55",
            title: "Compañía Iberoamericana de Instrumentación S.A. de C.V.",
            url: page("crm/company/details/55"),
          },
        }),
      ],
      deals: Array.from({ length: 40 }, (_, place) =>
        deal(
          `6${place}`,
          place === 0 ? "Retrofit of 1,200 flow meters, lots 3 to 9, Monterrey and Saltillo" : `Lot ${place}`,
          {
            amount: { value: String(12_480_000 / (place * 7 + 1)), currency: "EUR" },
            stage: {
              id: "X",
              name: place === 0 ? "Waiting for the board's approval" : "New",
              color: "#fff55a",
              outcome: "open",
            },
            step: 5,
            steps: 7,
          },
        ),
      ),
    });
  return person(email, { contacts: [contact(`7${index}`, `Person ${surname}`)] });
});

/** What a check finds: a browser that doesn't find the host, a busy port, and the rest is well. */
export function checkReport(differing: Partial<CheckReport> = {}): CheckReport {
  return {
    schema: 1,
    host: "0.1.0",
    system: "linux",
    worst: "error",
    findings: [
      { probe: "state", severity: "ok", sentence: "~/.local/state/gmail-sync-bitrix24", evidence: {} },
      {
        probe: "port",
        severity: "warning",
        sentence: "Port 17485 on this computer is taken, so the browser could not come back.",
        code: "NM18",
        reason: "callback_port_taken",
        cure: "Close the program that uses it, or have the application registered with another port.",
        evidence: { port: "17485", held_by: "python3 (4711)" },
      },
      {
        probe: "registration",
        severity: "error",
        sentence: "Brave doesn't know where the host is.",
        code: "NM01",
        reason: "not_registered",
        cure: "Run gmail-sync-host register --browser brave, then reload the extension.",
        command: "gmail-sync-host register --browser brave",
        evidence: { browser: "Brave", target: "--browser brave" },
      },
      { probe: "keychain", severity: "ok", sentence: "A secret was stored, read back and deleted.", evidence: {} },
    ],
    ...differing,
  };
}

/** The same once everything is cured. */
export const wellReport = checkReport({
  worst: "ok",
  findings: checkReport().findings.filter(({ severity }) => severity === "ok"),
});

/** What left this computer; what differs is given. */
export function ledger(differing: Partial<Ledger> = {}): Ledger {
  const entry = { at: asOf, to: status.portal, addresses: 0, outcome: "200" };
  return {
    entries: [
      {
        ...entry,
        purpose: "lookup",
        methods: { "crm.deal.list": 2, "crm.item.list": 1 },
        sent: 1530,
        received: 20_480,
      },
      {
        ...entry,
        purpose: "lookup",
        methods: { "crm.duplicate.findbycomm": 5, "user.get": 1 },
        addresses: 5,
        sent: 812,
        received: 4034,
      },
      {
        ...entry,
        purpose: "refresh",
        to: "oauth.bitrix.info",
        methods: {},
        sent: 310,
        received: 0,
        outcome: "timeout",
      },
    ],
    places: [
      { to: status.portal, requests: 2, sent: 2342, received: 24_514 },
      { to: "oauth.bitrix.info", requests: 1, sent: 310, received: 0 },
    ],
    ...differing,
  };
}

/** What the portal wants to know of a new contact. */
export const contactForm: RecordForm = {
  required: [],
  fields: [],
  filled: { firstName: "Priya", lastName: "Menon", company: "Corvus Logistics" },
  users: true,
};

/** Somebody of Priya's name. */
export const namesake: FoundRecord = {
  type: "contact",
  id: "301",
  title: "Priya Menon",
  emails: ["p.menon@corvus.example"],
  phones: ["+31 10 555 0142"],
  company: "Corvus Logistics",
  responsible: ann,
  url: page("crm/contact/details/301"),
};

/** A company that a search may find. */
export const corvus: FoundRecord = {
  type: "company",
  id: "44",
  title: "Corvus Logistics",
  emails: ["info@corvus-logistics.example"],
  phones: [],
  company: "",
  url: page("crm/company/details/44"),
};
