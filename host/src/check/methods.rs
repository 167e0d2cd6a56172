//! Which methods a portal of the company's own is too old for. Lookups have older ones to fall back on; what else needs one says so.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/common/system/method-get.html>

use serde::Deserialize;

use super::Finding;
use crate::bitrix24::batch::{Batch, Command};
use crate::bitrix24::{Client, Credentials};
use crate::crm::stage;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};

const PROBE: &str = "methods";

/// Those that came late: `crm.item.*` in 2021, `crm.activity.todo.add` in 2022, the others later.
const LATE: &[&str] =
    &["crm.item.list", stage::GET, stage::UPDATE, "crm.activity.todo.add", "crm.activity.binding.move"];

#[derive(Deserialize)]
struct Known {
    #[serde(rename = "isExisting")]
    is_existing: bool,
}

pub(super) async fn probe(client: &Client<impl Credentials>) -> Finding {
    let mut batch = Batch::default();
    for method in LATE {
        batch.add(*method, Command::new("method.get").with("name", *method));
    }
    let reply = match client.batch(Purpose::Check, batch, Vec::new()).await {
        Ok(reply) => reply,
        Err(failure) => return Finding::fault(PROBE, &failure),
    };
    // A portal that doesn't know `method.get` either doesn't tell.
    let lacks = |method: &str| reply.get::<Known>(method).is_ok_and(|known| !known.result.is_existing);
    let missing: Vec<_> = LATE.iter().copied().filter(|method| lacks(method)).collect();
    if missing.is_empty() {
        return Finding::fine(PROBE, format!("{} has every method that is used.", client.portal()));
    }
    let failure = Failure::new(Reason::PortalOld).with("portal", client.portal());
    Finding::fault(PROBE, &failure.with("methods", missing.join(", ")))
}
