// Generated from host/src/protocol by `cargo xtask gen`. Do not edit.

/**
 * Which record gets a participant's address.
 */
export type AddAddressParams = {
  /**
   * The mailbox in view, as for a lookup.
   */
  mailbox?: string;
  /**
   * The address.
   */
  email: string;
  /**
   * A contact, company or lead.
   */
  record: RecordRef;
};

/**
 * What is added where.
 */
export type AddEntryParams = {
  /**
   * The record.
   */
  record: RecordRef;
  /**
   * What it gets.
   */
  entry: NewEntry;
  /**
   * An earlier try of the same form, of which nobody knows whether it worked.
   */
  tried?: Tried;
};

/**
 * What came of it.
 */
export type AddedEntry =
  | {
      is: "added";
      /**
       * The portal's id of it.
       */
      id: string;
    }
  | {
      is: "refused";
      /**
       * In the portal's own words and language, as text.
       */
      words: string;
    };

/**
 * A one-time code for a further browser profile.
 */
export type AllowParams = {
  /**
   * As a connected profile shows it, or as `gmail-sync-host sessions allow` printed it.
   */
  code: WireSecret;
  /**
   * The mailbox in view, which this switches on.
   */
  mailbox?: string;
};

/**
 * An amount of money. The sidebar formats it; nobody calculates with it.
 */
export type Amount = {
  /**
   * A decimal number with a point: `48600.00`.
   */
  value: string;
  /**
   * ISO 4217 code: `EUR`.
   */
  currency: string;
};

/**
 * Comes before the entry is sent: to be kept until the answer is there.
 */
export type BeforeEntry = {
  /**
   * The id of the newest entry of that kind; `0` if there is none.
   */
  newest: string;
};

/**
 * Which request to cancel.
 */
export type CancelParams = {
  /**
   * The running request's id.
   */
  id: string;
};

/**
 * What came of a change.
 */
export type Change =
  | {
      is: "done";
      /**
       * The participant, looked up anew; absent if that didn't work.
       */
      person?: Person;
    }
  | {
      is: "refused";
      /**
       * In the portal's own words and language, as text.
       */
      words: string;
    };

/**
 * What to add to the person's never-log list and what to take out; what is there, or isn't, already is no error.
 */
export type ChangeNeverLogParams = {
  /**
   * Addresses and domains whose e-mail is never logged.
   */
  add?: Array<string>;
  /**
   * Addresses and domains whose e-mail may be logged again.
   */
  remove?: Array<string>;
};

/**
 * What to add to the team and what to take out; an address or domain that is there, or isn't, already is no error.
 */
export type ChangeTeamParams = {
  /**
   * Addresses that are the person's own.
   */
  addAddresses?: Array<string>;
  /**
   * Addresses that aren't any more.
   */
  removeAddresses?: Array<string>;
  /**
   * Domains of colleagues.
   */
  addDomains?: Array<string>;
  /**
   * Domains that aren't any more.
   */
  removeDomains?: Array<string>;
};

/**
 * Nothing: the host looks at everything it may tell the caller of.
 */
export type CheckParams = Record<symbol, never>;

/**
 * What was found; `gmail-sync-host --check --json` prints the same. New names may come at any time.
 */
export type CheckReport = {
  /**
   * Grows when a name changes its meaning or goes.
   */
  schema: number;
  /**
   * The host's version.
   */
  host: string;
  /**
   * `linux`, `macos` or `windows`
   */
  system: string;
  /**
   * The worst of all findings.
   */
  worst: Severity;
  /**
   * One for each thing that was looked at.
   */
  findings: Array<Finding>;
};

/**
 * An entry of a list.
 */
export type Choice = {
  /**
   * The portal's id.
   */
  id: string;
  /**
   * As the portal spells it.
   */
  name: string;
};

/**
 * Which of several records with an address is meant.
 */
export type ChooseRecordParams = {
  /**
   * The address.
   */
  email: string;
  /**
   * A contact, company or lead; absent: none is better than another any more.
   */
  record?: RecordRef;
};

/**
 * What the caller does about a failure; one code for each thing it does differently, and never more than ten.
 */
export type Code =
  | "bad_request"
  | "unsupported_version"
  | "session_needed"
  | "not_connected"
  | "mailbox_off"
  | "refused"
  | "try_later"
  | "unreachable"
  | "cancelled"
  | "failed";

/**
 * Which preview the person agreed to.
 */
export type CommitLogParams = {
  /**
   * The preview's digest.
   */
  digest: string;
};

/**
 * A company.
 */
export type Company = {
  /**
   * The portal's id.
   */
  id: string;
  /**
   * Its name; empty if it can't be read.
   */
  title: string;
  /**
   * Who is responsible.
   */
  responsible?: PortalUser;
  /**
   * The portal's page about the company.
   */
  url: string;
};

/**
 * How to connect by OAuth.
 */
export type ConnectParams = {
  /**
   * The portal as the person typed it: `acme.bitrix24.com`.
   */
  portal: string;
  /**
   * The local application's client id. Absent: as fixed by policy, or the existing connection's.
   */
  clientId?: string;
  /**
   * The local application's client secret. Absent: the existing connection's, to connect again.
   */
  clientSecret?: WireSecret;
  /**
   * The port in the redirect address that is registered with the application. Absent: as fixed by policy, the existing
   * connection's, or 17485.
   */
  callbackPort?: number;
  /**
   * The mailbox in view, which connecting switches on.
   */
  mailbox?: string;
  /**
   * The person's yes to `portal_unconfirmed`: its `address`, as it came.
   */
  confirmed?: string;
  /**
   * The person's yes to `portal_moved`: `portal` is where the portal of this session says it is now. Its keys are used, its member
   * id must be the same, and its connection becomes this one.
   */
  moved?: boolean;
};

