//! A record to be made, checked and in the portal's terms.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::form::{Form, PortalField};
use crate::crm::normalize::Email;
use crate::failure::{Failure, Reason};
use crate::protocol::{
    CreateParams, FieldInput, NewCompany, NewContact, NewDeal, NewLead, NewRecord, RecordType, Reference,
};

/// Marks what was made from here.
pub(crate) const ORIGINATOR: &str = "gmail-sync";

/// The longest text of one line that goes into a record.
const LONGEST: usize = 255;

/// A record to be made.
pub(crate) struct Draft {
    pub(crate) kind: RecordType,
    /// The participant's address.
    pub(crate) email: Email,
    /// The same for each try.
    pub(crate) key: String,
    /// First and last name, where both are known.
    pub(crate) name: Option<(String, String)>,
    /// As typed; empty if there is none.
    pub(crate) phone: String,
    /// The name of the company a contact belongs to; empty if there is none.
    pub(crate) company: String,
    /// What a company, lead or deal is called; empty for a contact.
    pub(crate) title: String,
    /// A deal's contact.
    pub(crate) contact_id: Option<u64>,
    /// The record's company, once it is known.
    pub(crate) company_id: Option<u64>,
    /// The portal's users in it, but for the person at the sidebar.
    pub(crate) users: Vec<u64>,
    fields: Map<String, Value>,
}

/// The parameters of `crm.….add`.
#[derive(Serialize)]
pub(crate) struct Add {
    fields: Map<String, Value>,
}

/// Whose record it is to be, and what the portal calls things.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    /// The portal's id of the person at the sidebar.
    pub(crate) me: u64,
    pub(crate) reference: &'a Reference,
    pub(crate) form: &'a Form,
}

/// What a record is.
pub(crate) fn kind(record: &NewRecord) -> RecordType {
    match record {
        NewRecord::Contact(_) => RecordType::Contact,
        NewRecord::Company(_) => RecordType::Company,
        NewRecord::Lead(_) => RecordType::Lead,
        NewRecord::Deal(_) => RecordType::Deal,
    }
}

impl Draft {
    /// Checks what was typed.
    ///
    /// # Errors
    /// [`Reason::AddressInvalid`], [`Reason::TextTooLong`], [`Reason::ValueInvalid`], [`Reason::FormChanged`],
    /// [`Reason::BadParams`] for a key that is none.
    pub(crate) fn new(params: &CreateParams, ground: Ground<'_>) -> Result<Self, Failure> {
        let email = Email::parse(&params.email).ok_or(Reason::AddressInvalid)?;
        let key = is_key(&params.key).then(|| params.key.clone());
        let key = key.ok_or_else(bad_params)?;
        let mut draft = Self {
            kind: kind(&params.record),
            email,
            key,
            name: None,
            phone: String::new(),
            company: String::new(),
            title: String::new(),
            contact_id: None,
            company_id: None,
            users: Vec::new(),
            fields: Map::new(),
        };
        draft.set("ORIGINATOR_ID", ORIGINATOR);
        draft.set("ORIGIN_ID", draft.key.clone());
        let responsible = params.responsible.as_deref().map(|id| user(id).ok_or_else(bad_params)).transpose()?;
        draft.set("ASSIGNED_BY_ID", responsible.unwrap_or(ground.me));
        draft.users.extend(responsible);
        match params.record.as_ref() {
            NewRecord::Contact(contact) => draft.contact(contact, ground)?,
            NewRecord::Company(company) => draft.company(company, ground)?,
            NewRecord::Lead(lead) => draft.lead(lead, ground)?,
            NewRecord::Deal(deal) => draft.deal(deal, ground)?,
        }
        draft.users.retain(|id| *id != ground.me);
        Ok(draft)
    }

    fn contact(&mut self, contact: &NewContact, ground: Ground<'_>) -> Result<(), Failure> {
        let (first, last) = (line(&contact.first_name)?, line(&contact.last_name)?);
        self.company = line(&contact.company)?;
        self.phone = line(&contact.phone)?;
        self.set_text("NAME", &first);
        self.set_text("LAST_NAME", &last);
        self.set_text("POST", &line(&contact.position)?);
        self.channels();
        self.source(ground);
        self.name = Some((first, last)).filter(|(first, last)| !first.is_empty() && !last.is_empty());
        self.more(&contact.more, ground.form)
    }

    fn company(&mut self, company: &NewCompany, ground: Ground<'_>) -> Result<(), Failure> {
        self.titled(&company.title)?;
        self.phone = line(&company.phone)?;
        self.channels();
        self.more(&company.more, ground.form)
    }

