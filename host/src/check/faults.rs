//! The table of faults: a stable code for each, how bad it is, and the command that cures it.
//!
//! Sentences and cures stand in [`crate::failure`] with all others; docs/ADMIN.md shows both. Codes are append-only, since
//! fleets' tools and help desks know them. `NM` are faults of native messaging, `HS` of what the host keeps, `PL` of its
//! policy, `NW` of the network, `PT` of the portal.

use super::Severity;
use crate::failure::Reason;

/// A fault that a probe can find.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// `NM01`; one code may have several sentences.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Which sentence and cure.
    pub reason: Reason,
    /// What to type, with `{name}` where a value of the failure goes.
    pub command: Option<&'static str>,
}

/// A fault that this program doesn't look for: only the browser sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// As [`Fault::code`].
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
}

const fn fault(code: &'static str, severity: Severity, reason: Reason) -> Fault {
    Fault { code, severity, reason, command: None }
}

const fn cured(code: &'static str, severity: Severity, reason: Reason, command: &'static str) -> Fault {
    Fault { code, severity, reason, command: Some(command) }
}

const REGISTER: &str = "gmail-sync-host register {target}";
const UNREGISTER: &str = "gmail-sync-host unregister {target}";
const CONNECT: &str = "gmail-sync-host connect";

use Severity::{Error, Warning};

