//! Draws up a person from what was found.

use jiff::Timestamp;

use super::deals;
use super::email::history;
use super::findings::{Findings, contacts_of};
use super::normalize::Email;
use super::plan::{MOST_MATCHES, RecordKind};
use super::team::{Team, full_name, portal_user};
use crate::bitrix24::models::{CompanyRow, ContactRow, LeadRow};
use crate::failure::{Failure, Reason};
use crate::portal::{Page, PortalUrl};
use crate::protocol::{Company, Contact, Deal, Person, PortalUser, RecentEmail, Reference, Role};

/// How many deals of a person are shown.
const MOST_DEALS: usize = 50;

/// Everything a person is drawn up from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) team: &'a Team,
    pub(crate) portal: &'a PortalUrl,
    pub(crate) reference: &'a Reference,
    pub(crate) findings: &'a Findings,
}

/// Somebody nothing is known of but the role.
pub(crate) fn nobody(email: &Email, role: Role, problems: &[Failure]) -> Person {
    Person {
        email: email.to_string(),
        role,
        contacts: Vec::new(),
        companies: Vec::new(),
        leads: Vec::new(),
        deals: Vec::new(),
        deals_total: 0,
        hidden: 0,
        problems: problems.iter().map(Failure::to_wire).collect(),
        recent_emails: Vec::new(),
        chosen: None,
    }
}

impl Sources<'_> {
    /// The whole person.
    pub(crate) fn person(&self, email: &Email) -> Person {
        let deals = self.deals(email);
        let total = self.findings.deal_totals.get(email).copied().unwrap_or_default();
        Person {
            contacts: self.contacts(email),
            companies: self.companies(email),
            leads: self.leads(email),
            deals_total: total.max(u32::try_from(deals.len()).unwrap_or(u32::MAX)),
            deals: deals.into_iter().take(MOST_DEALS).collect(),
            hidden: self.hidden(email),
            recent_emails: self.recent_emails(email),
            ..nobody(email, self.team.role(email, self.findings.users.get(email), self.portal), &self.problems(email))
        }
    }

    /// Where somebody was found. A portal that runs without leads may have old ones, which its own pages no longer show.
    fn ids(&self, email: &Email, kind: RecordKind) -> &[u64] {
        let is_shown = kind != RecordKind::Lead || self.reference.leads;
        if is_shown { self.findings.ids(email, kind) } else { &[] }
    }

    fn contacts(&self, email: &Email) -> Vec<Contact> {
        let ids = self.ids(email, RecordKind::Contact).iter();
        let mut rows: Vec<_> = ids.filter_map(|id| Some((*id, self.findings.contacts.get(id)?))).collect();
        rows.sort_by_key(|(id, row)| std::cmp::Reverse((last_activity(row), *id)));
        rows.dedup_by_key(|(id, _)| *id);
        rows.into_iter().map(|(id, row)| self.contact(id, row)).collect()
    }

    fn contact(&self, id: u64, row: &ContactRow) -> Contact {
        Contact {
            id: id.to_string(),
            name: full_name([&row.name, &row.second_name, &row.last_name]),
            position: row.post.clone(),
            emails: row.email.clone(),
            phones: row.phone.clone(),
            company: row.company_id.map(|id| self.company(id, self.findings.companies.get(&id))),
            responsible: self.user(row.assigned_by_id),
            url: self.portal.page(Page::Contact, id),
        }
    }

    fn companies(&self, email: &Email) -> Vec<Company> {
        let mut ids = self.ids(email, RecordKind::Company).to_vec();
        ids.sort_unstable();
        ids.dedup();
        let rows = ids.into_iter().filter_map(|id| Some((id, self.findings.companies.get(&id)?)));
        rows.map(|(id, row)| self.company(id, Some(row))).collect()
    }

    fn company(&self, id: u64, row: Option<&CompanyRow>) -> Company {
        Company {
            id: id.to_string(),
            title: row.map(|row| row.title.clone()).unwrap_or_default(),
            responsible: self.user(row.and_then(|row| row.assigned_by_id)),
            url: self.portal.page(Page::Company, id),
        }
    }

    fn leads(&self, email: &Email) -> Vec<crate::protocol::Lead> {
        let ids = self.ids(email, RecordKind::Lead).iter();
        let mut rows: Vec<_> = ids.filter_map(|id| Some((*id, self.findings.leads.get(id)?))).collect();
        rows.sort_by_key(|(id, row)| (lead_rank(row), std::cmp::Reverse(*id)));
        rows.dedup_by_key(|(id, _)| *id);
        let shown = |(id, row): (u64, &LeadRow)| {
            deals::lead(row, id, self.reference, self.portal, self.user(row.assigned_by_id))
        };
        rows.into_iter().map(shown).collect()
    }

    fn deals(&self, email: &Email) -> Vec<Deal> {
        let contacts = self.ids(email, RecordKind::Contact);
        let companies = self.ids(email, RecordKind::Company);
        let theirs = self.findings.deals.iter().rev().filter(|(_, row)| {
            contacts_of(row).any(|id| contacts.contains(&id))
                || row.company_id.is_some_and(|id| companies.contains(&id))
        });
        theirs
            .map(|(id, row)| deals::deal(row, *id, self.reference, self.portal, self.user(row.assigned_by_id)))
            .collect()
    }

    fn recent_emails(&self, email: &Email) -> Vec<RecentEmail> {
        let kinds = [RecordKind::Contact, RecordKind::Company, RecordKind::Lead];
        let owners = kinds.iter().flat_map(|kind| self.ids(email, *kind).iter().map(|id| kind.owner(*id)));
        history::of(self.findings.emails.iter(), &owners.collect::<Vec<_>>(), |id| self.user(Some(id)))
    }

    /// Records that have the address and didn't come when asked for: the person may not read them.
    fn hidden(&self, email: &Email) -> u32 {
        let findings = self.findings;
        let count = |kind: RecordKind, is_read: &dyn Fn(&u64) -> bool| {
            let unread = findings.unread.contains(&kind);
            if unread { 0 } else { self.ids(email, kind).iter().filter(|id| !is_read(id)).count() }
        };
        let hidden = count(RecordKind::Contact, &|id| findings.contacts.contains_key(id))
            + count(RecordKind::Company, &|id| findings.companies.contains_key(id))
            + count(RecordKind::Lead, &|id| findings.leads.contains_key(id));
        u32::try_from(hidden).unwrap_or(u32::MAX)
    }

    fn problems(&self, email: &Email) -> Vec<Failure> {
        let full = [RecordKind::Contact, RecordKind::Company, RecordKind::Lead]
            .iter()
            .any(|kind| self.ids(email, *kind).len() >= MOST_MATCHES);
        let too_many = full.then(|| Failure::new(Reason::TooManyMatches).with("limit", MOST_MATCHES));
        self.findings.problems.get(email).cloned().into_iter().chain(too_many).collect()
    }

    /// Somebody who is responsible; without a name if the portal doesn't tell.
    fn user(&self, id: Option<u64>) -> Option<PortalUser> {
        let id = id?;
        let named = self.findings.names.get(&id).and_then(|row| portal_user(row, self.portal));
        let unnamed = || PortalUser { id: id.to_string(), name: String::new(), url: self.portal.page(Page::User, id) };
        Some(named.unwrap_or_else(unnamed))
    }
}

