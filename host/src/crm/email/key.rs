//! What marks an entry as the log of one e-mail.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The origin of every entry this program makes.
pub(crate) const ORIGINATOR: &str = "gmail-sync";

/// Which e-mail an entry is the log of. A hash: the portal's database gets no identifier of the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogKey(String);

impl LogKey {
    /// By Gmail's id, which is another one in every mailbox.
    pub(crate) fn of_gmail_id(id: &str) -> Option<Self> {
        let valid = (15..=16).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        valid.then(|| Self(hash(&format!("gmail:{id}"))))
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
}
