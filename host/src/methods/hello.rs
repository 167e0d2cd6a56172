//! `hello`: which version both speak, and what the caller may know.

use super::status::status;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{Hello, HelloParams, PROTOCOL_VERSIONS};
use crate::serve::unsupported_version;
use crate::sessions::Session;

/// Greets back. A caller without a valid session learns versions and nothing else.
///
/// # Errors
/// [`crate::failure::Reason::UnsupportedVersion`]
pub fn hello(context: &Context, params: &HelloParams, session: Option<&Session>) -> Result<Hello, Failure> {
    let theirs = params.protocols.iter().copied();
    let protocol = theirs.clone().filter(|version| PROTOCOL_VERSIONS.contains(version)).max();
    let protocol = protocol.ok_or_else(|| unsupported_version(theirs.max().unwrap_or_default()))?;
    remember_version(context, &params.extension);
    Ok(Hello {
        protocol,
        protocols: PROTOCOL_VERSIONS.to_vec(),
        host: env!("CARGO_PKG_VERSION").to_owned(),
        // A session whose connection is gone is worth no more than none.
        status: session.and_then(|session| status(context, session).ok()),
    })
}

/// For `--check`, which compares it with the host's. Written only when it has changed; a greeting works without.
fn remember_version(context: &Context, version: &str) {
    let plausible = version.len() <= 23 && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let known = context.extension_version.read().is_ok_and(|known| known == version);
    if plausible && !known {
        let kept = context.extension_version.update(|known| {
            version.clone_into(known);
            Ok(())
        });
        if let Err(failure) = kept {
            tracing::warn!(reason = failure.reason().name(), "the extension's version wasn't kept");
        }
    }
}
