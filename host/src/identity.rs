//! Who the portal says we are, and what it lets us do: asked right after connecting, and by `--check`.

use jiff::Timestamp;

use crate::bitrix24::batch::{Batch, BatchReply, Command};
use crate::bitrix24::models::UserRow;
use crate::bitrix24::{Client, Credentials, permission};
use crate::connection::ConnectedUser;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

/// The permissions without which nothing works. `user_basic` and not `user_brief`: the latter drops filters by e-mail.
///
/// Source: <https://apidocs.bitrix24.com/api-reference/scopes/permissions.html>
pub const SCOPES: &[&str] = &["crm", "user_basic"];

/// Permissions that include another.
const INCLUDES: &[(&str, &str)] = &[("user", "user_basic")];

/// What the portal said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose rights the authorization carries.
    pub user: ConnectedUser,
    /// What the application or webhook may touch; what isn't documented stands there as the same word.
    pub scopes: Vec<&'static str>,
    /// What time it is at the portal, if it says.
    pub portal_time: Option<Timestamp>,
}

impl Identity {
    /// Asks the portal.
    ///
    /// # Errors
    /// When it doesn't say, or says that the user is no longer active.
    pub async fn ask(client: &Client<impl Credentials>, purpose: Purpose) -> Result<Self, Failure> {
        let mut batch = Batch::default();
        batch.add("profile", Command::new("profile"));
        batch.add("scope", Command::new("scope"));
        batch.add("time", Command::new("server.time"));
        let reply = client.batch(purpose, batch, Vec::new()).await?;
        Self::read(&reply, client.portal(), |method, error| client.explain(method, error))
    }

    fn read(
        reply: &BatchReply,
        portal: &PortalUrl,
        explain: impl Fn(&'static str, &crate::bitrix24::envelope::NoSuccess) -> Failure,
    ) -> Result<Self, Failure> {
        // An inactive user's profile is `[]`, which reads as a row without an id.
        let profile = reply.get::<UserRow>("profile").map_err(|error| explain("profile", &error))?.result;
        let granted = reply.get::<Vec<String>>("scope").map_err(|error| explain("scope", &error))?.result;
        let mut scopes: Vec<_> = granted.iter().map(|scope| permission(scope)).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let id = profile.id.ok_or_else(|| Failure::new(Reason::UserInactive).with("portal", portal))?;
        let name = format!("{} {}", profile.name.trim(), profile.last_name.trim()).trim().to_owned();
        let portal_time = reply.get::<String>("time").ok().and_then(|time| time.result.parse().ok());
        Ok(Self { user: ConnectedUser { id, name }, scopes, portal_time })
    }

    /// The first permission that is missing.
    #[must_use]
    pub fn missing_scope(&self) -> Option<&'static str> {
        let has = |scope: &str| self.scopes.contains(&scope);
        let included = |scope: &str| INCLUDES.iter().any(|(wide, narrow)| *narrow == scope && has(wide));
        SCOPES.iter().copied().find(|scope| !has(scope) && !included(scope))
    }

    /// The permissions that nothing here needs.
    #[must_use]
    pub fn unneeded_scopes(&self) -> Vec<&'static str> {
        self.scopes.iter().copied().filter(|scope| !SCOPES.contains(scope)).collect()
    }

    /// Nothing, if every needed permission is there.
    ///
    /// # Errors
    /// [`Reason::ScopeMissing`]
    pub fn check_scopes(&self, portal: &PortalUrl) -> Result<(), Failure> {
        match self.missing_scope() {
            None => Ok(()),
            Some(scope) => Err(Failure::new(Reason::ScopeMissing).with("portal", portal).with("scope", scope)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::NoSuccess;

    fn read(json: &str) -> Result<Identity, Failure> {
        let reply: BatchReply = serde_json::from_str(json).unwrap();
        let explain =
            |method: &'static str, _: &NoSuccess| Failure::new(Reason::UnexpectedAnswer).with("method", method);
        Identity::read(&reply, &"acme.bitrix24.com".parse().unwrap(), explain)
    }

    #[test]
    fn reads_who_and_what() {
        let identity = read(
            r#"{"result":{"profile":{"ID":"7","NAME":"Ann","LAST_NAME":" Lee","ADMIN":false,"TIME_ZONE":""},"scope":["crm","user_basic"],"time":"2026-11-25T21:50:01+02:00"},"result_error":[]}"#,
        )
        .unwrap();
        assert_eq!(identity.portal_time, "2026-11-25T19:50:01Z".parse().ok());
        assert_eq!(identity.user, ConnectedUser { id: 7, name: "Ann Lee".into() });
        assert_eq!(identity.missing_scope(), None);
    }

    #[test]
    fn an_inactive_user_and_a_refusal_are_sentences() {
        let inactive = read(r#"{"result":{"profile":[],"scope":["crm"]},"result_error":[]}"#).unwrap_err();
        assert_eq!(inactive.reason(), Reason::UserInactive);
        let refused = read(r#"{"result":{"scope":[]},"result_error":{"profile":{"error":"x"}}}"#).unwrap_err();
        assert_eq!((refused.reason(), refused.arg("method")), (Reason::UnexpectedAnswer, Some("profile")));
        assert!(read(r#"{"result":[],"result_error":[]}"#).is_err());
        assert!(read(r#"{"result":{"profile":{"ID":7},"scope":"crm"},"result_error":[]}"#).is_err());
    }

    #[test]
    fn names_the_permission_that_is_missing() {
        for (scopes, missing) in [
            (&["crm", "user_basic"][..], None),
            (&["crm", "user", "task"], None),
            (&["crm"], Some("user_basic")),
            (&["crm", "user_brief"], Some("user_basic")),
            (&["user_basic"], Some("crm")),
            (&[], Some("crm")),
        ] {
            let scopes = scopes.to_vec();
            let identity = Identity { user: ConnectedUser { id: 7, name: String::new() }, scopes, portal_time: None };
            assert_eq!(identity.missing_scope(), missing);
        }
    }

    #[test]
    fn names_the_permissions_that_are_too_many() {
        let identity = read(
            r#"{"result":{"profile":{"ID":7},"scope":["anna@example.com","CRM","User_Basic","s1morf609228","user","disk"]}}"#,
        )
        .unwrap();
        assert_eq!(identity.missing_scope(), None);
        // In the documentation's words: whatever else a portal says is left out.
        assert_eq!(identity.unneeded_scopes(), ["disk", "user", "…"]);
    }
}
