//! A fake portal, a client for it, and what a lookup needs.

use std::cell::{Cell, RefCell};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use demo::{LogEntry, Portal, PortalOptions};
use gmail_sync_host::bitrix24::{Authorization, Client, Credentials, Pace, WebhookAddress};
use gmail_sync_host::clock::Clock;
use gmail_sync_host::egress::{Body, Destination, Egress, Outgoing, Purpose};
use gmail_sync_host::failure::Failure;
use gmail_sync_host::ledger::{Entry, MemoryLedger};
use gmail_sync_host::methods::{CrmContext, CrmMemory, LogRules, LookupContext, lookup, reference};
use gmail_sync_host::never_log::{Listed, NeverLog};
use gmail_sync_host::portal::{AuthorizationServer, PortalUrl, RestEndpoint};
use gmail_sync_host::protocol::{Lookup, LookupParams, Person, Reference, ReferenceParams};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

/// The portal's id of the person whose host it is.
pub(crate) const LENA: u64 = 7;

/// Authorizations in the order they are handed out.
pub(crate) struct Keys {
    current: RefCell<Authorization>,
    next: RefCell<Vec<Authorization>>,
    renewals: Cell<u32>,
}

impl Credentials for &Keys {
    async fn current(&self) -> Result<Authorization, Failure> {
        Ok(self.current.borrow().clone())
    }

    async fn renew(&self, _stale: &Authorization) -> Result<Authorization, Failure> {
        self.renewals.set(self.renewals.get() + 1);
        if let Some(next) = self.next.borrow_mut().pop() {
            self.current.replace(next);
        }
        self.current().await
    }
}

impl Keys {
    fn new(first: Authorization, then: Option<Authorization>) -> Self {
        Self { current: RefCell::new(first), next: RefCell::new(then.into_iter().collect()), renewals: Cell::new(0) }
    }

    pub(crate) fn renewals(&self) -> u32 {
        self.renewals.get()
    }
}

/// Everything around one portal.
pub(crate) struct Bench {
    pub(crate) portal: Portal,
    pub(crate) memory: CrmMemory,
    ledger: Arc<MemoryLedger>,
    egress: Arc<Egress>,
    clock: Clock,
    now: Arc<Mutex<Timestamp>>,
    keys: Keys,
    calls_before: Cell<usize>,
    own: Vec<String>,
    domains: Vec<String>,
    pub(crate) rules: LogRules,
}

pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";

/// Hurries, so that no test waits.
pub(crate) const HURRY: Pace = Pace {
    burst: 1000,
    refill: Duration::from_millis(1),
    back_off: Duration::from_millis(1),
    deadline: Duration::from_secs(20),
};

impl Bench {
    /// A portal and Lena's webhook.
    pub(crate) fn new() -> Self {
        let portal = Portal::start(PortalOptions::default()).unwrap();
        let webhook: WebhookAddress = portal.webhook_url().parse().unwrap();
        Self::with(portal, Keys::new(Authorization::Webhook { user: webhook.user, secret: webhook.secret }, None))
    }

    /// A portal, a token it doesn't accept, and Lena's token for when that is renewed.
    pub(crate) async fn with_stale_token() -> Self {
        let portal = Portal::start(PortalOptions::default()).unwrap();
        let stale = Authorization::Token("stale".to_owned().into());
        let mut bench = Self::with(portal, Keys::new(stale, None));
        let token = bench.token().await;
        bench.keys.next.get_mut().push(Authorization::Token(token));
        bench
    }

