//! Whether browsers find the host: each place a browser looks at, in its order, compared with what should be there.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::finding::word;
use super::processes::{self, Running};
use super::self_test::{self, Trouble};
use super::{Finding, Scope, copies, program};
use crate::browsers::{BROWSERS, Browser, manifest_below};
use crate::failure::{Failure, Reason};
use crate::paths;
use crate::policy::Policy;
use crate::protocol::HOST_NAME;
use crate::register::{Manifest, extension_ids};
use crate::sandboxed::{SANDBOXED, Sandboxed};

const PROBE: &str = "registration";

pub(super) fn probe(scope: &Scope, policy: &Policy) -> Vec<Finding> {
    let expected = Expected { program: std::env::current_exe().ok(), ids: extension_ids(policy) };
    let (running, in_sandboxes) = processes::browsers();
    if let Scope::UserData(folder) = scope {
        let target = format!("--user-data-dir {}", word(&paths::shown(folder)));
        let findings = expected.judge(
            "The browser",
            &target,
            &present([manifest_below(folder)]),
            None,
            &copies::installed(folder),
        );
        return telling_that_it_runs(running.iter().any(|one| one.user_data.as_ref() == Some(folder)), findings)
            .collect();
    }
    let wanted = |browser: &&Browser| match scope {
        Scope::Browser(name) => browser.name == name,
        Scope::Used | Scope::UserData(_) => browser.user_data().is_some_and(|folder| folder.is_dir()),
    };
    let runs = |browser: &&Browser| running.iter().any(|one| one.browser == *browser && one.is_as_usual());
    let mut findings: Vec<_> = folders_of_others(BROWSERS.iter().filter(wanted));
    if *scope == Scope::Used {
        findings.extend(running_elsewhere(&running));
    }
    // What runs is what the person is trying to use.
    let (now, later): (Vec<_>, Vec<_>) = BROWSERS.iter().filter(wanted).partition(runs);
    findings.extend(now.iter().chain(&later).flat_map(|browser| {
        let (leads, unled) = leads(browser);
        let installed = browser.user_data().map(|folder| copies::installed(&folder)).unwrap_or_default();
        let target = format!("--browser {}", browser.name);
        let findings = expected.judge(browser.title, &target, &leads, unled, &installed);
        telling_that_it_runs(now.contains(browser), findings)
    }));
    if *scope == Scope::Used {
        let other_works = findings.iter().any(|finding| finding.fault.is_none());
        let home = paths::home();
        findings.extend(home.iter().flat_map(|home| sandboxed(Path::new("/"), home, &in_sandboxes, other_works)));
        if findings.is_empty() {
            findings.push(Finding::fault(PROBE, &Reason::NoBrowserFound.into()));
        }
    }
    findings
}

/// Adds to what is wrong with a browser's registration that it is in use.
fn telling_that_it_runs(runs: bool, findings: Vec<Finding>) -> impl Iterator<Item = Finding> {
    let tell = move |finding: Finding| {
        if runs && finding.fault.is_some() { finding.showing("running", "yes") } else { finding }
    };
    findings.into_iter().map(tell)
}

/// A manifest that a browser finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lead {
    pub(super) file: PathBuf,
    /// The registry key that leads there, on Windows.
    pub(super) by: Option<String>,
}

#[cfg(windows)]
impl Lead {
    /// Whether the machine's administrator leads there.
    pub(super) fn is_machines(&self) -> bool {
        self.by.as_deref().is_some_and(|key| key.starts_with("HKLM"))
    }
}

/// The files that are there, as browsers look for them.
fn present(files: impl IntoIterator<Item = PathBuf>) -> Vec<Lead> {
    let there = files.into_iter().filter(|file| file.symlink_metadata().is_ok());
    there.map(|file| Lead { file, by: None }).collect()
}

/// The manifests that a browser finds, in its order, and one that is there without being found.
#[cfg(not(windows))]
fn leads(browser: &Browser) -> (Vec<Lead>, Option<PathBuf>) {
    (present(browser.user_manifest().into_iter().chain(browser.machine_manifest())), None)
}

#[cfg(windows)]
fn leads(browser: &Browser) -> (Vec<Lead>, Option<PathBuf>) {
    let written = crate::register::key_files().into_iter().find(|file| file.is_file());
    (super::windows::leads(&crate::registry::System, &browser.registry_keys()), written)
}

