//! One browser profile's host: checks the session, then one exhaustive match from question to method.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::bitrix24::Client;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::methods::{
    Caller, CrmContext, CrmMemory, LookupContext, add_address, add_entry, allow, change_never_log, change_team, check,
    choose_record, commit_log, connect, connect_webhook, create, disconnect, hello, ledger, lookup, may_look_up,
    move_deal, move_log, new_code, paste_callback, preview_log, recent, record_form, reference, search, search_users,
    set_mailbox, status, undo_log,
};
use crate::oauth::{BrowserOpener, StoredCredentials};
use crate::portal::PortalUrl;
use crate::protocol::{Call, Nothing, WireSecret};
use crate::serve::{Accepted, Parts, Service};

/// Answers the requests of one browser profile.
pub struct Host<B> {
    context: Context,
    /// The caller's origin, as its browser passed it.
    origin: String,
    browser: B,
    portals: RefCell<Vec<Rc<Portal>>>,
}

/// What is kept of a connection while the process lives.
struct Portal {
    url: PortalUrl,
    /// When the connection was made: a newer one has other credentials, and may be another person's.
    since: Timestamp,
    client: Client<StoredCredentials>,
    memory: Rc<CrmMemory>,
}

impl<B: BrowserOpener + 'static> Host<B> {
    /// For the extension at `origin`; `browser` shows the portal's authorize page.
    #[must_use]
    pub fn new(context: Context, origin: String, browser: B) -> Self {
        Self { context, origin, browser, portals: RefCell::default() }
    }

    /// Loads what the first lookup will need, behind the first answer's back. Opens no connection and no keychain.
    fn warm_up(&self) {
        let egress = Arc::clone(&self.context.egress);
        thread::spawn(move || {
            if let Err(error) = egress.warm_up() {
                tracing::warn!(%error, "no client for the network");
            }
        });
    }

    /// Whoever has no session any more leaves nothing in memory: no tokens, nobody who was looked up, no preview. The extension asks
    /// within seconds after its session was ended elsewhere.
    fn forget(&self) {
        self.portals.borrow_mut().clear();
    }

    fn portal(&self, connection: Connection) -> Result<Rc<Portal>, Failure> {
        let mut portals = self.portals.borrow_mut();
        portals.retain(|portal| portal.url != connection.portal || portal.since == connection.since);
        if let Some(portal) = portals.iter().find(|portal| portal.url == connection.portal) {
            return Ok(Rc::clone(portal));
        }
        let (url, since, endpoint) = (connection.portal.clone(), connection.since, connection.endpoint()?);
        let egress = Arc::clone(&self.context.egress);
        let client = Client::new(egress, endpoint, self.context.credentials(connection), self.context.pace);
        let memory = CrmMemory::forgetting(&self.context.clock);
        let portal = Rc::new(Portal { url, since, client, memory });
        portals.push(Rc::clone(&portal));
        Ok(portal)
    }

    fn crm<'a>(&'a self, portal: &'a Portal) -> CrmContext<'a, StoredCredentials> {
        CrmContext { client: &portal.client, memory: &portal.memory, clock: &self.context.clock }
    }

    /// Does something that is about a participant of a thread in `mailbox`.
    async fn about_people<T: Serialize>(
        &self,
        connection: Connection,
        mailbox: Option<&str>,
        work: impl AsyncFnOnce(&LookupContext<'_, StoredCredentials>) -> Result<T, Failure>,
    ) -> Result<Box<RawValue>, Failure> {
        let user = connection.user.id;
        let portal = self.portal(connection)?;
        let settings = self.context.settings.read()?;
        // The mailbox's own address is the person's, whatever else is.
        let mailbox = mailbox.map(str::to_owned);
        let own_addresses: Vec<_> = settings.own_addresses.iter().chain(&mailbox).cloned().collect();
        let team_domains: Vec<_> =
            settings.team_domains.iter().chain(&self.context.policy.team_domains).cloned().collect();
        let context = LookupContext {
            crm: self.crm(&portal),
            user,
            own_addresses: &own_addresses,
            team_domains: &team_domains,
            may_look_up: &|mailbox| may_look_up(&settings, &portal.url, mailbox),
        };
        raw(work(&context).await)
    }
}

