//! What to ask the portal, in which requests.
//!
//! First who has which address, then the records by their ids, then what those refer to. Ids are always written out: a reference to
//! another command's result (`$result[…]`) that finds nothing turns into a filter that matches everything.

use std::collections::BTreeSet;

use super::email::history;
use super::findings::Findings;
use super::normalize::Email;
use super::timeline::Owner;
use crate::bitrix24::batch::{BATCH_LIMIT, Batch, Command, Values};
use crate::protocol::RecordType;

/// Rows per answer, and so ids per question.
const PAGE: usize = 50;

/// How many records of all kinds `crm.duplicate.findbycomm` names for one address: leads first, so that contacts may be missing.
pub(crate) const MOST_MATCHES: usize = 20;

/// One thing the portal is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Which of the portal's users have these addresses.
    Users(Vec<Email>),
    /// Which records have this address.
    Find(Email),
    /// The same, for one kind of record.
    FindOnly(Email, RecordKind),
    /// Records by id.
    Records(RecordKind, Vec<u64>),
    /// Open deals.
    Deals(DealsQuestion),
    /// Users by id.
    UserNames(Vec<u64>),
    /// E-mails that were logged to these records.
    Emails(Vec<Owner>),
}

/// A kind of record that has e-mail addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RecordKind {
    Contact,
    Company,
    Lead,
}

/// Open deals of contacts or companies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DealsQuestion {
    pub(crate) list: DealList,
    pub(crate) link: DealLink,
    pub(crate) ids: Vec<u64>,
    /// Whose they are, when it's about one person alone.
    pub(crate) person: Option<Email>,
}

/// Which method lists deals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DealList {
    /// `crm.item.list`: knows all contacts of a deal, since March 2025.
    #[default]
    Items,
    /// `crm.deal.list`: knows the first contact only.
    Old,
}

/// What ties a deal to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DealLink {
    Contact,
    Company,
}

/// Questions that travel together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) batch: Batch,
    /// Each with the name of its command.
    pub(crate) questions: Vec<(String, Question)>,
}

impl Request {
    fn add(&mut self, question: Question) {
        if let Some(command) = question.command() {
            let name = format!("q{}", self.questions.len());
            self.batch.add(name.as_str(), command);
            self.questions.push((name, question));
        }
    }

    /// The participants' addresses it holds, each once.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let mut addresses = BTreeSet::new();
        for (_, question) in &self.questions {
            match question {
                Question::Users(emails) => addresses.extend(emails.iter()),
                Question::Find(email) | Question::FindOnly(email, _) => drop(addresses.insert(email)),
                Question::Records(..) | Question::Deals(_) | Question::UserNames(_) | Question::Emails(_) => {}
            }
        }
        addresses.into_iter().map(Email::to_string).collect()
    }
}

fn pack(questions: impl IntoIterator<Item = Question>) -> Vec<Request> {
    let mut requests = vec![Request::default()];
    for question in questions {
        if requests.last().is_none_or(|request| request.batch.room() == 0) {
            requests.push(Request::default());
        }
        if let Some(request) = requests.last_mut() {
            request.add(question);
        }
    }
    requests.retain(|request| !request.batch.is_empty());
    requests
}

/// How many people the first request can ask about: one command is for the users of all of them.
pub(crate) const FIRST_GROUP: usize = BATCH_LIMIT - 1;

/// Round 1: who has these addresses, each request with those it is about. `users` is whether the portal's users may be asked about.
pub(crate) fn search(emails: &[Email], users: bool) -> Vec<(&[Email], Request)> {
    let request = |group: &[Email]| {
        let mut request = Request::default();
        if users {
            request.add(Question::Users(group.to_vec()));
        }
        group.iter().cloned().map(Question::Find).for_each(|question| request.add(question));
        request
    };
    emails.chunks(FIRST_GROUP).map(|group| (group, request(group))).collect()
}

/// Round 1b: addresses with so many matches that some kinds may be missing are asked about kind by kind.
pub(crate) fn search_again(emails: &[Email], findings: &Findings) -> Vec<Request> {
    let full = |email: &&Email| findings.found.get(email).is_some_and(|found| found.count() >= MOST_MATCHES);
    // Leads come first in the full answer, so those are as many as there'll ever be.
    let kinds = [RecordKind::Contact, RecordKind::Company];
    pack(emails.iter().filter(full).flat_map(|email| kinds.map(|kind| Question::FindOnly(email.clone(), kind))))
}

