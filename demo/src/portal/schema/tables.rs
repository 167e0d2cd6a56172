//! The tables themselves.

use super::{Entity, Field, Kind, field, fixed, item, legacy};

/// Every field of a record type, in the order answers carry them.
pub(crate) fn fields(entity: Entity) -> impl Iterator<Item = &'static Field> {
    let groups: &[&[Field]] = match entity {
        Entity::Contact => &[HEAD, PERSON, CONTACT, AUDIT, CHANNELS, ORIGIN, ADDRESS, UTM, CUSTOM, ITEM_CHANNELS],
        Entity::Company => &[HEAD, COMPANY, AUDIT, CHANNELS, ORIGIN, ADDRESS, LEGAL_ADDRESS, UTM, ITEM_CHANNELS],
        Entity::Lead => {
            &[HEAD, TITLED, PERSON, LEAD, MONEY, MOVED, AUDIT, CHANNELS, ORIGIN, ADDRESS, UTM, ITEM_CHANNELS]
        }
        Entity::Deal => &[HEAD, TITLED, DEAL, MONEY, MOVED, AUDIT, ORIGIN, UTM],
    };
    groups.iter().flat_map(|group| group.iter())
}

const HEAD: &[Field] = &[fixed("ID", Kind::Int, "ID")];
const TITLED: &[Field] = &[field("TITLE", Kind::Text, "Title")];