/// Who logged e-mails to records.
pub(crate) fn authors(findings: &Findings) -> Vec<u64> {
    distinct(findings.emails.values().filter_map(|row| row.author_id))
}

/// Open ones first, converted ones last: those live on as contacts.
fn lead_rank(row: &LeadRow) -> u8 {
    match row.status_semantic_id.as_str() {
        "S" => 2,
        "F" => 1,
        _ => 0,
    }
}

fn last_activity(row: &ContactRow) -> Option<Timestamp> {
    row.last_activity_time.parse().or_else(|_| row.date_modify.parse()).ok()
}

/// The companies that records of these people refer to, and everybody who is responsible for one of them or of their records.
pub(crate) fn referred(emails: &[Email], findings: &Findings) -> (Vec<u64>, Vec<u64>) {
    let rows = |kind| findings.ids_of(emails, kind);
    let contacts: Vec<&ContactRow> =
        rows(RecordKind::Contact).iter().filter_map(|id| findings.contacts.get(id)).collect();
    let companies: Vec<u64> = contacts.iter().filter_map(|row| row.company_id).collect();
    let of_contacts = contacts.iter().map(|row| row.assigned_by_id);
    let all_companies = rows(RecordKind::Company).into_iter().chain(companies.iter().copied()).collect::<Vec<_>>();
    let of_companies = all_companies.iter().filter_map(|id| findings.companies.get(id)).map(|row| row.assigned_by_id);
    let leads = rows(RecordKind::Lead);
    let of_leads = leads.iter().filter_map(|id| findings.leads.get(id)).map(|row| row.assigned_by_id);
    let of_deals = findings.deals.values().map(|row| row.assigned_by_id);
    let users = of_contacts.chain(of_companies).chain(of_leads).chain(of_deals).flatten();
    (distinct(companies), distinct(users))
}

fn distinct(ids: impl IntoIterator<Item = u64>) -> Vec<u64> {
    ids.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
