//! Records for a list: of those a search or a comparison found.

use std::collections::BTreeMap;

use super::team::{full_name, portal_user};
use crate::bitrix24::models::{CompanyRow, ContactRow, DealRow, LeadRow, UserRow};
use crate::portal::{Page, PortalUrl};
use crate::protocol::{FoundRecord, PortalUser, RecordType};

/// More addresses or phone numbers of a record aren't shown in a list.
const MOST: usize = 3;

/// A record as the portal wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Contact(ContactRow),
    Company(CompanyRow),
    Lead(LeadRow),
    Deal(DealRow),
    /// The portal names it and doesn't show it: the person may not read it.
    Hidden(RecordType, u64),
}

impl Row {
    pub(crate) fn kind(&self) -> RecordType {
        match self {
            Self::Contact(_) => RecordType::Contact,
            Self::Company(_) => RecordType::Company,
            Self::Lead(_) => RecordType::Lead,
            Self::Deal(_) => RecordType::Deal,
            Self::Hidden(kind, _) => *kind,
        }
    }

    pub(crate) fn id(&self) -> Option<u64> {
        match self {
            Self::Contact(row) => row.id,
            Self::Company(row) => row.id,
            Self::Lead(row) => row.id,
            Self::Deal(row) => row.id,
            Self::Hidden(_, id) => Some(*id),
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Contact(row) => full_name([&row.name, &row.second_name, &row.last_name]),
            Self::Company(row) => row.title.clone(),
            Self::Lead(row) => row.title.clone(),
            Self::Deal(row) => row.title.clone(),
            Self::Hidden(..) => String::new(),
        }
    }

    fn emails(&self) -> &[String] {
        match self {
            Self::Contact(row) => &row.email,
            Self::Company(row) => &row.email,
            Self::Lead(row) => &row.email,
            Self::Deal(_) | Self::Hidden(..) => &[],
        }
    }

    pub(crate) fn phones(&self) -> &[String] {
        match self {
            Self::Contact(row) => &row.phone,
            Self::Company(row) => &row.phone,
            Self::Lead(row) => &row.phone,
            Self::Deal(_) | Self::Hidden(..) => &[],
        }
    }

    /// What it is called, in all ways.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts = vec![self.title()];
        if let Self::Lead(row) = self {
            texts.extend([full_name([&row.name, &row.second_name, &row.last_name]), row.company_title.clone()]);
        }
        texts
    }

    /// A lead that was converted or given up, a deal that is won or lost.
    pub(crate) fn is_over(&self) -> bool {
        let semantics = match self {
            Self::Lead(row) => &row.status_semantic_id,
            Self::Deal(row) => &row.stage_semantic_id,
            Self::Contact(_) | Self::Company(_) | Self::Hidden(..) => return false,
        };
        matches!(semantics.as_str(), "S" | "F")
    }

    /// The company it belongs to.
    pub(crate) fn company(&self) -> Option<u64> {
        match self {
            Self::Contact(row) => row.company_id,
            Self::Deal(row) => row.company_id,
            Self::Company(_) | Self::Lead(_) | Self::Hidden(..) => None,
        }
    }

    /// The portal's id of who is responsible.
    pub(crate) fn responsible(&self) -> Option<u64> {
        match self {
            Self::Contact(row) => row.assigned_by_id,
            Self::Company(row) => row.assigned_by_id,
            Self::Lead(row) => row.assigned_by_id,
            Self::Deal(row) => row.assigned_by_id,
            Self::Hidden(..) => None,
        }
    }

    /// As a list shows it; `None` for a row without an id.
    pub(crate) fn shown(&self, names: &Names, portal: &PortalUrl) -> Option<FoundRecord> {
        let id = self.id()?;
        let company = match self {
            Self::Lead(row) => row.company_title.clone(),
            _ => {
                self.company().and_then(|id| names.companies.get(&id)).map(|row| row.title.clone()).unwrap_or_default()
            }
        };
        Some(FoundRecord {
            kind: self.kind(),
            id: id.to_string(),
            title: self.title(),
            emails: self.emails().iter().take(MOST).cloned().collect(),
            phones: self.phones().iter().take(MOST).cloned().collect(),
            company,
            responsible: self.responsible().and_then(|id| names.user(id, portal)),
            url: portal.page(page(self.kind()), id),
        })
    }
}

/// What the records refer to.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) companies: BTreeMap<u64, CompanyRow>,
    pub(crate) users: BTreeMap<u64, UserRow>,
}

impl Names {
    /// A user as the sidebar shows them, if their name is known.
    pub(crate) fn user(&self, id: u64, portal: &PortalUrl) -> Option<PortalUser> {
        self.users.get(&id).and_then(|row| portal_user(row, portal))
    }
}

/// The page about a record.
pub(crate) fn page(kind: RecordType) -> Page {
    match kind {
        RecordType::Contact => Page::Contact,
        RecordType::Company => Page::Company,
        RecordType::Lead => Page::Lead,
        RecordType::Deal => Page::Deal,
    }
}

/// The older method that lists such records.
pub(crate) fn list_method(kind: RecordType) -> &'static str {
    match kind {
        RecordType::Contact => "crm.contact.list",
        RecordType::Company => "crm.company.list",
        RecordType::Lead => "crm.lead.list",
        RecordType::Deal => "crm.deal.list",
    }
}
