//! What marks an entry as the log of one e-mail.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The origin of every entry this program makes.
pub(crate) const ORIGINATOR: &str = "gmail-sync";

/// A line of a header holds at most 998 characters (RFC 5322, section 2.1.1), the field's name among them.
const LONGEST_MESSAGE_ID: usize = 980;

/// Which e-mail an entry is the log of. A hash: the portal's database gets no identifier of the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogKey(String);

impl LogKey {
    /// By Gmail's id, which is another one in every mailbox.
    pub(crate) fn of_gmail_id(id: &str) -> Option<Self> {
        let valid = (15..=16).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        valid.then(|| Self(hash(&format!("gmail:{id}"))))
    }

    /// By the Message-ID of its header, angle brackets included, which every recipient's copy has.
    ///
    /// Source: RFC 5322, section 3.6.4.
    pub(crate) fn of_message_id(id: &str) -> Option<Self> {
        let inner = id.strip_prefix('<')?.strip_suffix('>')?;
        let valid = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
        let possible = !inner.is_empty() && inner.len() <= LONGEST_MESSAGE_ID && inner.bytes().all(valid);
        possible.then(|| Self(hash(&format!("message:{id}"))))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_gmails_ids_make_a_key() {
        let key = LogKey::of_gmail_id("18a41665ecb473a3").unwrap();
        assert_eq!(key, LogKey::of_gmail_id("18a41665ecb473a3").unwrap());
        assert_ne!(key, LogKey::of_gmail_id("18a41665ecb473a4").unwrap());
        assert_eq!((key.as_str().len(), key.as_str().contains("18a4")), (64, false));
        for id in ["", "undefined", "18A41665ECB473A3", "18a41665ecb473", "18a41665ecb473a3f", "18a41665ecb473a\n"] {
            assert_eq!(LogKey::of_gmail_id(id), None, "{id}");
        }
    }

    #[test]
    fn a_message_id_makes_a_key_of_its_own() {
        let key = LogKey::of_message_id("<CAB1@mail.example>").unwrap();
        assert_eq!(key, LogKey::of_message_id("<CAB1@mail.example>").unwrap());
        assert_ne!(key, LogKey::of_message_id("<cab1@mail.example>").unwrap());
        // A sender can't choose a Message-ID whose key is that of somebody else's Gmail id.
        assert_ne!(LogKey::of_message_id("<18a41665ecb473a3>"), LogKey::of_gmail_id("18a41665ecb473a3"));
        let long = format!("<{}>", "a".repeat(LONGEST_MESSAGE_ID + 1));
        for id in ["", "<>", "a@b", "<a@b", "<a b@c>", "<a@b>\n", "<a@b><c@d>", "<\u{e9}@b>", "<a\u{202e}@b>", &long] {
            assert_eq!(LogKey::of_message_id(id), None, "{id}");
        }
    }
}
