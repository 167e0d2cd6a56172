//! Every sentence a person can be shown, in one table.
//!
//! A [`Reason`] names a sentence and its cure; a [`Failure`] is a reason with the values in it. Reasons are append-only: the
//! extension translates by name and falls back to the English text. A sentence says what happened, to what; a cure says
//! what to do now. Values are portal names, counts, method names, times and ports: never an address, a subject, a secret
//! or a text of the portal's (which may quote any of them).

use std::collections::BTreeMap;
use std::fmt;

use crate::protocol::{Code, WireFailure};

/// Declares the sentences: `Name: Code, "what happened", "what to do";` with values as `{name}`.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $wire:literal: $code:ident, $message:literal, $hint:literal;)*) => {
        /// Which sentence, and so which translation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export))]
        pub enum Reason {
            $($(#[$doc])* #[cfg_attr(test, ts(rename = $wire))] $name,)*
        }

        impl Reason {
            /// All reasons, in the order of the table.
            pub const ALL: &[Reason] = &[$(Reason::$name),*];

            /// The name on the wire and in translations.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Reason::$name => $wire,)* }
            }

            /// What the caller does about it.
            #[must_use]
            pub const fn code(self) -> Code {
                match self { $(Reason::$name => Code::$code,)* }
            }

            /// The sentence, with `{name}` where a value goes.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Reason::$name => $message,)* }
            }

            /// The cure, with `{name}` where a value goes.
            #[must_use]
            pub const fn hint(self) -> &'static str {
                match self { $(Reason::$name => $hint,)* }
            }
        }
    };
}

