//! Every fault of the table has a proof: a test of this folder that makes it for real, or one elsewhere, listed here with the reason
//! why it is proved there.

use std::fs;
use std::path::Path;

use gmail_sync_host::check::{FAULTS, TOLD};

/// The tests of this folder.
const HERE: &[&str] = &[
    include_str!("host.rs"),
    include_str!("keychain.rs"),
    include_str!("keyring.rs"),
    include_str!("network.rs"),
    include_str!("policies.rs"),
    include_str!("reconnect.rs"),
    include_str!("registration.rs"),
];

/// What is proved at another level: by which test of which file, and why not on a real machine.
struct Elsewhere {
    reason: &'static str,
    file: &'static str,
    test: &'static str,
    why: &'static str,
}

macro_rules! elsewhere {
    ($($reason:literal $file:literal $test:ident: $why:literal;)*) => {
        const ELSEWHERE: &[Elsewhere] =
            &[$(Elsewhere { reason: $reason, file: $file, test: stringify!($test), why: $why }),*];
    };
}

elsewhere! {
    "registry_key_missing" "src/check/registration.rs" nm02_what_no_registry_key_leads_to_is_not_found:
        "Windows only: leads on record are judged, and the packages' tests make it in Wine";
    "program_unsigned" "src/check/windows.rs" nm08_smart_app_control_is_on_off_or_only_watching:
        "Windows only: a registry on record; the packages' tests make it in Wine";
    "program_from_internet" "src/check/windows.rs" nm08_a_mark_of_the_internet_is_one_of_two_zones:
        "Windows only: the mark's text as Windows writes it; Wine's files have no such marks";
    "program_blocked" "src/check/windows.rs" nm08_what_windows_says_when_it_refuses_is_told_from_other_errors:
        "Windows only: the numbers of its errors; Wine refuses nothing";
    "program_quarantined" "src/check/mac.rs" nm09_a_program_is_quarantined_until_the_person_allows_it:
        "macOS only: the mark as macOS writes it";
    "program_translocated" "src/check/mac.rs" nm09_a_place_made_up_for_one_start_is_known_by_its_name:
        "macOS only: a path as macOS makes it up";
    "program_needs_rosetta" "src/check/executable.rs" nm07_and_nm09_a_program_is_for_some_processors:
        "macOS only: the heads of programs";
    "self_test_failed" "src/check/self_test.rs" only_one_frame_that_answers_will_do:
        "the host under test is the one that answers: literal answers are judged";
    "certificate_expired" "src/egress/tests.rs" sec_39_a_certificate_of_yesterday_or_for_another_name_is_refused_at_the_handshake:
        "servers with such certificates, asked by the host's own client";
    "certificate_other_name" "src/egress/tests.rs" sec_39_a_certificate_of_yesterday_or_for_another_name_is_refused_at_the_handshake:
        "servers with such certificates, asked by the host's own client";
    "keychain_too_large" "src/vault/mod.rs" a_keychain_that_holds_less_is_found_out_by_the_probe:
        "no keychain of Linux holds so little: one in memory does";
    "answer_too_slow" "tests/crm/failures.rs" a_slow_portal_meets_the_deadline:
        "a test doesn't wait for a deadline: the clock is paused";
    "user_inactive" "src/identity.rs" an_inactive_user_and_a_refusal_are_sentences:
        "a portal that answers for somebody who left: its literal answer";
    "authorization_server_broken" "tests/connect/connecting.rs" what_the_portal_refuses_has_the_portals_own_sentence:
        "only an exchange of a code meets it, which a check never makes";
    "internal" "src/check/faults.rs" a_reason_has_one_fault_and_an_unknown_one_has_its_own:
        "a bug that isn't there can't be made: the table is asked";
}

#[test]
fn every_fault_is_proved_here_or_says_where_and_why() {
    for fault in FAULTS {
        let name = fault.reason.name();
        let here = HERE.iter().any(|tests| tests.contains(&format!("\"{name}\"")) && tests.contains(fault.code));
        let elsewhere = ELSEWHERE.iter().any(|proof| proof.reason == name);
        assert!(here || elsewhere, "{} {name} has no proof", fault.code);
        assert!(!(here && elsewhere), "{} {name} is proved here already", fault.code);
    }
}

/// Whatever else clears a fault that has a command is no proof of the command.
#[test]
fn every_command_that_cures_is_typed() {
    const TYPED: &[&str] = &[r#"["command"].as_str()"#, "is_cured(", "is_cured_by_its_command("];
    for fault in FAULTS.iter().filter(|fault| fault.command.is_some()) {
        let name = format!("\"{}\"", fault.reason.name());
        let mut tests = HERE.iter().flat_map(|tests| tests.split("\n}\n")).filter(|test| test.contains(&name));
        let typed = tests.any(|test| TYPED.iter().any(|typing| test.contains(typing)));
        let elsewhere = ELSEWHERE.iter().any(|proof| proof.reason == fault.reason.name());
        assert!(typed || elsewhere, "{} {name}", fault.code);
    }
}

#[test]
fn what_is_proved_elsewhere_is_a_fault_with_a_test_and_a_reason() {
    for proof in ELSEWHERE {
        assert!(FAULTS.iter().any(|fault| fault.reason.name() == proof.reason), "{}", proof.reason);
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(proof.file)).unwrap();
        assert!(text.contains(&format!("fn {}()", proof.test)), "{}: no test {}", proof.file, proof.test);
        assert!(!proof.why.is_empty(), "{}", proof.reason);
    }
}

#[test]
fn the_guide_says_what_is_proved_elsewhere() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ADMIN.md");
    let guide = fs::read_to_string(guide).unwrap();
    let table = guide.split_once("<!-- proofs: begin -->").unwrap().1.split_once("<!-- proofs: end -->").unwrap().0;
    for proof in ELSEWHERE {
        let fault = FAULTS.iter().find(|fault| fault.reason.name() == proof.reason).unwrap();
        assert!(table.contains(fault.code), "{} {}", fault.code, proof.reason);
    }
    for told in TOLD {
        assert!(table.contains(told.code), "{}", told.code);
    }
}

/// Nothing in the program looks for these, so there is nothing to prove; one that is looked for leaves this list.
#[test]
fn what_is_not_looked_for_belongs_to_the_browser() {
    let codes: Vec<_> = TOLD.iter().map(|told| told.code).collect();
    assert_eq!(codes, ["NM19", "NM21"]);
}
