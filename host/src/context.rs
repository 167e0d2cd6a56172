//! What the methods and the command line work with.

use std::sync::Arc;

use secrecy::SecretString;

use crate::bitrix24::Pace;
use crate::clock::Clock;
use crate::connection::{Connection, Connections};
use crate::egress::Egress;
use crate::failure::{Failure, Reason};
use crate::ledger::{self, AddressIndex, Ledger, Record};
use crate::methods::LogRules;
use crate::never_log::NeverLog;
use crate::oauth::{Attempts, StoredCredentials};
use crate::paths::Paths;
use crate::policy::Policy;
use crate::portal::PortalUrl;
use crate::provision::Provisions;
use crate::sessions::{Session, Sessions};
use crate::settings::{Settings, settings_file};
use crate::state::StateFile;
use crate::vault::Vault;

/// One state folder with all that belongs to it, and the way out. Making one opens nothing: the keychain and the list of
/// trusted authorities are loaded by whoever needs them first.
pub struct Context {
    /// The state folder.
    pub paths: Paths,
    /// The keychain.
    pub vault: Vault,
    /// The way out.
    pub egress: Arc<Egress>,
    /// The administrator's choices.
    pub policy: Policy,
    /// What time it is.
    pub clock: Clock,
    /// The portals this computer is connected to.
    pub connections: Connections,
    /// Which browser profiles may use them.
    pub sessions: Sessions,
    /// The person's choices.
    pub settings: StateFile<Settings>,
    /// The extension's version at its last greeting; empty before the first one.
    pub extension_version: StateFile<String>,
    /// Keys that a fleet's tools left for connecting.
    pub provisions: Provisions,
    /// The attempt to connect that is running in this process.
    pub attempts: Attempts,
    /// How fast a portal may be asked.
    pub pace: Pace,
}

impl Context {
    /// The state folder, keychain and policy of the person who runs the host.
    ///
    /// # Errors
    /// When there is no usable state folder, or the policy can't be read.
    pub fn system() -> Result<Self, Failure> {
        let paths = Paths::find()?;
        let vault = Vault::keychain(paths.keychain_mark());
        Ok(Self::in_folder(paths, vault, Policy::load()?))
    }

    /// What that state folder holds, its ledger too, on this computer and under that policy.
    #[must_use]
    pub fn in_folder(paths: Paths, vault: Vault, policy: Policy) -> Self {
        let kept = policy.ledger_retention_days.unwrap_or_default();
        let ledger = Arc::new(Ledger::new(paths.file(ledger::FOLDER)).keeping(kept));
        Self::new(paths, vault, ledger, policy, Clock::system())
    }

    /// From its parts.
    #[must_use]
    pub fn new(paths: Paths, vault: Vault, ledger: Arc<dyn Record>, policy: Policy, clock: Clock) -> Self {
        let egress = Egress::new(ledger, clock.clone())
            .with_inside(&policy.portals)
            .with_authorities(policy.authorities.clone())
            .with_proxy(policy.proxy_mode.clone().unwrap_or_default())
            .with_index(AddressIndex::new(&paths, vault.clone()));
        Self {
            egress: Arc::new(egress),
            connections: Connections::new(&paths),
            sessions: Sessions::new(&paths),
            settings: settings_file(&paths),
            extension_version: StateFile::new(&paths, "extension.json"),
            provisions: Provisions::new(&paths, vault.clone()),
            attempts: Attempts::default(),
            pace: Pace::default(),
            paths,
            vault,
            policy,
            clock,
        }
    }

    /// The session a token belongs to.
    ///
    /// # Errors
    /// [`Reason::SessionNeeded`]
    pub fn session(&self, token: Option<&SecretString>) -> Result<Session, Failure> {
        self.sessions.check(token.ok_or(Reason::SessionNeeded)?, self.clock.now())
    }

    /// The connection a session belongs to, to be used.
    ///
    /// # Errors
    /// [`Reason::NotConnected`]; [`Reason::PortalNotAllowed`] if policy forbids by now what it once allowed.
    pub fn connection(&self, session: &Session) -> Result<Connection, Failure> {
        self.allowed(self.known_connection(session)?)
    }

    /// The connection a session belongs to, to be told of, or left for the portal's new address: no policy stands against that.
    ///
    /// # Errors
    /// [`Reason::NotConnected`]
    pub fn known_connection(&self, session: &Session) -> Result<Connection, Failure> {
        self.connections.find(&session.portal)?.ok_or(Reason::NotConnected.into())
    }

    /// The connection to that portal, or the only one if none is named, to be used.
    ///
    /// # Errors
    /// As [`Connections::select`], and [`Reason::PortalNotAllowed`].
    pub fn select(&self, portal: Option<&PortalUrl>) -> Result<Connection, Failure> {
        self.allowed(self.connections.select(portal)?)
    }

    fn allowed(&self, connection: Connection) -> Result<Connection, Failure> {
        self.policy.check_portal(&connection.portal)?;
        Ok(connection)
    }

    /// What may be logged, as of now.
    ///
    /// # Errors
    /// When the settings can't be read.
    pub fn log_rules(&self) -> Result<LogRules, Failure> {
        let never_log = NeverLog::new(&self.policy.never_log, &self.settings.read()?.never_log);
        Ok(LogRules { never_log, subject_only: self.policy.is_subject_only() })
    }

    /// The hashes of addresses beside the ledger, and their key.
    #[must_use]
    pub fn address_index(&self) -> AddressIndex {
        AddressIndex::new(&self.paths, self.vault.clone())
    }

    /// The way in at a connection, which may be where the person agreed that it is. It remembers its token: keep it as long as the
    /// connection is used.
    #[must_use]
    pub fn credentials(&self, connection: Connection) -> StoredCredentials {
        self.egress.agree(&connection.portal, &connection.agreed);
        StoredCredentials::new(
            connection,
            self.vault.clone(),
            Arc::clone(&self.egress),
            self.clock.clone(),
            &self.paths,
        )
    }
}
