//! Rows as the portal writes them, with the fields the product reads.
//!
//! Field names are the portal's: capitals in the older methods, camel case in `crm.item.*`.
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/index.html>, <https://apidocs.bitrix24.com/api-reference/user/user-get.html>

use serde::Deserialize;

use super::tolerant::{Rows, flag, id, ids, multifield, number, or_default, text};

/// A user of the portal, of `user.get`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct UserRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) last_name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) email: String,
    #[serde(deserialize_with = "text")]
    pub(crate) work_position: String,
    /// `employee`, `extranet` or `email`.
    #[serde(deserialize_with = "text")]
    pub(crate) user_type: String,
    #[serde(deserialize_with = "flag")]
    pub(crate) active: Option<bool>,
}

/// An entry of a record's history, of `crm.activity.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct ActivityRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) author_id: Option<u64>,
    /// ISO 8601 with an offset.
    #[serde(deserialize_with = "text")]
    pub(crate) created: String,
    #[serde(deserialize_with = "flag")]
    pub(crate) completed: Option<bool>,
    #[serde(deserialize_with = "number")]
    pub(crate) direction: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) originator_id: String,
    #[serde(deserialize_with = "text")]
    pub(crate) origin_id: String,
}

/// An entry of a timeline, of `crm.activity.list` or `crm.timeline.comment.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct EntryRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) author_id: Option<u64>,
    /// ISO 8601 with an offset, as are `deadline` and `start_time`.
    #[serde(deserialize_with = "text")]
    pub(crate) created: String,
    /// Comments only; all that follows is an activity's.
    #[serde(deserialize_with = "text")]
    pub(crate) comment: String,
    #[serde(deserialize_with = "text")]
    pub(crate) subject: String,
    /// The kind of record that owns it: 1 lead, 2 deal, 3 contact, 4 company.
    #[serde(deserialize_with = "number")]
    pub(crate) owner_type_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) owner_id: Option<u64>,
    /// 1 meeting, 2 call, 3 task, 4 e-mail, 6 what `provider_id` says.
    #[serde(deserialize_with = "number")]
    pub(crate) type_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) provider_id: String,
    /// 1 incoming, 2 outgoing.
    #[serde(deserialize_with = "number")]
    pub(crate) direction: Option<u64>,
    #[serde(deserialize_with = "flag")]
    pub(crate) completed: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub(crate) deadline: String,
    /// When it was; of an e-mail, when it was sent.
    #[serde(deserialize_with = "text")]
    pub(crate) start_time: String,
    pub(crate) communications: Rows<CommunicationRow>,
}

/// Whom an activity was with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct CommunicationRow {
    #[serde(deserialize_with = "number")]
    pub(crate) entity_type_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) entity_id: Option<u64>,
    /// An address, or a phone number.
    #[serde(deserialize_with = "text")]
    pub(crate) value: String,
}

/// A record an activity is bound to, of `crm.activity.binding.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BindingRow {
    #[serde(deserialize_with = "number")]
    pub(crate) entity_type_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) entity_id: Option<u64>,
}

/// A contact, of `crm.contact.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct ContactRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) second_name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) last_name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) post: String,
    #[serde(deserialize_with = "id")]
    pub(crate) company_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    pub(crate) assigned_by_id: Option<u64>,
    /// ISO 8601 with an offset; absent on older portals.
    #[serde(deserialize_with = "text")]
    pub(crate) last_activity_time: String,
    #[serde(deserialize_with = "text")]
    pub(crate) date_modify: String,
    #[serde(deserialize_with = "multifield")]
    pub(crate) email: Vec<String>,
    #[serde(deserialize_with = "multifield")]
    pub(crate) phone: Vec<String>,
}

/// A company, of `crm.company.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct CompanyRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) title: String,
    #[serde(deserialize_with = "id")]
    pub(crate) assigned_by_id: Option<u64>,
    #[serde(deserialize_with = "multifield")]
    pub(crate) email: Vec<String>,
    /// Read by a search only.
    #[serde(deserialize_with = "multifield")]
    pub(crate) phone: Vec<String>,
}

/// A lead, of `crm.lead.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct LeadRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) title: String,
    #[serde(deserialize_with = "text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) second_name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) last_name: String,
    #[serde(deserialize_with = "text")]
    pub(crate) status_id: String,
    /// `P` in work, `S` converted, `F` lost.
    #[serde(deserialize_with = "text")]
    pub(crate) status_semantic_id: String,
    #[serde(deserialize_with = "id")]
    pub(crate) assigned_by_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) opportunity: String,
    #[serde(deserialize_with = "text")]
    pub(crate) currency_id: String,
    #[serde(deserialize_with = "multifield")]
    pub(crate) email: Vec<String>,
    /// Read by a search only, as is the next.
    #[serde(deserialize_with = "multifield")]
    pub(crate) phone: Vec<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) company_title: String,
}

