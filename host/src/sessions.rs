//! Sessions: a browser profile's permission to use the host.
//!
//! A session token stays in one browser profile; of it only a hash is kept here. Once a portal is connected, a further
//! profile gets in with a one-time code, which is short because it is typed, and therefore short-lived.

use std::sync::LazyLock;

use data_encoding::{BASE64URL_NOPAD, Encoding, HEXLOWER, Specification};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::portal::PortalUrl;
use crate::state::StateFile;

/// How long a one-time code lasts.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_secs(120);

/// How many guesses a one-time code allows, over all processes.
const CODE_TRIES: u32 = 5;

/// How exactly it is known when a session was used last: a file is not written for each request.
const SEEN_STEP: SignedDuration = SignedDuration::from_secs(3600);

/// How long a session is kept that nobody has used. A host that was killed before its answer leaves one that nobody can use.
const UNUSED_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A session, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names it in lists: 8 hexadecimal digits.
    pub id: String,
    /// The connection it belongs to.
    pub portal: PortalUrl,
    /// Who has it: the extension's origin.
    pub label: String,
    /// When it was issued.
    pub created: Timestamp,
    /// When it was used last, to the hour; nothing before its first use.
    #[serde(default)]
    pub last_seen: Option<Timestamp>,
    /// SHA-256 of the token.
    hash: String,
}

impl Session {
    /// Whether a browser profile is known to have it: a token that was never used may have reached nobody.
    #[must_use]
    pub const fn has_arrived(&self) -> bool {
        self.last_seen.is_some()
    }
}

/// Whose access ends.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// The session of that id.
    Session(&'a str),
    /// All with a portal.
    Portal(&'a PortalUrl),
    /// All there are.
    Everybody,
}

impl Whose<'_> {
    fn is(self, session: &Session) -> bool {
        match self {
            Self::Session(id) => session.id == id,
            Self::Portal(portal) => session.portal == *portal,
            Self::Everybody => true,
        }
    }

    /// Whether a waiting code for `portal` goes, too, where these sessions were ended. It isn't kept which profile asked for it, which
    /// may have gone over to another portal meanwhile, and another one is made by a click: so it goes with any session.
    fn takes_code(self, portal: &PortalUrl, ended: &[Session]) -> bool {
        match self {
            Self::Session(_) => !ended.is_empty(),
            Self::Portal(left) => left == portal,
            Self::Everybody => true,
        }
    }
}

/// What the file holds.
#[derive(Default, Serialize, Deserialize)]
struct Book {
    sessions: Vec<Session>,
    #[serde(default)]
    code: Option<Code>,
}

/// The one-time code that is waiting.
#[derive(Serialize, Deserialize)]
struct Code {
    hash: String,
    portal: PortalUrl,
    expires: Timestamp,
    tries_left: u32,
}

/// All sessions of this user account, in all browsers.
#[derive(Clone)]
pub struct Sessions(StateFile<Book>);

impl Sessions {
    /// Those in the state folder.
    #[must_use]
    pub fn new(paths: &Paths) -> Self {
        Self(StateFile::new(paths, "sessions.json"))
    }

