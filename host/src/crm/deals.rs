//! Deals, leads and money as the sidebar shows them.

use crate::bitrix24::models::{DealRow, LeadRow};
use crate::portal::{Page, PortalUrl};
use crate::protocol::{Amount, Deal, Lead, Outcome, Person, PortalUser, Reference, Stage};

use super::team::full_name;

/// A deal. What the reference data doesn't know is shown by its id.
pub(crate) fn deal(
    row: &DealRow,
    id: u64,
    reference: &Reference,
    portal: &PortalUrl,
    responsible: Option<PortalUser>,
) -> Deal {
    let pipeline_id = row.category_id.unwrap_or_default().to_string();
    let pipeline = reference.pipelines.iter().find(|pipeline| pipeline.id == pipeline_id);
    let stages = pipeline.map_or(&[][..], |pipeline| &pipeline.stages);
    let (step, steps) = place(stages, &row.stage_id);
    Deal {
        id: id.to_string(),
        title: row.title.clone(),
        pipeline: pipeline.map_or_else(String::new, |pipeline| pipeline.name.clone()),
        pipeline_id,
        stage: find(stages, &row.stage_id).unwrap_or_else(|| unknown(&row.stage_id, &row.stage_semantic_id)),
        step,
        steps,
        amount: amount(&row.opportunity, &row.currency_id),
        responsible,
        url: portal.page(Page::Deal, id),
    }
}

/// A lead.
pub(crate) fn lead(
    row: &LeadRow,
    id: u64,
    reference: &Reference,
    portal: &PortalUrl,
    responsible: Option<PortalUser>,
) -> Lead {
    let status = find(&reference.lead_statuses, &row.status_id);
    Lead {
        id: id.to_string(),
        title: row.title.clone(),
        name: full_name([&row.name, &row.second_name, &row.last_name]),
        status: status.unwrap_or_else(|| unknown(&row.status_id, &row.status_semantic_id)),
        amount: amount(&row.opportunity, &row.currency_id),
        responsible,
        url: portal.page(Page::Lead, id),
    }
}

/// Where a person's deals and leads stand that the reference data doesn't know, which may be too old.
pub(crate) fn unknown_places(person: &Person) -> impl Iterator<Item = String> {
    let is_unknown = |stage: &Stage| stage.name == stage.id;
    let deals = person.deals.iter().filter(move |deal| deal.steps == 0 || is_unknown(&deal.stage));
    let leads = person.leads.iter().filter(move |lead| is_unknown(&lead.status));
    deals
        .map(|deal| format!("deal {} {}", deal.pipeline_id, deal.stage.id))
        .chain(leads.map(|lead| format!("lead {}", lead.status.id)))
}

fn find(stages: &[Stage], id: &str) -> Option<Stage> {
    stages.iter().find(|stage| stage.id == id).cloned()
}

fn unknown(id: &str, semantic: &str) -> Stage {
    Stage { id: id.to_owned(), name: id.to_owned(), color: None, outcome: outcome(semantic) }
}

fn outcome(semantic: &str) -> Outcome {
    match semantic {
        "S" => Outcome::Won,
        "F" => Outcome::Lost,
        _ => Outcome::Open,
    }
}

/// The stage's place among the open ones, and how many those are.
fn place(stages: &[Stage], id: &str) -> (u32, u32) {
    let open = || stages.iter().filter(|stage| stage.outcome == Outcome::Open);
    let number = |count: usize| u32::try_from(count).unwrap_or_default();
    (open().position(|stage| stage.id == id).map_or(0, |place| number(place + 1)), number(open().count()))
}

