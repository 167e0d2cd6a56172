//! PHP's form decoding (`parse_str`): brackets make nested arrays, `+` is a space, the last of equal names wins.

use percent_encoding::percent_decode;

use super::php::{Array, Key, Value};

/// PHP's `max_input_vars`: further variables are dropped without a word.
const MAX_INPUT_VARS: usize = 1000;
/// PHP's `max_input_nesting_level`: variables nested deeper are dropped the same way.
const MAX_NESTING: usize = 64;

/// Decodes a query string or an urlencoded body.
pub(crate) fn decode(text: &[u8]) -> Array {
    let mut array = Array::default();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).take(MAX_INPUT_VARS) {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        if let Some(path) = path(&component(name)) {
            insert(&mut array, &path, component(value).into());
        }
    }
    array
}

fn component(bytes: &[u8]) -> String {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

/// `filter[@ID][]` -> `["filter", "@ID", ""]`; an empty step means "append".
fn path(name: &str) -> Option<Vec<String>> {
    let name = name.trim_start_matches(' ');
    let (base, mut rest) = match name.find('[') {
        // A bracket that is never closed is no bracket.
        Some(at) if at > 0 && name[at..].contains(']') => name.split_at(at),
        _ => (name, ""),
    };
    if base.is_empty() {
        return None;
    }
    if rest.matches('[').count() > MAX_NESTING {
        return None;
    }
    let mut path = vec![base.replace(['.', ' ', '['], "_")];
    while let Some(inner) = rest.strip_prefix('[') {
        let Some((step, after)) = inner.split_once(']') else { break };
        path.push(step.to_owned());
        rest = after;
    }
    Some(path)
}

fn insert(array: &mut Array, path: &[String], value: Value) {
    let Some((step, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        if step.is_empty() {
            array.push(value);
        } else {
            array.set(step.as_str(), value);
        }
        return;
    }
    let key = Key::from(step.as_str());
    if !step.is_empty()
        && let Some(Value::Array(inner)) = array.get_mut(&key)
    {
        insert(inner, rest, value);
        return;
    }
    let mut inner = Array::default();
    insert(&mut inner, rest, value);
    if step.is_empty() {
        array.push(inner);
    } else {
        array.set(key, inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(query: &str) -> String {
        Value::from(decode(query.as_bytes())).to_json()
    }

    #[test]
    fn brackets_nest_and_append() {
        assert_eq!(
            json("filter[@ID][]=1&filter%5B%40ID%5D%5B%5D=2&select[]=ID&order[ID]=DESC&start=0"),
            r#"{"filter":{"@ID":["1","2"]},"select":["ID"],"order":{"ID":"DESC"},"start":"0"}"#
        );
        assert_eq!(json("a[][x]=1&a[][x]=2"), r#"{"a":[{"x":"1"},{"x":"2"}]}"#);
    }

    #[test]
    fn a_plus_is_a_space_unless_encoded() {
        assert_eq!(json("v=a+b%2Bc"), r#"{"v":"a b+c"}"#);
    }

    #[test]
    fn odd_input_is_taken_as_php_takes_it() {
        assert_eq!(json("a=1&a=2&&b&=x&c.d=3&e[f=4"), r#"{"a":"2","b":"","c_d":"3","e_f":"4"}"#);
        assert_eq!(json("a=1&a[x]=2"), r#"{"a":{"x":"2"}}"#);
        assert_eq!(json("a[b]c[d]=1"), r#"{"a":{"b":"1"}}"#);
        assert_eq!(json("%ff=%zz"), "{\"\u{fffd}\":\"%zz\"}");
        assert_eq!(json(""), "[]");
    }

    #[test]
    fn deep_nesting_vanishes_too() {
        assert_eq!(json(&format!("a{}=1&b=2", "[x]".repeat(MAX_NESTING + 1))), r#"{"b":"2"}"#);
        assert_eq!(
            json(&format!("a{}=1&b=2", "[".repeat(1_000_000))),
            format!(r#"{{"a{}":"1","b":"2"}}"#, "_".repeat(1_000_000))
        );
    }

    #[test]
    fn variables_over_the_limit_vanish() {
        let query = "v[]=1&".repeat(MAX_INPUT_VARS + 7);
        assert_eq!(
            decode(query.as_bytes()).get("v").and_then(Value::array).map(|list| list.values().count()),
            Some(MAX_INPUT_VARS)
        );
    }
}