/**
 * How far a running `connect` has come.
 */
export type ConnectProgress = { stage: "browserOpened" } | { stage: "exchanging" } | { stage: "checking" };

/**
 * How to connect by webhook.
 */
export type ConnectWebhookParams = {
  /**
   * The inbound webhook's address, which holds its secret.
   */
  url: WireSecret;
  /**
   * The mailbox in view, which connecting switches on.
   */
  mailbox?: string;
  /**
   * The person's yes to `portal_unconfirmed`: its `address`, as it came.
   */
  confirmed?: string;
};

/**
 * Connected: this profile has a session now.
 */
export type Connected = {
  /**
   * The session token of this browser profile. Worthless without the local host.
   */
  session: string;
  /**
   * As `status` would answer.
   */
  status: Status;
};

/**
 * The two ways in.
 */
export type ConnectionMode = "oauth" | "webhook";

/**
 * A contact.
 */
export type Contact = {
  /**
   * The portal's id.
   */
  id: string;
  /**
   * Full name; empty if the portal has none.
   */
  name: string;
  /**
   * Position; empty if the portal has none.
   */
  position: string;
  /**
   * All e-mail addresses.
   */
  emails: Array<string>;
  /**
   * All phone numbers.
   */
  phones: Array<string>;
  /**
   * The company the contact belongs to.
   */
  company?: Company;
  /**
   * Who is responsible.
   */
  responsible?: PortalUser;
  /**
   * The portal's page about the contact.
   */
  url: string;
};

/**
 * What is to be made, and for whom.
 */
export type CreateParams = {
  /**
   * The mailbox in view, as for a lookup.
   */
  mailbox?: string;
  /**
   * The participant's address: what a contact, company or lead gets, and who is looked up afterwards.
   */
  email: string;
  /**
   * Chosen at random by the page, 16 to 64 letters, digits and hyphens: the same for each try of one form, so that a record
   * whose confirmation got lost is found again.
   */
  key: string;
  /**
   * What it is, and what is in it.
   */
  record: NewRecord;
  /**
   * The portal's id of who is to be responsible; absent: the person at the sidebar.
   */
  responsible?: string;
  /**
   * Likely duplicates the person has seen and passed over.
   */
  despite?: Array<RecordRef>;
  /**
   * When the last try that may have worked was made, in milliseconds since 1970.
   */
  unconfirmed?: number;
};

/**
 * What came of it.
 */
export type Creation =
  | {
      is: "created";
      /**
       * The record.
       */
      record: RecordRef;
      /**
       * The portal's page about it.
       */
      url: string;
      /**
       * The participant, looked up anew; absent if that didn't work.
       */
      person?: Person;
      /**
       * What is otherwise than was asked for.
       */
      notices: Array<Failure>;
    }
  | {
      is: "duplicates";
      /**
       * At most ten, the likelier first.
       */
      found: Array<Duplicate>;
    }
  | {
      is: "refused";
      /**
       * In the portal's own words and language, as text.
       */
      words: string;
    };

/**
 * A deal.
 */
export type Deal = {
  /**
   * The portal's id.
   */
  id: string;
  /**
   * Its title.
   */
  title: string;
  /**
   * The pipeline's id, to find its other stages in [`super::Reference`].
   */
  pipelineId: string;
  /**
   * The pipeline's name.
   */
  pipeline: string;
  /**
   * Where it stands.
   */
  stage: Stage;
  /**
   * The stage's place among the open stages of its pipeline, from 1; 0 if unknown.
   */
  step: number;
  /**
   * How many open stages the pipeline has; 0 if unknown.
   */
  steps: number;
  /**
   * What it's worth.
   */
  amount?: Amount;
  /**
   * Who is responsible.
   */
  responsible?: PortalUser;
  /**
   * The portal's page about the deal.
   */
  url: string;
};

/**
 * What came of it. A deal comes without those who are responsible where the host doesn't know their name.
 */
export type DealMove =
  | {
      is: "moved";
      /**
       * As the portal has it now; the portal's own rules may have moved it on.
       */
      deal: Deal;
    }
  | {
      is: "elsewhere";
      /**
       * As the portal has it now.
       */
      deal: Deal;
    }
  | {
      is: "refused";
      /**
       * In the portal's own words and language, as text.
       */
      words: string;
    };

/**
 * How much to disconnect.
 */
export type DisconnectParams = {
  /**
   * End the connection even if other profiles still use it.
   */
  everywhere?: boolean;
};

/**
 * What disconnecting did.
 */
export type Disconnected = {
  /**
   * The keychain entry is gone too. Bitrix24 has no way to revoke a token: it ends by itself within the hour.
   */
  connectionEnded: boolean;
  /**
   * How many other profiles keep their session.
   */
  sessionsLeft: number;
};

/**
 * A record that may be the same.
 */
export type Duplicate = {
  /**
   * The record.
   */
  record: FoundRecord;
  /**
   * What is the same.
   */
  same: Same;
};

/**
 * Somebody logged the e-mail before.
 */
export type EarlierLog = {
  /**
   * Who; absent if the portal doesn't tell.
   */
  by?: PortalUser;
  /**
   * Whether that was the person who asks.
   */
  me: boolean;
  /**
   * When, in milliseconds since 1970; absent if the portal doesn't tell.
   */
  at?: number;
};

/**
 * What an entry is.
 */
export type EntryKind =
  | { is: "comment" }
  | {
      is: "email";
      /**
       * Which way it went.
       */
      direction: MailDirection;
    }
  | { is: "call" }
  | { is: "meeting" }
  | { is: "todo" }
  | { is: "other" };

/**
 * What the host tells without being asked. The receiver asks `status` again to learn more.
 */
