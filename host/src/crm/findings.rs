//! What the portal answered so far, checked: only what was asked for gets in.

use std::collections::{BTreeMap, BTreeSet};

use super::normalize::Email;
use super::plan::{DealLink, DealList, DealsQuestion, Question, RecordKind, Request};
use super::team;
use crate::bitrix24::Rows;
use crate::bitrix24::batch::BatchReply;
use crate::bitrix24::envelope::{NoSuccess, PortalError};
use crate::bitrix24::models::{CompanyRow, ContactRow, DealRow, EntryRow, Found, Items, LeadRow, UserRow};
use crate::failure::Failure;

/// Turns a command's missing result into the sentence about it.
pub(crate) type Explain<'a> = &'a dyn Fn(&'static str, &NoSuccess) -> Failure;

/// What is known of the people of one lookup.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// The portal's users by their address.
    pub(crate) users: BTreeMap<Email, UserRow>,
    /// Which records have an address; absent where that isn't known.
    pub(crate) found: BTreeMap<Email, Found>,
    pub(crate) contacts: BTreeMap<u64, ContactRow>,
    pub(crate) companies: BTreeMap<u64, CompanyRow>,
    pub(crate) leads: BTreeMap<u64, LeadRow>,
    pub(crate) deals: BTreeMap<u64, DealRow>,
    /// E-mails that were logged to the records, by their entries' ids.
    pub(crate) emails: BTreeMap<u64, EntryRow>,
    /// How many open deals a person has, where more than were read.
    pub(crate) deal_totals: BTreeMap<Email, u32>,
    /// Users by id: those who are responsible for something.
    pub(crate) names: BTreeMap<u64, UserRow>,
    /// Why the search for one person failed.
    pub(crate) problems: BTreeMap<Email, Failure>,
    /// What is missing for everybody, each once.
    pub(crate) notices: Vec<Failure>,
    /// Lists that could not be read: what isn't in them isn't hidden but unknown.
    pub(crate) unread: BTreeSet<RecordKind>,
    /// Rows nobody had asked for.
    pub(crate) unasked: usize,
    /// Deals the portal doesn't know how to list this way.
    pub(crate) deals_unknown: Vec<DealsQuestion>,
    /// Deals of several people that didn't fit into one answer.
    pub(crate) deals_cut: Vec<DealsQuestion>,
}

impl Findings {
    /// The records of a kind that have an address.
    pub(crate) fn ids(&self, email: &Email, kind: RecordKind) -> &[u64] {
        self.found.get(email).map_or(&[], |found| match kind {
            RecordKind::Contact => &found.contact,
            RecordKind::Company => &found.company,
            RecordKind::Lead => &found.lead,
        })
    }

    /// The records of a kind that have any of these addresses, each once.
    pub(crate) fn ids_of(&self, emails: &[Email], kind: RecordKind) -> Vec<u64> {
        let ids: BTreeSet<u64> = emails.iter().flat_map(|email| self.ids(email, kind)).copied().collect();
        ids.into_iter().collect()
    }

    /// Whether somebody is in any record.
    pub(crate) fn has_records(&self, email: &Email) -> bool {
        self.found.get(email).is_some_and(|found| found.count() > 0)
    }

    /// The portal stopped answering: what isn't here is unknown.
    pub(crate) fn stopped(&mut self, failure: Failure) {
        self.unread.extend([RecordKind::Contact, RecordKind::Company, RecordKind::Lead]);
        self.note(failure);
    }

    /// Takes in the answers to a request.
    pub(crate) fn absorb(&mut self, request: &Request, reply: &BatchReply, explain: Explain<'_>) {
        for (name, question) in &request.questions {
            if let Err(no_success) = self.take(name, question, reply) {
                self.miss(question, &no_success, explain);
            }
        }
    }

