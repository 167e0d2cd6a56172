//! What the portal is asked. The older lists are asked, which every portal has; they know no "or", so each way to fit is a command.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/contacts/crm-contact-list.html> and its siblings for filters;
//! <https://apidocs.bitrix24.com/api-reference/crm/duplicates/crm-duplicate-find-by-comm.html>

use super::query::Query;
use crate::bitrix24::batch::{Batch, Command, Values};
use crate::crm::found::list_method;
use crate::crm::plan::{DEAL_FIELDS, FIND, RecordKind};
use crate::protocol::RecordType;

/// Rows per answer.
pub(crate) const PAGE: usize = 50;

/// Fewer digits `crm.duplicate.findbycomm` isn't asked about: no number is that short.
const WHOLE_NUMBER: usize = 6;

/// Why the rows of a list are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Names or titles hold the words.
    Words,
    /// A phone number begins with the digits.
    Phone,
    /// Their phone number, or their company, was found.
    Found,
}

/// Lists that travel together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) batch: Batch,
    /// Each with the name of its command.
    pub(crate) all: Vec<(String, RecordType, Why)>,
    /// It also asks who has a whole phone number.
    pub(crate) asks_for_phone: bool,
}

/// The name of the command that asks who has a whole phone number.
pub(crate) const WHO_HAS_PHONE: &str = "phone";

impl Lists {
    fn add(&mut self, kind: RecordType, why: Why, command: Command) {
        if self.batch.room() > 0 {
            let name = format!("q{}", self.all.len());
            self.batch.add(name.as_str(), command);
            self.all.push((name, kind, why));
        }
    }
}

/// The first request: everything that can be asked at once.
pub(crate) fn first(query: &Query, types: &[RecordType]) -> Lists {
    let mut lists = Lists::default();
    // People are found by the name of their company, too.
    let companies = types.contains(&RecordType::Contact) && !types.contains(&RecordType::Company);
    for kind in types.iter().chain(companies.then_some(&RecordType::Company)) {
        for filter in by_words(query, *kind) {
            lists.add(*kind, Why::Words, list(*kind, &filter));
        }
    }
    let Some(phone) = query.phone() else { return lists };
    // Deals have none.
    let with_phones: Vec<_> = types.iter().copied().filter(|kind| *kind != RecordType::Deal).collect();
    for kind in &with_phones {
        for beginning in phone.beginnings() {
            lists.add(*kind, Why::Phone, list(*kind, &[("PHONE", beginning)]));
        }
    }
    if with_phones.is_empty() {
        return lists;
    }
    let whole = phone.whole();
    let command = Command::new(FIND).with("type", "PHONE");
    if let Some(values) = Values::new(&whole).filter(|_| whole.iter().all(|digits| digits.len() >= WHOLE_NUMBER)) {
        lists.batch.add(WHO_HAS_PHONE, command.with_each("values", values));
        lists.asks_for_phone = true;
    }
    lists
}

/// The second one, about what the first found: records by id, and who works at companies.
pub(crate) fn second(by_phone: &[(RecordType, Vec<u64>)], companies: &[u64], types: &[RecordType]) -> Lists {
    let mut lists = Lists::default();
    for (kind, ids) in by_phone.iter().filter(|(kind, _)| types.contains(kind)) {
        for ids in Values::chunks(ids, PAGE) {
            lists.add(*kind, Why::Found, rows(*kind, Command::new(list_method(*kind)).with_each("filter[@ID]", ids)));
        }
    }
    if types.contains(&RecordType::Contact) {
        for ids in Values::chunks(companies, PAGE) {
            let command = Command::new(list_method(RecordType::Contact)).with_each("filter[@COMPANY_ID]", ids);
            lists.add(RecordType::Contact, Why::Found, rows(RecordType::Contact, command));
        }
    }
    lists
}