export type EventKind = "connection" | "session" | "settings";

/**
 * A failure as it crosses the wire.
 */
export type Failure = {
  /**
   * What to do about it.
   */
  code: Code;
  /**
   * Which sentence: a name of [`crate::failure::Reason`], for translation. New ones may appear at any time.
   */
  reason: string;
  /**
   * The values in the sentence.
   */
  args: { [key in string]: string };
  /**
   * The sentence in English: what happened, to what.
   */
  message: string;
  /**
   * The cure in English.
   */
  hint: string;
};

/**
 * What goes into a field.
 */
export type FieldInput =
  | { is: "text" }
  | { is: "number" }
  | { is: "date" }
  | { is: "time" }
  | { is: "yesNo" }
  | {
      is: "choice";
      /**
       * In the portal's order.
       */
      choices: Array<Choice>;
    }
  | { is: "user" }
  | { is: "elsewhere" };

/**
 * What a form begins with; empty where nothing is known.
 */
export type Filled = {
  /**
   * Given name.
   */
  firstName: string;
  /**
   * Family name.
   */
  lastName: string;
  /**
   * A guess by the address's domain.
   */
  company: string;
};

/**
 * What a probe found. A fault has all of [`FoundFault`] too.
 */
export type Finding = {
  probe: string;
  severity: Severity;
  sentence: string;
  evidence: { [key in string]: string };
} & Partial<FoundFault>;

/**
 * A field of the portal's own.
 */
export type FormField = {
  /**
   * Its key in `more`.
   */
  id: string;
  /**
   * As the portal calls it.
   */
  label: string;
  /**
   * What goes into it.
   */
  input: FieldInput;
};

/**
 * What is known of a fault.
 */
export type FoundFault = {
  /**
   * A code that never changes its meaning: `NM01`. docs/ADMIN.md lists them.
   */
  code: string;
  /**
   * The name of the sentence, for translation; tells faults of one code apart.
   */
  reason: string;
  /**
   * What to do.
   */
  cure: string;
  /**
   * What to type for that, in a shell.
   */
  command?: string;
};

/**
 * A record, in as many words as a list has room for.
 */
export type FoundRecord = {
  /**
   * What it is.
   */
  type: RecordType;
  /**
   * The portal's id.
   */
  id: string;
  /**
   * Name or title; empty if the portal has none.
   */
  title: string;
  /**
   * E-mail addresses, at most three.
   */
  emails: Array<string>;
  /**
   * Phone numbers, at most three.
   */
  phones: Array<string>;
  /**
   * The company it belongs to; empty if there is none.
   */
  company: string;
  /**
   * Who is responsible.
   */
  responsible?: PortalUser;
  /**
   * The portal's page about it.
   */
  url: string;
};

/**
 * Somebody of the company.
 */
export type FoundUser = {
  /**
   * The portal's user.
   */
  user: PortalUser;
  /**
   * Position in the company; empty if the portal has none.
   */
  position: string;
};

/**
 * The answer to the greeting. Without a session it tells nothing about portal or person.
 */
export type Hello = {
  /**
   * The version both speak from now on.
   */
  protocol: number;
  /**
   * The protocol versions the host speaks.
   */
  protocols: Array<number>;
  /**
   * The host's own version.
   */
  host: string;
  /**
   * With a valid session: as `status` would answer. Absent: a session is needed.
   */
  status?: Status;
};

/**
 * The greeting.
 */
export type HelloParams = {
  /**
   * The protocol versions the extension speaks.
   */
  protocols: Array<number>;
  /**
   * The extension's own version, kept for `--check`.
   */
  extension: string;
};

/**
 * A lead.
 */
export type Lead = {
  /**
   * The portal's id.
   */
  id: string;
  /**
   * Its title.
   */
  title: string;
  /**
   * The person's name in it; empty if there is none.
   */
  name: string;
  /**
   * Where it stands.
   */
  status: Stage;
  /**
   * What it may be worth.
   */
  amount?: Amount;
  /**
   * Who is responsible.
   */
  responsible?: PortalUser;
  /**
   * The portal's page about the lead.
   */
  url: string;
};

/**
 * A part of the ledger, the newest first.
 */
export type Ledger = {
  /**
   * At most 50 requests.
   */
  entries: Array<LedgerEntry>;
  /**
   * Where the next older ones begin; absent: there are none.
   */
  next?: string;
  /**
   * Sums over everything that is kept, by destination.
   */
  places: Array<LedgerPlace>;
  /**
   * What is wrong with the ledger: a line was changed or removed.
   */
  problem?: Failure;
};

/**
 * One request.
 */
export type LedgerEntry = {
  /**
   * When, in milliseconds since 1970.
   */
  at: number;
  /**
   * Why: `lookup`, `reference`, `connect`, `refresh`, `check`; a newer host may know more.
   */
  purpose: string;
  /**
   * Where to: `host[:port]`.
   */
  to: string;
  /**
   * The portal's methods it called, each with how often; none: tokens were asked for.
   */
  methods: Record<string, number>;
  /**
   * How many participants' addresses were in it.
   */
  addresses: number;
  /**
   * Bytes of its body that were sent; as long as it isn't over, all that may be.
   */
  sent: number;
  /**
   * Bytes of the answer's body, unpacked.
   */
  received: number;
  /**
   * The HTTP status, or what went wrong: `200`, `timeout`, `cancelled`; `begun`: it isn't over, or the host ended first.
   */
  outcome: string;
};

/**
 * Which part of the ledger.
 */
export type LedgerParams = {
  /**
   * Only what came before this place, as [`Ledger::next`] told; absent: from the newest on.
   */
  before?: string;
};

/**
 * What went to and came from one destination.
 */
