//! Texts that people typed into the portal, in answers: a test may make them all read the same, to see what a client does with it.

use super::php::Value;

/// Keys of such texts, in the older and the newer spelling, those of labels in descriptions of fields among them.
const KEYS: &[&str] = &[
    "NAME",
    "SECOND_NAME",
    "LAST_NAME",
    "WORK_POSITION",
    "POST",
    "TITLE",
    "COMPANY_TITLE",
    "COMMENTS",
    "SOURCE_DESCRIPTION",
    "SUBJECT",
    "DESCRIPTION",
    "COMMENT",
    "FULL_NAME",
    "FORMAT_STRING",
    "NAME_INIT",
    "name",
    "secondName",
    "lastName",
    "post",
    "title",
    "companyTitle",
    "comments",
    "sourceDescription",
    "formLabel",
    "listLabel",
    "filterLabel",
];

/// Lists whose entries have their text in `VALUE`: the values of an enumeration, and telephone numbers.
const LISTS: &[&str] = &["items", "PHONE"];

/// Puts `text` in the place of every text that somebody typed.
pub(crate) fn overwrite(answer: &mut Value, text: &str) {
    within("", answer, text);
}

fn within(list: &str, value: &mut Value, text: &str) {
    let Value::Array(array) = value else { return };
    for (key, value) in array.iter_mut() {
        let key = key.text();
        let typed = KEYS.contains(&key.as_str()) || (key == "VALUE" && LISTS.contains(&list));
        match value {
            Value::Str(old) if typed && !old.is_empty() => text.clone_into(old),
            // The numbers of a list's entries are no names.
            _ if key.parse::<u64>().is_ok() => within(list, value, text),
            _ => within(&key, value, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::php::{Array, map};

    #[test]
    fn what_was_typed_is_replaced_and_nothing_else() {
        let list = |entry: Array| std::iter::once(entry).collect::<Array>();
        let mut answer: Value = map! {
            "result" => map! {
                "NAME" => "Ann",
                "LAST_NAME" => "",
                "STAGE_ID" => "NEW",
                "EMAIL" => list(map! { "VALUE" => "ann@helion.example" }),
                "PHONE" => list(map! { "VALUE" => "+33 1" }),
                "items" => list(map! { "ID" => "41", "VALUE" => "North" }),
            },
        }
        .into();
        overwrite(&mut answer, "x");
        assert_eq!(
            answer.to_json(),
            r#"{"result":{"NAME":"x","LAST_NAME":"","STAGE_ID":"NEW","EMAIL":[{"VALUE":"ann@helion.example"}],"PHONE":[{"VALUE":"x"}],"items":[{"ID":"41","VALUE":"x"}]}}"#
        );
    }
}
