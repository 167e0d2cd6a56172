//! `previewLog`: exactly what would be sent.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::super::lookup::{LookupContext, lookup};
use super::LogRules;
use super::earlier::{describe, entries};
use super::pending::{Shown, Step, expiry};
use crate::bitrix24::Credentials;
use crate::connection::ConnectedUser;
use crate::crm::email::activity::{ADD, Completion, Course, UPDATE};
use crate::crm::email::compose::{Composed, compose};
use crate::crm::email::entries::Entries;
use crate::crm::email::warnings::warnings;
use crate::crm::email::{key, targets};
use crate::crm::team::Team;
use crate::failure::{Failure, Reason};
use crate::never_log::Participants;
use crate::portal::{Page, PortalUrl};
use crate::protocol::{LogPreview, LookupParams, MailDirection, PortalUser, PreviewLogParams, RecordRef};

/// Shows what `commitLog` would send. The portal is asked for entries with the e-mail's key, a hash, and gets nothing else of
/// the e-mail; it may be asked once more who its people are. For what may not be logged there is nothing to agree to.
///
/// # Errors
/// When the mailbox isn't switched on, a record is neither one of the thread's people nor one that a search found, the page doesn't tell what an entry needs, or
/// the portal doesn't tell whether the e-mail is logged already.
pub async fn preview_log<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &PreviewLogParams,
    me: &ConnectedUser,
    rules: &LogRules,
) -> Result<LogPreview, Failure> {
    let people = LookupParams { mailbox: params.mailbox.clone(), addresses: params.people.clone(), fresh: false };
    let people = lookup(context, &people, |_| {}).await?.people;
    let team = Team::new(context.user, context.own_addresses, context.team_domains);
    let crm = &context.crm;
    let found = |record: &RecordRef| crm.memory.cache().found.get(record, crm.clock.now()).cloned();
    let correspondent = targets::correspondent(&params.message, &team);
    let records = targets::chosen(&params.records, &people, found, &correspondent)?;
    let Composed { activity, notices, addresses } =
        compose(&params.message, &records, &team, me.id, rules.subject_only)?;
    let warnings = warnings(&params.message, &people, &team, &records);
    let participants = participants(params);
    let blocked = rules.never_log.block(&participants);
    // Of what may not be logged the portal gets nothing, not even a hash.
    let earlier = if blocked.is_some() { Entries::default() } else { entries(crm.client, &activity.key).await? };
    if blocked.is_none() && earlier.kept().is_none() {
        crm.memory.pending.remember_gone(&activity.key);
    }
    let portal = crm.client.portal();
    let next = match earlier.kept() {
        None if blocked.is_some() => None,
        None => Some((Step::Add(activity.course), request(portal, ADD, &activity)?)),
        // Its maker was stopped between the two steps; whoever comes next finishes it.
        Some(entry) if entry.is_planned => {
            Some((Step::Complete(entry.id), request(portal, UPDATE, &Completion { id: entry.id })?))
        }
        Some(_) => None,
    };
    let logged = match earlier.kept() {
        Some(entry) => Some(describe(crm, entry, me).await),
        None => None,
    };

    let expires = expiry(crm.clock.now());
    let preview = LogPreview {
        digest: next.as_ref().map(|(_, request)| request.digest.clone()),
        blocked,
        logged,
        expires_at: u64::try_from(expires.as_millisecond()).unwrap_or_default(),
        direction: match activity.course {
            Course::Incoming => MailDirection::Incoming,
            Course::OutgoingPlanned => MailDirection::Outgoing,
        },
        from: activity.from,
        to: activity.to,
        sent_at: params.message.sent_at,
        subject: activity.subject,
        text: activity.text,
        records: records.clone(),
        responsible: PortalUser { id: me.id.to_string(), name: me.name.clone(), url: portal.page(Page::User, me.id) },
        request: next.as_ref().map(|(_, request)| request.json.get().to_owned()).unwrap_or_default(),
        notices: notices.iter().map(Failure::to_wire).collect(),
        warnings: warnings.iter().map(Failure::to_wire).collect(),
    };
    if let Some((step, Request { digest, json })) = next {
        let (key, gmail_id) = (activity.key, params.message.gmail_id.clone());
        let shown = Shown { digest, expires, request: json, step, key, gmail_id, records, addresses, participants };
        crm.memory.pending.put(shown);
    }
    Ok(preview)
}

/// Everybody of the message and of its thread, the person among them.
fn participants(params: &PreviewLogParams) -> Participants {
    let message = &params.message;
    let named = std::iter::once(&message.from).chain(&message.to).chain(&message.bcc).map(|person| &person.email);
    let addresses = named.chain(&params.people).chain(&params.mailbox).cloned().collect();
    Participants { addresses, complete: !message.incomplete }
}

/// A request and its sum.
struct Request {
    json: Box<RawValue>,
    digest: String,
}

fn request(portal: &PortalUrl, method: &str, params: &impl Serialize) -> Result<Request, Failure> {
    let json = to_raw_value(params).map_err(|_| Reason::Internal)?;
    // The sums of two portals differ, so that what was agreed to for one is nothing to the other.
    let digest = key::hash(&format!("{}\n{method}\n{}", portal.origin(), json.get()));
    Ok(Request { json, digest })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    type Sent = (&'static str, &'static str, BTreeMap<String, String>);

    /// Few values of each, so that two are often alike, in part or in all.
    fn sent() -> impl Strategy<Value = Sent> {
        let portal = select(&["acme.bitrix24.com", "acme.bitrix24.de"][..]);
        let words = || "[aA\n\"]{0,2}";
        (portal, select(&[ADD, UPDATE][..]), proptest::collection::btree_map(words(), words(), 0..3))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_digest_stands_for_one_request_to_one_portal(one in sent(), other in sent(), same_fields in any::<bool>()) {
            let fields = if same_fields { one.2.clone() } else { other.2 };
            let other = (other.0, other.1, fields);
            let made = |(portal, method, params): &Sent| request(&portal.parse().unwrap(), method, params).unwrap();
            let (first, second) = (made(&one), made(&other));
            prop_assert_eq!(first.digest == second.digest, one == other, "{:?} {:?}", one, other);
            // What it stands for is all that is sent, and no more.
            prop_assert_eq!(&serde_json::from_str::<BTreeMap<String, String>>(first.json.get()).unwrap(), &one.2);
        }
    }
}