    fn lead(&mut self, lead: &NewLead, ground: Ground<'_>) -> Result<(), Failure> {
        if !ground.reference.leads {
            return Err(Reason::NoLeads.into());
        }
        self.titled(&lead.title)?;
        self.phone = line(&lead.phone)?;
        self.set_text("NAME", &line(&lead.first_name)?);
        self.set_text("LAST_NAME", &line(&lead.last_name)?);
        self.set_text("COMPANY_TITLE", &line(&lead.company)?);
        self.channels();
        self.source(ground);
        self.amount(&lead.amount, &lead.currency, ground)?;
        self.more(&lead.more, ground.form)
    }

    fn deal(&mut self, deal: &NewDeal, ground: Ground<'_>) -> Result<(), Failure> {
        self.titled(&deal.title)?;
        self.contact_id = id(&deal.contact)?;
        self.company_id = id(&deal.company)?;
        if let Some(contact) = self.contact_id {
            self.set("CONTACT_IDS", vec![contact]);
        }
        self.place(deal, ground.reference)?;
        self.source(ground);
        self.amount(&deal.amount, &deal.currency, ground)?;
        self.more(&deal.more, ground.form)
    }

    /// A deal's pipeline and stage. Without them the portal takes its first ones.
    fn place(&mut self, deal: &NewDeal, reference: &Reference) -> Result<(), Failure> {
        if deal.pipeline.is_empty() {
            return Ok(());
        }
        let pipeline = reference.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline);
        let pipeline = pipeline.ok_or(Reason::FormChanged)?;
        let category: u64 = pipeline.id.parse().map_err(|_| Reason::FormChanged)?;
        self.set("CATEGORY_ID", category);
        if !deal.stage.is_empty() {
            let stage = pipeline.stages.iter().find(|stage| stage.id == deal.stage).ok_or(Reason::FormChanged)?;
            self.set("STAGE_ID", stage.id.clone());
        }
        Ok(())
    }

    fn amount(&mut self, amount: &str, currency: &str, ground: Ground<'_>) -> Result<(), Failure> {
        let amount = line(amount)?;
        if amount.is_empty() {
            return Ok(());
        }
        if !is_number(&amount) {
            return Err(Reason::ValueInvalid.into());
        }
        if !ground.reference.currencies.iter().any(|known| known == currency) {
            return Err(Reason::FormChanged.into());
        }
        self.set("OPPORTUNITY", amount);
        self.set("CURRENCY_ID", currency);
        // Else the portal would add up the deal's products, of which there are none.
        self.set("IS_MANUAL_OPPORTUNITY", "Y");
        Ok(())
    }

    fn titled(&mut self, title: &str) -> Result<(), Failure> {
        self.title = line(title)?;
        let title = self.title.clone();
        self.set_text("TITLE", &title);
        Ok(())
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    fn set_text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.set(name, text);
        }
    }

    /// Address and phone number are lists of their own.
    fn channels(&mut self) {
        let email = json!([{ "VALUE": self.email.as_str(), "VALUE_TYPE": "WORK" }]);
        self.set("EMAIL", email);
        if !self.phone.is_empty() {
            let phone = json!([{ "VALUE": self.phone, "VALUE_TYPE": "WORK" }]);
            self.set("PHONE", phone);
        }
    }

    /// The source is e-mail, where the portal has such a source.
    fn source(&mut self, ground: Ground<'_>) {
        if ground.reference.sources.iter().any(|source| source.id == "EMAIL") {
            self.set("SOURCE_ID", "EMAIL");
        }
    }

    fn more<'a>(
        &mut self,
        values: impl IntoIterator<Item = (&'a String, &'a String)>,
        form: &Form,
    ) -> Result<(), Failure> {
        for (id, typed) in values {
            let field = form.field(id).ok_or(Reason::FormChanged)?;
            let typed = line(typed)?;
            if typed.is_empty() {
                continue;
            }
            let value = value(field, &typed)?;
            if field.shown.input == FieldInput::User {
                self.users.extend(value.as_u64());
            }
            let value = if field.multiple { Value::from(vec![value]) } else { value };
            self.set(&field.name, value);
        }
        Ok(())
    }

    /// The method that makes it.
    pub(crate) fn method(&self) -> &'static str {
        match self.kind {
            RecordType::Contact => "crm.contact.add",
            RecordType::Company => "crm.company.add",
            RecordType::Lead => "crm.lead.add",
            RecordType::Deal => "crm.deal.add",
        }
    }

    /// What that method gets.
    pub(crate) fn add(&self) -> Add {
        let mut fields = self.fields.clone();
        if let Some(id) = self.company_id {
            fields.insert("COMPANY_ID".to_owned(), id.into());
        }
        Add { fields }
    }
}