    fn with(portal: Portal, keys: Keys) -> Self {
        let now = Arc::new(Mutex::new(NOW.parse().unwrap()));
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(move || *now.lock().unwrap())
        };
        let ledger = Arc::new(MemoryLedger::default());
        let egress = Arc::new(Egress::new(Arc::<MemoryLedger>::clone(&ledger), clock.clone()));
        Self {
            portal,
            memory: CrmMemory::default(),
            ledger,
            egress,
            clock,
            now,
            keys,
            calls_before: Cell::new(0),
            own: vec!["lena@brightline.example".to_owned()],
            domains: Vec::new(),
            rules: LogRules::default(),
        }
    }

    pub(crate) fn url(&self) -> PortalUrl {
        self.portal.base_url().parse().unwrap()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn client(&self) -> Client<&Keys> {
        self.client_at(HURRY)
    }

    pub(crate) fn client_at(&self, pace: Pace) -> Client<&Keys> {
        Client::new(Arc::clone(&self.egress), RestEndpoint::standard(self.url()), &self.keys, pace)
    }

    /// The keys of another user's webhook.
    pub(crate) fn keys_of(&self, user: i64) -> Keys {
        let webhook: WebhookAddress = self.portal.webhook_of(user).unwrap().parse().unwrap();
        Keys::new(Authorization::Webhook { user: webhook.user, secret: webhook.secret }, None)
    }

    /// Another host's client: nothing is shared but the portal.
    pub(crate) fn client_with<'a>(&self, keys: &'a Keys) -> Client<&'a Keys> {
        Client::new(Arc::clone(&self.egress), RestEndpoint::standard(self.url()), keys, HURRY)
    }

    /// What methods about people get in another host.
    pub(crate) fn elsewhere<'a>(
        &'a self,
        client: &'a Client<&'a Keys>,
        memory: &'a CrmMemory,
        user: u64,
        own_addresses: &'a [String],
    ) -> LookupContext<'a, &'a Keys> {
        let crm = CrmContext { client, memory, clock: &self.clock };
        LookupContext { crm, user, own_addresses, team_domains: &self.domains, may_look_up: &|_| Ok(()) }
    }

    /// What the administrator and the person list from now on.
    pub(crate) fn list_never(&mut self, by_policy: &[&str], by_person: &[&str]) {
        let list = |entries: &[&str]| entries.iter().map(|entry| Listed::parse(entry).unwrap()).collect::<Vec<_>>();
        self.rules.never_log = NeverLog::new(&list(by_policy), &list(by_person));
    }

    pub(crate) fn team_domain(&mut self, domain: &str) {
        self.domains.push(domain.to_owned());
    }

    /// From now on only that address is known as the person's own.
    pub(crate) fn own(&mut self, address: &str) {
        self.own = vec![address.to_owned()];
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        *self.now.lock().unwrap() += time;
    }

    /// HTTP calls since this was asked last.
    pub(crate) fn calls(&self) -> usize {
        let calls = self.portal.stats().http_calls;
        calls - self.calls_before.replace(calls)
    }

    /// The requests since [`Bench::calls`] was asked last.
    pub(crate) fn requests(&self) -> Vec<LogEntry> {
        let log = self.portal.log();
        log[log.len() - (self.portal.stats().http_calls - self.calls_before.get())..].to_vec()
    }

    pub(crate) fn ledger(&self) -> Vec<Entry> {
        self.ledger.entries()
    }

    pub(crate) fn crm<'a>(&'a self, client: &'a Client<&'a Keys>) -> CrmContext<'a, &'a Keys> {
        CrmContext { client, memory: &self.memory, clock: &self.clock }
    }

    /// Looks up with a client of its own, and shows the parts to `watch` as they come.
    pub(crate) async fn watch(&self, params: &LookupParams, watch: impl FnMut(Lookup)) -> Result<Lookup, Failure> {
        let client = self.client();
        lookup(&self.about_people(&client), params, watch).await
    }

    /// What methods about people get.
    pub(crate) fn about_people<'a>(&'a self, client: &'a Client<&'a Keys>) -> LookupContext<'a, &'a Keys> {
        LookupContext {
            crm: self.crm(client),
            user: LENA,
            own_addresses: &self.own,
            team_domains: &self.domains,
            may_look_up: &|_| Ok(()),
        }
    }

    /// Looks up; gives the parts too.
    pub(crate) async fn try_lookup(&self, params: &LookupParams) -> (Result<Lookup, Failure>, Vec<Lookup>) {
        let mut parts = Vec::new();
        let result = self.watch(params, |part| parts.push(part)).await;
        (result, parts)
    }

    pub(crate) async fn lookup(&self, addresses: &[&str]) -> Lookup {
        let params = params(addresses);
        self.try_lookup(&params).await.0.unwrap()
    }

    pub(crate) async fn person(&self, address: &str) -> Person {
        let mut lookup = self.lookup(&[address]).await;
        assert_eq!((lookup.people.len(), lookup.notices.as_slice()), (1, [].as_slice()));
        lookup.people.remove(0)
    }

    /// Somebody makes a deal.
    pub(crate) async fn add_deal(&self, fields: &serde_json::Value) {
        let params = serde_json::json!({ "fields": fields });
        self.client().call::<u64>(Purpose::Create, "crm.deal.add", &params, Vec::new()).await.unwrap();
    }

    pub(crate) async fn reference(&self, fresh: bool) -> Result<Reference, Failure> {
        let client = self.client();
        reference(&self.crm(&client), &ReferenceParams { fresh }).await
    }

    /// As after connecting: reference data is there. Counting starts after it.
    pub(crate) async fn connected() -> Self {
        let bench = Self::new();
        bench.reference(false).await.unwrap();
        assert_eq!(bench.calls(), 1);
        bench
    }

    /// Lena's access token, by the way a person's browser goes.
    async fn token(&self) -> SecretString {
        let state = format!("/oauth/authorize/?client_id={}&state=s", self.portal.client_id());
        let location = redirect(self.portal.base_url().strip_prefix("http://").unwrap(), &state);
        let query: Vec<(String, String)> = url::Url::parse(&location).unwrap().query_pairs().into_owned().collect();
        let of = |name: &str| query.iter().find(|(key, _)| key == name).unwrap().1.clone();
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("client_id", self.portal.client_id()),
                ("client_secret", self.portal.client_secret()),
                ("code", &of("code")),
            ])
            .finish();
        let server = AuthorizationServer::new(&self.url(), &of("server_domain")).unwrap();
        let outgoing = Outgoing {
            purpose: Purpose::Connect,
            destination: Destination::AuthorizationServer(server),
            path: "/oauth/token/".to_owned().into(),
            body: Body::Form(form.into_bytes().into()),
            methods: std::collections::BTreeMap::new(),
            addresses: Vec::new(),
            deadline: Duration::from_secs(20),
        };
        let answer = self.egress.send(outgoing).await.unwrap();
        let tokens: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        tokens["access_token"].as_str().unwrap().to_owned().into()
    }
}

/// Whatever a test does, these must hold.
impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let stats = self.portal.stats();
        assert_eq!(stats.widened_filters, []);
        assert_eq!(stats.sent_mail, []);
        assert_eq!(stats.secrets_in_urls, 0);
        for entry in self.portal.log() {
            assert!(entry.user_agent.starts_with("gmail-sync-bitrix24/"), "{}", entry.user_agent);
            assert_eq!(entry.http_method, "POST");
            assert!(entry.batched.len() <= 50);
        }
    }
}

pub(crate) fn params(addresses: &[&str]) -> LookupParams {
    let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
    LookupParams { mailbox: Some("lena@brightline.example".to_owned()), addresses, fresh: false }
}

/// Where a GET is redirected to.
#[expect(clippy::disallowed_methods, reason = "the test is the browser")]
fn redirect(authority: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let header =
        answer.lines().find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("location")));
    header.unwrap().1.to_owned()
}