/// Adds questions whose answers aren't worth a request of their own, as far as there is room.
fn along(requests: &mut [Request], questions: impl IntoIterator<Item = Question>) {
    if let Some(last) = requests.last_mut() {
        questions.into_iter().take(last.batch.room()).for_each(|question| last.add(question));
    }
}

/// Round 2: the records these people were found in, their open deals, and e-mails logged to the records.
pub(crate) fn records(emails: &[Email], findings: &Findings, list: DealList) -> Vec<Request> {
    let ids = |kind| findings.ids_of(emails, kind);
    let contacts = ids(RecordKind::Contact);
    let companies = ids(RecordKind::Company);
    let leads = ids(RecordKind::Lead);
    let by_id = |kind: RecordKind, ids: &[u64]| pages(ids).map(|ids| Question::Records(kind, ids)).collect::<Vec<_>>();
    let mut questions = by_id(RecordKind::Contact, &contacts);
    questions.extend(by_id(RecordKind::Company, &companies));
    questions.extend(by_id(RecordKind::Lead, &leads));
    questions.extend(deals(list, DealLink::Contact, &contacts, None));
    questions.extend(deals(list, DealLink::Company, &companies, None));
    let mut requests = pack(questions);
    let kinds = [(RecordKind::Contact, contacts), (RecordKind::Company, companies), (RecordKind::Lead, leads)];
    let owners = kinds.iter().flat_map(|(kind, ids)| ids.iter().map(|id| kind.owner(*id)));
    let owners: Vec<Owner> = owners.collect();
    along(&mut requests, owners.chunks(history::MOST_RECORDS).map(|owners| Question::Emails(owners.to_vec())));
    requests
}

/// Round 2b: deals once more, where the portal didn't know how to list them or had more than fit into one answer.
pub(crate) fn deals_again(emails: &[Email], findings: &Findings) -> Vec<Request> {
    let mut questions = Vec::new();
    for question in &findings.deals_unknown {
        questions.extend(deals(DealList::Old, question.link, &question.ids, question.person.as_ref()));
    }
    for cut in &findings.deals_cut {
        let kind = match cut.link {
            DealLink::Contact => RecordKind::Contact,
            DealLink::Company => RecordKind::Company,
        };
        for email in emails {
            let theirs: Vec<u64> =
                findings.ids(email, kind).iter().copied().filter(|id| cut.ids.contains(id)).collect();
            questions.extend(deals(cut.list, cut.link, &theirs, Some(email)));
        }
    }
    pack(questions)
}

/// Round 3: companies and people that records refer to and nobody has read yet.
pub(crate) fn names(companies: &[u64], users: &[u64]) -> Vec<Request> {
    let companies = pages(companies).map(|ids| Question::Records(RecordKind::Company, ids));
    let users = pages(users).map(Question::UserNames);
    pack(companies.chain(users))
}

fn pages(ids: &[u64]) -> impl Iterator<Item = Vec<u64>> {
    ids.chunks(PAGE).map(<[u64]>::to_vec)
}

fn deals(list: DealList, link: DealLink, ids: &[u64], person: Option<&Email>) -> Vec<Question> {
    pages(ids).map(|ids| Question::Deals(DealsQuestion { list, link, ids, person: person.cloned() })).collect()
}

impl Question {
    /// The method that answers it.
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::Users(_) | Self::UserNames(_) => "user.get",
            Self::Find(_) | Self::FindOnly(..) => FIND,
            Self::Records(RecordKind::Contact, _) => "crm.contact.list",
            Self::Records(RecordKind::Company, _) => "crm.company.list",
            Self::Records(RecordKind::Lead, _) => "crm.lead.list",
            Self::Emails(_) => history::LIST,
            Self::Deals(question) => match question.list {
                DealList::Items => "crm.item.list",
                DealList::Old => "crm.deal.list",
            },
        }
    }

    /// As a command; `None` if there is nothing to ask about.
    pub(crate) fn command(&self) -> Option<Command> {
        let command = Command::new(self.method());
        Some(match self {
            Self::Users(emails) => command.with_each("filter[@EMAIL]", Values::new(emails)?).select(USER_FIELDS),
            Self::UserNames(ids) => command.with_each("filter[@ID]", Values::new(ids)?).select(USER_FIELDS),
            Self::Find(email) => command.with("type", "EMAIL").with("values[]", email),
            Self::FindOnly(email, kind) => {
                command.with("type", "EMAIL").with("values[]", email).with("entity_type", kind.name())
            }
            Self::Records(kind, ids) => command
                .with_each("filter[@ID]", Values::new(ids)?)
                .select(kind.fields())
                .with("order[ID]", "ASC")
                .with("start", -1),
            Self::Deals(question) => question.parameters(command)?,
            Self::Emails(owners) => history::question(command, Values::new(owners)?),
        })
    }
}