    /// A new session with a connection. The token is shown this once.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn issue(&self, portal: &PortalUrl, label: &str, now: Timestamp) -> Result<SecretString, Failure> {
        self.0.update(|book| book.issue(portal, label, now))
    }

    /// The session a token belongs to.
    ///
    /// # Errors
    /// [`Reason::SessionNeeded`]
    pub fn check(&self, token: &SecretString, now: Timestamp) -> Result<Session, Failure> {
        let hash = hash(token.expose_secret());
        let session = self.0.read()?.find(&hash).cloned().ok_or(Reason::SessionNeeded)?;
        if session.last_seen.is_none_or(|seen| now.duration_since(seen) >= SEEN_STEP) {
            self.0.update(|book| {
                let seen = book.sessions.iter_mut().filter(|other| other.id == session.id);
                seen.for_each(|other| other.last_seen = Some(now));
                Ok(())
            })?;
        }
        Ok(session)
    }

    /// All sessions, the oldest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn list(&self) -> Result<Vec<Session>, Failure> {
        Ok(self.0.read()?.sessions)
    }

    /// Takes access away, and returns the sessions that were ended. A one-time code that waits is worth nothing any more, but
    /// where a whole portal is left, one for another portal: whoever was shut out may have asked for it just before.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn revoke(&self, whose: Whose<'_>) -> Result<Vec<Session>, Failure> {
        self.0.update(|book| {
            let (ended, kept): (Vec<_>, _) = book.sessions.drain(..).partition(|session| whose.is(session));
            book.sessions = kept;
            book.code = book.code.take().filter(|code| !whose.takes_code(&code.portal, &ended));
            Ok(ended)
        })
    }

    /// Ends the session that a browser profile had before it was given another one. Nobody loses access by that, so a waiting code stays.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn replace(&self, old: &Session) -> Result<(), Failure> {
        self.0.update(|book| {
            book.sessions.retain(|session| session.id != old.id);
            Ok(())
        })
    }

    /// A portal that has moved takes its sessions along.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn follow(&self, from: &PortalUrl, to: &PortalUrl) -> Result<(), Failure> {
        self.0.update(|book| {
            let moved = book.sessions.iter_mut().filter(|session| session.portal == *from);
            moved.for_each(|session| session.portal = to.clone());
            Ok(())
        })
    }

    /// A one-time code for a further browser profile: `K7QF-2MXD`, good for [`CODE_LIFE`]. It replaces an older one.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn new_code(&self, portal: &PortalUrl, now: Timestamp) -> Result<SecretString, Failure> {
        self.0.update(|book| book.new_code(portal, now))
    }

    /// A one-time code that an allowed profile shows. That it is still allowed is looked at in the same moment: a code that was made
    /// while somebody shut the profile out would let it back in.
    ///
    /// # Errors
    /// [`Reason::SessionNeeded`], or when the file can't be written.
    pub fn new_code_of(&self, session: &Session, now: Timestamp) -> Result<SecretString, Failure> {
        self.0.update(|book| {
            let known = book.sessions.iter().find(|known| known.id == session.id).ok_or(Reason::SessionNeeded)?;
            let portal = known.portal.clone();
            book.new_code(&portal, now)
        })
    }

    /// A session for a one-time code, and the portal it is for.
    ///
    /// # Errors
    /// [`Reason::NoCode`], [`Reason::CodeWrong`]
    pub fn redeem(
        &self,
        code: &SecretString,
        label: &str,
        now: Timestamp,
    ) -> Result<(SecretString, PortalUrl), Failure> {
        let given = hash(&typed(code.expose_secret()));
        self.0.update(|book| Ok(book.redeem(&given, label, now)))?
    }
}

impl Book {
    fn issue(&mut self, portal: &PortalUrl, label: &str, now: Timestamp) -> Result<SecretString, Failure> {
        let token = SecretString::from(BASE64URL_NOPAD.encode(&random::<32>()?));
        self.sessions.retain(|other| other.has_arrived() || now.duration_since(other.created) < UNUSED_LIFE);
        self.sessions.push(Session {
            id: HEXLOWER.encode(&random::<4>()?),
            portal: portal.clone(),
            label: label.to_owned(),
            created: now,
            last_seen: None,
            hash: hash(token.expose_secret()),
        });
        Ok(token)
    }

    /// Compares with every hash, each in constant time.
    fn find(&self, hash: &str) -> Option<&Session> {
        let same = |session: &&Session| bool::from(session.hash.as_bytes().ct_eq(hash.as_bytes()));
        self.sessions.iter().fold(None, |found, session| Some(session).filter(same).or(found))
    }

    fn new_code(&mut self, portal: &PortalUrl, now: Timestamp) -> Result<SecretString, Failure> {
        let code = CODE_LETTERS.encode(&random::<5>()?);
        let expires = now.checked_add(CODE_LIFE).unwrap_or(now);
        self.code = Some(Code { hash: hash(&code), portal: portal.clone(), expires, tries_left: CODE_TRIES });
        let (first, second) = code.split_at(4);
        Ok(format!("{first}-{second}").into())
    }

