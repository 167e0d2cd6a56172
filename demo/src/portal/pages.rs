//! The portal's few web pages.

use super::php::{Array, Value};
use super::schema::{self, Entity, Kind};
use super::state::State;
use super::store::{Access, Binding, Record, stage_directory};

/// A page around `body`, which is HTML already.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - Brightline</title>\n\
         <style>body{{font:16px/1.5 system-ui;margin:3rem auto;max-width:44rem;padding:0 1rem}}\
         th{{text-align:left;padding-right:2rem;font-weight:normal;color:#667}}</style></head>\n\
         <body>{body}<p><small>A fake Bitrix24 portal with invented people.</small></p></body></html>\n",
        title = escape(title)
    )
}

/// A page with one sentence.
pub(crate) fn notice(sentence: &str) -> String {
    page(sentence, &format!("<h1>{}</h1>", escape(sentence)))
}

/// The login form; it posts to the address it was shown at and takes any password.
pub(crate) fn login_form(target: &str) -> String {
    let form = format!(
        "<h1>Log in to Brightline</h1><form method=\"post\" action=\"{}\">\
         <p><label>E-mail <input name=\"USER_LOGIN\" type=\"email\" value=\"lena@brightline.example\"></label></p>\
         <p><label>Password <input name=\"USER_PASSWORD\" type=\"password\"></label></p>\
         <p><button>Log in</button></p></form>",
        escape(target)
    );
    page("Log in", &form)
}

/// A record's page: what the portal knows, and what happened. `None` if there is no such record.
pub(crate) fn record(state: &State, kind: &str, id: i64) -> Option<String> {
    let entity = Entity::from_name(kind)?;
    if id == 0 {
        return Some(notice(&format!("New {}", entity.name())));
    }
    let record = state.store.record(entity, id)?;
    if record.access == Access::None {
        return Some(notice("Access denied."));
    }
    let mut rows = Vec::new();
    for field in schema::fields(entity).filter(|field| field.in_legacy() && !SILENT.contains(&field.name)) {
        let value = match field.kind {
            Kind::Multi => record.values_of(field.name).map(|multi| multi.value.clone()).collect::<Vec<_>>().join(", "),
            kind => shown(state, entity, record, field.name, kind),
        };
        if !value.is_empty() {
            rows.push((field.title.to_owned(), value));
        }
    }
    let here = |bindings: &[Binding]| bindings.iter().any(|binding| binding.entity == entity && binding.id == id);
    let text = |of: &Array, name: &str| of.get(name).map(Value::text).unwrap_or_default();
    let activities = state.store.activities.values().filter(|activity| here(&activity.bindings));
    let comments = state.store.comments.values().filter(|comment| here(&comment.bindings));
    let history: Vec<String> = activities
        .map(|activity| text(&activity.fields, "SUBJECT"))
        .chain(comments.map(|comment| text(&comment.fields, "COMMENT")))
        .map(|line| format!("<li>{}</li>", escape(&line)))
        .collect();
    let history =
        if history.is_empty() { String::new() } else { format!("<h2>History</h2><ul>{}</ul>", history.concat()) };
    let title = record.title();
    Some(page(&title, &format!("<h1>{}</h1>{}{history}", escape(&title), table(&rows))))
}

/// The screen that merges records; `ids` is a comma list. `None` if there is no such kind.
pub(crate) fn merge(state: &State, kind: &str, ids: &str) -> Option<String> {
    let entity = Entity::from_name(kind)?;
    let ids = ids.split(',').filter_map(|id| id.trim().parse().ok());
    let line = |record: &Record| format!("<li>{}</li>", escape(&record.title()));
    let lines: String = ids.filter_map(|id| state.store.record(entity, id)).map(line).collect();
    Some(page("Merge", &format!("<h1>Merge</h1><ul>{lines}</ul>")))
}

/// Fields a person has no use for.
const SILENT: &[&str] =
    &["STATUS_SEMANTIC_ID", "STAGE_SEMANTIC_ID", "HAS_PHONE", "HAS_EMAIL", "HAS_IMOL", "EXPORT", "IS_NEW"];

