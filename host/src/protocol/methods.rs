//! The table of methods.

use super::{
    AddAddressParams, AddEntryParams, AllowParams, CancelParams, ChangeNeverLogParams, ChangeTeamParams, CheckParams,
    ChooseRecordParams, CommitLogParams, ConnectParams, ConnectWebhookParams, CreateParams, DisconnectParams,
    HelloParams, LedgerParams, LookupParams, MoveDealParams, MoveLogParams, NewCodeParams, PasteCallbackParams,
    PreviewLogParams, RecentParams, RecordFormParams, ReferenceParams, SearchParams, SetMailboxParams, StatusParams,
    UndoLogParams, UserSearchParams,
};
#[cfg(test)]
use super::{
    AddedEntry, Change, CheckReport, Connected, Creation, DealMove, Disconnected, Hello, Ledger, LogPreview,
    LoggedEmail, Lookup, Nothing, OneTimeCode, Recent, RecordForm, Reference, Search, Status, UserSearch,
};

/// Declares every method once: the enum the host matches on, its parser, and the map TypeScript types calls with.
macro_rules! methods {
    ($($(#[$doc:meta])* $name:literal $variant:ident($params:ty) -> $result:ty;)*) => {
        /// A request whose method is known and whose parameters have the right shape.
        pub enum Call {
            $($(#[$doc])* $variant($params),)*
        }

        impl Call {
            /// The names of all methods, in the order of the table.
            pub const METHODS: &[&str] = &[$($name),*];

            /// Reads the parameters of `method`; `None` if there is no such method.
            ///
            /// # Errors
            /// When the parameters don't have the method's shape. The error may quote the input: don't show or log it.
            pub fn parse(method: &str, params: &str) -> Option<Result<Call, serde_json::Error>> {
                match method {
                    $($name => Some(serde_json::from_str(params).map(Call::$variant)),)*
                    _ => None,
                }
            }

            /// The method's name on the wire.
            #[must_use]
            pub fn method(&self) -> &'static str {
                match self {
                    $(Call::$variant(_) => $name,)*
                }
            }
        }

        /// Method name -> what it takes and gives.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export)]
        #[expect(dead_code, non_snake_case, reason = "exists for its TypeScript shape alone")]
        pub(crate) struct Methods {
            $(#[ts(rename = $name)] $variant: MethodShape<$params, $result>,)*
        }
    };
}

/// One entry of the TypeScript map.
#[cfg(test)]
#[derive(ts_rs::TS)]
#[ts(export)]
#[expect(dead_code, reason = "exists for its TypeScript shape alone")]
pub(crate) struct MethodShape<P, R> {
    params: P,
    result: R,
}

methods! {
    /// Comes first: which versions each side speaks, and, with a session, the state of the connection.
    "hello" Hello(HelloParams) -> Hello;
    /// Connects to a portal by OAuth: opens the person's browser, waits for the redirect. Parts: [`super::ConnectProgress`].
    "connect" Connect(ConnectParams) -> Connected;
    /// Connects to a portal by an inbound webhook.
    "connectWebhook" ConnectWebhook(ConnectWebhookParams) -> Connected;
    /// Hands a running `connect` the address the browser ended at, for when the redirect could not reach the host.
    "pasteCallback" PasteCallback(PasteCallbackParams) -> Nothing;
    /// Gives this profile a session to the existing connection, for a one-time code.
    "allow" Allow(AllowParams) -> Connected;
    /// A one-time code, with which a further profile gets a session to this profile's connection.
    "newCode" NewCode(NewCodeParams) -> OneTimeCode;
    /// Ends this profile's session, and with the last one (or when asked) the connection.
    "disconnect" Disconnect(DisconnectParams) -> Disconnected;
    /// What the host knows of connection, person and mailboxes; asks nobody.
    "status" Status(StatusParams) -> Status;
    /// Switches lookups for a mailbox on or off.
    "setMailbox" SetMailbox(SetMailboxParams) -> Status;
    /// Adds to or takes from the person's own addresses and the domains of colleagues.
    "changeTeam" ChangeTeam(ChangeTeamParams) -> Status;
    /// Adds to or takes from the person's never-log list.
    "changeNeverLog" ChangeNeverLog(ChangeNeverLogParams) -> Status;
    /// Pipelines, stages, lead statuses, sources, currencies and the CRM mode.
    "reference" Reference(ReferenceParams) -> Reference;
    /// Who the people of a thread are. Parts: [`super::Lookup`] with those known so far.
    "lookup" Lookup(LookupParams) -> Lookup;
    /// Records by what somebody types.
    "search" Search(SearchParams) -> Search;
    /// Active employees by what somebody types.
    "searchUsers" SearchUsers(UserSearchParams) -> UserSearch;
    /// What left this computer.
    "ledger" Ledger(LedgerParams) -> Ledger;
    /// What is wrong, and what cures it. Parts: [`super::CheckReport`] with what is known so far.
    "check" Check(CheckParams) -> CheckReport;
    /// What the portal wants to know of a new record.
    "recordForm" RecordForm(RecordFormParams) -> RecordForm;
    /// Makes a record, unless there may be one already.
    "create" Create(CreateParams) -> Creation;
    /// Adds a participant's address to a record.
    "addAddress" AddAddress(AddAddressParams) -> Change;
    /// Moves a deal to another stage of its pipeline, unless somebody else has moved it.
    "moveDeal" MoveDeal(MoveDealParams) -> DealMove;
    /// Remembers which of several records with an address is meant.
    "chooseRecord" ChooseRecord(ChooseRecordParams) -> Nothing;
    /// Adds a comment or a to-do to a record. Part: [`super::BeforeEntry`], before anything is sent that could get lost.
    "addEntry" AddEntry(AddEntryParams) -> AddedEntry;
    /// What happened last with a record.
    "recent" Recent(RecentParams) -> Recent;
    /// Exactly what would be sent if an e-mail were logged.
    "previewLog" PreviewLog(PreviewLogParams) -> LogPreview;
    /// Logs the e-mail as it was previewed.
    "commitLog" CommitLog(CommitLogParams) -> LoggedEmail;
    /// Deletes an entry that was made from here.
    "undoLog" UndoLog(UndoLogParams) -> Nothing;
    /// Takes an entry that was made from here to another record.
    "moveLog" MoveLog(MoveLogParams) -> LoggedEmail;
    /// Cancels a running request, which still gets its one reply.
    "cancel" Cancel(CancelParams) -> Nothing;
}