impl DealsQuestion {
    fn parameters(&self, command: Command) -> Option<Command> {
        let ids = Values::new(&self.ids)?;
        Some(match self.list {
            DealList::Items => {
                let filter = match self.link {
                    DealLink::Contact => "filter[contactIds]",
                    DealLink::Company => "filter[companyId]",
                };
                command
                    .with("entityTypeId", DEAL_TYPE_ID)
                    .with_each(filter, ids)
                    .with("filter[stageSemanticId]", "P")
                    .select(ITEM_FIELDS)
                    .with("order[id]", "DESC")
            }
            DealList::Old => {
                let filter = match self.link {
                    DealLink::Contact => "filter[@CONTACT_ID]",
                    DealLink::Company => "filter[@COMPANY_ID]",
                };
                command.with_each(filter, ids).with("filter[CLOSED]", "N").select(DEAL_FIELDS).with("order[ID]", "DESC")
            }
        })
    }
}

impl RecordKind {
    /// One of these records, as the owner of a timeline.
    pub(crate) fn owner(self, id: u64) -> Owner {
        let kind = match self {
            Self::Contact => RecordType::Contact,
            Self::Company => RecordType::Company,
            Self::Lead => RecordType::Lead,
        };
        Owner::of(kind, id)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Contact => "CONTACT",
            Self::Company => "COMPANY",
            Self::Lead => "LEAD",
        }
    }

    /// What is read of its rows.
    pub(crate) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Contact => CONTACT_FIELDS,
            Self::Company => COMPANY_FIELDS,
            Self::Lead => LEAD_FIELDS,
        }
    }
}

const USER_FIELDS: &[&str] = &["ID", "NAME", "LAST_NAME", "EMAIL", "WORK_POSITION", "USER_TYPE", "ACTIVE"];
const CONTACT_FIELDS: &[&str] = &[
    "ID",
    "NAME",
    "SECOND_NAME",
    "LAST_NAME",
    "POST",
    "COMPANY_ID",
    "ASSIGNED_BY_ID",
    "LAST_ACTIVITY_TIME",
    "DATE_MODIFY",
    "EMAIL",
    "PHONE",
];
const COMPANY_FIELDS: &[&str] = &["ID", "TITLE", "ASSIGNED_BY_ID", "EMAIL"];
const LEAD_FIELDS: &[&str] = &[
    "ID",
    "TITLE",
    "NAME",
    "SECOND_NAME",
    "LAST_NAME",
    "STATUS_ID",
    "STATUS_SEMANTIC_ID",
    "ASSIGNED_BY_ID",
    "OPPORTUNITY",
    "CURRENCY_ID",
    "EMAIL",
];
const ITEM_FIELDS: &[&str] = &[
    "id",
    "title",
    "categoryId",
    "stageId",
    "stageSemanticId",
    "opportunity",
    "currencyId",
    "companyId",
    "contactId",
    "contactIds",
    "assignedById",
];
/// Who has an address or a phone number.
pub(crate) const FIND: &str = "crm.duplicate.findbycomm";

/// How `crm.item.*` calls deals. Source: <https://apidocs.bitrix24.com/api-reference/crm/data-types.html>, object types.
pub(crate) const DEAL_TYPE_ID: u64 = 2;

