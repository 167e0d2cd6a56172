//! What a form can be filled with from a mail's header: a name taken apart, and a guess at the company.

use crate::crm::normalize::Email;
use crate::crm::team::is_freemail;
use crate::protocol::Filled;

/// Before a name, and no part of it.
const TITLES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "herr",
    "frau",
    "hr",
    "fr",
    "m",
    "mme",
    "mlle",
    "sr",
    "sra",
    "srta",
    "dott",
    "ing",
    "dipl-ing",
    "mag",
];

/// A family name begins with the first of these that isn't the first word.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zur", "de", "del", "della", "der", "den", "des", "di", "da", "dos", "das", "du", "le",
    "la", "ter", "ten", "te", "af", "av", "bin", "ibn", "ben", "al", "el", "freiherr",
];

/// Mailboxes of nobody in particular.
const ROLES: &[&str] = &[
    "admin",
    "accounting",
    "bestellung",
    "billing",
    "booking",
    "buchhaltung",
    "careers",
    "contact",
    "einkauf",
    "hello",
    "help",
    "hi",
    "hr",
    "info",
    "invoice",
    "invoices",
    "jobs",
    "kontakt",
    "legal",
    "mail",
    "marketing",
    "news",
    "newsletter",
    "no-reply",
    "noreply",
    "office",
    "orders",
    "post",
    "press",
    "purchasing",
    "reception",
    "sales",
    "service",
    "support",
    "team",
    "vertrieb",
    "web",
    "webmaster",
];

/// Between a company's name and its country's letters.
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org"];

/// From the name in the header, if there is one, else from the address.
pub(crate) fn fill(name: &str, email: &Email) -> Filled {
    let (first_name, last_name) = parts(name).or_else(|| from_address(email)).unwrap_or_default();
    Filled { first_name, last_name, company: company(email).unwrap_or_default() }
}

/// First and last name. A mistake is seen at once in the form; so these are rules of thumb.
fn parts(name: &str) -> Option<(String, String)> {
    let name = without_additions(name);
    if name.contains('@') || !name.contains(char::is_alphabetic) {
        return None;
    }
    if let Some((last, first)) = name.split_once(',') {
        return Some((joined(&words(first)), joined(&words(last))));
    }
    let mut words = words(&name);
    while words.len() > 1 && words.first().is_some_and(|word| is_one_of(word, TITLES)) {
        words.remove(0);
    }
    let split = match words.as_slice() {
        [] => return None,
        [_] => 1,
        // Family name first, where it is written so.
        [family, given] if name.chars().all(|c| c.is_whitespace() || is_east_asian(c)) => {
            return Some(((*given).to_owned(), (*family).to_owned()));
        }
        all => all
            .iter()
            .enumerate()
            .skip(1)
            .find(|(_, word)| is_one_of(word, PARTICLES))
            .map_or(all.len() - 1, |(index, _)| index),
    };
    let (first, last) = words.split_at(split);
    Some((joined(first), joined(last)))
}