fn is_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn bad_params() -> Failure {
    Failure::new(Reason::BadParams).with("method", "create")
}

/// The id of a user.
fn user(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

/// The id of a record; empty is none.
fn id(text: &str) -> Result<Option<u64>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let id = text.parse().ok().filter(|id| *id > 0);
    id.map(Some).ok_or_else(bad_params)
}

/// One line of text, without blanks around it.
fn line(typed: &str) -> Result<String, Failure> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST {
        return Err(Failure::new(Reason::TextTooLong).with("limit", LONGEST));
    }
    Ok(text)
}

fn value(field: &PortalField, typed: &str) -> Result<Value, Failure> {
    let good = match &field.shown.input {
        FieldInput::Text => true,
        FieldInput::Number => is_number(typed),
        FieldInput::Date => typed.parse::<jiff::civil::Date>().is_ok(),
        FieldInput::Time => typed.parse::<Timestamp>().is_ok(),
        FieldInput::YesNo => {
            return match (typed, field.letters) {
                ("yes", true) => Ok("Y".into()),
                ("yes", false) => Ok(1.into()),
                ("no", true) => Ok("N".into()),
                ("no", false) => Ok(0.into()),
                _ => Err(Reason::ValueInvalid.into()),
            };
        }
        FieldInput::Choice { choices } => {
            if !choices.iter().any(|choice| choice.id == typed) {
                return Err(Reason::FormChanged.into());
            }
            true
        }
        // The field may have been one of text when the form was opened.
        FieldInput::User => return Ok(user(typed).ok_or(Reason::FormChanged)?.into()),
        FieldInput::Elsewhere => return Err(Reason::FormChanged.into()),
    };
    if good { Ok(typed.into()) } else { Err(Reason::ValueInvalid.into()) }
}

