//! The Debian package, installed for real.

use std::fs;
use std::path::Path;

use installer::files::{self, Kind};
use installer::{browsers, deb};
use serde_json::Value;

use crate::conversation::{self, Conversation};
use crate::copy::{HOME, Machine};
use crate::person::Person;
use crate::{Packages, guide, inputs, later, made};

const NAME: &str = "gmail-sync-bitrix24";
const PROGRAM: &str = "/usr/bin/gmail-sync-host";

pub(crate) static PACKAGES: Packages = Packages::by(deb::write);

pub(crate) fn install(machine: &Machine, package: &Path) {
    // What it needs is on this machine, what it recommends is not dpkg's business.
    machine.run([Path::new("dpkg"), Path::new("--install"), &machine.show(package)]);
}

fn status(machine: &Machine) -> String {
    machine.run(["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}${Version}", NAME])
}

/// The manifest that a browser finds in one of its places.
fn found(machine: &Machine, place: &str) -> Value {
    serde_json::from_str(&machine.run(["cat", place])).unwrap()
}

/// Starts what the manifest names, as a browser does.
fn start(machine: &Machine, manifest: &Value) -> Conversation {
    Conversation::start(machine.command([manifest["path"].as_str().unwrap()]), manifest, &[])
}

#[test]
fn installed_it_is_found_by_every_browser_and_answers() {
    let machine = Machine::new();
    let inputs = inputs();
    install(&machine, &made(".deb"));
    assert_eq!(status(&machine), format!("ii {}", inputs.version));
    assert_eq!(machine.run(["dpkg", "--verify", NAME]), "");
    let table = browsers::table(&inputs).unwrap();
    assert!(!table.browsers.is_empty());
    for browser in table.browsers {
        let manifest = found(&machine, &browser.linux);
        assert_eq!(manifest["name"], table.host.as_str(), "{}", browser.name);
        let mut conversation = start(&machine, &manifest);
        assert_eq!(conversation.hello(), inputs.version, "{}", browser.name);
        conversation.end();
    }
    assert_eq!(machine.run([PROGRAM, "--version"]), format!("gmail-sync-host {}\n", inputs.version));
}

#[test]
fn it_brings_exactly_the_listed_files() {
    let machine = Machine::new();
    let inputs = inputs();
    install(&machine, &made(".deb"));
    let mut listed: Vec<_> = files::of(&inputs, Kind::Deb).unwrap().into_iter().map(|file| file.target).collect();
    listed.extend(browsers::links(&inputs).unwrap().into_iter().map(|link| link.at));
    listed.sort();
    let found: Vec<_> = machine.changes().into_iter().filter(|path| !path.ends_with('/')).collect();
    assert_eq!(found, listed);
    let script = format!("dpkg -L {NAME} | xargs -d '\\n' -I{{}} find {{}} -maxdepth 0 ! -type l -perm /022");
    assert_eq!(machine.run(["sh", "-c", &script]), "", "others than root can change these");
}

#[test]
fn an_upgrade_leaves_a_running_host_alone_and_the_next_start_is_new() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let place = browsers::links(&inputs()).unwrap().remove(0).at;
    let manifest = found(&machine, &place);
    let mut running = start(&machine, &manifest);
    running.hello();
    let file = || machine.run(["stat", "--format=%i", PROGRAM]);
    let before = file();
    install(&machine, PACKAGES.later());
    assert_eq!(status(&machine), format!("ii {}", later().version));
    assert_ne!(file(), before, "the program was replaced, not overwritten");
    running.hello();
    running.end();
    let mut next = start(&machine, &found(&machine, &place));
    next.hello();
    next.end();
}

