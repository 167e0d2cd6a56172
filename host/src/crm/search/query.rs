//! What somebody types to find a record: taken apart, safe to stand in a batch, and comparable with what comes back.

use std::collections::BTreeSet;

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::crm::normalize::Email;
use crate::failure::{Failure, Reason};

/// Letters and digits that a search needs at least.
pub(crate) const FEWEST: usize = 2;

/// The longest text that is searched for, in characters.
const LONGEST: usize = 100;

/// Fewer digits than this are part of a title rather than of a phone number.
const FEWEST_DIGITS: usize = 4;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// In the order typed, each with a letter or digit, none with a `$`: inside a batch the portal would replace `$result[…]` by
    /// what another command found.
    words: Vec<String>,
    phone: Option<Phone>,
}

impl Query {
    /// Takes a text apart.
    ///
    /// # Errors
    /// [`Reason::SearchTooShort`], [`Reason::TextTooLong`]
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text.chars().count() > LONGEST {
            return Err(Failure::new(Reason::TextTooLong).with("limit", LONGEST));
        }
        let apart = |c: char| c.is_whitespace() || c.is_control() || c == '$';
        let says_something = |word: &&str| word.contains(char::is_alphanumeric);
        let words: Vec<String> = text.split(apart).filter(says_something).map(str::to_owned).collect();
        if words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric()).count() < FEWEST {
            return Err(Failure::new(Reason::SearchTooShort).with("fewest", FEWEST));
        }
        let phone = Phone::parse(text.trim());
        Ok(Self { words, phone })
    }

    /// Its words, in the order typed.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The addresses in it: what is typed leaves this computer like what a thread shows.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let around = |c: char| r#""'(),:;<>[\]"#.contains(c);
        let parts = self.words().flat_map(|word| word.split(around)).map(|part| part.trim_matches('.'));
        let addresses: BTreeSet<Email> = parts.filter_map(Email::parse).collect();
        addresses.iter().map(Email::to_string).collect()
    }

    /// The phone number it may be.
    pub(crate) fn phone(&self) -> Option<&Phone> {
        self.phone.as_ref()
    }

    /// What the portal's `=%` compares with: all words in this order, with anything between them.
    pub(crate) fn pattern(&self) -> String {
        pattern(&self.words)
    }

    /// Patterns for first and last name, in both orders: nobody says where a name of three words is divided.
    pub(crate) fn name_patterns(&self) -> Vec<(String, String)> {
        let splits = (1..self.words.len()).take(MOST_SPLITS).filter_map(|at| self.words.split_at_checked(at));
        let both = splits.map(|(before, after)| (pattern(before), pattern(after)));
        both.flat_map(|(before, after)| [(before.clone(), after.clone()), (after, before)]).collect()
    }

    /// Whether a text holds all words, in any order. Most portals' databases know neither capitals nor accents, so neither counts here.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let text = folded(text);
        self.words.iter().all(|word| text.contains(&folded(word)))
    }

    /// How well a title fits: the less, the better.
    pub(crate) fn distance(&self, title: &str) -> u8 {
        let (title, typed) = (folded(title), folded(&self.words.join(" ")));
        if title == typed {
            0
        } else if title.starts_with(&typed) {
            1
        } else if self.words.iter().all(|word| begins_a_word(&title, &folded(word))) {
            2
        } else {
            3
        }
    }
}

/// Places at which a name is divided.
const MOST_SPLITS: usize = 3;

fn pattern(words: &[String]) -> String {
    format!("%{}%", words.join("%"))
}

fn begins_a_word(title: &str, word: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric()).any(|own| own.starts_with(word)) || title.starts_with(word)
}

/// Small letters without accents.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ı' => 'i',
        'ς' => 'σ',
        other => other,
    };
    let accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    let nfd = DecomposingNormalizerBorrowed::new_nfd();
    nfd.normalize_iter(text.to_lowercase().chars()).filter(|c| !accent(c)).map(plain).collect()
}

/// A phone number, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    typed: String,
    digits: String,
}