export type LedgerPlace = {
  /**
   * `host[:port]`
   */
  to: string;
  /**
   * How many requests.
   */
  requests: number;
  /**
   * Bytes of their bodies.
   */
  sent: number;
  /**
   * Bytes of the answers' bodies, unpacked.
   */
  received: number;
};

/**
 * What keeps an e-mail from being logged.
 */
export type LogBlock =
  | {
      why: "listed";
      /**
       * The participant's address.
       */
      email: string;
      /**
       * The address or domain that is listed.
       */
      rule: string;
      /**
       * The administrator listed it, and not the person.
       */
      byPolicy: boolean;
    }
  | { why: "recipientsUnknown" };

/**
 * Exactly what would be sent.
 */
export type LogPreview = {
  /**
   * Names this preview, once, in `commitLog`; absent if the e-mail is logged already, so that there is nothing to send, or if it
   * may not be logged.
   */
  digest?: string;
  /**
   * Why this e-mail may not be logged; the portal wasn't asked about it.
   */
  blocked?: LogBlock;
  /**
   * The entry this e-mail has in the portal already. If there is a digest too, the entry is unfinished, and `commitLog` does no
   * more than complete it.
   */
  logged?: EarlierLog;
  /**
   * Until when, in milliseconds since 1970.
   */
  expiresAt: number;
  /**
   * Which way the e-mail went.
   */
  direction: MailDirection;
  /**
   * The sender, as it will read in the portal.
   */
  from: string;
  /**
   * The recipients, as they will read in the portal.
   */
  to: string;
  /**
   * When the e-mail was sent, in milliseconds since 1970.
   */
  sentAt: number;
  /**
   * The subject, as it will be sent.
   */
  subject: string;
  /**
   * The text, as it will be sent; empty if the subject goes alone.
   */
  text: string;
  /**
   * The records it will stand in.
   */
  records: Array<LoggedRecord>;
  /**
   * Who will be responsible for the entry: the person.
   */
  responsible: PortalUser;
  /**
   * The request's body, word for word but for the access token; empty if there is nothing to send.
   */
  request: string;
  /**
   * What differs from the e-mail, each with its own sentence: a text that was cut.
   */
  notices: Array<Failure>;
  /**
   * What to think about before agreeing, each with its own sentence: a blind copy that the others can't see.
   */
  warnings: Array<Failure>;
};

/**
 * The e-mail stands in the portal.
 */
export type LoggedEmail = {
  /**
   * The portal's id of the entry.
   */
  id: string;
  /**
   * The records it stands at; those of an earlier entry aren't known.
   */
  records: Array<LoggedRecord>;
  /**
   * Somebody else's entry, or one from another window, that was there first and is kept.
   */
  earlier?: EarlierLog;
  /**
   * What is left to do, each with its own sentence.
   */
  notices: Array<Failure>;
};

/**
 * An e-mail that was logged from here, and not taken back.
 */
export type LoggedHere = {
  /**
   * [`MailMessage::gmail_id`]
   */
  gmailId: string;
  /**
   * The portal's id of the entry.
   */
  id: string;
  /**
   * When it was logged, in milliseconds since 1970.
   */
  at: number;
};

/**
 * A record an e-mail is logged to.
 */
export type LoggedRecord = {
  /**
   * Name or title; the person's address if the portal has none.
   */
  title: string;
  /**
   * The participant's address that ties the e-mail to it.
   */
  email: string;
  /**
   * The portal's page about it.
   */
  url: string;
  /**
   * What it is.
   */
  type: RecordType;
  /**
   * The portal's id.
   */
  id: string;
};

/**
 * Who they are. In a part: those known so far; in the result: all of them, in the order asked for.
 */
export type Lookup = {
  /**
   * One entry per distinct address.
   */
  people: Array<Person>;
  /**
   * When the oldest of these answers left the portal, in milliseconds since 1970.
   */
  asOf: number;
  /**
   * What is missing from all of them, each with its own sentence: no right to read deals, too many addresses, rows the
   * portal sent that nobody had asked for.
   */
  notices: Array<Failure>;
  /**
   * E-mails between these people and the person that this host has logged since it started, the newest last.
   */
  logged?: Array<LoggedHere>;
};

/**
 * Whom to look up, and for which mailbox.
 */
export type LookupParams = {
  /**
   * The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
   */
  mailbox?: string;
  /**
   * The participants' addresses, and nothing else about the thread: at most 200, the more important first.
   */
  addresses: Array<string>;
  /**
   * Ask the portal again, even for what was looked up minutes ago.
   */
  fresh?: boolean;
};

/**
 * Somebody named in an e-mail.
 */
export type MailAddress = {
  /**
   * The name; empty if there is none.
   */
  name?: string;
  /**
   * The address.
   */
  email: string;
};

/**
 * Which way an e-mail went.
 */
export type MailDirection = "incoming" | "outgoing";

/**
 * One e-mail, as the page shows it.
 */
export type MailMessage = {
  /**
   * Gmail's id in this mailbox: 16 hexadecimal digits.
   */
  gmailId: string;
  /**
   * The Message-ID of its header, angle brackets included; absent if it couldn't be read.
   */
  messageId?: string;
  /**
   * Who sent it.
   */
  from: MailAddress;
  /**
   * Who got it, as everybody who got it can see.
   */
  to: Array<MailAddress>;
  /**
   * Who got a blind copy, where the page tells. The portal isn't told.
   */
  bcc?: Array<MailAddress>;
  /**
   * The page may not show all who got it.
   */
  incomplete?: boolean;
  /**
   * When it was sent, in milliseconds since 1970.
   */
  sentAt: number;
  /**
   * Its subject.
   */
  subject: string;
  /**
   * Its text as a person reads it, without markup: all of it or a part, as the person chose. Absent: the subject alone.
   */
  text?: string;
};

