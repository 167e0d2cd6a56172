//! Whether portals and authorization servers can be reached, and through what.

use super::Finding;
use crate::context::Context;
use crate::egress::Destination;

/// Walks to one destination. Returns what was found, and whether it can be reached.
pub(super) async fn probe(context: &Context, destination: &Destination) -> (Finding, bool) {
    let examination = match context.egress.examine(destination).await {
        Ok(examination) => examination,
        Err(error) => return (Finding::fault("network", &error.to_failure(destination)), false),
    };
    let failure = examination.failure(destination);
    let reached = failure.is_none();
    let mut finding = match failure {
        Some(failure) => Finding::fault("network", &failure),
        None => Finding::fine("network", format!("{destination} can be reached.")),
    };
    if let Some(issuer) = examination.issuer {
        finding = finding.showing("certificate_issued_by", issuer);
    }
    if let Some(proxy) = examination.proxy {
        finding = finding.showing("proxy", proxy);
    }
    (finding, reached)
}