    fn take(&mut self, name: &str, question: &Question, reply: &BatchReply) -> Result<(), NoSuccess> {
        match question {
            Question::Users(emails) => {
                for user in reply.get::<Rows<UserRow>>(name)?.result.0 {
                    match Email::parse(&user.email).filter(|email| emails.contains(email)) {
                        Some(email) => self.take_user(email, user),
                        None => self.unasked += 1,
                    }
                }
            }
            Question::Find(email) => {
                let found = reply.get::<Found>(name)?.result;
                self.found.insert(email.clone(), found);
            }
            Question::FindOnly(email, kind) => {
                let again = reply.get::<Found>(name)?.result;
                let found = self.found.entry(email.clone()).or_default();
                match kind {
                    RecordKind::Contact => found.contact = again.contact,
                    RecordKind::Company => found.company = again.company,
                    RecordKind::Lead => found.lead = again.lead,
                }
            }
            Question::Records(kind, ids) => self.take_records(name, *kind, ids, reply)?,
            Question::Deals(question) => self.take_deals(name, question, reply)?,
            Question::UserNames(ids) => {
                let rows = reply.get::<Rows<UserRow>>(name)?.result.0;
                self.unasked += keep(&mut self.names, ids, rows, |row| row.id);
            }
            Question::Emails(_) => {
                let rows = reply.get::<Rows<EntryRow>>(name)?.result.0;
                self.emails.extend(rows.into_iter().filter_map(|row| Some((row.id?, row))));
            }
        }
        Ok(())
    }

    fn take_user(&mut self, email: Email, user: UserRow) {
        if let Some(id) = user.id {
            self.names.insert(id, user.clone());
        }
        let user = match self.users.remove(&email) {
            Some(other) => team::better(user, other),
            None => user,
        };
        self.users.insert(email, user);
    }

    fn take_records(&mut self, name: &str, kind: RecordKind, ids: &[u64], reply: &BatchReply) -> Result<(), NoSuccess> {
        self.unasked += match kind {
            RecordKind::Contact => {
                keep(&mut self.contacts, ids, reply.get::<Rows<ContactRow>>(name)?.result.0, |row| row.id)
            }
            RecordKind::Company => {
                keep(&mut self.companies, ids, reply.get::<Rows<CompanyRow>>(name)?.result.0, |row| row.id)
            }
            RecordKind::Lead => keep(&mut self.leads, ids, reply.get::<Rows<LeadRow>>(name)?.result.0, |row| row.id),
        };
        Ok(())
    }

    fn take_deals(&mut self, name: &str, question: &DealsQuestion, reply: &BatchReply) -> Result<(), NoSuccess> {
        let (rows, total) = match question.list {
            DealList::Items => {
                let answer = reply.get::<Items>(name)?;
                (answer.result.items.0, answer.total)
            }
            DealList::Old => {
                let answer = reply.get::<Rows<DealRow>>(name)?;
                (answer.result.0, answer.total)
            }
        };
        let total = total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
        if total > rows.len() {
            match &question.person {
                Some(person) => {
                    let known = self.deal_totals.entry(person.clone()).or_default();
                    *known = (*known).max(u32::try_from(total).unwrap_or(u32::MAX));
                }
                None => self.deals_cut.push(question.clone()),
            }
        }
        for row in rows {
            let tied = match question.link {
                DealLink::Contact => contacts_of(&row).any(|id| question.ids.contains(&id)),
                DealLink::Company => row.company_id.is_some_and(|id| question.ids.contains(&id)),
            };
            match row.id.filter(|_| tied && is_open(&row)) {
                Some(id) => drop(self.deals.insert(id, row)),
                None => self.unasked += 1,
            }
        }
        Ok(())
    }

    fn miss(&mut self, question: &Question, no_success: &NoSuccess, explain: Explain<'_>) {
        if let (Question::Deals(question), NoSuccess::Error(error)) = (question, no_success)
            && question.list == DealList::Items
            && is_unknown_to_older_portals(error)
        {
            self.deals_unknown.push(question.clone());
            return;
        }
        let failure = explain(question.method(), no_success);
        match question {
            Question::Find(email) | Question::FindOnly(email, _) => {
                self.problems.insert(email.clone(), failure);
            }
            Question::Records(kind, _) => {
                self.unread.insert(*kind);
                self.note(failure);
            }
            Question::Users(_) | Question::Deals(_) | Question::UserNames(_) => self.note(failure),
            // Without them nothing is missing but a hint.
            Question::Emails(_) => tracing::debug!(reason = failure.reason().name(), "no e-mails"),
        }
    }

    fn note(&mut self, failure: Failure) {
        if !self.notices.contains(&failure) {
            self.notices.push(failure);
        }
    }
}

/// The contacts of a deal, all or (in older lists) the first.
pub(crate) fn contacts_of(deal: &DealRow) -> impl Iterator<Item = u64> {
    deal.contact_ids.iter().copied().chain(deal.contact_id)
}