/**
 * A mailbox the person decided about.
 */
export type Mailbox = {
  /**
   * The mailbox's address, lower case.
   */
  address: string;
  /**
   * Lookups are on.
   */
  on: boolean;
};

/**
 * One entry of the TypeScript map.
 */
export type MethodShape<P, R> = { params: P; result: R };

/**
 * Method name -> what it takes and gives.
 */
export type Methods = {
  hello: MethodShape<HelloParams, Hello>;
  connect: MethodShape<ConnectParams, Connected>;
  connectWebhook: MethodShape<ConnectWebhookParams, Connected>;
  pasteCallback: MethodShape<PasteCallbackParams, Nothing>;
  allow: MethodShape<AllowParams, Connected>;
  newCode: MethodShape<NewCodeParams, OneTimeCode>;
  disconnect: MethodShape<DisconnectParams, Disconnected>;
  status: MethodShape<StatusParams, Status>;
  setMailbox: MethodShape<SetMailboxParams, Status>;
  changeTeam: MethodShape<ChangeTeamParams, Status>;
  changeNeverLog: MethodShape<ChangeNeverLogParams, Status>;
  reference: MethodShape<ReferenceParams, Reference>;
  lookup: MethodShape<LookupParams, Lookup>;
  search: MethodShape<SearchParams, Search>;
  searchUsers: MethodShape<UserSearchParams, UserSearch>;
  ledger: MethodShape<LedgerParams, Ledger>;
  check: MethodShape<CheckParams, CheckReport>;
  recordForm: MethodShape<RecordFormParams, RecordForm>;
  create: MethodShape<CreateParams, Creation>;
  addAddress: MethodShape<AddAddressParams, Change>;
  moveDeal: MethodShape<MoveDealParams, DealMove>;
  chooseRecord: MethodShape<ChooseRecordParams, Nothing>;
  addEntry: MethodShape<AddEntryParams, AddedEntry>;
  recent: MethodShape<RecentParams, Recent>;
  previewLog: MethodShape<PreviewLogParams, LogPreview>;
  commitLog: MethodShape<CommitLogParams, LoggedEmail>;
  undoLog: MethodShape<UndoLogParams, Nothing>;
  moveLog: MethodShape<MoveLogParams, LoggedEmail>;
  cancel: MethodShape<CancelParams, Nothing>;
};

/**
 * Which deal goes where.
 */
export type MoveDealParams = {
  /**
   * The portal's id of the deal.
   */
  deal: string;
  /**
   * The stage it stood in when the person chose: if it no longer does, nothing is changed.
   */
  from: string;
  /**
   * The stage it is to stand in, one of the same pipeline.
   */
  to: string;
};

/**
 * Which entry is to stand at another record.
 */
export type MoveLogParams = {
  /**
   * [`LoggedEmail::id`]
   */
  id: string;
  /**
   * The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
   */
  mailbox?: string;
  /**
   * The participants' addresses, as they were looked up: the new record is one of these people's.
   */
  people: Array<string>;
  /**
   * The records it leaves, as the person was told: all of [`LoggedEmail::records`].
   */
  from: Array<RecordRef>;
  /**
   * The record it goes to.
   */
  to: RecordRef;
};

/**
 * Addresses and domains whose e-mail is never logged, nor that of anybody who writes with them.
 */
export type NeverLogList = {
  /**
   * What the person listed: `counsel@opal-law.com`, or `opal-law.com` for everything below it.
   */
  entries: Array<string>;
  /**
   * What the administrator listed by policy.
   */
  policyEntries: Array<string>;
};

/**
 * No parameters.
 */
export type NewCodeParams = Record<symbol, never>;

/**
 * A comment to be made.
 */
export type NewComment = {
  /**
   * Its text, not blank.
   */
  text: string;
};

/**
 * A company to be made.
 */
export type NewCompany = {
  /**
   * Its name.
   */
  title?: string;
  /**
   * As it is written.
   */
  phone?: string;
  /**
   * Fields of the portal's own.
   */
  more?: { [key in string]: string };
};

/**
 * A contact to be made.
 */
export type NewContact = {
  /**
   * Given name.
   */
  firstName?: string;
  /**
   * Family name.
   */
  lastName?: string;
  /**
   * What they are in their company.
   */
  position?: string;
  /**
   * As it is written.
   */
  phone?: string;
  /**
   * The name of their company: tied to the contact if the portal has exactly one of that name.
   */
  company?: string;
  /**
   * Fields of the portal's own.
   */
  more?: { [key in string]: string };
};

/**
 * A deal to be made.
 */
export type NewDeal = {
  /**
   * What it's about.
   */
  title?: string;
  /**
   * The id of its contact.
   */
  contact?: string;
  /**
   * The id of its company.
   */
  company?: string;
  /**
   * The id of one of the portal's pipelines.
   */
  pipeline?: string;
  /**
   * The id of one of its stages.
   */
  stage?: string;
  /**
   * A decimal number with a point.
   */
  amount?: string;
  /**
   * One of the portal's currencies.
   */
  currency?: string;
  /**
   * Fields of the portal's own.
   */
  more?: { [key in string]: string };
};

/**
 * A new entry.
 */
export type NewEntry = ({ type: "comment" } & NewComment) | ({ type: "todo" } & NewTodo);

/**
 * A lead to be made.
 */
export type NewLead = {
  /**
   * What it's about.
   */
  title?: string;
  /**
   * Given name.
   */
  firstName?: string;
  /**
   * Family name.
   */
  lastName?: string;
  /**
   * The name of their company, as text.
   */
  company?: string;
  /**
   * As it is written.
   */
  phone?: string;
  /**
   * A decimal number with a point.
   */
  amount?: string;
  /**
   * One of the portal's currencies.
   */
  currency?: string;
  /**
   * Fields of the portal's own.
   */
  more?: { [key in string]: string };
};

