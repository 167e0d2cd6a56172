//! What is known of a person.

use serde::Serialize;

use super::{PortalUser, RecordRef, Stage, WireFailure};

/// A participant, as the portal knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Person {
    /// The address that was asked for, lower case.
    pub email: String,
    /// Who they are to the person in the sidebar.
    pub role: Role,
    /// Contacts with this address, the one with the newest activity first.
    pub contacts: Vec<Contact>,
    /// Companies with this address.
    pub companies: Vec<Company>,
    /// Leads with this address, open ones first.
    pub leads: Vec<Lead>,
    /// Open deals of those contacts and companies, newest first; at most 50.
    pub deals: Vec<Deal>,
    /// How many open deals there are in all.
    #[serde(rename = "dealsTotal")]
    pub deals_total: u32,
    /// Records with this address that the person has no right to read.
    pub hidden: u32,
    /// Why this person is not (wholly) known: each missing piece with its own sentence.
    pub problems: Vec<WireFailure>,
    /// E-mails in the histories of these contacts, companies and leads, the newest entries first; at most 30.
    #[serde(rename = "recentEmails", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<RecentEmail>>", optional))]
    pub recent_emails: Vec<RecentEmail>,
    /// Which of several records the person in the sidebar picked; it comes first in its list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub chosen: Option<RecordRef>,
}

/// An e-mail in the portal, to compare an open one with. That they are the same is likely at best: only a preview tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecentEmail {
    /// The portal's id of the entry.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: u64,
    /// The addresses it is logged with, lower case: of some who wrote or got it.
    pub emails: Vec<String>,
    /// Who logged it; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub by: Option<PortalUser>,
    /// When it was logged, in milliseconds since 1970; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at: Option<u64>,
}

/// Who somebody is to the person in the sidebar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Role {
    /// The person's own address: the mailbox's, one they call their own, or the one the portal has of them.
    Me,
    /// Somebody of the same company.
    Colleague {
        /// The portal's user; absent when known only by a team domain or the person's own list.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        user: Option<PortalUser>,
        /// Position in the company; empty if the portal has none.
        position: String,
    },
    /// Somebody who worked here, and is dismissed now.
    FormerColleague {
        /// The portal's user.
        user: PortalUser,
    },
    /// An external user the company invited into its portal.
    Extranet {
        /// The portal's user.
        user: PortalUser,
        /// Whether the company has dismissed them; absent if it hasn't.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(test, ts(as = "Option<bool>", optional))]
        dismissed: bool,
    },
    /// Somebody else.
    External,
    /// The lookup didn't get that far; see `problems`.
    NotLookedUp,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Contact {
    /// The portal's id.
    pub id: String,
    /// Full name; empty if the portal has none.
    pub name: String,
    /// Position; empty if the portal has none.
    pub position: String,
    /// All e-mail addresses.
    pub emails: Vec<String>,
    /// All phone numbers.
    pub phones: Vec<String>,
    /// The company the contact belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub company: Option<Company>,
    /// Who is responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<PortalUser>,
    /// The portal's page about the contact.
    pub url: String,
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Company {
    /// The portal's id.
    pub id: String,
    /// Its name; empty if it can't be read.
    pub title: String,
    /// Who is responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<PortalUser>,
    /// The portal's page about the company.
    pub url: String,
}

/// A lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Lead {
    /// The portal's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The person's name in it; empty if there is none.
    pub name: String,
    /// Where it stands.
    pub status: Stage,
    /// What it may be worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub amount: Option<Amount>,
    /// Who is responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<PortalUser>,
    /// The portal's page about the lead.
    pub url: String,
}

/// A deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Deal {
    /// The portal's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The pipeline's id, to find its other stages in [`super::Reference`].
    #[serde(rename = "pipelineId")]
    pub pipeline_id: String,
    /// The pipeline's name.
    pub pipeline: String,
    /// Where it stands.
    pub stage: Stage,
    /// The stage's place among the open stages of its pipeline, from 1; 0 if unknown.
    pub step: u32,
    /// How many open stages the pipeline has; 0 if unknown.
    pub steps: u32,
    /// What it's worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub amount: Option<Amount>,
    /// Who is responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<PortalUser>,
    /// The portal's page about the deal.
    pub url: String,
}

/// An amount of money. The sidebar formats it; nobody calculates with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Amount {
    /// A decimal number with a point: `48600.00`.
    pub value: String,
    /// ISO 4217 code: `EUR`.
    pub currency: String,
}
