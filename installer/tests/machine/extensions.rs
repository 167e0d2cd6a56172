//! The policy `ExtensionIds`: whom it lets in is let in by what browsers read, and stays so when the package is upgraded.

use std::path::Path;

use installer::browsers;
use serde_json::{Value, json};

use crate::copy::{HOME, Machine};
use crate::{Packages, conversation, deb, guide, inputs, made, rpm};

/// A company's own build of the extension.
const OWN: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop/";

/// Where the host's policy is.
pub(crate) const POLICY: &str = "/etc/gmail-sync-bitrix24/policy.json";

/// How one kind of package comes and goes, by its own tool.
struct Kind {
    ending: &'static str,
    packages: &'static Packages,
    install: &'static [&'static str],
    remove: &'static [&'static str],
}

static DEB: Kind = Kind {
    ending: ".deb",
    packages: &deb::PACKAGES,
    install: &["dpkg", "--install"],
    remove: &["dpkg", "--remove", "gmail-sync-bitrix24"],
};

/// On a Debian, whose rpm knows no packages that could meet needs.
static RPM: Kind = Kind {
    ending: ".rpm",
    packages: &rpm::PACKAGES,
    install: &["rpm", "--force-debian", "--upgrade", "--nodeps"],
    remove: &["rpm", "--force-debian", "--erase", "gmail-sync-bitrix24"],
};

impl Kind {
    fn install(&self, machine: &Machine, package: &Path) {
        let shown = machine.show(package);
        machine.run(self.install.iter().copied().chain([shown.to_str().unwrap()]));
    }
}

fn policy() -> String {
    let id = OWN.trim_start_matches("chrome-extension://").trim_end_matches('/');
    json!({ "ExtensionIds": [id] }).to_string()
}

/// Whether every browser's manifest lets the company's build in, beside the published one; all of them must say the same.
fn is_let_in(machine: &Machine) -> bool {
    let mut wanted = conversation::manifest(&inputs().locate("built/linux/local.gmail_sync_bitrix24.json"));
    wanted["allowed_origins"].as_array_mut().unwrap().push(OWN.into());
    let found = |place: &str| serde_json::from_str::<Value>(&machine.run(["cat", place])).unwrap();
    let links = browsers::links(&inputs()).unwrap();
    let with = links.iter().filter(|link| found(&link.at) == wanted).count();
    assert!(with == 0 || with == links.len(), "{with} of {}", links.len());
    with > 0
}

fn stays_let_in(kind: &Kind) {
    let machine = Machine::new();
    let before = machine.changes();
    kind.install(&machine, &made(kind.ending));
    machine.write(POLICY, &policy());
    assert!(!is_let_in(&machine), "a policy alone tells no browser anything");
    machine.run(["sh", "-c", &guide::block("sh", "register --system")]);
    assert!(is_let_in(&machine), "after what the guide shows to type");
    kind.install(&machine, kind.packages.later());
    assert!(is_let_in(&machine), "after an upgrade");
    machine.run(kind.remove);
    let own = |path: &&String| path.contains("bitrix24") && !path.starts_with("/etc/gmail-sync-bitrix24/");
    // The command was typed by the person whom commands here belong to.
    let outside = |path: &&String| !path.starts_with(HOME);
    let changes = machine.changes();
    let left: Vec<_> = changes.difference(&before).filter(own).filter(outside).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_deb_keeps_them() {
    stays_let_in(&DEB);
}

#[test]
fn an_rpm_keeps_them() {
    stays_let_in(&RPM);
}

#[test]
fn a_policy_that_is_there_first_counts_at_once_and_leaves_no_folder_of_roots() {
    let machine = Machine::new();
    machine.write(POLICY, &policy());
    DEB.install(&machine, &made(DEB.ending));
    assert!(is_let_in(&machine));
    assert_eq!(machine.run(["find", HOME, "-mindepth", "1"]), "");
    let changes = machine.changes();
    assert!(!changes.iter().any(|path| path.starts_with("/tmp/")), "{changes:?}");
}

#[test]
fn a_damaged_policy_keeps_no_package_from_being_installed() {
    let machine = Machine::new();
    machine.write(POLICY, "{");
    DEB.install(&machine, &made(DEB.ending));
    assert_eq!(machine.run(["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", "gmail-sync-bitrix24"]), "ii ");
    assert!(!is_let_in(&machine));
}