/// A deal, of `crm.item.list` or, where that can't be asked by contact, of `crm.deal.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DealRow {
    #[serde(alias = "ID", deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(alias = "TITLE", deserialize_with = "text")]
    pub(crate) title: String,
    /// 0 is the default pipeline, so here it is no "none".
    #[serde(alias = "CATEGORY_ID", deserialize_with = "number")]
    pub(crate) category_id: Option<u64>,
    /// `NEW`, or `C9:NEW` outside the default pipeline.
    #[serde(alias = "STAGE_ID", deserialize_with = "text")]
    pub(crate) stage_id: String,
    /// `P` in work, `S` won, `F` lost.
    #[serde(alias = "STAGE_SEMANTIC_ID", deserialize_with = "text")]
    pub(crate) stage_semantic_id: String,
    #[serde(alias = "OPPORTUNITY", deserialize_with = "text")]
    pub(crate) opportunity: String,
    #[serde(alias = "CURRENCY_ID", deserialize_with = "text")]
    pub(crate) currency_id: String,
    #[serde(alias = "COMPANY_ID", deserialize_with = "id")]
    pub(crate) company_id: Option<u64>,
    /// The first contact; the only one `crm.deal.list` tells.
    #[serde(alias = "CONTACT_ID", deserialize_with = "id")]
    pub(crate) contact_id: Option<u64>,
    #[serde(deserialize_with = "ids")]
    pub(crate) contact_ids: Vec<u64>,
    #[serde(alias = "ASSIGNED_BY_ID", deserialize_with = "id")]
    pub(crate) assigned_by_id: Option<u64>,
}

/// The id of something that was added; older methods answer with nothing else.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct NewId(#[serde(deserialize_with = "id")] pub(crate) Option<u64>);

/// The rows of `crm.item.list`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Items {
    pub(crate) items: Rows<DealRow>,
}

/// What `crm.duplicate.findbycomm` found for one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct Found {
    #[serde(deserialize_with = "ids")]
    pub(crate) lead: Vec<u64>,
    #[serde(deserialize_with = "ids")]
    pub(crate) contact: Vec<u64>,
    #[serde(deserialize_with = "ids")]
    pub(crate) company: Vec<u64>,
}

impl Found {
    /// How many records.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.lead.len() + self.contact.len() + self.company.len()
    }
}

/// The rows of `crm.category.list`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Categories {
    pub(crate) categories: Rows<CategoryRow>,
}

/// A pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct CategoryRow {
    #[serde(deserialize_with = "number")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "number")]
    pub(crate) sort: Option<u64>,
}

/// An entry of one of the portal's lists, of `crm.status.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct StatusRow {
    /// Which list: `STATUS`, `SOURCE`, `DEAL_STAGE`, `DEAL_STAGE_9`.
    #[serde(deserialize_with = "text")]
    pub(crate) entity_id: String,
    #[serde(deserialize_with = "text")]
    pub(crate) status_id: String,
    #[serde(deserialize_with = "text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "number")]
    pub(crate) sort: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) color: String,
    /// Nothing, `S` or `F`.
    #[serde(deserialize_with = "text")]
    pub(crate) semantics: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) extra: StatusExtra,
}

/// The better half of a [`StatusRow`]; `[]` or absent where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct StatusExtra {
    /// `process`, `success`, `failure` or `apology`.
    #[serde(deserialize_with = "text")]
    pub(crate) semantics: String,
    #[serde(deserialize_with = "text")]
    pub(crate) color: String,
}

/// A currency, of `crm.currency.list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct CurrencyRow {
    #[serde(deserialize_with = "text")]
    pub(crate) currency: String,
    #[serde(deserialize_with = "flag")]
    pub(crate) base: Option<bool>,
}

/// A field's description, of `crm.contact.fields` and its siblings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FieldRow {
    #[serde(rename = "type", deserialize_with = "text")]
    pub(crate) field_type: String,
    #[serde(deserialize_with = "flag")]
    pub(crate) is_required: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub(crate) is_read_only: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub(crate) is_multiple: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub(crate) title: String,
    /// Custom fields only, as are the next two.
    #[serde(deserialize_with = "text")]
    pub(crate) form_label: String,
    #[serde(deserialize_with = "text")]
    pub(crate) list_label: String,
    /// The choices of an enumeration.
    pub(crate) items: Rows<ItemRow>,
    /// The directory that a `crm_status` is from.
    #[serde(deserialize_with = "text")]
    pub(crate) status_type: String,
}

/// A choice of an enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct ItemRow {
    #[serde(deserialize_with = "text")]
    pub(crate) id: String,
    #[serde(deserialize_with = "text")]
    pub(crate) value: String,
}

/// Of any record: its id, and the key it was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default)]
pub(crate) struct OriginRow {
    #[serde(deserialize_with = "id")]
    pub(crate) id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(crate) origin_id: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            "[0-9]{1,30}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map("VALUE|ID|[a-z]{1,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// A field of a type nobody expects never costs the row it's in.
        #[test]
        fn a_row_is_read_whatever_its_fields_are(value in any_json()) {
            let capitals = json!({
                "ID": value, "NAME": value, "TITLE": value, "EMAIL": value, "PHONE": value, "COMPANY_ID": value, "ACTIVE": value,
                "LEAD": value, "CONTACT": value, "EXTRA": value, "SORT": value, "BASE": value, "OPPORTUNITY": value,
            });
            let camel = json!({ "id": value, "contactIds": value, "categoryId": value, "opportunity": value, "items": value, "categories": value });
            for row in [&capitals, &camel] {
                let text = row.to_string();
                prop_assert!(serde_json::from_str::<UserRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<ContactRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<CompanyRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<LeadRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<Found>(&text).is_ok());
                prop_assert!(serde_json::from_str::<DealRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<Items>(&text).is_ok());
                prop_assert!(serde_json::from_str::<Categories>(&text).is_ok());
                prop_assert!(serde_json::from_str::<StatusRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<CurrencyRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<FieldRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<OriginRow>(&text).is_ok());
                prop_assert!(serde_json::from_str::<EntryRow>(&text).is_ok());
            }
        }
    }
}