reasons! {
    // The wire.
    /// The frame's length was zero.
    EmptyFrame "empty_frame": BadRequest,
        "The browser sent an empty message.", "Reload the extension; if it happens again, report it.";
    /// Longer than a request may be.
    FrameTooLong "frame_too_long": BadRequest,
        "The browser sent a message of {bytes} bytes; the host takes {limit}.", "Reload the extension; if it happens again, report it.";
    /// Not UTF-8, not JSON, or nested too deep.
    NotJson "not_json": BadRequest,
        "The browser sent a message that isn't valid JSON.", "Reload the extension; if it happens again, report it.";
    /// JSON, but no request.
    NotARequest "not_a_request": BadRequest,
        "The browser sent a message that isn't a request.", "Update the extension and the host to their newest versions.";
    /// A method this host doesn't have.
    UnknownMethod "unknown_method": BadRequest,
        "This host has no method of that name.", "Update the host: the extension is newer.";
    /// The parameters don't fit the method.
    BadParams "bad_params": BadRequest,
        "The parameters of {method} aren't what this host expects.", "Update the extension and the host to their newest versions.";
    /// Two requests of one id at the same time.
    DuplicateId "duplicate_id": BadRequest,
        "A request with the same id is still running.", "Reload the extension; if it happens again, report it.";
    /// More requests at once than anybody needs.
    TooManyRequests "too_many_requests": TryLater,
        "The host is busy with {limit} requests.", "It goes on by itself in {seconds} s.";
    /// No protocol version in common.
    UnsupportedVersion "unsupported_version": UnsupportedVersion,
        "The extension and the host on this computer speak different versions: {theirs} and {ours}.", "Install the newest host, then reload the extension.";
    /// The sender cancelled it.
    Cancelled "cancelled": Cancelled,
        "The request was cancelled.", "Ask again if you still want it.";
    /// A method panicked.
    Internal "internal": Failed,
        "Something in the host went wrong while working on {method}.", "Try again; if it happens again, run gmail-sync-host --check and report it.";
    /// The answer doesn't fit a frame even when cut.
    ReplyTooLong "reply_too_long": Failed,
        "The answer to {method} is too long for the browser.", "Ask for fewer people at once.";

    // Addresses.
    /// What was typed is no host.
    PortalAddressInvalid "portal_address_invalid": Failed,
        "That isn't the address of a portal.", "Type it as the browser's address bar shows it: acme.bitrix24.com.";
    /// What was typed has a path, a query or a user name.
    PortalAddressTooMuch "portal_address_too_much": Failed,
        "The address has more in it than the portal's name.", "Type only what stands between https:// and the next slash: acme.bitrix24.com.";
    /// http, and not to this machine.
    PortalNeedsHttps "portal_needs_https": Failed,
        "The portal's address begins with http, which anybody on the way can read.", "Type it with https; if the portal has none, its administrator must install a certificate.";
    /// `client_endpoint` is somewhere else.
    OtherPortal "other_portal": NotConnected,
        "The tokens that came aren't for {portal}.", "Connect again with the portal's address as the browser shows it after signing in.";
    /// `server_domain` isn't in the list.
    UnknownAuthorizationServer "unknown_authorization_server": Refused,
        "{portal} uses an authorization server that isn't one of Bitrix24's own.", "Connect with an inbound webhook instead.";
    /// What was typed is no webhook.
    WebhookInvalid "webhook_invalid": Failed,
        "That isn't the address of an inbound webhook.", "Copy it whole from the portal: https://acme.bitrix24.com/rest/7/, then its secret.";

    // The way there and back.
    /// No such name.
    HostUnknown "host_unknown": Unreachable,
        "No server named {host} was found.", "Check the internet connection and the portal's address; inside a company it may need the VPN.";
    /// Loopback, private, link-local, metadata, multicast.
    AddressNotPublic "address_not_public": Refused,
        "{host} leads to an address that isn't on the internet, so nothing was sent there.", "If it is your company's own portal, connect to it again, or have an administrator name it under Portals in {place}.";
    /// None of Bitrix24's own domains, and not named by policy.
    PortalUnconfirmed "portal_unconfirmed": Refused,
        "{portal} isn't one of Bitrix24's own addresses. The way there leads to {address}, and nothing was sent yet.", "If that is your company's portal, say so; on the command line by --confirm \"{address}\".";
    /// No connection.
    CannotConnect "cannot_connect": Unreachable,
        "No connection to {host}.", "Check the internet connection; a firewall or proxy may be in the way.";
    /// Unknown issuer.
    CertificateUntrusted "certificate_untrusted": Unreachable,
        "The certificate of {host} comes from an authority this computer doesn't trust.", "If the company inspects traffic or has an authority of its own, an administrator must add its root certificate to this computer, or name its file by the policy ExtraCAFile.";
    /// Expired, or not yet valid.
    CertificateExpired "certificate_expired": Unreachable,
        "The certificate of {host} isn't valid today.", "Check this computer's date; if it is right, the server's administrator must renew the certificate.";
    /// Another name in it.
    CertificateOtherName "certificate_other_name": Unreachable,
        "Instead of {host} somebody else answered.", "The network may ask for a sign-in first: open any page in the browser, then try again.";
    /// Any other reason for which TLS ended.
    TlsFailed "tls_failed": Unreachable,
        "No secure connection to {host} could be made.", "Try another network; if it happens there too, run gmail-sync-host --check.";
    /// Named by the environment or the system's settings, and not there.
    ProxyUnreachable "proxy_unreachable": Unreachable,
        "The proxy {proxy} on the way to {host} can't be reached.", "Check the proxy in the system's settings, or in the variable HTTPS_PROXY of the browser.";
    /// It wants a password, or forbids the destination.
    ProxyRefuses "proxy_refuses": Unreachable,
        "The proxy {proxy} refuses the way to {host} (HTTP {status}).", "Its administrator must allow {host}; a proxy that asks for a password needs it in the system's settings.";
    /// SOCKS, by `ALL_PROXY` or the system's settings.
    ProxySpeaksSocks "proxy_speaks_socks": Unreachable,
        "The proxy {proxy} on the way to {host} is one for SOCKS, which the host doesn't speak.", "Name a proxy for HTTP in the system's settings, or in the variable HTTPS_PROXY of the browser, or have the administrator set the policy ProxyMode.";
    /// Deadline.
    AnswerTooSlow "answer_too_slow": Unreachable,
        "{host} didn't answer within {seconds} s.", "Try again in a minute.";
    /// Over the cap.
    AnswerTooLarge "answer_too_large": Failed,
        "{host} sent more than {megabytes} MB.", "Try again; if it happens again, report it.";
    /// The connection broke.
    AnswerBroken "answer_broken": Unreachable,
        "The connection to {host} broke before the answer was complete.", "Try again.";
    /// Disk full, or no permission.
    LedgerUnwritable "ledger_unwritable": Failed,
        "The ledger can't be written, so nothing was sent.", "Make room on the disk, then run gmail-sync-host --check.";

    // The state folder.
    /// Neither a home folder nor `GMAIL_SYNC_HOME`.
    NoHomeFolder "no_home_folder": Failed,
        "This user account has no home folder.", "Set GMAIL_SYNC_HOME to a folder where the host may keep its state.";
    /// It can't be made, entered or closed to others.
    StateFolder "state_folder": Failed,
        "The host's state folder can't be used: {why}.", "Give it back to your user account; gmail-sync-host --check tells where it is.";
    /// A file in it can't be read or written.
    StateFileUnusable "state_file_unusable": Failed,
        "The file {file} in the host's state folder can't be used: {why}.", "Free some disk space, or give the folder back to your user account; gmail-sync-host --check tells where it is.";
    /// It was torn or edited badly, and is out of the way now.
    StateFileDamaged "state_file_damaged": Failed,
        "The file {file} in the host's state folder was damaged; it was set aside as {aside}.", "Try again: the host starts with an empty one. What was in it has to be entered anew.";
    /// A newer host wrote it.
    StateFileNewer "state_file_newer": Failed,
        "The file {file} in the host's state folder was written by a newer version of the host.", "Install the newest host.";

    // The keychain.
    /// It has nothing under that name: somebody removed it by hand, or it belongs to another system account.
    KeychainNoEntry "keychain_no_entry": NotConnected,
        "The keychain of this computer no longer holds the connection's tokens.", "Connect again.";
    /// Locked, or an unlock dialog is waiting.
    KeychainLocked "keychain_locked": Failed,
        "The keychain of this computer is locked.", "Unlock it (a dialog may be waiting behind other windows), then try again.";
    /// None installed, or none running.
    KeychainMissing "keychain_missing": Failed,
        "This computer has no keychain that could hold the tokens.", "Install and start one (on Linux: GNOME Keyring, KWallet or KeePassXC), then restart the browser.";
    /// It said no.
    KeychainDenied "keychain_denied": Failed,
        "The keychain of this computer refused.", "Allow gmail-sync-host to use it, then try again; gmail-sync-host --check tells more.";
    /// More than it can hold.
    KeychainTooLarge "keychain_too_large": Failed,
        "The tokens are too long for the keychain of this computer, or may become so.", "Report it: this keychain holds less than others, or Bitrix24 changed the size of its tokens.";
    /// It said yes, and gave back something else.
    KeychainLost "keychain_lost": Failed,
        "The keychain of this computer didn't keep what it was given.", "Repair or reset the keychain, then connect again.";

    // Connecting.
    /// Nothing to look up with.
    NotConnected "not_connected": NotConnected,
        "This computer isn't connected to a portal.", "Connect in the extension, or run gmail-sync-host connect.";
    /// The command line must name one.
    WhichPortal "which_portal": Failed,
        "This computer is connected to {count} portals.", "Say which one: --portal acme.bitrix24.com.";
    /// The operating system has none.
    NoRandomNumbers "no_random_numbers": Failed,
        "The operating system gave no random numbers.", "Restart the computer, then try again.";
    /// The port is registered, so no other one would do.
    CallbackPortTaken "callback_port_taken": Failed,
        "Port {port} on this computer is taken, so the browser could not come back.", "Close the program that uses it (perhaps another attempt to connect), or have the application registered with another port and name it when connecting (or by the policy CallbackPort).";
    /// Another program has it at the computer's other loopback address.
    CallbackPortShared "callback_port_shared": Failed,
        "Another program listens at port {port} of ::1, where an application registered with localhost leads the browser.", "Have the application registered with http://127.0.0.1:{port}/callback, or close that program.";
    /// No browser started.
    NoBrowser "no_browser": Failed,
        "No browser could be opened.", "Choose a default browser in the system's settings, or run gmail-sync-host connect --no-browser and open the address by hand.";
    /// Two at once would take each other's redirects.
    ConnectRunning "connect_running": Failed,
        "Another attempt to connect is running.", "Finish it in the browser, or cancel it, then try again.";
    /// Nobody came back: the portal sends no redirect when somebody gives up, or when the client id is unknown.
    ConnectTimedOut "connect_timed_out": Failed,
        "The browser didn't come back from the portal within 5 minutes.", "Try again. If the portal's page showed an error, check the client id and the registered redirect address.";
    /// Nothing to hand the pasted address to.
    NoConnectRunning "no_connect_running": Failed,
        "No attempt to connect is waiting for an address.", "Start connecting anew; the address is good for 30 seconds only.";
    /// Something else was pasted.
    CallbackMalformed "callback_malformed": Failed,
        "That isn't the address the browser ended at.", "Copy the whole address from the address bar: it begins with http://127.0.0.1 and has code and state in it.";
    /// An old tab's.
    CallbackOtherState "callback_other_state": Failed,
        "That address belongs to another attempt to connect.", "Use the tab that was opened last, or start connecting anew.";
    /// The redirect's domain is another.
    AuthorizedElsewhere "authorized_elsewhere": Refused,
        "The browser came back from another portal than {portal}.", "Check the portal's address, and connect again; if the portal was renamed, use its new name.";
    /// The token answer's member id is another than the redirect's.
    MemberMismatch "member_mismatch": Refused,
        "The redirect and the tokens belong to different portals, so the tokens were thrown away.", "Connect again; if it happens again, something on this computer or network interferes.";
    /// The portal's member id is another than before.
    PortalReplaced "portal_replaced": Refused,
        "{portal} is another portal than the one this computer was connected to.", "If that is right, run gmail-sync-host disconnect first, then connect again.";
    /// The code's 30 seconds were over, or it was used.
    CodeTooOld "code_too_old": Failed,
        "The code from the portal was too old: it lasts 30 seconds.", "Connect again, and paste the address sooner if you have to paste it.";
    /// `invalid_client`
    ClientSecretWrong "client_secret_wrong": Refused,
        "The client secret is wrong, or the application was deleted from the portal.", "Copy the client secret again from the local application's page, and connect again.";
    /// `wrong_client`
    ClientIdWrong "client_id_wrong": Refused,
        "The portal's authorization server doesn't know this client id.", "Copy the client id again from the local application's page: it begins with local and a dot.";
    /// `NOT_INSTALLED`
    ApplicationNotInstalled "application_not_installed": Refused,
        "The local application isn't installed on the portal.", "An administrator must open it in the portal and finish its installation, or register it anew as Script only.";
    /// The application's card lacks a permission.
    ApplicationScope "application_scope": Refused,
        "The authorization server refuses the application's permissions.", "An administrator must tick crm and user_basic in the local application's permissions.";
    /// The portal's plan.
    PaymentRequired "payment_required": Refused,
        "The portal's plan doesn't include applications, or has ended.", "Ask the portal's administrator about its Bitrix24 subscription.";
    /// Any other error code.
    AuthorizationRefused "authorization_refused": Failed,
        "The authorization server refused: {code}.", "Try again; if it happens again, run gmail-sync-host --check and report it.";
    /// HTML, or a 5xx.
    AuthorizationServerBroken "authorization_server_broken": Unreachable,
        "{host} is out of order.", "Try again in a few minutes.";
    /// No tokens in it.
    TokenAnswerUnreadable "token_answer_unreadable": Failed,
        "The authorization server's answer isn't what its documentation says.", "Update the host; if it is the newest, report it.";
    /// `invalid_grant` for a refresh token.
    RefreshTokenInvalid "refresh_token_invalid": NotConnected,
        "The portal no longer accepts this computer's tokens.", "Connect again.";
    /// Another process has been renewing for too long.
    RefreshBusy "refresh_busy": TryLater,
        "Another window is renewing the connection.", "It goes on by itself in {seconds} s.";
    /// Deleted, expired, or its owner dismissed.
    WebhookRefused "webhook_refused": NotConnected,
        "{portal} no longer accepts the webhook.", "Create a new inbound webhook in the portal, then connect with it.";
    /// No client id anywhere.
    ClientIdMissing "client_id_missing": Failed,
        "To connect to {portal} a client id is needed.", "Enter the client id of the portal's local application; its administrator has it.";
    /// No client secret anywhere.
    ClientSecretMissing "client_secret_missing": Failed,
        "To connect to {portal} a client secret is needed.", "Enter the client secret of the portal's local application; its administrator has it.";
    /// A further profile wants in without a code.
    AlreadyConnected "already_connected": Refused,
        "This computer is connected to a portal already.", "Enter here the code that the popup of the connected browser profile shows, or that gmail-sync-host sessions allow prints.";
    /// `insufficient_scope`, or not among those granted.
    ScopeMissing "scope_missing": Refused,
        "The connection to {portal} lacks the permission {scope}.", "Have crm and user_basic ticked in the permissions of the application or webhook, then connect again.";
    /// A token that gets lost would open more than the person uses it for.
    ScopesUnneeded "scopes_unneeded": Failed,
        "The connection to {portal} may do more than is needed: {scopes}.", "Have only crm and user_basic ticked in the permissions of the application or webhook, then connect again.";
    /// The very first call said the token is no good.
    FreshTokenRefused "fresh_token_refused": Refused,
        "{portal} doesn't accept the tokens it was just given.", "An administrator must check that the local application is installed and that this user may use it.";
    /// `profile` said `[]`.
    UserInactive "user_inactive": Refused,
        "{portal} says that this user is no longer active.", "Sign in to the portal as an active user, then connect again.";

    // The command line.
    /// The terminal or the pipe.
    InputUnreadable "input_unreadable": Failed,
        "What was typed or piped in can't be read: {why}.", "Run it in a terminal, or pipe in one line of text.";
    /// `prev` of a line isn't the hash of the one before.
    LedgerChanged "ledger_changed": Failed,
        "Line {line} of the ledger's file of {day} doesn't follow from the one before it: a line was changed or removed.", "If that wasn't you, look for the program that did it; then run gmail-sync-host ledger --accept, after which only new changes are told.";
    /// The head knows of later lines.
    LedgerCut "ledger_cut": Failed,
        "The ledger's file of {day} ends at line {line}, but more had been written: its end was changed or removed.", "If that wasn't you, look for the program that did it, or for a crash of the whole computer; then run gmail-sync-host ledger --accept, after which only new changes are told.";
    /// Every line is gone.
    LedgerEmptied "ledger_emptied": Failed,
        "The ledger is empty, but lines had been written.", "If that wasn't you, look for the program that did it; then run gmail-sync-host ledger --accept, after which only new changes are told.";
    /// Neither a day nor a length of time.
    SinceUnreadable "since_unreadable": Failed,
        "That isn't a time to begin at.", "Give a day, 2026-11-25, or how far to go back: 24h, 7d, 2 weeks.";
    /// No profile folder of any browser in the table.
    NoBrowserFound "no_browser_found": Failed,
        "None of the browsers this host knows was used by this user account yet.", "Start the browser once, or name it: gmail-sync-host register --browser chrome.";
    /// The operating system doesn't say where this program is.
    ProgramUnknown "program_unknown": Failed,
        "The operating system doesn't tell where this program is: {why}.", "Install the host again.";
    /// Somebody else's folder, or a full disk.
    RegistrationUnwritable "registration_unwritable": Failed,
        "The registration {file} can't be written: {why}.", "Give the folder back to your user account, then run gmail-sync-host register again.";
    /// Windows' browsers look into the registry alone.
    FolderUnneeded "folder_unneeded": Failed,
        "On Windows a browser finds the host by the registry, whatever profile folder it is started with.", "Name the browser instead, such as --browser chrome.";

    // Sessions.
    /// None, unknown or revoked.
    SessionNeeded "session_needed": SessionNeeded,
        "This browser profile isn't allowed to use the host yet.", "Connect, or enter a code that gmail-sync-host sessions allow prints.";
    /// No code waits, or its time is over.
    NoCode "no_code": Failed,
        "No one-time code is waiting, or it is older than 2 minutes.", "Get a new one in the popup of the connected browser profile, or by gmail-sync-host sessions allow.";
    /// Mistyped.
    CodeWrong "code_wrong": Failed,
        "That isn't the code; {left} more tries.", "Type it as it is shown.";
    /// `sessions revoke` of what isn't there.
    NoSuchSession "no_such_session": Failed,
        "There is no session {id}.", "Run gmail-sync-host sessions list to see them.";

    // What --check finds.
    /// No manifest where this browser looks.
    NotRegistered "not_registered": Failed,
        "{browser} doesn't know where the host is.", "Run gmail-sync-host register {target}, then reload the extension.";
    /// Windows: no key of the registry leads to the manifest.
    RegistryKeyMissing "registry_key_missing": Failed,
        "{browser} isn't led to the registration {file}: its key in the Windows registry is missing.", "Run gmail-sync-host register {target}, which writes both, then reload the extension.";
    /// Not JSON, or not a manifest.
    ManifestDamaged "manifest_damaged": Failed,
        "The registration {file} is damaged: {why}.", "Run gmail-sync-host register {target}, or install the host again.";
    /// Its `path` is gone.
    ManifestProgramGone "manifest_program_gone": Failed,
        "The registration {file} points to a program that isn't there.", "Run gmail-sync-host register {target}, or install the host again.";
    /// Its `path` has no right to be executed.
    ManifestProgramStuck "manifest_program_stuck": Failed,
        "The registration {file} points to a file that this user account may not execute: {program}.", "Let it be executed, or install the host again.";
    /// Windows: Smart App Control is on.
    ProgramUnsigned "program_unsigned": Failed,
        "Smart App Control of this Windows starts no program that isn't signed, and {program} isn't.", "Install the signed package.";
    /// Windows: `Zone.Identifier`
    ProgramFromInternet "program_from_internet": Failed,
        "Windows knows that {program} was downloaded, and may refuse to start it.", "Tick Unblock in the file's Properties, or install the package instead.";
    /// Windows: an antivirus program or a policy.
    ProgramBlocked "program_blocked": Failed,
        "Windows doesn't let {program} start: {why}.", "Install the signed package; if an antivirus program forbids that one, report the false alarm to its maker.";
    /// macOS: `com.apple.quarantine`
    ProgramQuarantined "program_quarantined": Failed,
        "The program {program} was downloaded, and nobody has allowed macOS to start it.", "Install the notarized package, or allow the program.";
    /// macOS: App Translocation.
    ProgramTranslocated "program_translocated": Failed,
        "The program {program} is where macOS has put it for this one start only.", "Move the program to the Applications folder, start it there, then run gmail-sync-host register {target}.";
    /// macOS: built for Intel only.
    ProgramNeedsRosetta "program_needs_rosetta": Failed,
        "{program} is for Macs with Intel processors; this one translates it, and newer versions of macOS don't.", "Install the package for all Macs.";
    /// Its `path` is on a file system mounted `noexec`.
    ProgramMountedNoexec "program_mounted_noexec": Failed,
        "The program {program}, to which the registration {file} points, is in a place from which nothing may be started.", "Install the host again, in a place that isn't mounted noexec.";
    /// Its `path` is a program for another processor.
    ProgramForOtherProcessor "program_for_other_processor": Failed,
        "The program {program}, to which the registration {file} points, is made for another processor than this computer's.", "Install the package for this computer's processor, then run gmail-sync-host register {target}.";
    /// Its `path`, started as a browser does, doesn't greet.
    RegisteredProgramSilent "registered_program_silent": Failed,
        "The program {program}, started as {browser} starts it, doesn't answer: {why}.", "Run gmail-sync-host register {target}, or install the host again.";
    /// Its `path`, started as a browser does, writes text.
    RegisteredProgramChatters "registered_program_chatters": Failed,
        "The program {program}, started as {browser} starts it, writes something other than frames, which the browser takes for a broken host.", "Run gmail-sync-host register {target}, so that nothing stands between the browser and the host.";
    /// A browser runs with `--user-data-dir` and finds no manifest there.
    RunningElsewhere "running_elsewhere": Failed,
        "{browser} is running with the profile folder {folder}, where it doesn't find the host.", "Run gmail-sync-host register --user-data-dir {folder}, then reload the extension.";
    /// The folder of manifests, or one above it, is another account's.
    BrowserFolderOfOther "browser_folder_of_other": Failed,
        "The folder {folder} belongs to another user account, so {browser} or this program can't use it as it should.", "Give it back to your user account.";
    /// More than a release apart.
    VersionsApart "versions_apart": Failed,
        "The extension seen last has version {extension}, this host {host}.", "Update the older one, then reload the extension.";
    /// Its `path` is another copy of the host.
    ManifestOtherProgram "manifest_other_program": Failed,
        "The registration {file} points to another copy of the host than this one.", "If this is the right one, run gmail-sync-host register {target}; otherwise remove it.";
    /// None of our ids in `allowed_origins`.
    ManifestForbids "manifest_forbids": Failed,
        "The registration {file} doesn't let the extension in.", "Run gmail-sync-host register {target}, or install the host again.";
    /// A profile has the extension under an id that is none of ours, nor in `allowed_origins`.
    ExtensionCopy "extension_copy": Failed,
        "A profile of {browser} has a copy of the extension, {id}, that the registration {file} doesn't let in.", "Remove that copy at chrome://extensions, and install the extension from its store page if it isn't there; or have an administrator allow the copy by the policy ExtensionIds and register again by gmail-sync-host register --system (whoever registered for themselves alone: without --system).";
    /// Both the person's and the machine's exist, and differ.
    ManifestShadowed "manifest_shadowed": Failed,
        "{browser} uses the registration {file} and not the one this computer's administrator made.", "Run gmail-sync-host unregister {target}, unless you made it on purpose.";
    /// `NativeMessagingBlocklist`
    BrowserPolicyBlocks "browser_policy_blocks": Failed,
        "A policy forbids {browser} to start the host.", "The administrator must add local.gmail_sync_bitrix24 to the browser's policy NativeMessagingAllowlist.";
    /// `NativeMessagingUserLevelHosts`
    BrowserPolicyUserLevel "browser_policy_user_level": Failed,
        "A policy lets {browser} start only what is registered for the whole machine, and the host isn't.", "The administrator must install the host's package, which registers it for everybody.";
    /// Snap or Flatpak.
    SandboxedBrowser "sandboxed_browser": Failed,
        "{browser} is installed as a {kind}, which can't start programs outside of itself.", "Use a browser that was installed by a deb or rpm package.";
    /// Started as a browser does, it didn't greet.
    SelfTestFailed "self_test_failed": Failed,
        "Started as a browser starts it, the host doesn't answer: {why}.", "Install the host again; if it happens again, report it.";
    /// `--bundle`: it exists already, or the folder is somebody else's.
    BundleUnwritable "bundle_unwritable": Failed,
        "The file {file} can't be written: {why}.", "Name a file that doesn't exist yet, in a folder of yours.";
    /// More than five minutes.
    ClockSkew "clock_skew": Failed,
        "This computer's clock differs from that of {portal} by {minutes} minutes.", "Set the computer's clock by the internet.";
    /// Misspelt, or for a newer host.
    PolicyUnknownNames "policy_unknown_names": Failed,
        "The administrator's policy holds names this host doesn't know: {names}.", "Correct them, or update the host.";

    // Mailboxes and policy.
    /// Not an address.
    MailboxInvalid "mailbox_invalid": Failed,
        "That isn't the address of a mailbox.", "Open the mailbox in Gmail and answer there.";
    /// The person wasn't asked about this mailbox yet.
    MailboxUnanswered "mailbox_unanswered": MailboxOff,
        "This mailbox hasn't been switched on, so nothing was sent.", "Say in the sidebar whether its threads may be looked up.";
    /// The person said no.
    MailboxOff "mailbox_off": MailboxOff,
        "Lookups are switched off for this mailbox, so nothing was sent.", "Switch it on in the popup if you want lookups here.";
    /// Who started the host isn't our extension.
    NotOurExtension "not_our_extension": Refused,
        "This host doesn't serve the extension {extension}.", "Install the extension from its store page, or have an administrator allow this one by the policy ExtensionIds.";
    /// `settings --add-address`
    AddressInvalid "address_invalid": Failed,
        "That isn't an e-mail address.", "Type one address: ann@acme.com.";
    /// `settings --add-domain`
    DomainInvalid "domain_invalid": Failed,
        "That isn't a domain.", "Type what stands behind the @ of an address: acme.com.";
    /// `settings --never-log`
    NeverLogInvalid "never_log_invalid": Failed,
        "That is neither an address nor a domain.", "Type one address, counsel@acme.com, or what stands behind its @: acme.com.";
    /// The administrator's file.
    PolicyUnreadable "policy_unreadable": Failed,
        "The policy this computer's administrator set in {place} can't be read, so nothing is done: {why}.", "Tell the administrator.";
    /// Not in the policy's list.
    PortalNotAllowed "portal_not_allowed": Refused,
        "This computer's administrator doesn't allow connecting to {portal}.", "Connect to one of the company's portals, or ask the administrator.";

    // What the portal says.
    /// `QUERY_LIMIT_EXCEEDED`, three times.
    PortalBusy "portal_busy": TryLater,
        "{portal} gets too many requests at once.", "It can be asked again in {seconds} s.";
    /// `OPERATION_TIME_LIMIT`.
    MethodResting "method_resting": TryLater,
        "{portal} has spent its computing time for {method}.", "It can be asked again in {seconds} s.";
    /// `operating` is close to where `OPERATION_TIME_LIMIT` comes.
    HeadroomLow "headroom_low": TryLater,
        "{portal} has worked {seconds} s for {method} in ten minutes; at about {limit} s it lets it rest.", "Lookups go on until then, and again some minutes later. If it stays so, see which other program uses the same application or webhook.";
    /// `OVERLOAD_LIMIT`: blocked by hand.
    PortalOverloaded "portal_overloaded": Refused,
        "Bitrix24 has blocked the REST API of {portal} because of overload.", "The portal's administrator must ask Bitrix24's support.";
    /// 302 to another host.
    PortalMoved "portal_moved": NotConnected,
        "{portal} has moved to {to}, and nothing was sent there.", "If {to} is the company's portal, connect there: the sidebar offers it; a webhook has to be created anew.";
    /// `PORTAL_DELETED`.
    PortalDeleted "portal_deleted": NotConnected,
        "{portal} was deleted.", "Disconnect, then connect to the portal the company uses now.";
    /// HTML, or a piece of JSON.
    PortalSentPage "portal_sent_page": Unreachable,
        "{portal} answered with something other than data (HTTP {status}).", "Try again in a minute; if it stays so, run gmail-sync-host --check.";
    /// `INTERNAL_SERVER_ERROR`.
    PortalFailed "portal_failed": Unreachable,
        "{portal} had an error of its own ({code}).", "Try again in a minute.";
    /// Data, but of another shape.
    UnexpectedAnswer "unexpected_answer": Failed,
        "{portal} answered {method} in a form this host doesn't know.", "Update the host; if it is the newest, report it.";
    /// `CONNECTION_ERROR`.
    AuthorizationServerDown "authorization_server_down": Unreachable,
        "{portal} can't reach its authorization server.", "Try again in some minutes.";
    /// The token is worth nothing, even when renewed.
    ConnectionRefused "connection_refused": NotConnected,
        "{portal} no longer accepts this connection.", "Connect again.";
    /// `APPLICATION_NOT_FOUND`, `ERROR_OAUTH`.
    ApplicationGone "application_gone": NotConnected,
        "The application is no longer in {portal}.", "Ask the portal's administrator to add it again, then connect with its new keys.";
    /// `authorization_error`.
    UserDismissed "user_dismissed": NotConnected,
        "{portal} doesn't know you as an active user any more.", "Ask the portal's administrator.";
    /// `user_access_error`.
    NoApplicationAccess "no_application_access": Refused,
        "You have no access to the application in {portal}.", "Ask the portal's administrator to give you access to it.";
    /// `ACCESS_DENIED` with words about the plan.
    PlanRequired "plan_required": Refused,
        "The plan of {portal} has no REST API.", "Ask the portal's administrator: a Market subscription or its trial adds it.";
    /// `ACCESS_DENIED` for this person.
    AccessDenied "access_denied": Refused,
        "Your rights in {portal} aren't enough for this.", "Ask the portal's administrator for them.";
    /// `allowed_only_intranet_user`.
    ExtranetUser "extranet_user": Refused,
        "External users of {portal} can't use its CRM.", "Connect as an employee of the company.";
    /// `WRONG_AUTH_TYPE`.
    OtherModeNeeded "other_mode_needed": Refused,
        "{portal} doesn't allow {method} for this kind of connection.", "Connect through an application instead of a webhook, or the other way round.";
    /// `ERROR_METHOD_NOT_FOUND`.
    MethodMissing "method_missing": Refused,
        "{portal} has no method {method}.", "It is older than this host expects: ask its administrator for an update.";
    /// `method.get` says no to methods that came late.
    PortalOld "portal_old": Failed,
        "{portal} is older than this host expects: it has no {methods}.", "Lookups do without, and what needs one says so; the portal's administrator can update it.";
    /// Any other error.
    PortalRefused "portal_refused": Failed,
        "{portal} refused this (code {code}).", "Try again; if it happens again, run gmail-sync-host --check.";

    // Lookups.
    /// Over the cap.
    TooManyPeople "too_many_people": Failed,
        "This thread has {count} people more than the {limit} that are looked up.", "Search for the others in the portal.";
    /// Nothing the portal could have.
    NotAnAddress "not_an_address": Failed,
        "{count} of the addresses aren't plain e-mail addresses and weren't looked up.", "Search for these people in the portal.";
    /// The portal widened a filter.
    UnaskedRows "unasked_rows": Failed,
        "{portal} sent {count} rows nobody had asked for; they were dropped.", "Nothing needs to be done; if it happens every time, report it.";
    /// findbycomm's cap.
    TooManyMatches "too_many_matches": Failed,
        "The portal names at most {limit} records of a kind for one address; there may be more.", "Search for the address in the portal.";
    /// Over what the browser takes in one message.
    RecordsLeftOut "records_left_out": Failed,
        "This thread's people have more records than fit into one answer; this person's are left out.", "Search for the address in the portal.";

    // Searching.
    /// Half the portal would fit.
    SearchTooShort "search_too_short": Failed,
        "That is too little to search for.", "Type at least {fewest} letters or digits.";

    // Making and changing records.
    /// The answer to `crm.….add` got lost, and no record has the form's key.
    CreateUnconfirmed "create_unconfirmed": TryLater,
        "{portal} didn't confirm that it made the record, and it isn't there so far.", "Try again in {seconds} s: the record is looked for first, so that there won't be two.";
    /// A field of `more` isn't one of the form's, or its value isn't one of the choices.
    FormChanged "form_changed": Failed,
        "{portal} now asks for other fields than this form shows.", "Close the form, and open it again.";
    /// Dismissed meanwhile, or never one.
    UserGone "user_gone": Failed,
        "Somebody chosen in this form is no active employee of {portal}.", "Choose somebody else, then try again.";
    /// An amount, a number or a date that is none.
    ValueInvalid "value_invalid": Failed,
        "One of the values isn't a number or a date.", "Write numbers with digits and a point, and dates as the form's calendar does.";
    /// Longer than any field of the portal's.
    TextTooLong "text_too_long": Failed,
        "One of the texts is longer than {limit} characters.", "Shorten it, then try again.";
    /// `crm.settings.mode.get` is 2: a lead would become a deal at once.
    NoLeads "no_leads": Refused,
        "{portal} works without leads.", "Create a contact or a deal.";
    /// No company of that name, or several.
    CompanyNotTied "company_not_tied": Failed,
        "{portal} has no company of exactly that name that you may read, or several, so the record belongs to none.", "Open it in the portal to choose its company.";

    /// The sidebar's list of stages is older than the portal's.
    StageGone "stage_gone": Failed,
        "{portal} has no such stage in this deal's pipeline any more, so the deal was not moved.", "Refresh the sidebar, then choose again.";
    /// The answer to `crm.item.update` got lost, and the deal stands where it was, or can't be read.
    MoveUnconfirmed "move_unconfirmed": Unreachable,
        "{portal} didn't confirm that it moved the deal.", "Try again: where the deal stands is looked at first.";
    /// The answer to adding a comment or a to-do got lost, and there is no such entry.
    EntryUnconfirmed "entry_unconfirmed": TryLater,
        "{portal} didn't confirm that it took this, and it isn't there so far.", "Try again in {seconds} s: it is looked for first, so that it won't be there twice.";

    // Logging an e-mail.
    /// The page has no id, sender or time.
    MessageIncomplete "message_incomplete": Failed,
        "Gmail's page doesn't tell yet who sent this message, or when.", "Unfold the message in Gmail, then try again.";
    /// Nothing chosen.
    NoRecordChosen "no_record_chosen": Failed,
        "No record is chosen.", "Choose at least one record to log the message to.";
    /// More than anybody means.
    TooManyRecords "too_many_records": Failed,
        "A message can be logged to {limit} records at once.", "Choose fewer.";
    /// Gone, or never there.
    RecordNotOfThread "record_not_of_thread": Failed,
        "One of the records no longer belongs to the people of this thread, nor was it found by a search.", "Refresh the sidebar, then choose or find it again.";
    /// Used, expired or forgotten.
    PreviewOver "preview_over": Failed,
        "Nothing was sent: this preview was used already, or is older than {minutes} minutes.", "Look at a new preview, then log the message.";
    /// The second of two steps failed.
    LoggedAsPlanned "logged_as_planned": Failed,
        "The message was logged, but {portal} shows it as planned.", "Log it again: that only completes the entry.";
    /// The answer to `crm.activity.add` got lost, and there is no entry with the e-mail's key.
    LogUnconfirmed "log_unconfirmed": TryLater,
        "{portal} didn't confirm that it logged the message, and it isn't there so far.", "Try again in {seconds} s: the message is looked for first, so that there won't be two.";
    /// Made by somebody else, or before this host started.
    LogNotFromHere "log_not_from_here": Failed,
        "This entry isn't one that was made from here a moment ago, so it is left alone.", "Change it in {portal}.";
    /// The answer to `crm.activity.delete` got lost, and the entry is still there, or can't be read.
    UndoUnconfirmed "undo_unconfirmed": Unreachable,
        "{portal} didn't confirm that it deleted the entry.", "Try again: whether it is still there is looked at first.";
    /// Another window moved it meanwhile.
    LogElsewhere "log_elsewhere": Failed,
        "Nothing was moved: this entry doesn't stand where it stood when you were asked.", "Look at the record in {portal}, and move it there.";
    /// `crm.activity.binding.*` isn't there.
    MoveLogMissing "move_log_missing": Failed,
        "{portal} is too old to move an entry.", "Undo this one, then log the message to the other record.";
    /// The answer to `crm.activity.binding.*` got lost, and the entry stands where it stood, or that can't be read.
    MoveLogUnconfirmed "move_log_unconfirmed": Unreachable,
        "{portal} didn't confirm that it moved the entry.", "Try again: where the entry stands is looked at first.";
    /// The new record has the entry, and an old one couldn't be taken from it.
    MovedLogStays "moved_log_stays": Failed,
        "The entry is there, and {portal} didn't let it be taken away from where it was.", "Try again, or remove it there in the portal.";
    /// An own entry that came second couldn't be deleted.
    LoggedTwice "logged_twice": Failed,
        "Somebody logged the message at the same moment, and {portal} didn't let the second entry be taken back.", "Delete the newer one of the two in the portal.";
    /// No Message-ID, so that the key is Gmail's id.
    MessageIdUnknown "message_id_unknown": Failed,
        "Gmail didn't tell this message's own id, so it can't be seen whether a colleague has logged it from their mailbox.", "Look at the record in the portal if that may be.";
    /// A text over the cap.
    TextCut "text_cut": Failed,
        "The text is longer than {kilobytes} KB; the rest stays in Gmail.", "Log the text without the quoted history.";
    /// The policy `AllowBodies` says no.
    TextNotAllowed "text_not_allowed": Refused,
        "This computer's administrator doesn't let the text of an e-mail be logged, so it stays in Gmail.", "Log the subject alone, or ask the administrator.";
    /// A subject over the cap.
    SubjectCut "subject_cut": Failed,
        "The subject is longer than {limit} characters; the rest stays in Gmail.", "Nothing needs to be done.";
    /// Recipients over the cap.
    RecipientsCut "recipients_cut": Failed,
        "{count} recipients more than {limit} aren't named in the entry.", "Nothing needs to be done.";
    /// A participant is listed, or may be.
    NeverLogged "never_logged": Refused,
        "Nothing was sent: the never-log list covers one of this message's people.", "Look at a new preview to see whom.";
    /// More than an ordinary message has.
    ManyRecipients "many_recipients": Failed,
        "This message has {count} recipients.", "Log it only if it is about these records: a message to so many is often a newsletter.";
    /// Nobody from outside the company.
    ColleaguesOnly "colleagues_only": Failed,
        "Only colleagues take part in this message.", "Log it only if everybody who may open these records may read it.";
    /// Somebody whom the others can't see.
    BlindCopy "blind_copy": Failed,
        "The other recipients of this message can't see who got a blind copy of it ({count}).", "The entry doesn't name them; look whether its text does.";
    /// An entry at the record of such a person.
    BlindCopyShown "blind_copy_shown": Failed,
        "One of these records belongs to somebody who got a blind copy of this message, which its other recipients can't see.", "Log it there only if everybody who may open the record may know that.";
    /// The person themselves.
    BlindCopyOwn "blind_copy_own": Failed,
        "None of your addresses is among this message's recipients: you may have got a blind copy, which the others can't see.", "Log it only if everybody who may open these records may know that you have it.";
}

