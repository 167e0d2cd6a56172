//! The real program with the real keychain, as a person or a script uses it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::Duration;

use demo::{Fault, FaultKind, Portal, PortalOptions, Rotation};
use gmail_sync_host::paths::Paths;
use gmail_sync_host::vault::{Vault, VaultError};
use secrecy::ExposeSecret as _;

use crate::support::{get, location, url};

struct Program {
    home: tempfile::TempDir,
}

impl Program {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gmail-sync-host"));
        command.args(arguments).env("GMAIL_SYNC_HOME", self.home.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that asks for nothing may be gone already.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    fn succeeds(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn fails(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.starts_with("error: ") && text.contains("\nhint: "), "{text}");
        text
    }

    /// What this program's keychain entries hold.
    fn vault(&self) -> Vault {
        Vault::keychain(Paths::at(self.home.path()).unwrap().keychain_mark())
    }
}

fn portal() -> Portal {
    Portal::start(PortalOptions::default()).unwrap()
}

/// Starts `connect --no-browser`; returns with the address it prints. Its input stays open.
fn start_connecting(program: &Program, portal: &Portal, port: u16) -> (Child, ChildStdin, String) {
    let port = port.to_string();
    let arguments = [
        "connect",
        "--portal",
        portal.base_url(),
        "--client-id",
        portal.client_id(),
        "--callback-port",
        &port,
        "--no-browser",
    ];
    start(program, &arguments, &format!("{}\n", portal.client_secret()))
}

fn connect_by_redirect(program: &Program, portal: &Portal) {
    let (child, _stdin, address) = start_connecting(program, portal, portal.callback_port());
    get(&location(&get(&address.parse().unwrap())));
    assert!(child.wait_with_output().unwrap().status.success());
}

fn start(program: &Program, arguments: &[&str], input: &str) -> (Child, ChildStdin, String) {
    let mut child = program.command(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    stdout.read_line(&mut address).unwrap();
    child.stdout = Some(stdout.into_inner());
    (child, stdin, address.trim_end().to_owned())
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn connects_by_a_redirect_and_disconnects_for_good() {
    let (program, portal) = (Program::new(), portal());
    let (child, _stdin, address) = start_connecting(&program, &portal, portal.callback_port());
    let page = get(&location(&get(&address.parse().unwrap())));
    assert!(page.contains("You can close this tab"), "{page}");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let name = url(&portal).to_string();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("Connected to {name} as Lena Hartmann.\n"));

    assert!(program.vault().get(&name).await.unwrap().expose_secret().contains(portal.client_secret()));
    let status = program.succeeds(&["status"], "");
    assert!(status.contains(&name) && status.contains("Lena Hartmann (id 7)"), "{status}");
    let code = program.succeeds(&["sessions", "allow"], "");
    assert_eq!(code.trim().len(), 9);
    assert_files_hold_nothing_of(program.home.path(), &[portal.client_secret(), code.trim()]);

    program.succeeds(&["disconnect"], "");
    assert_eq!(program.vault().get(&name).await.unwrap_err(), VaultError::NoEntry);
    assert!(program.fails(&["disconnect"], "").contains("isn't connected"));
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn after_a_lost_keychain_entry_the_secret_is_all_that_is_asked_for() {
    let (program, portal) = (Program::new(), portal());
    connect_by_redirect(&program, &portal);
    program.vault().delete(&url(&portal).to_string()).await.unwrap();
    // Enter for the portal that is known, then the secret.
    let answers = format!("\n{}\n", portal.client_secret());
    let (child, _stdin, address) = start(&program, &["connect", "--no-browser"], &answers);
    get(&location(&get(&address.parse().unwrap())));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    program.succeeds(&["disconnect"], "");
    assert!(program.fails(&["connect"], "\n").contains("That isn't the address of a portal."));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn connects_by_a_pasted_address() {
    let (program, portal) = (Program::new(), portal());
    // The redirect can't reach the host: the application is registered with another port.
    let (child, mut stdin, address) = start_connecting(&program, &portal, 0);
    let redirect = location(&get(&address.parse().unwrap()));
    writeln!(stdin, "nonsense\n{redirect}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("error: That isn't the address"));
    program.succeeds(&["disconnect"], "");
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn connects_by_a_webhook_from_stdin_and_purges_everything() {
    let program = Program::new();
    let portal = portal();
    program.succeeds(&["connect", "--webhook"], &portal.webhook_url());
    let json: serde_json::Value = serde_json::from_str(&program.succeeds(&["status", "--json"], "")).unwrap();
    assert_eq!(json["connections"][0]["mode"], "webhook");
    assert!(program.fails(&["connect", "--webhook"], "").contains("webhook"));
    assert!(program.succeeds(&["purge"], "").is_empty());
    assert!(program.home.path().join("connections.json").exists());
    let vault = program.vault();
    program.succeeds(&["purge", "--yes"], "");
    assert!(!program.home.path().exists());
    assert_eq!(vault.get(&url(&portal).to_string()).await.unwrap_err(), VaultError::NoEntry);
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn purge_finds_in_the_keychain_what_no_list_names_any_more() {
    let (program, portal) = (Program::new(), portal());
    program.succeeds(&["connect", "--webhook"], &portal.webhook_url());
    program.succeeds(&["provision", "--portal", portal.base_url(), "--client-id", "local.5f0"], "s3cret");
    let (vault, name) = (program.vault(), url(&portal).to_string());
    // What a host leaves that is killed while it tries the keychain out.
    vault.set("probe-0123456789abcdef", "probe".into()).await.unwrap();
    let damage = |list: &str| std::fs::write(program.home.path().join(list), "{").unwrap();
    damage("connections.json");
    assert!(program.fails(&["status"], "").contains("was damaged"));
    // Those that were found damaged were set aside; purge finds others damaged itself.
    for list in ["connections.json", "provisions.json"] {
        damage(list);
    }
    let said = program.succeeds(&["purge", "--yes"], "");
    for entry in [name.clone(), format!("{name}/application"), "probe-0123456789abcdef".to_owned()] {
        assert_eq!(vault.get(&entry).await.unwrap_err(), VaultError::NoEntry);
        assert!(said.contains(&format!("Removed the entry {entry} from the keychain.")), "{said}");
    }
    assert!(!program.home.path().exists());
}

/// A stand-in for a person's browser: follows whatever it is given.
const FOLLOW: &str = "curl -sL";

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn what_a_fleet_provisioned_nobody_has_to_type_and_the_browser_of_the_environment_is_used() {
    let (program, portal) = (Program::new(), portal());
    let base = portal.base_url();
    program.succeeds(&["provision", "--portal", base, "--client-id", portal.client_id()], portal.client_secret());
    assert_files_hold_nothing_of(program.home.path(), &[portal.client_secret()]);
    let port = portal.callback_port().to_string();
    let mut connect = program.command(&["connect", "--portal", base, "--callback-port", &port]);
    let output = connect.env("BROWSER", FOLLOW).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    program.succeeds(&["disconnect"], "");
    let vault = program.vault();
    let entry = format!("{}/application", url(&portal));
    assert_eq!(vault.get(&entry).await.unwrap().expose_secret(), portal.client_secret());
    program.succeeds(&["purge", "--yes"], "");
    assert_eq!(vault.get(&entry).await.unwrap_err(), VaultError::NoEntry);
}

#[test]
fn settings_are_shown_and_changed() {
    let program = Program::new();
    assert_eq!(program.succeeds(&["settings"], ""), "address hashes  on\n");
    let shown = program.succeeds(&["settings", "--add-address", "Ann@Acme.com", "--add-domain", "acme.com"], "");
    assert_eq!(shown, "your address    ann@acme.com\nteam domain     acme.com\naddress hashes  on\n");
    program.fails(&["settings", "--add-domain", "acme"], "");
    assert_eq!(program.succeeds(&["settings"], ""), shown);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_taken_port_is_told_before_an_address_is_printed() {
    let program = Program::new();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let portal = portal();
    let (portal_url, port) = (portal.base_url(), port.to_string());
    let arguments = [
        "connect",
        "--portal",
        portal_url,
        "--client-id",
        portal.client_id(),
        "--callback-port",
        &port,
        "--no-browser",
    ];
    assert!(program.fails(&arguments, "secret\n").contains(&format!("Port {port}")));
}

#[test]
fn sessions_are_listed_and_revoked() {
    let program = Program::new();
    assert_eq!(program.succeeds(&["sessions", "list"], ""), "");
    assert!(program.fails(&["sessions", "revoke", "0123abcd"], "").contains("no session 0123abcd"));
    assert!(program.fails(&["sessions", "allow"], "").contains("isn't connected"));
    assert_eq!(program.succeeds(&["sessions", "revoke", "--all"], ""), "0 of the browser profiles lost access.\n");
}

#[cfg(windows)]
#[test]
fn no_profile_folder_leads_to_the_host() {
    let program = Program::new();
    for command in [&["register"][..], &["unregister"], &["--check", "--offline"]] {
        let said = program.fails(&[command, &["--user-data-dir", r"C:\profile"]].concat(), "");
        assert!(said.contains("a browser finds the host by the registry"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn registers_with_a_profile_folder_and_leaves_again() {
    let program = Program::new();
    let profile = program.home.path().join("profile");
    let profile = profile.to_str().unwrap();
    let printed = program.succeeds(&["register", "--user-data-dir", profile, "--print"], "");
    assert!(!Path::new(profile).exists());
    program.succeeds(&["register", "--user-data-dir", profile], "");
    let file = Path::new(profile).join("NativeMessagingHosts/local.gmail_sync_bitrix24.json");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed);
    let manifest: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let whole = |path: &str| Path::new(path).canonicalize().unwrap();
    let origins = manifest["allowed_origins"].as_array().unwrap();
    let id = origins[0].as_str().unwrap().trim_start_matches("chrome-extension://").trim_end_matches('/');
    let with_id = program.succeeds(&["register", "--user-data-dir", profile, "--print", "--extension-id", id], "");
    assert_eq!(with_id, printed, "it is let in anyway");
    assert_eq!(whole(manifest["path"].as_str().unwrap()), whole(env!("CARGO_BIN_EXE_gmail-sync-host")));
    assert!(manifest["allowed_origins"][0].as_str().unwrap().starts_with("chrome-extension://"));
    program.succeeds(&["unregister", "--user-data-dir", profile], "");
    assert!(!file.exists());
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn looks_people_up_and_tells_what_left_the_machine() {
    let (program, portal) = (Program::new(), portal());
    program.succeeds(&["connect", "--webhook"], &portal.webhook_url());
    let addresses = ["lookup", "marie.rousseau@helion.example", "nobody@nowhere.example"];
    let text = program.succeeds(&addresses, "");
    assert!(text.starts_with("marie.rousseau@helion.example: in the portal\n  contact  Marie Rousseau"), "{text}");
    assert!(text.ends_with("nobody@nowhere.example: not in the portal\n"), "{text}");
    let json = program.succeeds(&[&addresses[..], &["--json"]].concat(), "");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["people"][1]["email"], "nobody@nowhere.example");
    let ledger = program.succeeds(&["ledger"], "");
    assert!(ledger.contains("  connect  ") && ledger.contains("  lookup  ") && !ledger.contains("marie"), "{ledger}");
    assert_eq!(program.succeeds(&["ledger", "--verify"], ""), "");
    let lines = program.succeeds(&["ledger", "--json", "--since", "1h"], "");
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sum = |of: &str| lines.iter().map(|line| usize::try_from(line[of].as_u64().unwrap()).unwrap()).sum::<usize>();
    let counted = portal.stats();
    assert_eq!((sum("sent"), sum("received")), (counted.bytes_in, counted.bytes_out));
    assert!(program.fails(&["ledger", "--since", "yesterday"], "").contains("time to begin at"));
    let folder = program.home.path().join("ledger");
    assert_files_hold_nothing_of(&folder, &["marie", "helion", "nobody@"]);
    let day = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = day.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "jsonl")).unwrap();
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replacen("connect", "lookup", 1)).unwrap();
    assert!(program.fails(&["ledger", "--verify"], "").contains("Line 2 of the ledger's file of 20"));
    program.succeeds(&["disconnect"], "");
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn what_was_sent_about_an_address_can_be_found_until_the_key_is_gone() {
    let (program, portal) = (Program::new(), portal());
    let rows = |address: &str| program.succeeds(&["ledger", "--address", address], "").lines().count() - 1;
    program.succeeds(&["connect", "--webhook"], &portal.webhook_url());
    assert_eq!(rows("marie.rousseau@helion.example"), 0);
    program.succeeds(&["lookup", "marie.rousseau@helion.example"], "");
    program.succeeds(&["lookup", "nobody@nowhere.example"], "");
    assert_eq!((rows("Marie.Rousseau@Helion.example"), rows("somebody@else.example")), (1, 0));

    const KEY: &str = "ledger addresses";
    assert!(program.vault().get(KEY).await.is_ok());
    program.succeeds(&["settings", "--address-hashes", "off"], "");
    assert_eq!(program.vault().get(KEY).await.unwrap_err(), VaultError::NoEntry);
    program.succeeds(&["lookup", "marie.rousseau@helion.example"], "");
    assert_eq!(rows("marie.rousseau@helion.example"), 0);
    let said = program.run(&["ledger", "--address", "marie.rousseau@helion.example"], "").stderr;
    assert!(String::from_utf8(said).unwrap().contains("Of 3 requests with addresses there are no hashes"));

    program.succeeds(&["settings", "--address-hashes", "on"], "");
    program.succeeds(&["lookup", "marie.rousseau@helion.example"], "");
    assert!(program.vault().get(KEY).await.is_ok());
    let vault = program.vault();
    program.succeeds(&["purge", "--yes"], "");
    assert_eq!(vault.get(KEY).await.unwrap_err(), VaultError::NoEntry);
    assert!(!program.home.path().exists());
}

/// Two hosts with one keychain; the token endpoint holds its answer back until both have asked for a lookup.
#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn two_programs_at_once_renew_a_token_once_and_a_killed_one_holds_nobody_up() {
    let (program, portal) = (Program::new(), portal());
    connect_by_redirect(&program, &portal);

    // One that is killed between asking for new tokens and getting them holds the lock no longer.
    portal.fault(Fault::on("oauth.token", FaultKind::SlowAnswer, 1));
    portal.switch(|switches| switches.rotation = Rotation::OldTokenValid);
    portal.advance(Duration::from_secs(3601));
    let mut killed = program.command(&["lookup", "nobody@nowhere.example"]).spawn().unwrap();
    portal.until_held(1).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let before = portal.stats().refreshes;
    let lookups: Vec<_> =
        (0..3).map(|_| program.command(&["lookup", "nobody@nowhere.example"]).spawn().unwrap()).collect();
    for lookup in lookups {
        let output = lookup.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(portal.stats().refreshes, before + 1);
    portal.release();
    program.succeeds(&["disconnect"], "");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn checks_itself_and_says_what_is_wrong() {
    let (program, portal) = (Program::new(), portal());
    let profile = program.home.path().join("profile");
    let browser = if cfg!(windows) { ["--browser", "vivaldi"] } else { ["--user-data-dir", profile.to_str().unwrap()] };
    let severity = |probe: &str| -> Vec<String> {
        let output = program.run(&[&["--check", "--json"], &browser[..]].concat(), "");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let about = findings.iter().filter(|finding| finding["probe"] == probe);
        about.map(|finding| finding["severity"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(severity("registration"), ["error"]);
    assert_eq!(severity("portal"), ["warning"]);
    assert_eq!(severity("keychain"), ["ok"]);
    assert_eq!(severity("host"), ["ok"]);
    program.succeeds(&[&["register"], &browser[..]].concat(), "");
    program.succeeds(&["connect", "--webhook"], &portal.webhook_url());
    assert_eq!(severity("registration"), ["ok"]);
    assert_eq!(severity("portal"), ["ok"]);
    let output = program.run(&[&["--check"], &browser[..]].concat(), "");
    assert!(String::from_utf8(output.stdout).unwrap().contains("\nok            keychain "));
    drop(portal);
    assert_eq!(severity("portal"), [""; 0]);
    assert_eq!(severity("network"), ["error"]);
    assert_eq!(program.run(&[&["--check"], &browser[..]].concat(), "").status.code(), Some(2));
    program.succeeds(&[&["unregister"], &browser[..]].concat(), "");
    program.succeeds(&["disconnect"], "");
}

#[test]
fn asked_where_to_connect_it_takes_a_portal_or_a_webhook() {
    let program = Program::new();
    for nothing in ["", "\n", "no portal\n"] {
        assert!(program.fails(&["connect"], nothing).contains("That isn't the address of a portal."), "{nothing:?}");
    }
    assert!(program.fails(&["connect"], "https://acme.bitrix24.com/rest/\n").contains("webhook"));
}

#[test]
fn a_wrong_usage_ends_with_2_and_help_with_0() {
    let program = Program::new();
    for arguments in [
        &["connect", "--webhook", "--no-browser"][..],
        &["lookup-all"],
        &["connect", "--portal", "http://acme.bitrix24.com"],
    ] {
        assert_eq!(program.run(arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    assert!(program.succeeds(&["--help"], "").contains("sessions"));
    assert_eq!(program.succeeds(&["--version"], "").trim(), format!("gmail-sync-host {}", env!("CARGO_PKG_VERSION")));
}

fn assert_files_hold_nothing_of(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.is_dir() {
            assert_files_hold_nothing_of(&file, secrets);
            continue;
        }
        let content = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        for secret in secrets {
            assert!(!content.contains(secret), "{}", file.display());
        }
    }
}