#[test]
fn a_connection_outlives_upgrade_and_removal_until_it_is_purged() {
    let machine = Machine::new();
    let before = machine.changes();
    let program = |arguments: &[&str]| machine.command([&[PROGRAM], arguments].concat());
    let place = browsers::links(&inputs()).unwrap().remove(0).at;
    install(&machine, &made(".deb"));
    let person = Person::new();
    person.connect(&program);
    let mut running = start(&machine, &found(&machine, &place));
    running.hello();
    install(&machine, PACKAGES.later());
    running.hello();
    assert!(running.executable().to_str().unwrap().ends_with("(deleted)"), "the browser holds the old one");
    running.end();
    let mut next = start(&machine, &found(&machine, &place));
    next.hello();
    assert!(next.executable().ends_with("usr/bin/gmail-sync-host"), "the next start is the new one");
    next.end();
    assert!(person.is_connected(&program), "after the upgrade");
    // No package reaches a person's keychain.
    machine.run(["dpkg", "--purge", NAME]);
    install(&machine, &made(".deb"));
    assert!(person.is_connected(&program), "after a removal");
    machine.run([PROGRAM, "purge", "--yes"]);
    assert_eq!(machine.run(["find", HOME, "-type", "f"]), "");
    assert!(!person.is_connected(&program), "after a purge");
    machine.run(["dpkg", "--remove", NAME]);
    let changes = machine.changes();
    let left: Vec<_> =
        changes.difference(&before).filter(|path| *path != "/etc/opt" && !path.starts_with(HOME)).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_host_that_ran_left_nothing_outside_the_persons_own_folder() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let installed = machine.changes();
    let mut conversation = start(&machine, &found(&machine, &browsers::links(&inputs()).unwrap().remove(0).at));
    conversation.hello();
    conversation.end();
    machine.run([PROGRAM, "status"]);
    let changes = machine.changes();
    let new: Vec<_> =
        changes.difference(&installed).filter(|path| !path.starts_with(&format!("{HOME}/.local/"))).collect();
    assert_eq!(new, [""; 0]);
    assert!(machine.run(["find", HOME]).contains(&format!("{HOME}/.local/state/{NAME}")));
}

#[test]
fn removed_it_leaves_nothing() {
    for how in ["--remove", "--purge"] {
        let machine = Machine::new();
        let before = machine.changes();
        install(&machine, &made(".deb"));
        assert_ne!(machine.changes(), before);
        install(&machine, PACKAGES.later());
        machine.run(["dpkg", how, NAME]);
        // dpkg takes empty folders along that no package owns; /etc/opt is one on some systems.
        let left: Vec<_> = machine.changes().difference(&before).filter(|path| *path != "/etc/opt").cloned().collect();
        assert_eq!(left, [""; 0], "after {how}");
    }
}

#[test]
fn a_removal_spares_what_others_put_beside_it() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let other = "/etc/opt/chrome/native-messaging-hosts/other.json";
    machine.run(["sh", "-c", &format!("echo '{{}}' > {other}")]);
    machine.run(["dpkg", "--purge", NAME]);
    let left = machine.changes();
    assert!(left.contains(other), "{left:?}");
    assert!(!left.iter().any(|path| path.contains("bitrix24")), "{left:?}");
}

#[test]
fn manuals_and_completions_are_where_their_readers_look() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let page = machine.run(["sh", "-c", "zcat /usr/share/man/man1/gmail-sync-host.1.gz"]);
    assert!(page.contains(".TH") && page.contains("keychain"), "{page}");
    // A development build's options are nobody's business.
    assert!(!page.contains("extension\\-id"), "{page}");
    // As bash does at the tab key, with the function that the file announces.
    let script = r#"
        . /usr/share/bash-completion/completions/gmail-sync-host
        [[ $(complete -p gmail-sync-host) =~ -F\ ([^ ]+) ]]
        COMP_WORDS=(gmail-sync-host led) COMP_CWORD=1
        "${BASH_REMATCH[1]}" gmail-sync-host led gmail-sync-host
        echo "${COMPREPLY[@]}"
    "#;
    assert_eq!(machine.run(["bash", "-c", script]), "ledger\n");
}

#[test]
fn what_the_guide_shows_to_type_can_be_typed() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let shell = |script: &str| machine.run(["sh", "-c", &format!("cd {HOME} && {script}")]);
    let provision = guide::block("sh", "provision");
    shell(&format!("echo s3cret > secret.txt && {provision} rm secret.txt"));
    assert_eq!(shell(&format!("{PROGRAM} purge --yes; find . -type f")).matches("s3cret").count(), 0);
    // Jamf's attribute names the link that the Mac's package makes.
    let attribute = guide::block("sh", "<result>");
    assert_eq!(shell(&attribute), "<result>none</result>\n");
    assert_eq!(
        shell(&format!("ln -s {PROGRAM} /usr/local/bin && {attribute}")),
        format!("<result>{}</result>\n", inputs().version)
    );
    // As the check ends each roll-out: 1 until somebody has connected.
    assert_eq!(shell(&format!("{} || echo $?", guide::block("sh", "--check --json").trim())).lines().last(), Some("1"));
}

#[test]
fn the_manifest_in_the_package_is_the_hosts_own() {
    let machine = Machine::new();
    install(&machine, &made(".deb"));
    let own = conversation::manifest(&inputs().locate("built/linux/local.gmail_sync_bitrix24.json"));
    for link in browsers::links(&inputs()).unwrap() {
        assert_eq!(found(&machine, &link.at), own);
        assert_eq!(fs::read_link(&link.at).ok(), None, "{} is on the real machine", link.at);
    }
}
