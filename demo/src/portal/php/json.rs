//! Values to and from JSON, as the portal's PHP does it.

use std::fmt::Write as _;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Array, Value};

impl Value {
    /// The JSON that Bitrix24's encoder writes: `"`, `'`, `&`, `<` and `>` as `\uXXXX`, `/` as `\/`, other Unicode plain.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Object => out.push_str("{}"),
            Self::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Int(number) => out.push_str(&number.to_string()),
            Self::Float(number) => out.push_str(&number.to_string()),
            Self::Str(text) => write_json_string(text, out),
            Self::Array(array) => {
                let list = array.is_list();
                out.push(if list { '[' } else { '{' });
                for (index, (key, value)) in array.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    if !list {
                        write_json_string(&key.text(), out);
                        out.push(':');
                    }
                    value.write_json(out);
                }
                out.push(if list { ']' } else { '}' });
            }
        }
    }
}

fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\'' | '&' | '<' | '>' | '\0'..='\u{1f}' => {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        // Like PHP, an integer too big for 64 signed bits becomes a float.
        #[expect(clippy::cast_precision_loss, reason = "PHP loses the same digits")]
        let value = i64::try_from(number).map_or(Value::Float(number as f64), Value::Int);
        Ok(value)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut array = Array::default();
        while let Some(value) = seq.next_element::<Value>()? {
            array.push(value);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut array = Array::default();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            array.set(key, value);
        }
        Ok(array.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_empty_map_is_a_list_and_consecutive_keys_make_one() {
        assert_eq!(decode("{}").to_json(), "[]");
        assert_eq!(decode(r#"{"0":"a","1":"b"}"#).to_json(), r#"["a","b"]"#);
        assert_eq!(decode(r#"{"1":"a","0":"b"}"#).to_json(), r#"{"1":"a","0":"b"}"#);
    }

    #[test]
    fn order_and_types_survive_a_round_trip() {
        let json = r#"{"z":1,"a":[1.5,"x",null,true],"m":{"k":"v"}}"#;
        assert_eq!(decode(json).to_json(), json);
        assert_eq!(decode("[10.0, 18446744073709551615]").to_json(), "[10,18446744073709552000]");
    }

    #[test]
    fn text_is_escaped_as_the_portal_does() {
        assert_eq!(Value::from("</b>'\"&\u{1}é🙂").to_json(), r#""\u003C\/b\u003E\u0027\u0022\u0026\u0001é🙂""#);
    }
}
