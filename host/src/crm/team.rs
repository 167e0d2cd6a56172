//! Who belongs to the company.

use std::collections::BTreeSet;

use super::normalize::Email;
use crate::bitrix24::models::UserRow;
use crate::portal::{Page, PortalUrl};
use crate::protocol::{PortalUser, Role};

/// Mail hosts anybody can have an address at: their domain says nothing about a company.
const FREEMAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bk.ru",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "inbox.ru",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.com",
    "live.co.uk",
    "live.de",
    "live.fr",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "o2.pl",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.es",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rocketmail.com",
    "seznam.cz",
    "sina.com",
    "t-online.de",
    "tuta.com",
    "tutanota.com",
    "ukr.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "ya.ru",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Whether anybody can have an address there.
pub(crate) fn is_freemail(domain: &str) -> bool {
    FREEMAIL.contains(&domain)
}

/// Who the person is, and what settings and policy say about the team.
#[derive(Clone, Debug, Default)]
pub(crate) struct Team {
    /// The person's id in the portal.
    user: u64,
    own: BTreeSet<Email>,
    domains: BTreeSet<String>,
}

impl Team {
    /// From the person's id in the portal, their own addresses and the team's domains. Freemail domains don't count.
    pub(crate) fn new(user: u64, own: &[String], domains: &[String]) -> Self {
        let domains = domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_lowercase());
        Self {
            user,
            own: own.iter().filter_map(|address| Email::parse(address)).collect(),
            domains: domains.filter(|domain| !domain.is_empty() && !is_freemail(domain)).collect(),
        }
    }

    pub(crate) fn is_own(&self, email: &Email) -> bool {
        self.own.contains(email)
    }

    /// Whether settings or policy say that the address's domain is the team's.
    pub(crate) fn has_domain_of(&self, email: &Email) -> bool {
        self.domains.contains(email.domain())
    }

    /// Who somebody is. `user` is the portal's user of that very address.
    pub(crate) fn role(&self, email: &Email, user: Option<&UserRow>, portal: &PortalUrl) -> Role {
        if self.is_own(email) {
            return Role::Me;
        }
        let known = user.and_then(|user| Some((user, portal_user(user, portal)?)));
        match known {
            Some((user, _)) if user.id == Some(self.user) => Role::Me,
            Some((user, as_user)) => match (standing(user), user.active.unwrap_or(true)) {
                (Standing::Employee, true) => {
                    Role::Colleague { user: Some(as_user), position: user.work_position.clone() }
                }
                (Standing::Employee, false) => Role::FormerColleague { user: as_user },
                (Standing::Extranet, active) => Role::Extranet { user: as_user, dismissed: !active },
                (Standing::Other, _) => self.role_by_domain(email),
            },
            None => self.role_by_domain(email),
        }
    }

    /// The role of somebody who was judged by another team. Only what the portal didn't say can have changed.
    pub(crate) fn again(&self, role: Role, email: &Email) -> Role {
        match role {
            Role::External | Role::Colleague { user: None, .. } => self.role_by_domain(email),
            Role::Me
            | Role::Colleague { .. }
            | Role::FormerColleague { .. }
            | Role::Extranet { .. }
            | Role::NotLookedUp => role,
        }
    }

    fn role_by_domain(&self, email: &Email) -> Role {
        if self.has_domain_of(email) { Role::Colleague { user: None, position: String::new() } } else { Role::External }
    }
}

/// Whether somebody works at the company now.
pub(crate) fn is_active_employee(user: &UserRow) -> bool {
    matches!(standing(user), Standing::Employee) && user.active.unwrap_or(true)
}

enum Standing {
    Employee,
    Extranet,
    Other,
}

/// Source: <https://apidocs.bitrix24.com/api-reference/user/user-get.html>, `USER_TYPE`. Older portals don't tell.
fn standing(user: &UserRow) -> Standing {
    match user.user_type.as_str() {
        "employee" | "" => Standing::Employee,
        "extranet" => Standing::Extranet,
        _ => Standing::Other,
    }
}