/// `"Menon, Priya" (Corvus) via Orders | Corvus Logistics` -> `Menon, Priya`.
fn without_additions(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control() && !"\"“”„«»".contains(*c)).collect();
    let ends = ["(", "[", "|", " via ", " / ", " - ", " – ", " — "].iter().filter_map(|mark| name.find(mark));
    let end = ends.filter(|end| *end > 0).min().unwrap_or(name.len());
    name.get(..end).unwrap_or_default().trim().trim_matches('\'').to_owned()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn joined(words: &[&str]) -> String {
    words.join(" ")
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// Chinese and Japanese characters, and Korean syllables.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// `priya.menon@…` is Priya Menon, `info@…` nobody.
fn from_address(email: &Email) -> Option<(String, String)> {
    let (local, _) = email.as_str().rsplit_once('@')?;
    let local = local.split('+').next().unwrap_or_default();
    if is_one_of(local, ROLES) {
        return None;
    }
    let words: Vec<&str> = local.split(['.', '_', '-']).collect();
    if words.iter().any(|word| word.chars().count() < 2 || !word.chars().all(char::is_alphabetic)) {
        return None;
    }
    match words.as_slice() {
        [first] => Some((capital(first), String::new())),
        [first, last] => Some((capital(first), capital(last))),
        _ => None,
    }
}

/// A company's own domain tells its name, more or less: `corvus-logistics.co.uk` is Corvus Logistics.
fn company(email: &Email) -> Option<String> {
    if is_freemail(email.domain()) {
        return None;
    }
    let mut labels: Vec<&str> = email.domain().split('.').collect();
    labels.pop()?;
    if labels.len() > 1 && labels.last().is_some_and(|label| SECOND_LEVEL.contains(label)) {
        labels.pop();
    }
    let label = labels.last().filter(|label| !label.starts_with("xn--") && label.contains(char::is_alphabetic))?;
    if label.chars().count() <= 3 {
        return Some(label.to_uppercase());
    }
    let words: Vec<String> = label.split(['-', '_']).filter(|word| !word.is_empty()).map(capital).collect();
    Some(words.join(" "))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(name: &str, email: &str) -> (String, String, String) {
        let Filled { first_name, last_name, company } = fill(name, &Email::parse(email).unwrap());
        (first_name, last_name, company)
    }

    #[test]
    fn names_are_taken_apart() {
        for (name, first, last) in [
            ("Priya Menon", "Priya", "Menon"),
            ("Menon, Priya", "Priya", "Menon"),
            ("\"Menon, Priya\" (Corvus Logistics)", "Priya", "Menon"),
            ("Priya Menon via Orders", "Priya", "Menon"),
            ("Priya Menon | Corvus", "Priya", "Menon"),
            ("Priya Menon - Corvus", "Priya", "Menon"),
            ("Dr. Anna-Lena  Groß", "Anna-Lena", "Groß"),
            ("Prof. Dr. Müller", "Müller", ""),
            ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
            ("María José de la Cruz", "María José", "de la Cruz"),
            ("Van Morrison", "Van", "Morrison"),
            ("Hans-Jürgen Freiherr von und zu Weitenburg", "Hans-Jürgen", "Freiherr von und zu Weitenburg"),
            ("Анна Сергеевна Громова", "Анна Сергеевна", "Громова"),
            ("小野寺 さくら", "さくら", "小野寺"),
            ("さくら", "さくら", ""),
            ("Priya", "Priya", ""),
            ("Priya\u{0}\nMenon", "PriyaMenon", ""),
        ] {
            let filled = filled(name, "x@gmail.com");
            assert_eq!((filled.0.as_str(), filled.1.as_str()), (first, last), "{name}");
        }
    }

    #[test]
    fn without_a_name_the_address_helps() {
        for (email, first, last) in [
            ("priya.menon@x.example", "Priya", "Menon"),
            ("priya_menon+orders@x.example", "Priya", "Menon"),
            ("priya@x.example", "Priya", ""),
            ("info@x.example", "", ""),
            ("no-reply@x.example", "", ""),
            ("p.menon@x.example", "", ""),
            ("a.b.c.d@x.example", "", ""),
            ("user123@x.example", "", ""),
        ] {
            for name in ["", "priya@corvus.example", "…", "42"] {
                let filled = filled(name, email);
                assert_eq!((filled.0.as_str(), filled.1.as_str()), (first, last), "{name} {email}");
            }
        }
    }

    #[test]
    fn a_domain_suggests_its_company() {
        for (domain, company) in [
            ("corvus-logistics.example", "Corvus Logistics"),
            ("mail.corvus-logistics.co.uk", "Corvus Logistics"),
            ("ibm.com", "IBM"),
            ("gmail.com", ""),
            ("web.de", ""),
            ("xn--bcher-kva.example", ""),
            ("bücher.example", "Bücher"),
            ("123.example", ""),
            ("com", ""),
            ("co.uk", "CO"),
        ] {
            assert_eq!(filled("", &format!("a.b@{domain}")).2, company, "{domain}");
        }
    }

    #[test]
    fn odd_names_hurt_nobody() {
        for name in [",", ", ,", "(", " via ", "' '", "\u{202e}abc", &"x".repeat(100_000)] {
            filled(name, "x@y.example");
        }
    }
}
