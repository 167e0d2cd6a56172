// What the reader reports. Plain data: it crosses from the page to the worker.

/** Somebody named in a message's header. */
export type Person = {
  /** Plain text; null if empty, equal to the address, or Gmail's word for "me". */
  name: string | null;
  /** Lower case; null if the page shows a name without an address. */
  email: string | null;
};

/** An address of the open thread: sender or recipient, once each, without Bcc and Reply-To. */
export type Participant = {
  /** The longest name seen for the address. */
  name: string | null;
  email: string;
  /** The address is a Google Group's that rewrote the sender: it is not the address of the person named. */
  viaGroup: boolean;
};

export type Message = {
  /** 16 hex digits; null if the page has none (never expanded, or only just sent). Shifted right by 20 bits: arrival in ms. */
  id: string | null;
  /** `msg-f:<decimal>`, or `msg-a:r<number>` for mail written in this mailbox. */
  permId: string | null;
  from: Person | null;
  /** To and Cc together, since Gmail's header line doesn't separate them; null: not in the page. */
  to: Person[] | null;
  /** Somebody who got it may be missing above: the message is folded, the line is cut, or a name has no address. */
  recipientsMissing: boolean;
  collapsed: boolean;
};

/** Why a reading is not the whole truth or not final. Collapsed messages are no gap: their `to` says so. */
export type Gap =
  /** The heading names another thread than the address bar: Gmail is still changing over. */
  | "stale"
  /** Neither address bar nor heading gives an id. */
  | "no-thread-id"
  /** Gmail mentions messages that have no element in the page. */
  | "messages-absent"
  /** A message nothing is known about. */
  | "message-unknown"
  /** A name without an address. */
  | "address-missing"
  /** An expanded message without a recipient line. */
  | "recipients-missing"
  /** The recipient line is cut. */
  | "recipients-cut"
  /** An expanded message without an id: not really sent yet. */
  | "message-id-missing";

export type OpenThread = {
  /** 16 hex digits. */
  threadId: string | null;
  /** `thread-f:<decimal>` or `thread-a:r<number>`, as the page or else the address bar gives it. */
  permId: string | null;
  subject: string;
  /** In page order, oldest first. */
  messages: Message[];
  /** The id of the unfolded message that the person clicked last, if the page's watcher saw them do it. */
  clicked?: string;
  participants: Participant[];
  /** The number Gmail shows for messages it doesn't. */
  hiddenMessages: number;
  gaps: Gap[];
  /** Second and later selectors that had to serve: the first sign of a changed Gmail. */
  fallbacks: string[];
};

/** Whose mailbox this is. */
export type Account = {
  /** Null if nothing tells, or if two sources disagree: then the person is asked. */
  email: string | null;
  /** What the sources say: none, one, or the two that disagree. */
  candidates: string[];
  /** By the path: somebody else's mailbox, opened by delegation. */
  delegated: boolean;
};

/** What stands in the page. */
export type View =
  | { state: "none" }
  | { state: "thread"; thread: OpenThread }
  /** There is a thread, but this reader doesn't understand the page: say so instead of showing nothing. */
  | {
      state: "unreadable";
      why: "no-heading" | "several-headings" | "no-messages";
      threadId: string | null;
      subject: string | null;
    };

export type Reading = View & { account: Account };