/**
 * A record to be made. Empty texts are left to the portal; `more` holds the fields of [`RecordForm`], by their ids.
 */
export type NewRecord =
  | ({ type: "contact" } & NewContact)
  | ({ type: "company" } & NewCompany)
  | ({ type: "lead" } & NewLead)
  | ({ type: "deal" } & NewDeal);

/**
 * A to-do to be made.
 */
export type NewTodo = {
  /**
   * What is to be done, not blank.
   */
  title: string;
  /**
   * More about it.
   */
  text?: string;
  /**
   * By when, in milliseconds since 1970: an instant, whatever zone the person, the portal or its users are in.
   */
  deadline: number;
};

/**
 * Nothing to tell but that it worked: `{}`.
 */
export type Nothing = Record<symbol, never>;

/**
 * What lets one further browser profile in, once.
 */
export type OneTimeCode = {
  /**
   * To be typed into the other profile: `K7QF-2MXD`.
   */
  code: string;
  /**
   * For how long it is good.
   */
  seconds: number;
};

/**
 * What a stage means.
 */
export type Outcome = "open" | "won" | "lost";

/**
 * The address the browser ended at.
 */
export type PasteCallbackParams = {
  /**
   * `http://127.0.0.1:17485/callback?code=…`: holds a code, so it's a secret for its 30 seconds.
   */
  address: WireSecret;
};

/**
 * A participant, as the portal knows them.
 */
export type Person = {
  /**
   * The address that was asked for, lower case.
   */
  email: string;
  /**
   * Who they are to the person in the sidebar.
   */
  role: Role;
  /**
   * Contacts with this address, the one with the newest activity first.
   */
  contacts: Array<Contact>;
  /**
   * Companies with this address.
   */
  companies: Array<Company>;
  /**
   * Leads with this address, open ones first.
   */
  leads: Array<Lead>;
  /**
   * Open deals of those contacts and companies, newest first; at most 50.
   */
  deals: Array<Deal>;
  /**
   * How many open deals there are in all.
   */
  dealsTotal: number;
  /**
   * Records with this address that the person has no right to read.
   */
  hidden: number;
  /**
   * Why this person is not (wholly) known: each missing piece with its own sentence.
   */
  problems: Array<Failure>;
  /**
   * E-mails in the histories of these contacts, companies and leads, the newest entries first; at most 30.
   */
  recentEmails?: Array<RecentEmail>;
  /**
   * Which of several records the person in the sidebar picked; it comes first in its list.
   */
  chosen?: RecordRef;
};

/**
 * A deal pipeline.
 */
export type Pipeline = {
  /**
   * The portal's category id; `0` is the default pipeline.
   */
  id: string;
  /**
   * As the portal spells it.
   */
  name: string;
  /**
   * Its stages in order.
   */
  stages: Array<Stage>;
};

/**
 * A person as the portal knows its own users.
 */
export type PortalUser = {
  /**
   * The portal's user id.
   */
  id: string;
  /**
   * As the portal spells it; empty if it has none.
   */
  name: string;
  /**
   * The portal's page about the person.
   */
  url: string;
};

/**
 * An e-mail, as far as the person wants it logged, and where it should stand.
 */
export type PreviewLogParams = {
  /**
   * The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
   */
  mailbox?: string;
  /**
   * The participants' addresses, as they were looked up: the records of these people can be chosen.
   */
  people: Array<string>;
  /**
   * The e-mail.
   */
  message: MailMessage;
  /**
   * The records it is logged to, at least one.
   */
  records: Array<RecordRef>;
};

/**
 * Which sentence, and so which translation.
 */
