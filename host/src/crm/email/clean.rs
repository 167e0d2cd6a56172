//! A stranger's text, made fit for a record: what deceives the eye or breaks a line is taken out, what is too long is cut.

/// The longest text, in bytes of UTF-8: a text column of an older database holds 65,535, and the portal may add a signature.
pub(crate) const LONGEST_TEXT: usize = 60_000;

/// The longest subject, in characters. The portal's column holds 512.
pub(crate) const LONGEST_SUBJECT: usize = 500;

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 100;

/// Text that fits, and whether something of it didn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) text: String,
    pub(crate) shortened: bool,
}

/// A text of several lines.
pub(crate) fn text(raw: &str) -> Cut {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<String> = Vec::new();
    for line in raw.split('\n') {
        let line: String = line.chars().filter(|c| *c == '\t' || !is_deceptive(*c)).collect();
        let line = line.trim_end();
        // More than one empty line in a row says no more than one does.
        if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            lines.push(line.to_owned());
        }
    }
    let whole = lines.join("\n");
    let whole = whole.trim_end();
    let text = whole[..whole.floor_char_boundary(LONGEST_TEXT)].to_owned();
    Cut { shortened: text.len() < whole.len(), text }
}

/// A subject: one line.
pub(crate) fn subject(raw: &str) -> Cut {
    one_line(raw, LONGEST_SUBJECT)
}

/// Somebody's name, without what separates addresses in a list of them.
pub(crate) fn name(raw: &str) -> String {
    let raw: String = raw.chars().filter(|c| !matches!(c, '<' | '>' | '"' | ',' | ';')).collect();
    one_line(&raw, LONGEST_NAME).text
}

fn one_line(raw: &str, most: usize) -> Cut {
    let spaced: String = raw.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let clean: String = spaced.chars().filter(|c| !is_deceptive(*c)).collect();
    let whole = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = whole.chars().take(most).collect();
    Cut { shortened: text.len() < whole.len(), text }
}

/// Characters that show as something else than they are: controls, changes of direction that reach over their line, tags.
///
/// Source: Unicode Technical Report 36, sections 2.5 and 3; Unicode Standard Annex 9, section 2.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{206a}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_stay_and_tricks_go() {
        let cut = text("\n\nDear Lena,\r\n\r\n\r\n\r\n\tweek 50\u{202e}04 keew\u{202c} \0\u{7}suits us.  \rMarie\n\n");
        assert_eq!(cut, Cut { text: "Dear Lena,\n\n\tweek 5004 keew suits us.\nMarie".into(), shortened: false });
        assert_eq!(subject(" Re:\n Pilot\torder\u{2066}\u{e0041} ").text, "Re: Pilot order");
        assert_eq!(name("Rousseau, \"Marie\" <evil@x.com>\n"), "Rousseau Marie evil@x.com");
        // Words that are joined or shaped by an invisible character stay as they are.
        assert_eq!(subject("می\u{200c}خواهم 👩\u{200d}💻 ا\u{200f}").text, "می\u{200c}خواهم 👩\u{200d}💻 ا\u{200f}");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let cut = text(&"ü".repeat(LONGEST_TEXT));
        assert_eq!((cut.text.len(), cut.shortened), (LONGEST_TEXT, true));
        let cut = subject(&"ü".repeat(LONGEST_SUBJECT + 1));
        assert_eq!((cut.text.chars().count(), cut.shortened), (LONGEST_SUBJECT, true));
        assert!(!subject(&"ü".repeat(LONGEST_SUBJECT)).shortened);
    }

    proptest! {
        #[test]
        fn whatever_comes_fits_and_stays_as_it_is_the_second_time(raw in any::<String>()) {
            for clean in [text, subject] {
                let once = clean(&raw).text;
                prop_assert!(!once.chars().any(|c| is_deceptive(c) && !matches!(c, '\n' | '\t')));
                prop_assert_eq!(clean(&once).text, once);
            }
        }
    }
}