/// A decimal number with a point, as the portal reads it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && digits.len() <= 18
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Choice;

    fn params(more: &[(&str, &str)]) -> CreateParams {
        let contact = NewContact {
            first_name: " Priya ".to_owned(),
            last_name: "Menon\nJr".to_owned(),
            phone: "+31 10 555 0142".to_owned(),
            company: "Corvus Logistics".to_owned(),
            more: more.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect(),
            ..NewContact::default()
        };
        CreateParams {
            mailbox: None,
            email: "Priya@Corvus-Logistics.example".to_owned(),
            key: "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11".to_owned(),
            record: Box::new(NewRecord::Contact(contact)),
            responsible: None,
            despite: Vec::new(),
            unconfirmed: None,
        }
    }

    fn reference(sources: &[&str]) -> Reference {
        let source = |id: &&str| Choice { id: (*id).to_owned(), name: String::new() };
        Reference {
            pipelines: Vec::new(),
            lead_statuses: Vec::new(),
            sources: sources.iter().map(source).collect(),
            currencies: Vec::new(),
            leads: true,
        }
    }

    fn form() -> Form {
        let fields = r#"{
            "UF_CRM_1":{"type":"enumeration","isRequired":true,"items":[{"ID":"41","VALUE":"DACH"}]},
            "UF_CRM_2":{"type":"double","isRequired":true,"isMultiple":true},
            "UF_CRM_3":{"type":"boolean","isRequired":true},
            "UF_CRM_4":{"type":"date","isRequired":true},
            "UF_CRM_5":{"type":"datetime","isRequired":true},
            "UF_CRM_6":{"type":"file","isRequired":true},
            "UF_CRM_7":{"type":"employee","isRequired":true},
            "EXPORT":{"type":"char","isRequired":true}
        }"#;
        let reply = format!(r#"{{"result":{{"fields":{fields},"statuses":[]}}}}"#);
        super::super::form::read(RecordType::Contact, &serde_json::from_str(&reply).unwrap()).unwrap()
    }

    fn sent(params: &CreateParams, sources: &[&str]) -> Result<Value, Reason> {
        let (reference, form) = (reference(sources), form());
        let draft = Draft::new(params, Ground { me: 7, reference: &reference, form: &form });
        draft.map(|draft| serde_json::to_value(draft.add()).unwrap()).map_err(|failure| failure.reason())
    }

    #[test]
    fn a_contact_in_the_portals_terms() {
        assert_eq!(
            sent(&params(&[("uf-crm-1", "41"), ("uf-crm-4", "")]), &["WEB", "EMAIL"]).unwrap(),
            json!({ "fields": {
                "NAME": "Priya",
                "LAST_NAME": "Menon Jr",
                "EMAIL": [{ "VALUE": "priya@corvus-logistics.example", "VALUE_TYPE": "WORK" }],
                "PHONE": [{ "VALUE": "+31 10 555 0142", "VALUE_TYPE": "WORK" }],
                "SOURCE_ID": "EMAIL",
                "ASSIGNED_BY_ID": 7,
                "ORIGINATOR_ID": "gmail-sync",
                "ORIGIN_ID": "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11",
                "UF_CRM_1": "41",
            } })
        );
        assert_eq!(sent(&params(&[]), &["WEB"]).unwrap()["fields"].get("SOURCE_ID"), None);
    }

    #[test]
    fn fields_of_the_portals_own_have_its_types() {
        let more = [
            ("uf-crm-2", "12.50"),
            ("uf-crm-3", "yes"),
            ("uf-crm-4", "2026-12-18"),
            ("uf-crm-5", "2026-12-18T10:00:00+01:00"),
            ("export", "no"),
        ];
        let fields = &sent(&params(&more), &[]).unwrap()["fields"];
        let values = ["UF_CRM_2", "UF_CRM_3", "UF_CRM_4", "UF_CRM_5", "EXPORT"].map(|name| fields[name].clone());
        assert_eq!(
            values,
            [json!(["12.50"]), json!(1), json!("2026-12-18"), json!("2026-12-18T10:00:00+01:00"), json!("N")]
        );
    }

    #[test]
    fn somebody_else_can_be_responsible_and_every_user_is_told_to_be_checked() {
        let (reference, form) = (reference(&[]), form());
        let draft = |responsible: Option<&str>, more: &[(&str, &str)]| {
            let params = CreateParams { responsible: responsible.map(str::to_owned), ..params(more) };
            Draft::new(&params, Ground { me: 7, reference: &reference, form: &form }).unwrap()
        };
        for (responsible, more, assigned, users) in [
            (None, None, 7, vec![]),
            (Some("7"), Some(("uf-crm-7", "7")), 7, vec![]),
            (Some("8"), Some(("uf-crm-7", "9")), 8, vec![8, 9]),
        ] {
            let draft = draft(responsible, more.as_slice());
            assert_eq!(draft.users, users);
            let fields = &serde_json::to_value(draft.add()).unwrap()["fields"];
            assert_eq!(fields["ASSIGNED_BY_ID"], assigned);
            assert_eq!(fields.get("UF_CRM_7"), more.map(|(_, id)| json!(id.parse::<u64>().unwrap())).as_ref());
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_before_anything_is_sent() {
        for (more, reason) in [
            (("uf-crm-1", "43"), Reason::FormChanged),
            (("uf-crm-6", "x"), Reason::FormChanged),
            (("uf-crm-7", "x"), Reason::FormChanged),
            (("UF_CRM_1", "41"), Reason::FormChanged),
            (("assigned-by-id", "1"), Reason::FormChanged),
            (("uf-crm-2", "12,5"), Reason::ValueInvalid),
            (("uf-crm-2", "1e9"), Reason::ValueInvalid),
            (("uf-crm-3", "maybe"), Reason::ValueInvalid),
            (("uf-crm-4", "18.12.2026"), Reason::ValueInvalid),
            (("uf-crm-5", "tomorrow"), Reason::ValueInvalid),
        ] {
            assert_eq!(sent(&params(&[more]), &[]), Err(reason), "{more:?}");
        }
        let with = |change: &dyn Fn(&mut CreateParams)| {
            let mut params = params(&[]);
            change(&mut params);
            sent(&params, &[]).unwrap_err()
        };
        assert_eq!(with(&|params| params.email = "no address".to_owned()), Reason::AddressInvalid);
        for key in ["", "short", "0123456789abcdef\"", &"k".repeat(65)] {
            assert_eq!(with(&|params| params.key = key.to_owned()), Reason::BadParams, "{key}");
        }
        for id in ["", "0", "-1", "x", "18446744073709551616"] {
            assert_eq!(with(&|params| params.responsible = Some(id.to_owned())), Reason::BadParams, "{id}");
        }
        let long = NewContact { last_name: "x".repeat(256), ..NewContact::default() };
        let mut too_long = params(&[]);
        *too_long.record = NewRecord::Contact(long);
        assert_eq!(sent(&too_long, &[]), Err(Reason::TextTooLong));
    }
}