    fn redeem(&mut self, given: &str, label: &str, now: Timestamp) -> Result<(SecretString, PortalUrl), Failure> {
        let mut code = self.code.take().filter(|code| now < code.expires).ok_or(Reason::NoCode)?;
        if !bool::from(code.hash.as_bytes().ct_eq(given.as_bytes())) {
            code.tries_left = code.tries_left.saturating_sub(1);
            let left = code.tries_left;
            self.code = Some(code).filter(|code| code.tries_left > 0);
            return Err(Failure::new(Reason::CodeWrong).with("left", left));
        }
        Ok((self.issue(&code.portal, label, now)?, code.portal))
    }
}

/// Digits and letters without those that look like others. <https://www.crockford.com/base32.html>
static CODE_LETTERS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut letters = Specification::new();
    letters.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    letters.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

/// As it was printed, from what was typed: in any case, with or without the hyphen, and with the letters that look alike.
fn typed(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

fn hash(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Reason::NoRandomNumbers)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> (tempfile::TempDir, Sessions) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path()).unwrap();
        (folder, Sessions::new(&paths))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn portal() -> PortalUrl {
        "acme.bitrix24.com".parse().unwrap()
    }

    const LABEL: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop/";

    #[test]
    fn a_token_opens_its_session_until_it_is_revoked() {
        let (folder, sessions) = sessions();
        let one = sessions.issue(&portal(), LABEL, at(0)).unwrap();
        let other = sessions.issue(&"other.bitrix24.com".parse().unwrap(), LABEL, at(0)).unwrap();
        assert_eq!(one.expose_secret().len(), 43);
        assert_eq!(sessions.check(&one, at(1)).unwrap().portal, portal());
        assert_eq!(sessions.check(&other, at(1)).unwrap().portal.to_string(), "other.bitrix24.com");
        assert_eq!(sessions.check(&"guess".into(), at(1)).unwrap_err().reason(), Reason::SessionNeeded);
        let id = sessions.check(&one, at(1)).unwrap().id;
        assert_eq!(sessions.revoke(Whose::Session(&id)).unwrap().len(), 1);
        assert_eq!(sessions.check(&one, at(2)).unwrap_err().reason(), Reason::SessionNeeded);
        assert_eq!(sessions.list().unwrap().len(), 1);
        let file = std::fs::read_to_string(folder.path().join("sessions.json")).unwrap();
        assert!(!file.contains(other.expose_secret()));
    }

    #[test]
    fn a_sessions_last_use_is_kept_to_the_hour() {
        let (_folder, sessions) = sessions();
        let token = sessions.issue(&portal(), LABEL, at(0)).unwrap();
        let seen = || sessions.list().unwrap()[0].last_seen;
        assert_eq!(seen(), None);
        for (now, kept) in [(1, 1), (3600, 1), (3601, 3601)] {
            sessions.check(&token, at(now)).unwrap();
            assert_eq!(seen(), Some(at(kept)));
        }
    }

    #[test]
    fn a_session_that_nobody_uses_for_a_day_makes_room_for_the_next() {
        const DAY: i64 = 86_400;
        let (_folder, sessions) = sessions();
        let used = sessions.issue(&portal(), LABEL, at(0)).unwrap();
        let used = sessions.check(&used, at(1)).unwrap().id;
        sessions.issue(&portal(), LABEL, at(2)).unwrap();
        // Somebody may only be slow to use it.
        let slow = sessions.issue(&portal(), LABEL, at(3)).unwrap();
        sessions.issue(&portal(), LABEL, at(2 + DAY)).unwrap();
        let slow = sessions.check(&slow, at(2 + DAY)).unwrap().id;
        let arrived = sessions.list().unwrap().into_iter().map(|session| (session.has_arrived(), session.id));
        let arrived: Vec<_> = arrived.collect();
        assert_eq!(arrived[..2], [(true, used), (true, slow)]);
        assert_eq!((arrived.len(), arrived[2].0), (3, false));
    }

    #[test]
    fn a_code_gives_one_session() {
        let (folder, sessions) = sessions();
        let code = sessions.new_code(&portal(), at(0)).unwrap();
        assert_eq!((code.expose_secret().len(), code.expose_secret().as_bytes()[4]), (9, b'-'));
        let file = std::fs::read_to_string(folder.path().join("sessions.json")).unwrap();
        assert!(!file.contains(&code.expose_secret().replace('-', "")));
        let as_typed =
            format!(" {} ", code.expose_secret().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
        let (token, for_portal) = sessions.redeem(&as_typed.into(), LABEL, at(119)).unwrap();
        assert_eq!(for_portal, portal());
        assert_eq!(sessions.check(&token, at(120)).unwrap().label, LABEL);
        assert_eq!(sessions.redeem(&code, LABEL, at(119)).unwrap_err().reason(), Reason::NoCode);
    }

    #[test]
    fn a_code_ends_after_two_minutes_and_with_the_next_one() {
        let (_folder, sessions) = sessions();
        let old = sessions.new_code(&portal(), at(0)).unwrap();
        assert_eq!(sessions.redeem(&old, LABEL, at(120)).unwrap_err().reason(), Reason::NoCode);
        let old = sessions.new_code(&portal(), at(200)).unwrap();
        sessions.new_code(&portal(), at(201)).unwrap();
        assert_eq!(sessions.redeem(&old, LABEL, at(202)).unwrap_err().reason(), Reason::CodeWrong);
    }

    #[test]
    fn whoever_is_shut_out_has_no_code_left() {
        let (_folder, sessions) = sessions();
        let other: PortalUrl = "other.bitrix24.com".parse().unwrap();
        let id_at = |portal: &PortalUrl| {
            let token = sessions.issue(portal, LABEL, at(0)).unwrap();
            sessions.check(&token, at(0)).unwrap().id
        };
        id_at(&other);
        let left_after = |whose: Whose<'_>| {
            let code = sessions.new_code(&portal(), at(1)).unwrap();
            sessions.revoke(whose).unwrap();
            sessions.redeem(&code, LABEL, at(2)).map(drop).map_err(|failure| failure.reason())
        };
        // Where nobody is shut out, or from another portal alone, it stays.
        for whose in [Whose::Session("unknown"), Whose::Portal(&other)] {
            assert_eq!(left_after(whose), Ok(()), "{whose:?}");
        }
        // All the same whether anybody is in, or where: who asked for the code may have gone over to another portal since.
        let (mine, elsewhere) = (id_at(&portal()), id_at(&other));
        for whose in [
            Whose::Session(&mine),
            Whose::Session(&elsewhere),
            Whose::Portal(&portal()),
            Whose::Portal(&portal()),
            Whose::Everybody,
        ] {
            assert_eq!(left_after(whose), Err(Reason::NoCode), "{whose:?}");
        }
        assert_eq!(left_after(Whose::Everybody), Err(Reason::NoCode));
        assert!(sessions.list().unwrap().is_empty());
    }

    #[test]
    fn a_profile_that_was_shut_out_a_moment_ago_gets_no_code() {
        let (_folder, sessions) = sessions();
        let token = sessions.issue(&portal(), LABEL, at(0)).unwrap();
        let session = sessions.check(&token, at(0)).unwrap();
        let code = sessions.new_code_of(&session, at(1)).unwrap();
        assert_eq!(sessions.redeem(&code, LABEL, at(2)).unwrap().1, portal());
        sessions.revoke(Whose::Session(&session.id)).unwrap();
        assert_eq!(sessions.new_code_of(&session, at(3)).unwrap_err().reason(), Reason::SessionNeeded);
        assert_eq!(sessions.redeem(&code, LABEL, at(3)).unwrap_err().reason(), Reason::NoCode);
    }

    #[test]
    fn a_code_can_be_guessed_at_five_times_over_all_processes() {
        let (folder, sessions) = sessions();
        // Another process has the same file, and no tries of its own.
        let other = Sessions::new(&Paths::at(folder.path()).unwrap());
        let code = sessions.new_code(&portal(), at(0)).unwrap();
        for (left, asked) in ["4", "3", "2", "1", "0"].into_iter().zip([&sessions, &other].into_iter().cycle()) {
            let failure = asked.redeem(&"AAAA-AAAA".into(), LABEL, at(1)).unwrap_err();
            assert_eq!((failure.reason(), failure.arg("left")), (Reason::CodeWrong, Some(left)));
        }
        for asked in [&sessions, &other] {
            assert_eq!(asked.redeem(&code, LABEL, at(1)).unwrap_err().reason(), Reason::NoCode);
        }
        assert!(sessions.list().unwrap().is_empty());
    }
}