/// All that probes can find, by code.
pub const FAULTS: &[Fault] = &[
    cured("NM01", Error, Reason::NotRegistered, REGISTER),
    fault("NM01", Warning, Reason::NoBrowserFound),
    cured("NM02", Error, Reason::RegistryKeyMissing, REGISTER),
    cured("NM03", Error, Reason::ManifestDamaged, REGISTER),
    cured("NM04", Error, Reason::ManifestProgramGone, REGISTER),
    cured("NM05", Error, Reason::ManifestForbids, REGISTER),
    fault("NM05", Error, Reason::ExtensionCopy),
    fault("NM06", Error, Reason::BrowserPolicyBlocks),
    fault("NM06", Error, Reason::BrowserPolicyUserLevel),
    cured("NM07", Error, Reason::ManifestProgramStuck, "chmod a+x {program}"),
    fault("NM07", Error, Reason::ProgramMountedNoexec),
    fault("NM07", Error, Reason::ProgramForOtherProcessor),
    fault("NM08", Error, Reason::ProgramUnsigned),
    fault("NM08", Warning, Reason::ProgramFromInternet),
    fault("NM08", Error, Reason::ProgramBlocked),
    cured("NM09", Error, Reason::ProgramQuarantined, "xattr -d com.apple.quarantine {program}"),
    fault("NM09", Error, Reason::ProgramTranslocated),
    fault("NM09", Warning, Reason::ProgramNeedsRosetta),
    cured("NM10", Error, Reason::RegisteredProgramSilent, REGISTER),
    fault("NM10", Error, Reason::SelfTestFailed),
    cured("NM11", Error, Reason::RegisteredProgramChatters, REGISTER),
    fault("NM12", Warning, Reason::SandboxedBrowser),
    cured("NM13", Warning, Reason::RunningElsewhere, "gmail-sync-host register --user-data-dir {folder}"),
    cured("NM14", Error, Reason::BrowserFolderOfOther, r#"sudo chown -R "$(id -un):$(id -gn)" {folder}"#),
    fault("NM15", Warning, Reason::VersionsApart),
    fault("NM16", Error, Reason::KeychainMissing),
    fault("NM16", Error, Reason::KeychainLocked),
    fault("NM16", Error, Reason::KeychainDenied),
    fault("NM16", Error, Reason::KeychainLost),
    fault("NM16", Error, Reason::KeychainTooLarge),
    fault("NM17", Error, Reason::CertificateUntrusted),
    fault("NM18", Warning, Reason::CallbackPortTaken),
    fault("NM18", Warning, Reason::CallbackPortShared),
    cured("NM20", Warning, Reason::ManifestOtherProgram, REGISTER),
    cured("NM20", Warning, Reason::ManifestShadowed, UNREGISTER),
    fault("HS01", Error, Reason::NoHomeFolder),
    fault("HS01", Error, Reason::StateFolder),
    fault("HS02", Error, Reason::StateFileUnusable),
    fault("HS02", Error, Reason::StateFileDamaged),
    fault("HS02", Error, Reason::StateFileNewer),
    fault("HS03", Warning, Reason::LedgerChanged),
    fault("HS03", Warning, Reason::LedgerCut),
    fault("HS03", Warning, Reason::LedgerEmptied),
    fault("HS04", Error, Reason::LedgerUnwritable),
    fault("HS99", Error, Reason::Internal),
    fault("PL01", Error, Reason::PolicyUnreadable),
    fault("PL02", Warning, Reason::PolicyUnknownNames),
    fault("NW01", Error, Reason::HostUnknown),
    fault("NW02", Error, Reason::CannotConnect),
    fault("NW03", Error, Reason::AnswerTooSlow),
    fault("NW03", Error, Reason::AnswerBroken),
    fault("NW04", Error, Reason::CertificateExpired),
    fault("NW04", Error, Reason::CertificateOtherName),
    fault("NW04", Error, Reason::TlsFailed),
    fault("NW05", Error, Reason::AddressNotPublic),
    fault("NW06", Warning, Reason::ClockSkew),
    fault("NW07", Error, Reason::ProxyUnreachable),
    fault("NW07", Error, Reason::ProxyRefuses),
    fault("NW07", Error, Reason::ProxySpeaksSocks),
    cured("PT01", Warning, Reason::NotConnected, CONNECT),
    cured("PT02", Error, Reason::KeychainNoEntry, CONNECT),
    cured("PT02", Error, Reason::RefreshTokenInvalid, CONNECT),
    cured("PT02", Error, Reason::ConnectionRefused, CONNECT),
    cured("PT02", Error, Reason::WebhookRefused, CONNECT),
    cured("PT03", Error, Reason::ScopeMissing, CONNECT),
    fault("PT04", Error, Reason::ApplicationGone),
    fault("PT04", Error, Reason::NoApplicationAccess),
    fault("PT05", Error, Reason::UserDismissed),
    fault("PT05", Error, Reason::UserInactive),
    fault("PT06", Error, Reason::PlanRequired),
    fault("PT06", Error, Reason::PaymentRequired),
    fault("PT07", Error, Reason::PortalMoved),
    fault("PT07", Error, Reason::PortalDeleted),
    fault("PT08", Warning, Reason::PortalBusy),
    fault("PT08", Warning, Reason::MethodResting),
    fault("PT08", Error, Reason::PortalOverloaded),
    fault("PT09", Error, Reason::PortalFailed),
    fault("PT09", Error, Reason::PortalSentPage),
    fault("PT09", Error, Reason::AuthorizationServerDown),
    fault("PT09", Error, Reason::AuthorizationServerBroken),
    fault("PT10", Error, Reason::PortalNotAllowed),
    fault("PT11", Warning, Reason::HeadroomLow),
    cured("PT12", Warning, Reason::ScopesUnneeded, CONNECT),
    fault("PT13", Warning, Reason::PortalOld),
];

/// All that nobody but the browser can see, by code.
pub const TOLD: &[Told] = &[
    Told {
        code: "NM19",
        meaning: "The connection between extension and host ends when the browser lets the extension sleep.",
        cure: "Nothing: the next question starts both again. Report it if the sidebar stays without an answer.",
    },
    Told {
        code: "NM21",
        meaning: "--check finds nothing, and the browser still says that the host wasn't found.",
        cure: "Quit the browser completely, start it again, look at chrome://policy for NativeMessaging, then report it.",
    },
];

impl Fault {
    /// The fault with that reason. One that the table doesn't know, a bug or a rare answer of the portal's, is an `HS99`
    /// whose own sentence and cure say what it is.
    #[must_use]
    pub fn of(reason: Reason) -> &'static Self {
        const OTHER: Fault = fault("HS99", Error, Reason::Internal);
        FAULTS.iter().find(|fault| fault.reason == reason).unwrap_or(&OTHER)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_an_area_and_a_number_in_one_of_the_tables() {
        let codes: BTreeSet<_> =
            FAULTS.iter().map(|fault| fault.code).chain(TOLD.iter().map(|told| told.code)).collect();
        for code in &codes {
            let (area, number) = code.split_at(2);
            assert!(["NM", "HS", "PL", "NW", "PT"].contains(&area), "{code}");
            assert!(number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
        for told in TOLD {
            assert!(FAULTS.iter().all(|fault| fault.code != told.code), "{}", told.code);
        }
    }

    #[test]
    fn a_reason_has_one_fault_and_an_unknown_one_has_its_own() {
        for (index, fault) in FAULTS.iter().enumerate() {
            assert!(FAULTS[..index].iter().all(|other| other.reason != fault.reason), "{:?}", fault.reason);
            assert_eq!(Fault::of(fault.reason), fault);
        }
        assert_eq!(Fault::of(Reason::BadParams).code, "HS99");
    }

    #[test]
    fn the_values_of_a_command_are_told_too_or_are_its_target() {
        for fault in FAULTS {
            let Some(command) = fault.command else { continue };
            for name in command.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let told = format!("{}{}", fault.reason.message(), fault.reason.hint());
                assert!(name == "target" || told.contains(&format!("{{{name}}}")), "{command}");
            }
        }
    }
}