impl<B: BrowserOpener + 'static> Service for Host<B> {
    async fn answer(&self, request: Accepted, parts: Parts) -> Result<Box<RawValue>, Failure> {
        let context = &self.context;
        let token = request.session.map(WireSecret::into_inner);
        let session = context.session(token.as_ref());
        if session.as_ref().is_err_and(|failure| failure.reason() == Reason::SessionNeeded) {
            self.forget();
        }
        let session = || session.as_ref().map_err(Clone::clone);
        let caller = Caller { origin: &self.origin, session: session().ok() };
        match request.call {
            Call::Hello(params) => {
                if session().is_ok() {
                    self.warm_up();
                }
                raw(hello(context, &params, session().ok()))
            }
            Call::Connect(params) => {
                raw(connect(context, params, &caller, &self.browser, |progress| parts.send(&progress)).await)
            }
            Call::ConnectWebhook(params) => raw(connect_webhook(context, params, &caller).await),
            Call::PasteCallback(params) => raw(paste_callback(context, params)),
            Call::Allow(params) => raw(allow(context, params, &caller)),
            Call::NewCode(_) => raw(new_code(context, session()?)),
            Call::Disconnect(params) => {
                let disconnected = disconnect(context, session()?, &params).await?;
                self.forget();
                raw(Ok(disconnected))
            }
            Call::Status(_) => raw(status(context, session()?)),
            Call::SetMailbox(params) => raw(set_mailbox(context, session()?, &params)),
            Call::ChangeTeam(params) => raw(change_team(context, session()?, &params)),
            Call::ChangeNeverLog(params) => raw(change_never_log(context, session()?, &params)),
            Call::Reference(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(reference(&self.crm(&portal), &params).await)
            }
            Call::Search(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(search(&self.crm(&portal), &params).await)
            }
            Call::SearchUsers(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(search_users(&self.crm(&portal), &params).await)
            }
            Call::Ledger(params) => raw(ledger(context, session()?, params).await),
            Call::Check(_) => raw(Ok(check(context, session().ok(), |part| parts.send(part)).await)),
            Call::Lookup(params) => {
                let connection = context.connection(session()?)?;
                let mailbox = params.mailbox.as_deref();
                let work =
                    async |context: &LookupContext<'_, _>| lookup(context, &params, |part| parts.send(&part)).await;
                self.about_people(connection, mailbox, work).await
            }
            Call::RecordForm(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(record_form(&self.crm(&portal), &params).await)
            }
            Call::Create(params) => {
                let connection = context.connection(session()?)?;
                let work = async |context: &LookupContext<'_, _>| create(context, &params).await;
                self.about_people(connection, params.mailbox.as_deref(), work).await
            }
            Call::AddAddress(params) => {
                let connection = context.connection(session()?)?;
                let work = async |context: &LookupContext<'_, _>| add_address(context, &params).await;
                self.about_people(connection, params.mailbox.as_deref(), work).await
            }
            Call::MoveDeal(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(move_deal(&self.crm(&portal), &params).await)
            }
            Call::ChooseRecord(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(choose_record(&portal.memory, params))
            }
            Call::AddEntry(params) => {
                let connection = context.connection(session()?)?;
                let (me, portal) = (connection.user.id, self.portal(connection)?);
                raw(add_entry(&self.crm(&portal), &params, me, |before| parts.send(&before)).await)
            }
            Call::Recent(params) => {
                let portal = self.portal(context.connection(session()?)?)?;
                raw(recent(&self.crm(&portal), &params).await)
            }
            Call::PreviewLog(params) => {
                let connection = context.connection(session()?)?;
                let (mailbox, me) = (params.mailbox.as_deref(), connection.user.clone());
                let rules = context.log_rules()?;
                let work = async |context: &LookupContext<'_, _>| preview_log(context, &params, &me, &rules).await;
                self.about_people(connection, mailbox, work).await
            }
            Call::CommitLog(params) => {
                let connection = context.connection(session()?)?;
                let (me, portal) = (connection.user.clone(), self.portal(connection)?);
                raw(commit_log(&self.crm(&portal), &params, &me, &context.log_rules()?).await)
            }
            Call::UndoLog(params) => {
                let connection = context.connection(session()?)?;
                let (me, portal) = (connection.user.clone(), self.portal(connection)?);
                raw(undo_log(&self.crm(&portal), &params, &me).await)
            }
            Call::MoveLog(params) => {
                let connection = context.connection(session()?)?;
                let (mailbox, me) = (params.mailbox.as_deref(), connection.user.clone());
                let work = async |context: &LookupContext<'_, _>| move_log(context, &params, &me).await;
                self.about_people(connection, mailbox, work).await
            }
            // Answered by the conversation, which knows what is running.
            Call::Cancel(_) => raw(Ok(Nothing {})),
        }
    }
}

