//! Connections: the host's permission to use a portal. What is secret about one is in the keychain, the rest here.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::portal::{AuthorizationServer, Page, PortalUrl, RestEndpoint};
use crate::protocol::{ConnectionMode, PortalUser};
use crate::state::StateFile;

/// A portal this computer is connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The portal, and the connection's name.
    pub portal: PortalUrl,
    /// The address below which the portal's methods are: `https://acme.bitrix24.com/rest/`.
    pub client_endpoint: String,
    /// How the host gets in.
    pub access: Access,
    /// Who the portal says the person is.
    pub user: ConnectedUser,
    /// Since when.
    pub since: Timestamp,
    /// Where the person agreed that it is, if it is none of Bitrix24's own and the administrator didn't name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<IpAddr>,
}

/// The two ways in, without their secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Access {
    /// A local application.
    Oauth {
        /// `local.…`
        client_id: String,
        /// The portal's own id, which stays when it is renamed.
        member_id: String,
        /// Where tokens are renewed: `https://oauth.bitrix.info`.
        authorization_server: String,
        /// The port of the registered redirect address, for connecting again.
        #[serde(default)]
        callback_port: Option<u16>,
    },
    /// An inbound webhook.
    Webhook,
}

/// A user of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedUser {
    /// The portal's id.
    pub id: u64,
    /// As the portal spells it; empty if it has none.
    pub name: String,
}

impl Connection {
    /// Where its methods are.
    ///
    /// # Errors
    /// When the stored address was tampered with.
    pub fn endpoint(&self) -> Result<RestEndpoint, Failure> {
        RestEndpoint::new(self.portal.clone(), &self.client_endpoint)
    }

    /// Where its tokens are renewed, checked once more against the compiled list; `None` for a webhook.
    ///
    /// # Errors
    /// When the stored address was tampered with.
    pub fn authorization_server(&self) -> Result<Option<AuthorizationServer>, Failure> {
        match &self.access {
            Access::Oauth { authorization_server, .. } => {
                AuthorizationServer::new(&self.portal, authorization_server).map(Some)
            }
            Access::Webhook => Ok(None),
        }
    }

    /// The local application's client id; `None` for a webhook.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        match &self.access {
            Access::Oauth { client_id, .. } => Some(client_id),
            Access::Webhook => None,
        }
    }

    /// Whether both lead to one portal, whatever it is called: its member id stays. A webhook has none that could show it.
    #[must_use]
    pub fn is_same_portal(&self, other: &Self) -> bool {
        match (&self.access, &other.access) {
            (Access::Oauth { member_id: one, .. }, Access::Oauth { member_id: another, .. }) => one == another,
            (Access::Webhook, _) | (_, Access::Webhook) => false,
        }
    }

    /// A connection to that portal, for tests.
    #[cfg(test)]
    pub(crate) fn sample(portal: &str, access: Access) -> Self {
        Self {
            portal: portal.parse().unwrap(),
            client_endpoint: format!("https://{portal}/rest/"),
            access,
            user: ConnectedUser { id: 7, name: String::new() },
            since: Timestamp::UNIX_EPOCH,
            agreed: vec![],
        }
    }

    /// The port that was used for connecting.
    #[must_use]
    pub fn callback_port(&self) -> Option<u16> {
        match self.access {
            Access::Oauth { callback_port, .. } => callback_port,
            Access::Webhook => None,
        }
    }

    /// How the host gets in, as the extension is told.
    #[must_use]
    pub fn mode(&self) -> ConnectionMode {
        match self.access {
            Access::Oauth { .. } => ConnectionMode::Oauth,
            Access::Webhook => ConnectionMode::Webhook,
        }
    }

    /// The person, as the extension is told.
    #[must_use]
    pub fn portal_user(&self) -> PortalUser {
        PortalUser {
            id: self.user.id.to_string(),
            name: self.user.name.clone(),
            url: self.portal.page(Page::User, self.user.id),
        }
    }
}

/// All connections of this user account; usually one.
#[derive(Clone)]
pub struct Connections(StateFile<Vec<Connection>>);

impl Connections {
    /// Those in the state folder.
    #[must_use]
    pub fn new(paths: &Paths) -> Self {
        Self(StateFile::new(paths, "connections.json"))
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn all(&self) -> Result<Vec<Connection>, Failure> {
        self.0.read()
    }

    /// The one to that portal.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn find(&self, portal: &PortalUrl) -> Result<Option<Connection>, Failure> {
        Ok(self.all()?.into_iter().find(|connection| connection.portal == *portal))
    }

    /// The one to that portal, or the only one if none is named.
    ///
    /// # Errors
    /// [`Reason::NotConnected`], or [`Reason::WhichPortal`] if there are several and none is named.
    pub fn select(&self, portal: Option<&PortalUrl>) -> Result<Connection, Failure> {
        let mut all = self.all()?;
        if let Some(portal) = portal {
            all.retain(|connection| connection.portal == *portal);
        }
        match all.len() {
            0 | 1 => all.pop().ok_or(Reason::NotConnected.into()),
            count => Err(Failure::new(Reason::WhichPortal).with("count", count)),
        }
    }

    /// Adds a connection, in place of an older one to the same portal.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn put(&self, connection: Connection) -> Result<(), Failure> {
        self.0.update(|all| {
            all.retain(|other| other.portal != connection.portal);
            all.push(connection);
            Ok(())
        })
    }

    /// Forgets the connection to that portal.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn remove(&self, portal: &PortalUrl) -> Result<(), Failure> {
        self.0.update(|all| {
            all.retain(|connection| connection.portal != *portal);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(portal: &str) -> Connection {
        let access = Access::Oauth {
            client_id: "local.5f0".into(),
            member_id: "a223".into(),
            authorization_server: "https://oauth.bitrix.info".into(),
            callback_port: None,
        };
        let user = ConnectedUser { id: 7, name: "Ann Lee".into() };
        Connection { user, ..Connection::sample(portal, access) }
    }

    #[test]
    fn a_connection_is_named_by_its_portal() {
        let folder = tempfile::tempdir().unwrap();
        let connections = Connections::new(&Paths::at(folder.path()).unwrap());
        assert_eq!(connections.select(None).unwrap_err().reason(), Reason::NotConnected);
        connections.put(connection("acme.bitrix24.com")).unwrap();
        connections.put(Connection { access: Access::Webhook, ..connection("acme.bitrix24.com") }).unwrap();
        assert_eq!(connections.select(None).unwrap().mode(), ConnectionMode::Webhook);
        connections.put(connection("other.bitrix24.com")).unwrap();
        assert_eq!(connections.select(None).unwrap_err().reason(), Reason::WhichPortal);
        let other = "other.bitrix24.com".parse().unwrap();
        assert_eq!(connections.select(Some(&other)).unwrap(), connection("other.bitrix24.com"));
        connections.remove(&other).unwrap();
        assert_eq!(connections.find(&other).unwrap(), None);
        assert_eq!(connections.all().unwrap().len(), 1);
    }

    #[test]
    fn an_edited_file_sends_no_secret_elsewhere() {
        let mut edited = connection("acme.bitrix24.com");
        edited.client_endpoint = "https://evil.example/rest/".into();
        assert_eq!(edited.endpoint().unwrap_err().reason(), Reason::OtherPortal);
        if let Access::Oauth { authorization_server, .. } = &mut edited.access {
            *authorization_server = "https://oauth.evil.example".into();
        }
        assert_eq!(edited.authorization_server().unwrap_err().reason(), Reason::UnknownAuthorizationServer);
    }
}