/// Something that didn't work, as a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    reason: Reason,
    args: BTreeMap<&'static str, String>,
}

impl Failure {
    /// A failure without values in its sentence.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self { reason, args: BTreeMap::new() }
    }

    /// Gives the sentence the value of `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// Which sentence.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What the caller does about it.
    #[must_use]
    pub fn code(&self) -> Code {
        self.reason.code()
    }

    /// The value of `{name}` in the sentence.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.get(name).map(String::as_str)
    }

    /// All values in the sentence.
    pub(crate) fn args(&self) -> &BTreeMap<&'static str, String> {
        &self.args
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> String {
        self.fill(self.reason.message(), as_it_is)
    }

    /// The cure.
    #[must_use]
    pub fn hint(&self) -> String {
        self.fill(self.reason.hint(), as_it_is)
    }

    /// As it crosses the wire.
    #[must_use]
    pub fn to_wire(&self) -> WireFailure {
        WireFailure {
            code: self.code(),
            reason: self.reason.name().to_owned(),
            args: self.args.clone(),
            message: self.message(),
            hint: self.hint(),
        }
    }

    /// A text with `{name}` where values go, each written by `write` from its name and value.
    pub(crate) fn fill(&self, template: &str, write: impl Fn(&str, &str) -> String) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            text.push_str(before);
            text.push_str(&write(name, self.arg(name).unwrap_or("?")));
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

