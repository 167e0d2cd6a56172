//! Secrets on their way in.

use serde::Deserialize;

/// A secret inside a request. It can be read from the wire and taken out once; it can't be printed, compared, cloned or
/// written back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, type = "string"))]
pub struct WireSecret(String);

impl WireSecret {
    /// Takes the secret out. Callers put it into a type that wipes its memory at once.
    #[must_use]
    pub fn into_inner(self) -> String {
        self.0
    }
}