const PERSON: &[Field] = &[
    field("HONORIFIC", Kind::Status("HONORIFIC"), "Salutation"),
    field("NAME", Kind::Text, "First name"),
    field("SECOND_NAME", Kind::Text, "Middle name"),
    field("LAST_NAME", Kind::Text, "Last name"),
    field("POST", Kind::Text, "Position"),
    field("BIRTHDATE", Kind::Date, "Date of birth"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
    field("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
    item("SHORT_NAME", Kind::Text),
    item("LOGIN", Kind::Text),
];

const CONTACT: &[Field] = &[
    legacy("PHOTO", Kind::Text, "Photo"),
    field("TYPE_ID", Kind::Status("CONTACT_TYPE"), "Contact type"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("EXPORT", Kind::Flag, "Included in export"),
    legacy("FACE_ID", Kind::Int, "Face"),
];

const COMPANY: &[Field] = &[
    Field { required: true, ..field("TITLE", Kind::Text, "Company name") },
    field("COMPANY_TYPE", Kind::Status("COMPANY_TYPE"), "Company type"),
    legacy("LOGO", Kind::Text, "Logo"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("BANKING_DETAILS", Kind::Text, "Payment details"),
    field("INDUSTRY", Kind::Status("INDUSTRY"), "Industry"),
    field("REVENUE", Kind::Money, "Annual revenue"),
    field("CURRENCY_ID", Kind::Currency, "Currency"),
    field("EMPLOYEES", Kind::Status("EMPLOYEES"), "Employees"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("IS_MY_COMPANY", Kind::Flag, "My company"),
    fixed("LAST_COMMUNICATION_TIME", Kind::Text, "Last communication"),
];

const LEAD: &[Field] = &[
    field("COMPANY_TITLE", Kind::Text, "Company name"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    field("CONTACT_ID", Kind::Ref(Entity::Contact), "Contact"),
    fixed("IS_RETURN_CUSTOMER", Kind::Flag, "Repeat lead"),
    field("STATUS_ID", Kind::Status("STATUS"), "Stage"),
    field("STATUS_DESCRIPTION", Kind::Text, "Stage information"),
    fixed("STATUS_SEMANTIC_ID", Kind::Text, "Stage group"),
    fixed("DATE_CLOSED", Kind::DateTime, "Completed on"),
    item("IS_CONVERT", Kind::Text),
    item("PRODUCT_ID", Kind::Text),
    item("WEBFORM_ID", Kind::Int),
];

const DEAL: &[Field] = &[
    field("TYPE_ID", Kind::Status("DEAL_TYPE"), "Deal type"),
    field("CATEGORY_ID", Kind::Int, "Pipeline"),
    field("STAGE_ID", Kind::Status("DEAL_STAGE"), "Stage"),
    fixed("STAGE_SEMANTIC_ID", Kind::Text, "Stage group"),
    fixed("IS_NEW", Kind::Flag, "New deal"),
    field("IS_RECURRING", Kind::Flag, "Recurring deal"),
    fixed("IS_RETURN_CUSTOMER", Kind::Flag, "Repeat deal"),
    fixed("IS_REPEATED_APPROACH", Kind::Flag, "Repeat inquiry"),
    field("PROBABILITY", Kind::Int, "Probability, %"),
    field("TAX_VALUE", Kind::Money, "Tax"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    field("CONTACT_ID", Kind::Ref(Entity::Contact), "Contact"),
    fixed("QUOTE_ID", Kind::Int, "Quote"),
    field("BEGINDATE", Kind::Date, "Start date"),
    field("CLOSEDATE", Kind::Date, "Close date"),
    field("CLOSED", Kind::Flag, "Closed"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("ADDITIONAL_INFO", Kind::Text, "Additional information"),
    field("LOCATION_ID", Kind::Text, "Location"),
    field("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
    field("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
    item("PRODUCT_ID", Kind::Text),
    item("BEGINDATE_SHORT", Kind::Text),
    item("CLOSEDATE_SHORT", Kind::Text),
    item("EVENT_DATE", Kind::DateTime),
    item("EVENT_DATE_SHORT", Kind::Text),
    item("EVENT_ID", Kind::Text),
    item("EVENT_DESCRIPTION", Kind::Text),
    item("WEBFORM_ID", Kind::Int),
    item("ORDER_STAGE", Kind::Text),
    item("IS_WORK", Kind::Text),
    item("IS_WON", Kind::Text),
    item("IS_LOSE", Kind::Text),
    item("RECEIVED_AMOUNT", Kind::Text),
    item("LOST_AMOUNT", Kind::Text),
    item("HAS_PRODUCTS", Kind::Text),
];

const MONEY: &[Field] = &[
    field("CURRENCY_ID", Kind::Currency, "Currency"),
    field("OPPORTUNITY", Kind::Money, "Amount"),
    field("IS_MANUAL_OPPORTUNITY", Kind::Flag, "Amount set by hand"),
];

const MOVED: &[Field] =
    &[fixed("MOVED_BY_ID", Kind::User, "Moved by"), fixed("MOVED_TIME", Kind::DateTime, "Moved on")];

const AUDIT: &[Field] = &[
    field("ASSIGNED_BY_ID", Kind::User, "Responsible person"),
    fixed("CREATED_BY_ID", Kind::User, "Created by"),
    fixed("MODIFY_BY_ID", Kind::User, "Modified by"),
    fixed("DATE_CREATE", Kind::DateTime, "Created on"),
    fixed("DATE_MODIFY", Kind::DateTime, "Modified on"),
    field("OPENED", Kind::Flag, "Available to everyone"),
    fixed("LAST_ACTIVITY_BY", Kind::User, "Last activity by"),
    fixed("LAST_ACTIVITY_TIME", Kind::DateTime, "Last activity on"),
    item("DATE_CREATE_SHORT", Kind::Text),
    item("DATE_MODIFY_SHORT", Kind::Text),
    item("SEARCH_CONTENT", Kind::Text),
];

const CHANNELS: &[Field] = &[
    fixed("HAS_PHONE", Kind::Flag, "Has a phone"),
    fixed("HAS_EMAIL", Kind::Flag, "Has an e-mail"),
    fixed("HAS_IMOL", Kind::Flag, "Has an open channel"),
    legacy("PHONE", Kind::Multi, "Phone"),
    legacy("EMAIL", Kind::Multi, "E-mail"),
    legacy("WEB", Kind::Multi, "Website"),
    legacy("IM", Kind::Multi, "Messenger"),
    legacy("LINK", Kind::Multi, "Link"),
];

/// The flat first values of phones and e-mails, filled while an item is written.
const ITEM_CHANNELS: &[Field] = &[
    item("PHONE_MOBILE", Kind::Text),
    item("PHONE_WORK", Kind::Text),
    item("PHONE_MAILING", Kind::Text),
    item("EMAIL_HOME", Kind::Text),
    item("EMAIL_WORK", Kind::Text),
    item("EMAIL_MAILING", Kind::Text),
    item("SKYPE", Kind::Text),
    item("ICQ", Kind::Text),
    item("IMOL", Kind::Text),
    item("EMAIL", Kind::Text),
    item("PHONE", Kind::Text),
];

const ORIGIN: &[Field] = &[
    field("ORIGINATOR_ID", Kind::Text, "External source"),
    field("ORIGIN_ID", Kind::Text, "Identifier in the external source"),
    legacy("ORIGIN_VERSION", Kind::Text, "Version in the external source"),
];

const ADDRESS: &[Field] = &[
    field("ADDRESS", Kind::Text, "Address"),
    legacy("ADDRESS_2", Kind::Text, "Address, line 2"),
    legacy("ADDRESS_CITY", Kind::Text, "City"),
    legacy("ADDRESS_POSTAL_CODE", Kind::Text, "Postal code"),
    legacy("ADDRESS_REGION", Kind::Text, "Region"),
    legacy("ADDRESS_PROVINCE", Kind::Text, "Province"),
    legacy("ADDRESS_COUNTRY", Kind::Text, "Country"),
    legacy("ADDRESS_COUNTRY_CODE", Kind::Text, "Country code"),
    legacy("ADDRESS_LOC_ADDR_ID", Kind::Int, "Location address"),
];

const LEGAL_ADDRESS: &[Field] = &[
    legacy("ADDRESS_LEGAL", Kind::Text, "Legal address"),
    legacy("REG_ADDRESS", Kind::Text, "Registered address"),
    legacy("REG_ADDRESS_2", Kind::Text, "Registered address, line 2"),
    legacy("REG_ADDRESS_CITY", Kind::Text, "Registered city"),
    legacy("REG_ADDRESS_POSTAL_CODE", Kind::Text, "Registered postal code"),
    legacy("REG_ADDRESS_REGION", Kind::Text, "Registered region"),
    legacy("REG_ADDRESS_PROVINCE", Kind::Text, "Registered province"),
    legacy("REG_ADDRESS_COUNTRY", Kind::Text, "Registered country"),
    legacy("REG_ADDRESS_COUNTRY_CODE", Kind::Text, "Registered country code"),
    legacy("REG_ADDRESS_LOC_ADDR_ID", Kind::Int, "Registered location address"),
];

const UTM: &[Field] = &[
    field("UTM_SOURCE", Kind::Text, "UTM source"),
    field("UTM_MEDIUM", Kind::Text, "UTM medium"),
    field("UTM_CAMPAIGN", Kind::Text, "UTM campaign"),
    field("UTM_CONTENT", Kind::Text, "UTM content"),
    field("UTM_TERM", Kind::Text, "UTM term"),
];

/// Fields Brightline's administrator made, of which the first is marked as required.
const CUSTOM: &[Field] = &[
    Field { required: true, ..field("UF_CRM_1731400000001", Kind::Enumeration, "Sales region") },
    field("UF_CRM_1731400000002", Kind::User, "Technical contact"),
];

/// The choices of the custom field: id and label.
pub(crate) const SALES_REGIONS: &[(i64, &str)] = &[(41, "DACH"), (42, "Benelux"), (43, "Rest of the world")];