fn as_it_is(_: &str, value: &str) -> String {
    value.to_owned()
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_fit_for_translation_keys() {
        let mut names: Vec<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        assert!(
            names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
        );
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn sentences_read_as_sentences() {
        for reason in Reason::ALL {
            for text in [reason.message(), reason.hint()] {
                assert!(text.ends_with('.'), "{}: {text}", reason.name());
                assert!(text.starts_with(|c: char| c.is_uppercase() || c == '{'), "{}: {text}", reason.name());
                for word in ["please", "oops", "!", "failed to"] {
                    assert!(!text.to_lowercase().contains(word), "{}: {text}", reason.name());
                }
            }
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let failure = Failure::new(Reason::FrameTooLong).with("bytes", "{limit}").with("limit", 7);
        assert_eq!(failure.message(), "The browser sent a message of {limit} bytes; the host takes 7.");
        assert_eq!(Failure::new(Reason::BadParams).message(), "The parameters of ? aren't what this host expects.");
    }

    #[test]
    fn crosses_the_wire_with_code_reason_values_and_text() {
        let wire = serde_json::to_string(&Failure::new(Reason::Internal).with("method", "lookup").to_wire()).unwrap();
        assert_eq!(
            wire,
            r#"{"code":"failed","reason":"internal","args":{"method":"lookup"},"message":"Something in the host went wrong while working on lookup.","hint":"Try again; if it happens again, run gmail-sync-host --check and report it."}"#
        );
    }
}
