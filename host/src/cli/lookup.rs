//! `lookup`: who somebody is, without the browser.

use std::sync::Arc;

use clap::Args;

use super::Which;
use super::output::{clean, print, say};
use crate::bitrix24::Client;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::methods::{CrmContext, CrmMemory, LookupContext, lookup as look_up};
use crate::protocol::{Amount, Lookup, LookupParams, Person, PortalUser, Role};

#[derive(Args)]
pub(super) struct LookupArgs {
    /// E-mail addresses
    #[arg(required = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// For programs: as the extension gets it
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    which: Which,
}

/// The person named the addresses, so no mailbox has to be switched on.
pub(super) async fn lookup(context: &Context, args: LookupArgs) -> Result<(), Failure> {
    let connection = context.select(args.which.portal.as_ref())?;
    let settings = context.settings.read()?;
    let team_domains = [context.policy.team_domains.clone(), settings.team_domains].concat();
    let user = connection.user.id;
    let client =
        Client::new(Arc::clone(&context.egress), connection.endpoint()?, context.credentials(connection), context.pace);
    let lookup_context = LookupContext {
        crm: CrmContext { client: &client, memory: &CrmMemory::default(), clock: &context.clock },
        user,
        own_addresses: &settings.own_addresses,
        team_domains: &team_domains,
        may_look_up: &|_| Ok(()),
    };
    let params = LookupParams { mailbox: None, addresses: args.addresses, fresh: true };
    let found = look_up(&lookup_context, &params, |_| {}).await?;
    if args.json {
        let json = serde_json::to_string_pretty(&found);
        print(&json.map_err(|_| Failure::new(Reason::Internal).with("method", "lookup"))?);
    } else {
        print(&render(&found));
    }
    for notice in &found.notices {
        say(&format!("note: {}\nhint: {}", notice.message, notice.hint));
    }
    Ok(())
}

fn render(found: &Lookup) -> String {
    found.people.iter().map(person).collect::<Vec<_>>().join("\n\n")
}

/// One person: the address and who they are, then a line for each record and each problem.
fn person(person: &Person) -> String {
    let mut lines = vec![format!("{}: {}", person.email, role(person))];
    for contact in &person.contacts {
        let company = contact.company.as_ref().map_or("", |company| company.title.as_str());
        lines.push(record("contact", &[&contact.name, &contact.position, company], &contact.url));
    }
    for company in &person.companies {
        lines.push(record("company", &[&company.title], &company.url));
    }
    for lead in &person.leads {
        let amount = amount(lead.amount.as_ref());
        lines.push(record("lead", &[&lead.title, &lead.name, &lead.status.name, &amount], &lead.url));
    }
    for deal in &person.deals {
        let step = if deal.step > 0 { format!(" ({} of {})", deal.step, deal.steps) } else { String::new() };
        let stage = format!("{}{step}", deal.stage.name);
        let amount = amount(deal.amount.as_ref());
        lines.push(record("deal", &[&deal.title, &deal.pipeline, &stage, &amount], &deal.url));
    }
    let more = usize::try_from(person.deals_total).unwrap_or(usize::MAX).saturating_sub(person.deals.len());
    if more > 0 {
        lines.push(format!("  and {more} more open deals"));
    }
    if person.hidden > 0 {
        lines.push(format!("  and {} records you may not read", person.hidden));
    }
    for problem in &person.problems {
        lines.push(format!("  {} {}", problem.message, problem.hint));
    }
    lines.join("\n")
}

fn role(person: &Person) -> String {
    let known = |what: &str, user: &PortalUser| match user.name.as_str() {
        "" => what.to_owned(),
        name => format!("{what} {}", clean(name)),
    };
    match &person.role {
        Role::Me => "you".to_owned(),
        Role::Colleague { user: Some(user), position } if position.is_empty() => known("colleague", user),
        Role::Colleague { user: Some(user), position } => format!("{}, {}", known("colleague", user), clean(position)),
        Role::Colleague { user: None, .. } => "colleague".to_owned(),
        Role::FormerColleague { user } => known("former colleague", user),
        Role::Extranet { user, dismissed: false } => known("external user", user),
        Role::Extranet { user, dismissed: true } => known("former external user", user),
        Role::NotLookedUp => "not looked up".to_owned(),
        Role::External if person.contacts.is_empty() && person.companies.is_empty() && person.leads.is_empty() => {
            "not in the portal".to_owned()
        }
        Role::External => "in the portal".to_owned(),
    }
}

fn record(kind: &str, parts: &[&str], url: &str) -> String {
    let text = parts.iter().filter(|part| !part.is_empty()).map(|part| clean(part)).collect::<Vec<_>>().join(", ");
    format!("  {kind:<8} {text}\n           {url}")
}

fn amount(amount: Option<&Amount>) -> String {
    amount.map(|amount| format!("{} {}", amount.value, amount.currency)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Company, Contact};

    fn nobody(email: &str) -> Person {
        Person {
            email: email.to_owned(),
            role: Role::External,
            contacts: Vec::new(),
            companies: Vec::new(),
            leads: Vec::new(),
            deals: Vec::new(),
            deals_total: 0,
            hidden: 0,
            problems: Vec::new(),
            recent_emails: Vec::new(),
            chosen: None,
        }
    }

    #[test]
    fn reads_like_an_answer() {
        let company = Company { id: "1".into(), title: "Acme".into(), responsible: None, url: "https://p/1".into() };
        let contact = Contact {
            id: "2".into(),
            name: "Ann \u{1b}[31mLee".into(),
            position: String::new(),
            emails: Vec::new(),
            phones: Vec::new(),
            company: Some(company),
            responsible: None,
            url: "https://p/2".into(),
        };
        let ann = Person { contacts: vec![contact], deals_total: 3, hidden: 1, ..nobody("ann@acme.com") };
        let found =
            Lookup { people: vec![ann, nobody("bob@x.com")], as_of: 0, notices: Vec::new(), logged: Vec::new() };
        assert_eq!(
            render(&found),
            "ann@acme.com: in the portal\n  contact  Ann [31mLee, Acme\n           https://p/2\n  and 3 more open deals\n  \
             and 1 records you may not read\n\nbob@x.com: not in the portal"
        );
    }
}
