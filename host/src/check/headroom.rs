//! How much of the portal's computing time is left for lookups: for the method they call most, and the portal works longest for.
//!
//! Source: <https://apidocs.bitrix24.com/limits.html>: each method has its own sum over ten minutes, for one application or webhook.

use crate::bitrix24::batch::{Batch, Command, Values};
use crate::bitrix24::{Client, Credentials};
use crate::check::Finding;
use crate::crm::plan::FIND;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};

const PROBE: &str = "headroom";

/// Nobody's address, by RFC 2606: the portal finds nothing, and its answer tells what the method has used.
const NOBODY: &[&str] = &["nobody@check.invalid"];

/// The seconds after which the cloud lets the method rest, as its documentation's example has them.
const LIMIT: f64 = 480.0;

/// The part of it from which on it is close.
const CLOSE: f64 = 0.8;

pub(super) async fn probe(client: &Client<impl Credentials>) -> Finding {
    let mut batch = Batch::default();
    let mut command = Command::new(FIND).with("type", "EMAIL");
    if let Some(values) = Values::new(NOBODY) {
        command = command.with_each("values", values);
    }
    batch.add("find", command);
    let reply = match client.batch(Purpose::Check, batch, Vec::new()).await {
        Ok(reply) => reply,
        Err(failure) => return Finding::fault(PROBE, &failure),
    };
    match reply.get::<serde::de::IgnoredAny>("find") {
        Ok(_) => judge(&client.portal().to_string(), reply.operating("find")),
        Err(error) => Finding::fault(PROBE, &client.explain(FIND, &error)),
    }
}

fn judge(portal: &str, used: Option<f64>) -> Finding {
    match used {
        // A portal of the company's own, or one whose limiter is off.
        None => Finding::fine(PROBE, format!("{portal} doesn't count the computing time of lookups.")),
        Some(used) if used < LIMIT * CLOSE => Finding::fine(
            PROBE,
            format!("Lookups used {used:.0} s of about {LIMIT} s computing time in ten minutes at {portal}."),
        ),
        Some(used) => {
            let failure = Failure::new(Reason::HeadroomLow)
                .with("portal", portal)
                .with("seconds", format!("{used:.0}"))
                .with("limit", LIMIT)
                .with("method", FIND);
            Finding::fault(PROBE, &failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Severity;

    #[test]
    fn four_fifths_of_the_limit_are_close() {
        let severity = |used| judge("acme.bitrix24.com", used).severity;
        for fine in [None, Some(0.0), Some(383.9)] {
            assert_eq!(severity(fine), Severity::Ok, "{fine:?}");
        }
        for close in [384.0, 480.0, 1e9] {
            assert_eq!(severity(Some(close)), Severity::Warning, "{close}");
        }
        let found = judge("acme.bitrix24.com", Some(400.4));
        assert_eq!((found.fault.unwrap().code, found.evidence["seconds"].as_str()), ("PT11", "400"));
    }
}
