use std::collections::BTreeMap;

use super::*;
use crate::bitrix24::models::{DealRow, Found, UserRow};

fn email() -> Email {
    Email::parse("anna@x.com").unwrap()
}

fn reference() -> Reference {
    Reference { pipelines: vec![], lead_statuses: vec![], sources: vec![], currencies: vec![], leads: true }
}

fn draw_up(findings: &Findings) -> Person {
    draw_up_with(&reference(), findings)
}

fn draw_up_with(reference: &Reference, findings: &Findings) -> Person {
    let portal = "acme.bitrix24.com".parse().unwrap();
    let sources = Sources { team: &Team::default(), portal: &portal, reference, findings };
    sources.person(&email())
}

fn found(contact: &[u64], company: &[u64], lead: &[u64]) -> Findings {
    let found = Found { contact: contact.to_vec(), company: company.to_vec(), lead: lead.to_vec() };
    Findings { found: BTreeMap::from([(email(), found)]), ..Findings::default() }
}

fn contact(activity: &str, modified: &str) -> ContactRow {
    ContactRow { last_activity_time: activity.into(), date_modify: modified.into(), ..ContactRow::default() }
}

fn lead(semantic: &str) -> LeadRow {
    LeadRow { status_semantic_id: semantic.into(), ..LeadRow::default() }
}

fn ids<T>(records: &[T], id: impl Fn(&T) -> &String) -> Vec<&str> {
    records.iter().map(|record| id(record).as_str()).collect()
}

#[test]
fn the_contact_with_the_newest_activity_comes_first() {
    let mut findings = found(&[1, 2, 3, 4, 1], &[], &[]);
    findings.contacts = BTreeMap::from([
        (1, contact("2026-11-01T10:00:00+02:00", "2026-11-20T10:00:00+02:00")),
        // Later than contact 1, though its clock reads earlier.
        (2, contact("2026-11-01T09:00:00+00:00", "")),
        (3, contact("", "2026-11-05T10:00:00+02:00")),
        (4, contact("never", "")),
    ]);
    let person = draw_up(&findings);
    assert_eq!(ids(&person.contacts, |contact| &contact.id), ["3", "2", "1", "4"]);
    assert_eq!(person.hidden, 0);
}

#[test]
fn converted_leads_come_last() {
    let mut findings = found(&[], &[], &[1, 2, 3, 4]);
    findings.leads = BTreeMap::from([(1, lead("P")), (2, lead("S")), (3, lead("F")), (4, lead("P"))]);
    assert_eq!(ids(&draw_up(&findings).leads, |lead| &lead.id), ["4", "1", "3", "2"]);
}

#[test]
fn a_portal_without_leads_shows_none_and_misses_none() {
    let mut findings = found(&[1], &[], &[2, 3]);
    findings.contacts = BTreeMap::from([(1, ContactRow::default())]);
    findings.leads = BTreeMap::from([(2, lead("P"))]);
    let with = draw_up(&findings);
    assert_eq!((with.contacts.len(), with.leads.len(), with.hidden), (1, 1, 1));
    let without = draw_up_with(&Reference { leads: false, ..reference() }, &findings);
    assert_eq!((without.contacts.len(), without.leads.len(), without.hidden), (1, 0, 0));
}

#[test]
fn records_that_did_not_come_are_hidden() {
    let mut findings = found(&[1, 2], &[3], &[4]);
    findings.contacts = BTreeMap::from([(1, ContactRow::default())]);
    assert_eq!(draw_up(&findings).hidden, 3);
    // A list that couldn't be read hides nothing: what's in it is unknown.
    findings.unread.insert(RecordKind::Lead);
    assert_eq!(draw_up(&findings).hidden, 2);
}