/// What is read of a deal in the older list.
pub(crate) const DEAL_FIELDS: &[&str] = &[
    "ID",
    "TITLE",
    "CATEGORY_ID",
    "STAGE_ID",
    "STAGE_SEMANTIC_ID",
    "OPPORTUNITY",
    "CURRENCY_ID",
    "COMPANY_ID",
    "CONTACT_ID",
    "ASSIGNED_BY_ID",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bitrix24::models::Found;

    fn emails(count: usize) -> Vec<Email> {
        (0..count).map(|n| Email::parse(&format!("p{n}@x.com")).unwrap()).collect()
    }

    fn sizes<'a>(requests: impl IntoIterator<Item = &'a Request>) -> Vec<usize> {
        requests.into_iter().map(|request| request.batch.len()).collect()
    }

    fn searches(emails: &[Email], users: bool) -> Vec<Request> {
        search(emails, users).into_iter().map(|(_, request)| request).collect()
    }

    fn found(emails: &[Email], of: impl Fn(usize) -> Found) -> Findings {
        let found = emails.iter().enumerate().map(|(n, email)| (email.clone(), of(n))).collect();
        Findings { found, ..Findings::default() }
    }

    #[test]
    fn forty_nine_people_are_one_request() {
        assert_eq!(sizes(&searches(&emails(49), true)), [50]);
        assert_eq!(sizes(&searches(&emails(50), true)), [50, 2]);
        assert_eq!(sizes(&searches(&emails(200), true)), [50, 50, 50, 50, 5]);
        assert_eq!(sizes(&searches(&emails(3), false)), [3]);
        assert!(searches(&[], true).is_empty());
        assert_eq!(searches(&emails(49), true)[0].addresses().len(), 49);
    }

    #[test]
    fn the_search_reads_as_documented() {
        let request = &searches(&[Email::parse("a+b@x.com").unwrap()], true)[0];
        let texts: Vec<String> =
            request.batch.iter().map(|(name, command)| format!("{name}: {}", command.text())).collect();
        assert_eq!(
            texts,
            [
                "q0: user.get?filter%5B%40EMAIL%5D%5B%5D=a%2Bb%40x.com&select%5B%5D=ID&select%5B%5D=NAME&select%5B%5D=LAST_NAME\
                 &select%5B%5D=EMAIL&select%5B%5D=WORK_POSITION&select%5B%5D=USER_TYPE&select%5B%5D=ACTIVE",
                "q1: crm.duplicate.findbycomm?type=EMAIL&values%5B%5D=a%2Bb%40x.com",
            ]
        );
    }

    #[test]
    fn a_full_answer_is_asked_about_kind_by_kind() {
        let emails = emails(3);
        let findings =
            found(&emails, |n| Found { lead: (1..).take(if n == 1 { 20 } else { 19 }).collect(), ..Found::default() });
        let requests = search_again(&emails, &findings);
        let questions: Vec<&Question> = requests.iter().flat_map(|r| &r.questions).map(|(_, q)| q).collect();
        assert_eq!(
            questions,
            [
                &Question::FindOnly(emails[1].clone(), RecordKind::Contact),
                &Question::FindOnly(emails[1].clone(), RecordKind::Company)
            ]
        );
        assert!(questions[0].command().unwrap().text().ends_with("&entity_type=CONTACT"));
    }

    #[test]
    fn records_of_many_people_are_one_request() {
        let emails = emails(49);
        let findings = found(&emails, |n| {
            let id = n as u64 + 1;
            Found { contact: vec![id, id + 1], company: vec![7], lead: vec![id + 100] }
        });
        let requests = records(&emails, &findings, DealList::Items);
        // Contacts 50, companies 1, leads 49, deals by contact 50, deals by company 1: one command each. E-mails: five for those 100.
        assert_eq!(sizes(&requests), [10]);
        assert_eq!(requests[0].addresses().len(), 0);
        assert!(records(&emails, &found(&emails, |_| Found::default()), DealList::Items).is_empty());
    }

    #[test]
    fn e_mails_make_no_request_of_their_own() {
        let emails = emails(200);
        let many = |n: usize, of: u64| (0..7).map(|more| n as u64 * 7 + more + of).collect::<Vec<_>>();
        let findings =
            found(&emails, |n| Found { contact: many(n, 1), company: many(n, 10_000), lead: many(n, 20_000) });
        let requests = records(&emails, &findings, DealList::Items);
        // 4,200 records and the deals of 2,800 are 140 commands of 50; there is room for ten more.
        assert_eq!(sizes(&requests), [50, 50, 50]);
        let is_about_mail = |(_, question): &(String, Question)| matches!(question, Question::Emails(_));
        let lists = requests.iter().map(|request| request.questions.iter().filter(|one| is_about_mail(one)).count());
        assert_eq!(lists.collect::<Vec<_>>(), [0, 0, 10]);
    }

    #[test]
    fn deals_are_asked_for_by_contact_and_by_company() {
        let ask = |list, link| {
            let question = Question::Deals(DealsQuestion { list, link, ids: vec![7, 8], person: None });
            question.command().unwrap().text()
        };
        let items = ask(DealList::Items, DealLink::Contact);
        assert!(items.starts_with("crm.item.list?entityTypeId=2&filter%5BcontactIds%5D%5B%5D=7&filter%5BcontactIds%5D%5B%5D=8&filter%5BstageSemanticId%5D=P&"));
        assert!(ask(DealList::Items, DealLink::Company).contains("filter%5BcompanyId%5D%5B%5D=7"));
        let old = ask(DealList::Old, DealLink::Contact);
        assert!(old.starts_with(
            "crm.deal.list?filter%5B%40CONTACT_ID%5D%5B%5D=7&filter%5B%40CONTACT_ID%5D%5B%5D=8&filter%5BCLOSED%5D=N&"
        ));
        assert!(ask(DealList::Old, DealLink::Company).contains("filter%5B%40COMPANY_ID%5D%5B%5D=7"));
    }

    #[test]
    fn deals_that_did_not_fit_are_asked_for_person_by_person() {
        let emails = emails(3);
        let mut findings = found(&emails, |n| Found { contact: vec![n as u64 + 1], ..Found::default() });
        let question =
            |ids: &[u64], list, person| DealsQuestion { list, link: DealLink::Contact, ids: ids.to_vec(), person };
        findings.deals_cut.push(question(&[1, 2], DealList::Items, None));
        findings.deals_unknown.push(question(&[3], DealList::Items, None));
        let requests = deals_again(&emails, &findings);
        let questions: Vec<&Question> = requests.iter().flat_map(|r| &r.questions).map(|(_, q)| q).collect();
        assert_eq!(
            questions,
            [
                &Question::Deals(question(&[3], DealList::Old, None)),
                &Question::Deals(question(&[1], DealList::Items, Some(emails[0].clone()))),
                &Question::Deals(question(&[2], DealList::Items, Some(emails[1].clone()))),
            ]
        );
    }

    proptest! {
        #[test]
        fn no_plan_has_an_empty_filter_or_an_oversized_batch(
            found_ids in proptest::collection::vec(
                (proptest::collection::vec(1u64..400, 0..25), proptest::collection::vec(1u64..400, 0..25), proptest::collection::vec(1u64..400, 0..25)),
                0..60,
            ),
            companies in proptest::collection::vec(1u64..400, 0..120),
            users in proptest::collection::vec(1u64..400, 0..120),
        ) {
            let emails = emails(found_ids.len());
            let findings = found(&emails, |n| {
                let (contact, company, lead) = found_ids[n].clone();
                Found { lead, contact, company }
            });
            let rounds = [
                searches(&emails, true),
                search_again(&emails, &findings),
                records(&emails, &findings, DealList::Items),
                records(&emails, &findings, DealList::Old),
                names(&companies, &users),
            ];
            for request in rounds.iter().flatten() {
                prop_assert!((1..=BATCH_LIMIT).contains(&request.batch.len()));
                prop_assert_eq!(request.batch.len(), request.questions.len());
                for (_, command) in request.batch.iter() {
                    let query = command.text();
                    let (_, query) = query.split_once('?').unwrap();
                    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                    prop_assert!(pairs.iter().all(|(_, value)| !value.is_empty()));
                    let narrows = |key: &str| {
                        key == "values[]" || (key.starts_with("filter[") && key.ends_with("[]")) || key == "filter[BINDINGS][0][OWNER_ID]"
                    };
                    prop_assert!(pairs.iter().any(|(key, _)| narrows(key)));
                    prop_assert!(pairs.iter().filter(|(key, _)| key.starts_with("filter[") && key.ends_with("[]")).count() <= PAGE);
                }
            }
        }
    }
}