/// Browsers that run with profile folders of their own, in which they find no manifest. On Windows there are none: the registry
/// leads a browser to the host whatever its folder.
fn running_elsewhere(running: &[Running]) -> Vec<Finding> {
    let lost = running.iter().filter(|one| !one.is_as_usual()).filter_map(|one| {
        let (folder, machine) = (one.user_data.as_ref()?, one.browser.machine_manifest()?);
        let found = machine.exists() || manifest_below(folder).exists();
        (!found).then(|| {
            Failure::new(Reason::RunningElsewhere)
                .with("browser", one.browser.title)
                .with("folder", paths::shown(folder))
        })
    });
    lost.map(|failure| Finding::fault(PROBE, &failure)).collect()
}

/// Browsers' folders that belong to somebody else than the home folder does, as after a browser was run with sudo.
#[cfg(unix)]
fn folders_of_others<'a>(browsers: impl Iterator<Item = &'a Browser>) -> Vec<Finding> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |folder: &Path| folder.metadata().map(|metadata| metadata.uid()).ok();
    let Some(person) = paths::home().and_then(|home| owner(&home)) else { return Vec::new() };
    let others = browsers.filter_map(|browser| {
        let folders = [browser.user_data()?, browser.user_manifest()?.parent()?.to_owned()];
        let folder = folders.into_iter().find(|folder| owner(folder).is_some_and(|owner| owner != person))?;
        let failure = Failure::new(Reason::BrowserFolderOfOther)
            .with("browser", browser.title)
            .with("folder", paths::shown(&folder));
        Some(Finding::fault(PROBE, &failure))
    });
    others.collect()
}

#[cfg(not(unix))]
fn folders_of_others<'a>(_: impl Iterator<Item = &'a Browser>) -> Vec<Finding> {
    Vec::new()
}

/// Browsers in a sandbox. To whoever has another browser that finds the host, as the cure asks for, they are no fault, unless it is
/// this one that they are trying to use.
fn sandboxed(root: &Path, home: &Path, running: &[&Sandboxed], other_works: bool) -> Vec<Finding> {
    let known = SANDBOXED.iter().filter(|browser| browser.is_known(root, home));
    let findings = known.flat_map(|browser| {
        let (Sandboxed { title, packaging, .. }, runs) = (browser, running.contains(&browser));
        let failure = Failure::new(Reason::SandboxedBrowser).with("browser", title).with("kind", packaging);
        let beside = format!("{title} was installed here as a {packaging} too, where it can't start the host.");
        let finding = if other_works && !runs { Finding::fine(PROBE, beside) } else { Finding::fault(PROBE, &failure) };
        telling_that_it_runs(runs, vec![finding])
    });
    findings.collect()
}

/// What a manifest should say.
struct Expected {
    program: Option<PathBuf>,
    ids: Vec<String>,
}

impl Expected {
    /// Looks where the browser is led, in its order: the first manifest wins, whatever it holds. `installed` are the ids under
    /// which the browser has the extension.
    fn judge(
        &self,
        title: &str,
        target: &str,
        leads: &[Lead],
        unled: Option<PathBuf>,
        installed: &BTreeSet<String>,
    ) -> Vec<Finding> {
        let failure = |reason| Failure::new(reason).with("browser", title).with("target", target);
        match (leads, unled) {
            ([first, others @ ..], _) => {
                let about = |reason| failure(reason).with("file", paths::shown(&first.file));
                let findings = self.judge_first(title, &first.file, others, installed, about).into_iter();
                let by = |finding: Finding| match &first.by {
                    Some(key) => finding.showing("registry_key", key),
                    None => finding,
                };
                findings.map(by).collect()
            }
            ([], Some(file)) => {
                let missing = failure(Reason::RegistryKeyMissing).with("file", paths::shown(&file));
                vec![Finding::fault(PROBE, &missing)]
            }
            ([], None) => vec![Finding::fault(PROBE, &failure(Reason::NotRegistered))],
        }
    }