fn shown(state: &State, entity: Entity, record: &Record, name: &str, kind: Kind) -> String {
    let value = record.get(name);
    let text = schema::write_legacy(kind, value).text();
    let label = |row: Option<&Array>, key: &str| row.and_then(|row| row.get(key)).map(Value::text);
    match kind {
        Kind::Ref(_) | Kind::User | Kind::Money | Kind::Int if value.int() == 0 && name != "CATEGORY_ID" => {
            String::new()
        }
        Kind::Ref(target) => state.store.record(target, value.int()).map_or(text, Record::title),
        Kind::User => person(state, value.int()).unwrap_or(text),
        Kind::Status(directory) => {
            let directory = if name == "STAGE_ID" {
                stage_directory(record.get("CATEGORY_ID").int())
            } else {
                directory.to_owned()
            };
            let mut rows = state.store.directory(&directory);
            label(rows.find(|row| row.get("STATUS_ID") == Some(value)), "NAME").unwrap_or(text)
        }
        Kind::Int if name == "CATEGORY_ID" && entity == Entity::Deal => {
            label(state.store.categories.iter().find(|row| row.get("id") == Some(value)), "name").unwrap_or(text)
        }
        Kind::Int
        | Kind::Text
        | Kind::Currency
        | Kind::Money
        | Kind::Flag
        | Kind::DateTime
        | Kind::Date
        | Kind::Enumeration
        | Kind::Multi => text,
    }
}

fn person(state: &State, id: i64) -> Option<String> {
    let user = state.store.user(id)?;
    let text = |name: &str| user.get(name).map(Value::text).unwrap_or_default();
    Some(format!("{} {}", text("NAME"), text("LAST_NAME")))
}

/// An employee's page; `None` if there is no such user.
pub(crate) fn user(state: &State, id: i64) -> Option<String> {
    let user = state.store.user(id)?;
    let name = person(state, id)?;
    let row = |(label, field): (&str, &str)| (label.to_owned(), user.get(field).map(Value::text).unwrap_or_default());
    let rows: Vec<_> =
        [("Position", "WORK_POSITION"), ("E-mail", "EMAIL"), ("Phone", "WORK_PHONE")].into_iter().map(row).collect();
    Some(page(&name, &format!("<h1>{}</h1>{}", escape(&name), table(&rows))))
}

/// A task's page; `None` if there is no such task.
pub(crate) fn task(state: &State, id: i64) -> Option<String> {
    let task = state.store.tasks.get(&id)?;
    let text = |name: &str| task.get(name).map(Value::text).unwrap_or_default();
    let rows = [("Description".to_owned(), text("description")), ("Deadline".to_owned(), text("deadline"))];
    Some(page(&text("title"), &format!("<h1>{}</h1>{}", escape(&text("title")), table(&rows))))
}

fn table(rows: &[(String, String)]) -> String {
    let row =
        |(label, value): &(String, String)| format!("<tr><th>{}</th><td>{}</td></tr>", escape(label), escape(value));
    format!("<table>{}</table>", rows.iter().map(row).collect::<String>())
}

/// Text made safe for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert!(!notice("<script>alert(1)</script>").contains("<script>"));
        assert!(login_form("/x?state=\"><b>").contains("action=\"/x?state=&quot;&gt;&lt;b&gt;\""));
    }

    #[test]
    fn pages_show_names_instead_of_numbers() {
        let state = State::new(true).unwrap();
        let deal = record(&state, "deal", 3).unwrap();
        for text in
            ["Service contract 2027", "Negotiation", "Service", "Ann Keller", "Helion Automation SAS", "12800.00"]
        {
            assert!(deal.contains(text), "{text}");
        }
        assert!(record(&state, "deal", 59).unwrap().contains("&lt;prototype&gt; &amp; &quot;spares&quot;"));
        assert!(record(&state, "contact", 2).unwrap().contains("Your offer of 9 November"));
        assert!(record(&state, "contact", 15).unwrap().contains("Access denied."));
        assert!(record(&state, "company", 0).unwrap().contains("New company"));
        assert!(merge(&state, "contact", "2,3,x").unwrap().contains("Katharina"));
        assert!(user(&state, 8).unwrap().contains("ann@brightline.example"));
        assert!(
            record(&state, "contact", 4711).is_none()
                && record(&state, "invoice", 1).is_none()
                && task(&state, 1).is_none()
        );
    }
}