/// An amount, if it's one and not nothing.
fn amount(value: &str, currency: &str) -> Option<Amount> {
    let value = value.trim();
    let (whole, cents) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = !whole.is_empty() && digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(cents);
    let is_nothing = value.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_number && !is_nothing && is_code).then(|| Amount { value: value.to_owned(), currency: currency.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Pipeline;

    fn stage(id: &str, outcome: Outcome) -> Stage {
        Stage { id: id.into(), name: format!("Name of {id}"), color: None, outcome }
    }

    fn reference() -> Reference {
        let stages = vec![
            stage("C9:NEW", Outcome::Open),
            stage("C9:TALK", Outcome::Open),
            stage("C9:WON", Outcome::Won),
            stage("C9:LOSE", Outcome::Lost),
        ];
        Reference {
            pipelines: vec![Pipeline { id: "9".into(), name: "Renewals".into(), stages }],
            lead_statuses: vec![stage("NEW", Outcome::Open)],
            sources: vec![],
            currencies: vec![],
            leads: true,
        }
    }

    fn shown(row: &DealRow) -> Deal {
        deal(row, 4, &reference(), &"acme.bitrix24.com".parse().unwrap(), None)
    }

    #[test]
    fn a_deal_stands_at_a_step_of_its_pipeline() {
        let row = DealRow {
            title: "Window seats".into(),
            category_id: Some(9),
            stage_id: "C9:TALK".into(),
            opportunity: "19000".into(),
            currency_id: "EUR".into(),
            ..DealRow::default()
        };
        let deal = shown(&row);
        assert_eq!(
            (deal.step, deal.steps, deal.pipeline.as_str(), deal.stage.name.as_str()),
            (2, 2, "Renewals", "Name of C9:TALK")
        );
        assert_eq!(deal.amount, Some(Amount { value: "19000".into(), currency: "EUR".into() }));
        assert_eq!(deal.url, "https://acme.bitrix24.com/crm/deal/details/4/");
    }

    #[test]
    fn what_the_reference_data_does_not_know_is_shown_by_id() {
        let row = DealRow {
            category_id: Some(9),
            stage_id: "C9:ADDED".into(),
            stage_semantic_id: "P".into(),
            ..DealRow::default()
        };
        let deal = shown(&row);
        assert_eq!((deal.step, deal.stage.name.as_str()), (0, "C9:ADDED"));
        let deal = shown(&DealRow { stage_id: "NEW".into(), ..DealRow::default() });
        assert_eq!((deal.pipeline_id.as_str(), deal.pipeline.as_str(), deal.steps), ("0", "", 0));
    }

    #[test]
    fn places_that_the_reference_data_lacks_are_told_apart() {
        let at = |category_id, stage: &str| {
            shown(&DealRow { category_id: Some(category_id), stage_id: stage.into(), ..DealRow::default() })
        };
        let status = |id: &str| {
            let row = LeadRow { status_id: id.into(), ..LeadRow::default() };
            lead(&row, 5, &reference(), &"acme.bitrix24.com".parse().unwrap(), None)
        };
        let email = super::super::normalize::Email::parse("a@x.com").unwrap();
        let person = Person {
            deals: vec![at(9, "C9:TALK"), at(9, "C9:ADDED"), at(0, "NEW")],
            leads: vec![status("ADDED")],
            ..super::super::matching::nobody(&email, crate::protocol::Role::External, &[])
        };
        let places: Vec<_> = unknown_places(&person).collect();
        assert_eq!(places, ["deal 9 C9:ADDED", "deal 0 NEW", "lead ADDED"]);
    }

    #[test]
    fn amounts_are_decimal_numbers_with_a_currency() {
        for (value, currency, shown) in [
            ("48600.00", "EUR", true),
            ("19000", "USD", true),
            ("-5.50", "EUR", true),
            ("0.00", "EUR", false),
            ("0", "EUR", false),
            ("", "EUR", false),
            ("1e9", "EUR", false),
            ("1,5", "EUR", false),
            (".", "EUR", false),
            ("1.2.3", "EUR", false),
            ("19000", "", false),
            ("19000", "<b>", false),
        ] {
            assert_eq!(amount(value, currency).is_some(), shown, "{value} {currency}");
        }
    }
}