    fn judge_first(
        &self,
        title: &str,
        file: &Path,
        others: &[Lead],
        installed: &BTreeSet<String>,
        about: impl Fn(Reason) -> Failure,
    ) -> Vec<Finding> {
        let damaged = |why: &str| Finding::fault(PROBE, &about(Reason::ManifestDamaged).with("why", why));
        let manifest = match Manifest::installed(file) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => return vec![damaged("nothing is where it leads")],
            Err(error) => return vec![damaged(&why(&error))],
        };
        let program = beside(file, &manifest);
        let mut findings = Vec::new();
        if let Some(why) = malformed(&manifest) {
            findings.push(damaged(why));
        } else if !program.is_file() {
            findings.push(Finding::fault(PROBE, &about(Reason::ManifestProgramGone)));
        } else if let Some(obstacle) = program::obstacle(&program) {
            let failure = about(obstacle).with("program", paths::shown(&program));
            findings.push(Finding::fault(PROBE, &failure));
        } else if !self.is_this_program(&program) {
            let about = |reason| about(reason).with("program", paths::shown(&program));
            let failure = match self_test::greet(&program) {
                Ok(()) => about(Reason::ManifestOtherProgram),
                Err(Trouble::Blocked(why)) => about(Reason::ProgramBlocked).with("why", why),
                Err(Trouble::Silent(why)) => about(Reason::RegisteredProgramSilent).with("why", why),
                Err(Trouble::Chatter) => about(Reason::RegisteredProgramChatters),
            };
            findings.push(Finding::fault(PROBE, &failure));
        }
        let lets_in = |id: &String| manifest.allowed_origins.contains(&format!("chrome-extension://{id}/"));
        let (served, refused): (Vec<_>, Vec<_>) = installed.iter().partition(|id| lets_in(id));
        let (ours, copies): (Vec<_>, Vec<_>) = refused.into_iter().partition(|id| self.ids.contains(id));
        if !self.ids.iter().any(lets_in) || !ours.is_empty() {
            findings.push(Finding::fault(PROBE, &about(Reason::ManifestForbids)));
        }
        findings.extend(copies.into_iter().map(|id| {
            let finding = Finding::fault(PROBE, &about(Reason::ExtensionCopy).with("id", id));
            if served.is_empty() { finding } else { finding.not_needed_now() }
        }));
        let same = |other: &Path, found: &Manifest| {
            let leads_there = Manifest { path: program.clone(), ..manifest.clone() };
            Manifest { path: beside(other, found), ..found.clone() } == leads_there
        };
        let differs = |other: &Lead| {
            Manifest::installed(&other.file).ok().flatten().is_some_and(|found| !same(&other.file, &found))
        };
        if others.iter().any(differs) {
            findings.push(Finding::fault(PROBE, &about(Reason::ManifestShadowed)));
        }
        if findings.is_empty() {
            findings.push(Finding::fine(PROBE, format!("{title} finds the host by {}.", paths::shown(file))));
        }
        findings
    }

    fn is_this_program(&self, path: &Path) -> bool {
        match (&self.program, path.canonicalize()) {
            (Some(program), Ok(path)) => program.canonicalize().is_ok_and(|program| program == path),
            _ => true,
        }
    }
}

/// The program that a manifest names; on Windows it may stand beside the manifest.
fn beside(file: &Path, manifest: &Manifest) -> PathBuf {
    file.parent().map_or_else(|| manifest.path.clone(), |folder| folder.join(&manifest.path))
}

fn malformed(manifest: &Manifest) -> Option<&'static str> {
    match manifest {
        _ if manifest.name != HOST_NAME => Some("its name is another"),
        _ if manifest.kind != "stdio" => Some("its type isn't stdio"),
        _ if !manifest.path.is_absolute() && !cfg!(windows) => Some("its path isn't absolute"),
        _ => None,
    }
}

fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "it isn't a host manifest".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ID: &str = "abcdefghijklmnopabcdefghijklmnop";

    /// A program of the system's that says nothing to a browser's greeting.
    const SILENT: &str = if cfg!(windows) { r"C:\windows\system32\findstr.exe" } else { "/bin/true" };

    struct Machine {
        folder: tempfile::TempDir,
    }

    impl Machine {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap() }
        }

        fn place(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, content: &str) {
            fs::write(self.place(name), content).unwrap();
        }

        fn reasons(&self) -> Vec<&'static str> {
            let expected = Expected { program: std::env::current_exe().ok(), ids: vec![ID.to_owned()] };
            let findings = expected.judge(
                "Chromium",
                "--browser chromium",
                &present([self.place("user"), self.place("machine")]),
                None,
                &BTreeSet::new(),
            );
            findings.into_iter().map(|finding| finding.fault.map_or("fine", |found| found.reason)).collect()
        }
    }

    fn manifest() -> Manifest {
        Manifest::new(&std::env::current_exe().unwrap(), &[ID.to_owned()]).unwrap()
    }

    #[test]
    fn each_fault_of_a_registration_has_its_own_sentence() {
        let with = |change: &dyn Fn(&mut Manifest)| {
            let mut manifest = manifest();
            change(&mut manifest);
            manifest.text()
        };
        let machine = Machine::new();
        assert_eq!(machine.reasons(), ["not_registered"]);
        machine.write("text.txt", "");
        // Windows' browsers take a path from the manifest's folder on, and Windows has no right to execute.
        let (relative, stuck) = if cfg!(windows) {
            ("manifest_program_gone", "registered_program_silent")
        } else {
            ("manifest_damaged", "manifest_program_stuck")
        };
        for (content, reason) in [
            (manifest().text(), "fine"),
            (String::new(), "manifest_damaged"),
            ("{".to_owned(), "manifest_damaged"),
            ("[]".to_owned(), "manifest_damaged"),
            (with(&|manifest| manifest.name = "org.other".into()), "manifest_damaged"),
            (with(&|manifest| manifest.kind = "pipe".into()), "manifest_damaged"),
            (with(&|manifest| manifest.path = "gmail-sync-host".into()), relative),
            (with(&|manifest| manifest.path = "/no/such/program".into()), "manifest_program_gone"),
            (with(&|manifest| manifest.path = machine.place("text.txt")), stuck),
            (with(&|manifest| manifest.path = SILENT.into()), "registered_program_silent"),
            (with(&|manifest| manifest.allowed_origins.clear()), "manifest_forbids"),
            (with(&|manifest| manifest.allowed_origins = vec![format!("chrome-extension://{ID}")]), "manifest_forbids"),
        ] {
            machine.write("user", &content);
            assert_eq!(machine.reasons(), [reason], "{content}");
        }
    }

    #[test]
    fn the_persons_registration_wins_over_the_machines() {
        let machine = Machine::new();
        machine.write("machine", &manifest().text());
        assert_eq!(machine.reasons(), ["fine"]);
        machine.write("user", &manifest().text());
        assert_eq!(machine.reasons(), ["fine"]);
        let other = Manifest { path: SILENT.into(), ..manifest() };
        machine.write("user", &other.text());
        assert_eq!(machine.reasons(), ["registered_program_silent", "manifest_shadowed"]);
    }

    #[test]
    fn nm02_what_no_registry_key_leads_to_is_not_found() {
        let machine = Machine::new();
        machine.write("user", &manifest().text());
        let expected = Expected { program: std::env::current_exe().ok(), ids: vec![ID.to_owned()] };
        let judge =
            |leads: &[Lead], unled| expected.judge("Chrome", "--browser chrome", leads, unled, &BTreeSet::new());
        let missing = judge(&[], Some(machine.place("user"))).remove(0);
        let found = missing.fault.unwrap();
        assert_eq!((found.code, found.reason), ("NM02", "registry_key_missing"));
        assert_eq!(found.command.as_deref(), Some("gmail-sync-host register --browser chrome"));
        let lead = |name| Lead { file: machine.place(name), by: Some(r"HKCU\Software\x".to_owned()) };
        let well = judge(&[lead("user")], Some(machine.place("user"))).remove(0);
        assert_eq!((well.fault, well.evidence["registry_key"].as_str()), (None, r"HKCU\Software\x"));
        let dead = judge(&[lead("gone"), lead("user")], None).remove(0);
        assert_eq!(dead.fault.unwrap().reason, "manifest_damaged");
    }

    #[cfg(unix)]
    #[test]
    fn a_dead_link_is_damage() {
        let machine = Machine::new();
        std::os::unix::fs::symlink("/no/such/file", machine.place("user")).unwrap();
        assert_eq!(machine.reasons(), ["manifest_damaged"]);
    }

    #[test]
    fn browsers_in_a_sandbox_are_named() {
        let machine = Machine::new();
        let root = machine.folder.path();
        let found = |running: &[&Sandboxed], other_works| sandboxed(root, &machine.place("home"), running, other_works);
        let chromium = &SANDBOXED[0];
        assert_eq!(found(&[chromium], false), []);
        fs::create_dir_all(machine.place("snap/chromium")).unwrap();
        let alone = found(&[], false).remove(0);
        assert_eq!((alone.fault.unwrap().code, &*alone.evidence["kind"]), ("NM12", "Snap"));
        assert_eq!(alone.evidence.get("running"), None);
        let beside = found(&[], true).remove(0);
        assert_eq!(beside.fault, None);
        assert_eq!(beside.sentence, "Chromium was installed here as a Snap too, where it can't start the host.");
        let in_use = found(&[chromium], true).remove(0);
        assert_eq!((in_use.fault.unwrap().code, &*in_use.evidence["running"]), ("NM12", "yes"));
    }
}
