use std::io::{PipeReader, PipeWriter};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::framing::{Incoming, read_frame, write_frame};
use crate::vault::MemoryStore;

/// The development extension, as in `manifests/extension-ids`.
const EXTENSION: &str = "mebnejionpjiahmhjiindnjipdhmcneo";

/// Remembers the page that it was to show.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Option<Url>>>);

impl BrowserOpener for Shown {
    async fn open(&self, page: &Url) -> Result<(), Failure> {
        *self.0.lock().unwrap() = Some(page.clone());
        Ok(())
    }
}

/// A browser profile whose administrator changes the policy while the host runs.
struct Profile {
    policy: Arc<Mutex<Result<Policy, Failure>>>,
    shown: Shown,
    to_host: PipeWriter,
    from_host: PipeReader,
    _folder: tempfile::TempDir,
}

impl Profile {
    /// One that is connecting, and was led to the portal's page.
    fn connecting() -> Self {
        let (policy, shown) = (Arc::new(Mutex::new(Ok(Policy::default()))), Shown::default());
        let (input, to_host) = std::io::pipe().unwrap();
        let (from_host, output) = std::io::pipe().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path()).unwrap();
        let (read, opener) = (Arc::clone(&policy), shown.clone());
        thread::spawn(move || {
            let vault = Vault::memory(Arc::new(MemoryStore::default()));
            let start = starter(EXTENSION.to_owned(), paths, vault, opener);
            let service = Rc::new(UnderPolicy::new(move || read.lock().unwrap().clone(), start));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (_events, events) = unbounded_channel();
            LocalSet::new().block_on(&runtime, serve(input, output, service, events))
        });
        let mut profile = Self { policy, shown, to_host, from_host, _folder: folder };
        let application =
            json!({"portal": "http://127.0.0.1:9", "clientId": "local.5f0", "clientSecret": "s", "callbackPort": 0});
        profile.ask("1", "connect", &application);
        assert_eq!(profile.next()["part"], json!({"stage": "browserOpened"}));
        profile
    }

    /// The address at which that page would end, had somebody agreed to something on another portal.
    fn address(&self) -> String {
        let shown = self.shown.0.lock().unwrap();
        let (_, state) = shown.as_ref().unwrap().query_pairs().find(|(name, _)| name == "state").unwrap();
        format!("http://127.0.0.1:17485/callback?code=c&state={state}&domain=other.example&member_id=m")
    }

    fn set(&self, policy: Result<Policy, Failure>) {
        *self.policy.lock().unwrap() = policy;
    }

    fn ask(&mut self, id: &str, method: &str, params: &Value) {
        let request = json!({"v": 1, "id": id, "method": method, "params": params});
        write_frame(&mut self.to_host, request.to_string().as_bytes()).unwrap();
    }

    fn next(&mut self) -> Value {
        let Some(Incoming::Frame(frame)) = read_frame(&mut self.from_host).unwrap() else { panic!("no frame") };
        serde_json::from_slice(&frame).unwrap()
    }

    /// The next answer: id, and the reason of its failure, if it is one.
    fn answer(&mut self) -> (String, Value) {
        loop {
            let frame = self.next();
            if frame.get("part").is_none() {
                return (frame["id"].as_str().unwrap().to_owned(), frame["error"]["reason"].clone());
            }
        }
    }
}

fn answered(id: &str, reason: impl Into<Value>) -> (String, Value) {
    (id.to_owned(), reason.into())
}

#[test]
fn an_attempt_to_connect_outlives_a_change_of_the_policy_and_a_pasted_address_finds_it() {
    let mut profile = Profile::connecting();
    profile.set(Ok(Policy { portals: vec!["acme.bitrix24.com".parse().unwrap()], ..Policy::default() }));
    let address = profile.address();
    profile.ask("2", "pasteCallback", &json!({"address": address}));
    assert_eq!(profile.answer(), answered("2", Value::Null));
    assert_eq!(profile.answer(), answered("1", "authorized_elsewhere"));
    profile.ask("3", "connect", &json!({"portal": "http://127.0.0.1:9"}));
    assert_eq!(profile.answer(), answered("3", "portal_not_allowed"));
}

#[test]
fn an_attempt_to_connect_can_be_cancelled_while_the_policy_cant_be_read() {
    let mut profile = Profile::connecting();
    profile.set(Err(Reason::PolicyUnreadable.into()));
    let address = profile.address();
    profile.ask("2", "pasteCallback", &json!({"address": address}));
    assert_eq!(profile.answer(), answered("2", "policy_unreadable"));
    profile.ask("3", "cancel", &json!({"id": "1"}));
    assert_eq!(profile.answer(), answered("3", Value::Null));
    assert_eq!(profile.answer(), answered("1", "cancelled"));
}
