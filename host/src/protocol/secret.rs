//! Secrets on their way in.

use secrecy::SecretString;
use serde::Deserialize;

/// A secret inside a request. It can be read from the wire and taken out once; it can't be printed, compared, cloned or
/// written back, and its memory is wiped.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, type = "string"))]
pub struct WireSecret(SecretString);

impl WireSecret {
    /// Takes the secret out.
    #[must_use]
    pub fn into_inner(self) -> SecretString {
        self.0
    }
}