fn raw(result: Result<impl Serialize, Failure>) -> Result<Box<RawValue>, Failure> {
    to_raw_value(&result?).map_err(|_| Reason::Internal.into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::{ExposeSecret as _, SecretString};
    use serde_json::json;
    use tokio::task::LocalSet;
    use tokio::time::sleep;

    use super::*;
    use crate::bitrix24::models::UserRow;
    use crate::clock::Clock;
    use crate::connection::Access;
    use crate::ledger::MemoryLedger;
    use crate::paths::Paths;
    use crate::policy::Policy;
    use crate::serve::accept;
    use crate::sessions::Whose;
    use crate::vault::{MemoryStore, Vault};

    /// Opens nothing.
    struct NoBrowser;

    impl BrowserOpener for NoBrowser {
        async fn open(&self, _: &url::Url) -> Result<(), Failure> {
            Err(Reason::NoBrowser.into())
        }
    }

    fn host() -> (tempfile::TempDir, Host<NoBrowser>) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::memory(Arc::new(MemoryStore::default()));
        let ledger = Arc::new(MemoryLedger::default());
        let context =
            Context::new(Paths::at(folder.path()).unwrap(), vault, ledger, Policy::default(), Clock::of_tokio());
        (folder, Host::new(context, String::new(), NoBrowser))
    }

    #[tokio::test]
    async fn whoever_has_no_session_any_more_leaves_nothing_in_memory() {
        let (_folder, host) = host();
        let connection = Connection::sample("acme.bitrix24.com", Access::Webhook);
        host.context.connections.put(connection.clone()).unwrap();
        let shared = async |method: &str, session: &SecretString| {
            let (token, id) = (session.expose_secret(), "1");
            let frame = json!({"v": 1, "id": id, "method": method, "session": token, "params": {}}).to_string();
            let kept = Rc::downgrade(&host.portal(connection.clone()).unwrap());
            let answer = host.answer(accept(frame.as_bytes()).unwrap(), Parts::to_nobody()).await;
            (answer.map(drop).map_err(|failure| failure.reason()), kept.upgrade().is_some())
        };
        let work = async {
            let issue = || host.context.sessions.issue(&connection.portal, "", host.context.clock.now()).unwrap();
            let (revoked, last) = (issue(), issue());
            assert_eq!(shared("status", &revoked).await, (Ok(()), true));
            let id = host.context.session(Some(&revoked)).unwrap().id;
            host.context.sessions.revoke(Whose::Session(&id)).unwrap();
            assert_eq!(shared("status", &revoked).await, (Err(Reason::SessionNeeded), false));
            assert_eq!(shared("status", &last).await, (Ok(()), true));
            assert_eq!(shared("disconnect", &last).await, (Ok(()), false));
        };
        LocalSet::new().run_until(work).await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_old_leaves_the_memory_though_nobody_asks() {
        let (_folder, host) = host();
        let connection = Connection::sample("acme.bitrix24.com", Access::Webhook);
        let an_hour = async {
            let portal = host.portal(connection).unwrap();
            let learned = host.context.clock.now();
            portal.memory.cache().users.put(7, UserRow::default(), learned);
            let is_kept = || portal.memory.cache().users.get(&7, learned).is_some();
            sleep(Duration::from_mins(59)).await;
            assert!(is_kept());
            sleep(Duration::from_mins(2)).await;
            assert!(!is_kept());
        };
        LocalSet::new().run_until(an_hour).await;
    }
}