#[test]
fn a_contact_names_its_company_and_who_is_responsible() {
    let mut findings = found(&[1, 2], &[], &[]);
    let row = |company_id| ContactRow {
        name: "Anna".into(),
        last_name: " Weber ".into(),
        post: "Buyer".into(),
        company_id: Some(company_id),
        assigned_by_id: Some(company_id),
        email: vec!["anna@x.com".into()],
        phone: vec!["+49 30 1".into()],
        ..ContactRow::default()
    };
    findings.contacts = BTreeMap::from([(1, row(5)), (2, row(6))]);
    findings.companies = BTreeMap::from([(5, CompanyRow { title: "Nordwind".into(), ..CompanyRow::default() })]);
    findings.names = BTreeMap::from([(5, UserRow { id: Some(5), name: "Lena".into(), ..UserRow::default() })]);
    let person = draw_up(&findings);
    let [unknown, known] = person.contacts.as_slice() else { panic!() };
    assert_eq!((known.name.as_str(), known.position.as_str()), ("Anna Weber", "Buyer"));
    let company =
        |contact: &Contact| contact.company.as_ref().map(|company| (company.id.clone(), company.title.clone()));
    assert_eq!(company(known), Some(("5".into(), "Nordwind".into())));
    assert_eq!(company(unknown), Some(("6".into(), String::new())));
    let responsible = |contact: &Contact| contact.responsible.as_ref().map(|user| (user.id.clone(), user.name.clone()));
    assert_eq!(responsible(known), Some(("5".into(), "Lena".into())));
    assert_eq!(responsible(unknown), Some(("6".into(), String::new())));
}

#[test]
fn deals_belong_to_a_person_through_contact_or_company() {
    let mut findings = found(&[1], &[2], &[]);
    let deal = |contact_ids: &[u64], company_id| DealRow {
        contact_ids: contact_ids.to_vec(),
        company_id,
        ..DealRow::default()
    };
    findings.deals = BTreeMap::from([
        (10, deal(&[9, 1], None)),
        (11, deal(&[9], Some(2))),
        (12, deal(&[9], Some(9))),
        (13, DealRow { contact_id: Some(1), ..DealRow::default() }),
    ]);
    let person = draw_up(&findings);
    assert_eq!(ids(&person.deals, |deal| &deal.id), ["13", "11", "10"]);
    assert_eq!(person.deals_total, 3);
}

#[test]
fn fifty_deals_are_shown_and_all_are_counted() {
    let mut findings = found(&[1], &[], &[]);
    findings.deals = (1..=60).map(|id| (id, DealRow { contact_id: Some(1), ..DealRow::default() })).collect();
    assert_eq!((draw_up(&findings).deals.len(), draw_up(&findings).deals_total), (50, 60));
    findings.deal_totals.insert(email(), 73);
    assert_eq!(draw_up(&findings).deals_total, 73);
}

#[test]
fn a_full_list_says_that_there_may_be_more() {
    let many: Vec<u64> = (1..=20).collect();
    let reasons =
        |findings: &Findings| draw_up(findings).problems.into_iter().map(|problem| problem.reason).collect::<Vec<_>>();
    assert_eq!(reasons(&found(&many, &[], &[])), ["too_many_matches"]);
    assert!(reasons(&found(&many[..19], &[], &[])).is_empty());
}

#[test]
fn what_records_refer_to_is_read_once() {
    let mut findings = found(&[1, 2], &[3], &[4]);
    let contact = ContactRow { company_id: Some(7), assigned_by_id: Some(21), ..ContactRow::default() };
    findings.contacts = BTreeMap::from([(1, contact.clone()), (2, contact)]);
    findings.companies = BTreeMap::from([
        (3, CompanyRow { assigned_by_id: Some(22), ..CompanyRow::default() }),
        // Known from before: its responsible person is of interest too.
        (7, CompanyRow { assigned_by_id: Some(23), ..CompanyRow::default() }),
    ]);
    findings.leads = BTreeMap::from([(4, LeadRow { assigned_by_id: Some(24), ..LeadRow::default() })]);
    findings.deals = BTreeMap::from([(5, DealRow { assigned_by_id: Some(21), ..DealRow::default() })]);
    assert_eq!(referred(&[email()], &findings), (vec![7], vec![21, 22, 23, 24]));
    assert_eq!(referred(&[], &Findings::default()), (vec![], vec![]));
}