impl Phone {
    /// `None` if there is anything but digits and what stands between them.
    fn parse(text: &str) -> Option<Self> {
        if !text.chars().all(|c| c.is_ascii_digit() || " +()-./\u{2011}".contains(c)) {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.strip_prefix("00").map_or(digits.clone(), str::to_owned);
        (digits.len() >= FEWEST_DIGITS).then(|| Self { typed: text.to_owned(), digits })
    }

    /// For `crm.duplicate.findbycomm`, which compares all digits of a number. In Russia and Kazakhstan 8 stands for 7 at home.
    pub(crate) fn whole(&self) -> Vec<String> {
        let twin = match (self.digits.len(), self.digits.split_at_checked(1)) {
            (11, Some(("8", rest))) => Some(format!("7{rest}")),
            (11, Some(("7", rest))) => Some(format!("8{rest}")),
            _ => None,
        };
        std::iter::once(self.digits.clone()).chain(twin).collect()
    }

    /// For lists, whose `PHONE` compares the beginning of a number as it was once written.
    pub(crate) fn beginnings(&self) -> Vec<String> {
        let mut all = vec![self.typed.clone(), format!("+{}", self.digits), self.digits.clone()];
        all.sort();
        all.dedup();
        all
    }

    /// Whether a number has these digits.
    pub(crate) fn is_in(&self, number: &str) -> bool {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        self.whole().iter().any(|spelling| digits.contains(spelling))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    #[test]
    fn two_letters_or_digits_are_enough_and_needed() {
        for text in ["ab", "Żó", "小野", "a b", "3m", "  ann  ", "a%b", "O’"] {
            assert_eq!(
                Query::parse(text).map(|_| ()).map_err(|failure| failure.reason()).ok(),
                (text != "O’").then_some(()),
                "{text}"
            );
        }
        for text in ["", " ", "a", "%%%%", "__", "$$", "$", "…?!", "a\u{0}"] {
            assert_eq!(Query::parse(text).unwrap_err().reason(), Reason::SearchTooShort, "{text:?}");
        }
        assert_eq!(Query::parse(&"x".repeat(101)).unwrap_err().reason(), Reason::TextTooLong);
    }

    #[test]
    fn words_are_sent_in_their_order_and_names_in_both() {
        assert_eq!(query(" pilot  order ").pattern(), "%pilot%order%");
        assert_eq!(query("ann").name_patterns(), []);
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(query("Ann Berg").name_patterns(), [pair("%Ann%", "%Berg%"), pair("%Berg%", "%Ann%")]);
        assert_eq!(query("Ludwig van Beethoven").name_patterns().len(), 4);
        assert_eq!(query("a b c d e f g h i j").name_patterns().len(), 2 * MOST_SPLITS);
    }

    #[test]
    fn a_row_must_hold_every_word_whatever_its_accents() {
        for (typed, text, is_in) in [
            ("dvorak", "Tomáš Dvořák", true),
            ("DVOŘÁK tom", "Tomáš Dvořák", true),
            ("zolk", "Żółkiewska", true),
            ("петр", "Пётр", true),
            ("小野", "小野寺 さくら", true),
            ("order pilot", "Pilot order, 40 sensors", true),
            ("pilot sensorz", "Pilot order, 40 sensors", false),
            // The portal may take these for wildcards.
            ("100%", "1000 sensors", false),
            ("100%", "Rabatt 100%", true),
            ("a_b", "axb", false),
        ] {
            assert_eq!(query(typed).is_in(text), is_in, "{typed} in {text}");
        }
    }

    #[test]
    fn the_nearest_title_comes_first() {
        for (title, distance) in [("Corvus", 0), ("CORVUS Logistics", 1), ("The Corvus Group", 2), ("Procorvus", 3)] {
            assert_eq!(query("corvus").distance(title), distance, "{title}");
        }
    }

    #[test]
    fn phone_numbers_are_known_by_their_digits() {
        let phone = |text: &str| query(text).phone().cloned();
        assert_eq!(phone("+49 (30) 5550-1107").unwrap().whole(), ["493055501107"]);
        assert_eq!(phone("0049 30 55501107").unwrap().whole(), ["493055501107"]);
        assert_eq!(phone("8 495 555 01 40").unwrap().whole(), ["84955550140", "74955550140"]);
        assert_eq!(phone("+49 30").unwrap().beginnings(), ["+49 30", "+4930", "4930"]);
        assert!(phone("0033 1555").unwrap().is_in("+33 1 5550 2217"));
        assert!(!phone("4930").unwrap().is_in("+49 89 30"));
        for text in ["ann", "123", "40 sensors", "+49 ext", "١٢٣٤٥٦"] {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    proptest! {
        /// Nothing typed can become a reference to what another command of the batch found.
        #[test]
        fn no_reference_survives(text in "(\\$(result|error|next|total|time)?|\\PC){0,40}") {
            if let Ok(query) = Query::parse(&text) {
                let all = query.name_patterns().into_iter().flat_map(|(first, last)| [first, last]);
                let phones = query.phone().into_iter().flat_map(|phone| [phone.whole(), phone.beginnings()].concat());
                for sent in all.chain(phones).chain([query.pattern()]) {
                    prop_assert!(!sent.contains('$') && sent.chars().any(char::is_alphanumeric));
                }
                prop_assert!(query.is_in(&text));
            }
        }
    }
}