type Filter = Vec<(&'static str, String)>;

/// The ways in which names and titles can hold the words.
fn by_words(query: &Query, kind: RecordType) -> Vec<Filter> {
    let one = |field| vec![(field, query.pattern())];
    let names = || {
        let pairs = query.name_patterns().into_iter();
        let pairs = pairs.map(|(first, last)| vec![("=%NAME", first), ("=%LAST_NAME", last)]);
        [one("=%NAME"), one("=%LAST_NAME")].into_iter().chain(pairs).collect::<Vec<_>>()
    };
    match kind {
        RecordType::Contact => names(),
        RecordType::Company | RecordType::Deal => vec![one("=%TITLE")],
        RecordType::Lead => [one("=%TITLE"), one("=%COMPANY_TITLE")].into_iter().chain(names()).collect(),
    }
}

fn list(kind: RecordType, filter: &[(&str, String)]) -> Command {
    let command = Command::new(list_method(kind));
    rows(kind, filter.iter().fold(command, |command, (field, text)| command.with(&format!("filter[{field}]"), text)))
}

/// The newest first: of more than fit into one answer those are the likelier ones.
fn rows(kind: RecordType, command: Command) -> Command {
    let command = match kind {
        RecordType::Contact => command.select(RecordKind::Contact.fields()),
        RecordType::Company => command.select(RecordKind::Company.fields()).select(&["PHONE"]),
        RecordType::Lead => command.select(RecordKind::Lead.fields()).select(&["PHONE", "COMPANY_TITLE"]),
        RecordType::Deal => command.select(DEAL_FIELDS),
    };
    command.with("order[ID]", "DESC").with("start", -1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [RecordType; 4] = [RecordType::Contact, RecordType::Company, RecordType::Lead, RecordType::Deal];

    fn first(text: &str, types: &[RecordType]) -> Lists {
        super::first(&Query::parse(text).unwrap(), types)
    }

    /// The filter of each command, readable.
    fn filters(lists: &Lists) -> Vec<String> {
        let decode = |text: String| percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
        let filter = |text: String| text.split("&select").next().unwrap_or_default().to_owned();
        lists.batch.iter().map(|(_, command)| decode(filter(command.text()))).collect()
    }

    #[test]
    fn one_word_is_a_name_or_a_title() {
        assert_eq!(
            filters(&first("corvus", &ALL)),
            [
                "crm.contact.list?filter[=%NAME]=%corvus%",
                "crm.contact.list?filter[=%LAST_NAME]=%corvus%",
                "crm.company.list?filter[=%TITLE]=%corvus%",
                "crm.lead.list?filter[=%TITLE]=%corvus%",
                "crm.lead.list?filter[=%COMPANY_TITLE]=%corvus%",
                "crm.lead.list?filter[=%NAME]=%corvus%",
                "crm.lead.list?filter[=%LAST_NAME]=%corvus%",
                "crm.deal.list?filter[=%TITLE]=%corvus%",
            ]
        );
    }

    #[test]
    fn two_words_may_be_a_whole_name() {
        let filters = filters(&first("Ann Berg", &[RecordType::Contact]));
        assert_eq!(filters.len(), 5);
        assert!(filters.contains(&"crm.company.list?filter[=%TITLE]=%Ann%Berg%".to_owned()));
        assert!(filters.contains(&"crm.contact.list?filter[=%NAME]=%Berg%&filter[=%LAST_NAME]=%Ann%".to_owned()));
    }

    #[test]
    fn a_number_is_looked_for_in_the_spellings_the_portal_compares() {
        let filters = filters(&first("+33 1 5550 2217", &[RecordType::Company]));
        for filter in [
            "crm.company.list?filter[PHONE]=+33 1 5550 2217",
            "crm.company.list?filter[PHONE]=+33155502217",
            "crm.company.list?filter[PHONE]=33155502217",
            "crm.duplicate.findbycomm?type=PHONE&values[]=33155502217",
        ] {
            assert!(filters.contains(&filter.to_owned()), "{filter} in {filters:?}");
        }
        assert!(first("+33 1", &ALL).batch.iter().all(|(name, _)| name != WHO_HAS_PHONE));
    }

    #[test]
    fn everything_fits_into_one_request() {
        for text in ["a b c d e f g h i j k", "1 2 3 4 5 6 7 8 9 0", "x y"] {
            assert!(first(text, &ALL).batch.len() <= 49, "{text}");
        }
        assert!(first("ann", &[]).batch.is_empty());
    }

    #[test]
    fn who_works_at_a_company_is_asked_only_where_contacts_are_wanted() {
        let phone = [(RecordType::Lead, vec![4]), (RecordType::Contact, vec![2])];
        assert_eq!(filters(&second(&phone, &[4, 5], &ALL)).len(), 3);
        assert_eq!(filters(&second(&phone, &[4, 5], &[RecordType::Lead])), ["crm.lead.list?filter[@ID][]=4"]);
        assert!(second(&[], &[], &ALL).batch.is_empty());
    }
}