export type Reason =
  | "empty_frame"
  | "frame_too_long"
  | "not_json"
  | "not_a_request"
  | "unknown_method"
  | "bad_params"
  | "duplicate_id"
  | "too_many_requests"
  | "unsupported_version"
  | "cancelled"
  | "internal"
  | "reply_too_long"
  | "portal_address_invalid"
  | "portal_address_too_much"
  | "portal_needs_https"
  | "other_portal"
  | "unknown_authorization_server"
  | "webhook_invalid"
  | "host_unknown"
  | "address_not_public"
  | "portal_unconfirmed"
  | "cannot_connect"
  | "certificate_untrusted"
  | "certificate_expired"
  | "certificate_other_name"
  | "tls_failed"
  | "proxy_unreachable"
  | "proxy_refuses"
  | "proxy_speaks_socks"
  | "answer_too_slow"
  | "answer_too_large"
  | "answer_broken"
  | "ledger_unwritable"
  | "no_home_folder"
  | "state_folder"
  | "state_file_unusable"
  | "state_file_damaged"
  | "state_file_newer"
  | "keychain_no_entry"
  | "keychain_locked"
  | "keychain_missing"
  | "keychain_denied"
  | "keychain_too_large"
  | "keychain_lost"
  | "not_connected"
  | "which_portal"
  | "no_random_numbers"
  | "callback_port_taken"
  | "callback_port_shared"
  | "no_browser"
  | "connect_running"
  | "connect_timed_out"
  | "no_connect_running"
  | "callback_malformed"
  | "callback_other_state"
  | "authorized_elsewhere"
  | "member_mismatch"
  | "portal_replaced"
  | "code_too_old"
  | "client_secret_wrong"
  | "client_id_wrong"
  | "application_not_installed"
  | "application_scope"
  | "payment_required"
  | "authorization_refused"
  | "authorization_server_broken"
  | "token_answer_unreadable"
  | "refresh_token_invalid"
  | "refresh_busy"
  | "webhook_refused"
  | "client_id_missing"
  | "client_secret_missing"
  | "already_connected"
  | "scope_missing"
  | "scopes_unneeded"
  | "fresh_token_refused"
  | "user_inactive"
  | "input_unreadable"
  | "ledger_changed"
  | "ledger_cut"
  | "ledger_emptied"
  | "since_unreadable"
  | "no_browser_found"
  | "program_unknown"
  | "registration_unwritable"
  | "folder_unneeded"
  | "session_needed"
  | "no_code"
  | "code_wrong"
  | "no_such_session"
  | "not_registered"
  | "registry_key_missing"
  | "manifest_damaged"
  | "manifest_program_gone"
  | "manifest_program_stuck"
  | "program_unsigned"
  | "program_from_internet"
  | "program_blocked"
  | "program_quarantined"
  | "program_translocated"
  | "program_needs_rosetta"
  | "program_mounted_noexec"
  | "program_for_other_processor"
  | "registered_program_silent"
  | "registered_program_chatters"
  | "running_elsewhere"
  | "browser_folder_of_other"
  | "versions_apart"
  | "manifest_other_program"
  | "manifest_forbids"
  | "extension_copy"
  | "manifest_shadowed"
  | "browser_policy_blocks"
  | "browser_policy_user_level"
  | "sandboxed_browser"
  | "self_test_failed"
  | "bundle_unwritable"
  | "clock_skew"
  | "policy_unknown_names"
  | "mailbox_invalid"
  | "mailbox_unanswered"
  | "mailbox_off"
  | "not_our_extension"
  | "address_invalid"
  | "domain_invalid"
  | "never_log_invalid"
  | "policy_unreadable"
  | "portal_not_allowed"
  | "portal_busy"
  | "method_resting"
  | "headroom_low"
  | "portal_overloaded"
  | "portal_moved"
  | "portal_deleted"
  | "portal_sent_page"
  | "portal_failed"
  | "unexpected_answer"
  | "authorization_server_down"
  | "connection_refused"
  | "application_gone"
  | "user_dismissed"
  | "no_application_access"
  | "plan_required"
  | "access_denied"
  | "extranet_user"
  | "other_mode_needed"
  | "method_missing"
  | "portal_old"
  | "portal_refused"
  | "too_many_people"
  | "not_an_address"
  | "unasked_rows"
  | "too_many_matches"
  | "records_left_out"
  | "search_too_short"
  | "create_unconfirmed"
  | "form_changed"
  | "user_gone"
  | "value_invalid"
  | "text_too_long"
  | "no_leads"
  | "company_not_tied"
  | "stage_gone"
  | "move_unconfirmed"
  | "entry_unconfirmed"
  | "message_incomplete"
  | "no_record_chosen"
  | "too_many_records"
  | "record_not_of_thread"
  | "preview_over"
  | "logged_as_planned"
  | "log_unconfirmed"
  | "log_not_from_here"
  | "undo_unconfirmed"
  | "log_elsewhere"
  | "move_log_missing"
  | "move_log_unconfirmed"
  | "moved_log_stays"
  | "logged_twice"
  | "message_id_unknown"
  | "text_cut"
  | "text_not_allowed"
  | "subject_cut"
  | "recipients_cut"
  | "never_logged"
  | "many_recipients"
  | "colleagues_only"
  | "blind_copy"
  | "blind_copy_shown"
  | "blind_copy_own";

/**
 * What happened last with a record.
 */
export type Recent = {
  /**
   * The newest first; at most ten.
   */
  entries: Array<TimelineEntry>;
  /**
   * There are more.
   */
  more: boolean;
  /**
   * What is missing, each with its own sentence.
   */
  notices: Array<Failure>;
};

/**
 * An e-mail in the portal, to compare an open one with. That they are the same is likely at best: only a preview tells.
 */
export type RecentEmail = {
  /**
   * The portal's id of the entry.
   */
  id: string;
  /**
   * Its subject.
   */
  subject: string;
  /**
   * When it was sent, in milliseconds since 1970.
   */
  sentAt: number;
  /**
   * The addresses it is logged with, lower case: of some who wrote or got it.
   */
  emails: Array<string>;
  /**
   * Who logged it; absent if the portal doesn't tell.
   */
  by?: PortalUser;
  /**
   * When it was logged, in milliseconds since 1970; absent if the portal doesn't tell.
   */
  at?: number;
};

/**
 * Which record's timeline.
 */
export type RecentParams = {
  /**
   * The record.
   */
  record: RecordRef;
};

/**
 * What the portal wants to know of a new record.
 */
export type RecordForm = {
  /**
   * Fields of [`NewRecord`] that the portal marks as required.
   */
  required: Array<string>;
  /**
   * Further fields that it marks as required.
   */
  fields: Array<FormField>;
  /**
   * What is known already.
   */
  filled: Filled;
  /**
   * Colleagues can be searched for, so that somebody else can be made responsible.
   */
  users: boolean;
};

/**
 * For which type of record a form is wanted.
 */
export type RecordFormParams = {
  /**
   * What is to be made.
   */
  type: RecordType;
  /**
   * The participant's address; it and the name are for filling the form, and stay on this computer.
   */
  email: string;
  /**
   * Their name as the mail has it; empty if it has none.
   */
  name?: string;
  /**
   * Ask the portal even if the host's copy is young.
   */
  fresh?: boolean;
};

/**
 * Which record.
 */
export type RecordRef = {
  /**
   * What it is.
   */
  type: RecordType;
  /**
   * The portal's id.
   */
  id: string;
};

/**
 * What a record is.
 */
export type RecordType = "contact" | "company" | "lead" | "deal";

/**
 * Reference data of one portal, read at connecting and kept for half a day.
 */