/// Of two users with one address, the one who counts: a dismissed account often stays beside its successor.
pub(crate) fn better(one: UserRow, other: UserRow) -> UserRow {
    let rank = |user: &UserRow| (user.active.unwrap_or(true), matches!(standing(user), Standing::Employee), user.id);
    if rank(&one) >= rank(&other) { one } else { other }
}

/// The portal's user as the sidebar shows them.
pub(crate) fn portal_user(user: &UserRow, portal: &PortalUrl) -> Option<PortalUser> {
    let id = user.id?;
    let name = full_name([&user.name, &user.last_name]);
    Some(PortalUser { id: id.to_string(), name, url: portal.page(Page::User, id) })
}

/// The parts of a name that are there.
pub(crate) fn full_name<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    let parts: Vec<&str> = parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: u64, user_type: &str, active: bool) -> UserRow {
        UserRow {
            id: Some(id),
            name: "Ivo".into(),
            last_name: "Lang".into(),
            work_position: "Sales".into(),
            user_type: user_type.into(),
            active: Some(active),
            ..UserRow::default()
        }
    }

    fn role(address: &str, user: Option<&UserRow>) -> Role {
        let own = ["Me@Gmail.com".to_owned()];
        let domains = ["@Brightline.example".to_owned(), "gmail.com".to_owned(), " ".to_owned()];
        let portal = "acme.bitrix24.com".parse().unwrap();
        Team::new(7, &own, &domains).role(&Email::parse(address).unwrap(), user, &portal)
    }

    #[test]
    fn users_of_the_portal_are_told_apart() {
        let page = |id: u64| PortalUser {
            id: id.to_string(),
            name: "Ivo Lang".into(),
            url: format!("https://acme.bitrix24.com/company/personal/user/{id}/"),
        };
        let colleague = Role::Colleague { user: Some(page(3)), position: "Sales".into() };
        assert_eq!(role("i@x.com", Some(&user(3, "employee", true))), colleague);
        assert_eq!(role("i@x.com", Some(&user(3, "", true))), colleague);
        assert_eq!(role("i@x.com", Some(&user(3, "employee", false))), Role::FormerColleague { user: page(3) });
        let extranet = |dismissed| Role::Extranet { user: page(3), dismissed };
        assert_eq!(role("i@x.com", Some(&user(3, "extranet", true))), extranet(false));
        assert_eq!(role("i@x.com", Some(&user(3, "extranet", false))), extranet(true));
        assert_eq!(role("i@x.com", Some(&user(3, "email", true))), Role::External);
        assert_eq!(role("i@x.com", None), Role::External);
    }

    #[test]
    fn own_addresses_and_team_domains_count_without_a_user() {
        let team = Role::Colleague { user: None, position: String::new() };
        assert_eq!(role("me@gmail.com", Some(&user(3, "employee", true))), Role::Me);
        assert_eq!(role("ivo@brightline.example", None), team);
        assert_eq!(role("ivo@mail.brightline.example", None), Role::External);
        assert_eq!(role("ivo@notbrightline.example", None), Role::External);
        // Somebody who left is no colleague, whatever the domain.
        let left = user(3, "employee", false);
        assert!(matches!(role("ivo@brightline.example", Some(&left)), Role::FormerColleague { .. }));
        let left = user(3, "extranet", false);
        assert!(matches!(role("ivo@brightline.example", Some(&left)), Role::Extranet { dismissed: true, .. }));
    }

    #[test]
    fn the_person_is_known_by_the_portals_id_whatever_the_address() {
        assert_eq!(role("work@x.com", Some(&user(7, "employee", true))), Role::Me);
        assert_eq!(role("work@brightline.example", Some(&user(7, "", true))), Role::Me);
        assert!(matches!(role("work@x.com", Some(&user(8, "employee", true))), Role::Colleague { .. }));
    }

    #[test]
    fn freemail_is_never_a_team() {
        assert_eq!(role("stranger@gmail.com", None), Role::External);
    }

    #[test]
    fn an_active_account_beats_a_dismissed_one() {
        for (one, other) in [
            (user(3, "employee", true), user(9, "employee", false)),
            (user(3, "employee", true), user(9, "extranet", true)),
        ] {
            assert_eq!(better(one.clone(), other.clone()).id, Some(3));
            assert_eq!(better(other, one).id, Some(3));
        }
    }
}