/// The filter may have been dropped, so the row itself must say that it's open. Where it doesn't say, the filter is believed.
fn is_open(deal: &DealRow) -> bool {
    matches!(deal.stage_semantic_id.as_str(), "P" | "")
}

fn is_unknown_to_older_portals(error: &PortalError) -> bool {
    matches!(error.code.as_str(), "invalid_arg_value" | "error_method_not_found" | "error_batch_method_not_allowed")
}

/// Keeps the rows that were asked for, and counts the others.
fn keep<T>(into: &mut BTreeMap<u64, T>, asked: &[u64], rows: Vec<T>, id: impl Fn(&T) -> Option<u64>) -> usize {
    let mut unasked = 0;
    for row in rows {
        match id(&row).filter(|id| asked.contains(id)) {
            Some(id) => drop(into.insert(id, row)),
            None => unasked += 1,
        }
    }
    unasked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::parse;
    use crate::crm::plan;
    use crate::failure::Reason;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn reply(results: &str, errors: &str, totals: &str) -> BatchReply {
        let body = format!(
            r#"{{"result":{{"result":{results},"result_error":{errors},"result_total":{totals},"result_next":[]}}}}"#
        );
        parse(body.as_bytes()).unwrap().result
    }

    fn explain(method: &'static str, _: &NoSuccess) -> Failure {
        Failure::new(Reason::PortalRefused).with("method", method)
    }

    fn absorb(findings: &mut Findings, request: &Request, reply: &BatchReply) {
        findings.absorb(request, reply, &explain);
    }

    fn request(questions: Vec<Question>) -> Request {
        let questions: Vec<_> =
            questions.into_iter().enumerate().map(|(n, question)| (format!("q{n}"), question)).collect();
        Request { batch: crate::bitrix24::batch::Batch::default(), questions }
    }

    #[test]
    fn users_nobody_asked_for_stay_out() {
        // What user.get answers when the portal drops the filter: everybody, and with `user_brief` without addresses.
        let request = request(vec![Question::Users(vec![email("ivo@x.com")])]);
        let mut findings = Findings::default();
        let rows = r#"{"q0":[{"ID":"1","EMAIL":"boss@x.com"},{"ID":"3","EMAIL":"IVO@x.com","ACTIVE":true},{"ID":"4","NAME":"Brief"}]}"#;
        absorb(&mut findings, &request, &reply(rows, "[]", r#"{"q0":3}"#));
        assert_eq!(findings.users.keys().map(Email::as_str).collect::<Vec<_>>(), ["ivo@x.com"]);
        assert_eq!((findings.names.len(), findings.unasked), (1, 2));
    }

    #[test]
    fn matches_are_ids_by_address_and_nothing_is_an_empty_list() {
        let (a, b) = (email("a@x.com"), email("b@x.com"));
        let request = request(vec![Question::Find(a.clone()), Question::Find(b.clone())]);
        let mut findings = Findings::default();
        absorb(&mut findings, &request, &reply(r#"{"q0":{"CONTACT":[275,"276"],"LEAD":[]},"q1":[]}"#, "[]", "[]"));
        assert_eq!(findings.ids(&a, RecordKind::Contact), [275, 276]);
        assert_eq!(findings.found[&b], Found::default());
        assert_eq!(findings.ids_of(&[a, b], RecordKind::Contact), [275, 276]);
    }

    #[test]
    fn asking_again_replaces_a_kind() {
        let a = email("a@x.com");
        let mut findings = Findings::default();
        findings.found.insert(a.clone(), Found { lead: (1..=20).collect(), ..Found::default() });
        let request = request(vec![
            Question::FindOnly(a.clone(), RecordKind::Contact),
            Question::FindOnly(a.clone(), RecordKind::Company),
        ]);
        absorb(&mut findings, &request, &reply(r#"{"q0":{"CONTACT":[7]},"q1":[]}"#, "[]", "[]"));
        assert_eq!(findings.found[&a], Found { lead: (1..=20).collect(), contact: vec![7], company: vec![] });
    }

    #[test]
    fn rows_of_a_widened_filter_stay_out() {
        let request = request(vec![Question::Records(RecordKind::Contact, vec![75])]);
        let mut findings = Findings::default();
        let rows = r#"{"q0":[{"ID":"74"},{"ID":"75","NAME":"Anna"},{"ID":"0"},{"ID":null},{"ID":"76"}]}"#;
        absorb(&mut findings, &request, &reply(rows, "[]", r#"{"q0":0}"#));
        assert_eq!((findings.contacts.len(), findings.contacts[&75].name.as_str(), findings.unasked), (1, "Anna", 4));
    }

    #[test]
    fn deals_must_be_open_and_tied_to_who_was_asked_about() {
        let by_contact = DealsQuestion { list: DealList::Items, link: DealLink::Contact, ids: vec![7], person: None };
        let mut findings = Findings::default();
        let rows = r#"{"q0":{"items":[{"id":1,"contactIds":[9,7]},{"id":2,"contactIds":[9]},{"id":3,"contactId":7,"stageSemanticId":"S"},{"contactId":7}]}}"#;
        absorb(&mut findings, &request(vec![Question::Deals(by_contact)]), &reply(rows, "[]", r#"{"q0":4}"#));
        assert_eq!((findings.deals.keys().copied().collect::<Vec<_>>(), findings.unasked), (vec![1], 3));

        let by_company = DealsQuestion { list: DealList::Old, link: DealLink::Company, ids: vec![5], person: None };
        let rows = r#"{"q0":[{"ID":"8","COMPANY_ID":"5","STAGE_SEMANTIC_ID":"P","CATEGORY_ID":"0"},{"ID":"9","COMPANY_ID":"0"}]}"#;
        absorb(&mut findings, &request(vec![Question::Deals(by_company)]), &reply(rows, "[]", r#"{"q0":2}"#));
        assert_eq!((findings.deals[&8].category_id, findings.deals.len(), findings.unasked), (Some(0), 2, 4));
        assert!(findings.deals_cut.is_empty());
    }

    #[test]
    fn an_older_portal_is_asked_another_way() {
        for code in ["INVALID_ARG_VALUE", "ERROR_METHOD_NOT_FOUND"] {
            let question = DealsQuestion { list: DealList::Items, link: DealLink::Contact, ids: vec![7], person: None };
            let mut findings = Findings::default();
            let errors = format!(r#"{{"q0":{{"error":"{code}","error_description":"x"}}}}"#);
            absorb(&mut findings, &request(vec![Question::Deals(question.clone())]), &reply("[]", &errors, "[]"));
            assert_eq!((findings.deals_unknown, findings.notices.len()), (vec![question], 0), "{code}");
        }
    }

    #[test]
    fn too_many_deals_are_remembered() {
        let anna = email("anna@x.com");
        let question = |person| DealsQuestion { list: DealList::Items, link: DealLink::Contact, ids: vec![7], person };
        let rows = r#"{"q0":{"items":[{"id":1,"contactIds":[7]}]}}"#;
        let mut findings = Findings::default();
        let totals = reply(rows, "[]", r#"{"q0":"73"}"#);
        absorb(&mut findings, &request(vec![Question::Deals(question(None))]), &totals);
        assert_eq!(findings.deals_cut, [question(None)]);
        absorb(&mut findings, &request(vec![Question::Deals(question(Some(anna.clone())))]), &totals);
        assert_eq!(findings.deal_totals[&anna], 73);
    }

    #[test]
    fn what_fails_is_told_where_it_is_missing() {
        let a = email("a@x.com");
        let request = request(vec![
            Question::Find(a.clone()),
            Question::Records(RecordKind::Lead, vec![1]),
            Question::Records(RecordKind::Lead, vec![2]),
            Question::Users(vec![a.clone()]),
        ]);
        let mut findings = Findings::default();
        let errors = r#"{"q0":{"error":""},"q1":{"error":"ACCESS_DENIED"},"q2":{"error":"ACCESS_DENIED"}}"#;
        absorb(&mut findings, &request, &reply("[]", errors, "[]"));
        assert!(!findings.found.contains_key(&a));
        assert_eq!(findings.problems[&a].arg("method"), Some("crm.duplicate.findbycomm"));
        assert_eq!(findings.unread, BTreeSet::from([RecordKind::Lead]));
        let methods: Vec<_> = findings.notices.iter().filter_map(|notice| notice.arg("method")).collect();
        assert_eq!(methods, ["crm.lead.list", "user.get"]);
    }

    #[test]
    fn an_answer_without_results_leaves_everything_unknown() {
        let emails = [email("a@x.com")];
        let request = &plan::search(&emails, true)[0].1;
        let mut findings = Findings::default();
        absorb(&mut findings, request, &BatchReply::default());
        assert!(findings.found.is_empty() && findings.problems.contains_key(&emails[0]));
    }
}