export type Reference = {
  /**
   * Deal pipelines the person may see, in the portal's order.
   */
  pipelines: Array<Pipeline>;
  /**
   * Statuses a lead goes through, in order.
   */
  leadStatuses: Array<Stage>;
  /**
   * Where records come from.
   */
  sources: Array<Choice>;
  /**
   * Currencies of the portal, the base currency first.
   */
  currencies: Array<string>;
  /**
   * The portal works with leads (classic CRM mode).
   */
  leads: boolean;
};

/**
 * No parameters.
 */
export type ReferenceParams = {
  /**
   * Ask the portal even if the host's copy is young; the next `recordForm` does, too.
   */
  fresh?: boolean;
};

/**
 * Who somebody is to the person in the sidebar.
 */
export type Role =
  | { is: "me" }
  | {
      is: "colleague";
      /**
       * The portal's user; absent when known only by a team domain or the person's own list.
       */
      user?: PortalUser;
      /**
       * Position in the company; empty if the portal has none.
       */
      position: string;
    }
  | {
      is: "formerColleague";
      /**
       * The portal's user.
       */
      user: PortalUser;
    }
  | {
      is: "extranet";
      /**
       * The portal's user.
       */
      user: PortalUser;
      /**
       * Whether the company has dismissed them; absent if it hasn't.
       */
      dismissed?: boolean;
    }
  | { is: "external" }
  | { is: "notLookedUp" };

/**
 * What two records have in common.
 */
export type Same = "email" | "phone" | "name";

/**
 * A page of the list.
 */
export type Search = {
  /**
   * At most twenty, the likeliest first.
   */
  found: Array<FoundRecord>;
  /**
   * There is a next page.
   */
  more: boolean;
  /**
   * The portal has more than the whole list: more letters would help.
   */
  cut: boolean;
  /**
   * Why some records couldn't be searched.
   */
  notices: Array<Failure>;
};

/**
 * What to look for.
 */
export type SearchParams = {
  /**
   * Part of a name, a company's name, a deal's title, or a phone number: at least two letters or digits, at most 100 characters.
   */
  text: string;
  /**
   * Which records are wanted. Leads are left out where the portal works without them.
   */
  types: Array<RecordType>;
  /**
   * How many of the list the caller has already.
   */
  skip?: number;
};

/**
 * The person's answer for a mailbox.
 */
export type SetMailboxParams = {
  /**
   * The mailbox's address.
   */
  address: string;
  /**
   * Whether its threads may be looked up.
   */
  on: boolean;
};

/**
 * How bad a finding is.
 */
export type Severity = "ok" | "warning" | "error";

/**
 * A stage of a pipeline, or a status of a lead.
 */
export type Stage = {
  /**
   * The portal's id: `NEW`, `C9:NEW`.
   */
  id: string;
  /**
   * As the portal spells it.
   */
  name: string;
  /**
   * `#rrggbb`, checked; absent if the portal has none.
   */
  color?: string;
  /**
   * Whether it's open, won or lost.
   */
  outcome: Outcome;
};

/**
 * What the host knows without asking anybody.
 */
export type Status = {
  /**
   * The portal: `acme.bitrix24.com`.
   */
  portal: string;
  /**
   * Where the portal's pages are: `https://acme.bitrix24.com`.
   */
  origin: string;
  /**
   * How the host gets in.
   */
  mode: ConnectionMode;
  /**
   * Who the portal says the person is.
   */
  user: PortalUser;
  /**
   * Mailboxes that were switched on or off.
   */
  mailboxes: Array<Mailbox>;
  /**
   * Who counts as a colleague beyond what the portal knows.
   */
  team: Team;
  /**
   * Whose e-mail is never logged.
   */
  neverLog: NeverLogList;
  /**
   * The administrator doesn't let the text of an e-mail be logged. Absent: it may be.
   */
  subjectOnly?: boolean;
};

/**
 * No parameters.
 */
export type StatusParams = Record<symbol, never>;

/**
 * Addresses and domains that aren't strangers', whatever the portal knows of them.
 */
export type Team = {
  /**
   * Addresses and aliases that are the person's own: never looked up.
   */
  ownAddresses: Array<string>;
  /**
   * Domains whose addresses are colleagues: `acme.com`.
   */
  domains: Array<string>;
  /**
   * Domains that the administrator added by policy.
   */
  policyDomains: Array<string>;
};

/**
 * An entry of a timeline.
 */
export type TimelineEntry = {
  /**
   * What it is.
   */
  kind: EntryKind;
  /**
   * When it was made, in milliseconds since 1970; absent if the portal doesn't tell.
   */
  at?: number;
  /**
   * Who made it; absent if the portal doesn't tell.
   */
  author?: PortalUser;
  /**
   * Its subject, or the beginning of its text.
   */
  subject: string;
  /**
   * By when it is to be done; absent for what is done, or has no date.
   */
  due?: number;
};

/**
 * A try that may have worked.
 */
export type Tried = {
  /**
   * The newest entry there was before it, from [`BeforeEntry`].
   */
  newest: string;
  /**
   * When it was made, in milliseconds since 1970.
   */
  at: number;
};

/**
 * Which entry is to go again.
 */
export type UndoLogParams = {
  /**
   * [`LoggedEmail::id`]
   */
  id: string;
};

/**
 * Who was found.
 */
export type UserSearch = {
  /**
   * At most twenty active employees, the likeliest first.
   */
  found: Array<FoundUser>;
  /**
   * There are more: more letters would help.
   */
  cut: boolean;
};

/**
 * Whom to look for.
 */
export type UserSearchParams = {
  /**
   * Part of a name or position: at least two letters or digits, at most 100 characters.
   */
  text: string;
};

/**
 * A secret inside a request. It can be read from the wire and taken out once; it can't be printed, compared, cloned or
 * written back, and its memory is wiped.
 */
export type WireSecret = string;
