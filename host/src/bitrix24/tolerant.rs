//! Reading what PHP writes: the same field may be a number, a string, `null`, `false` or `[]`.
//!
//! Made for `#[serde(deserialize_with = "…")]`. None of these fails on a value of another type than expected: it reads as "none".
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/data-types.html>, and bodies of both REST families.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A scalar of any JSON type.
enum Scalar {
    Text(String),
    Flag(bool),
    /// `null`, `[]`, `{}`, or something that is no scalar.
    None,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;
        impl<'de> Visitor<'de> for AnyScalar {
            type Value = Scalar;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON value")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(text.to_owned()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar::Text(number.to_string()))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar::Text(number.to_string()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar::Text(number.to_string()))
            }
            fn visit_bool<E: Error>(self, flag: bool) -> Result<Scalar, E> {
                Ok(Scalar::Flag(flag))
            }
            fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
                Ok(Scalar::None)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Scalar, A::Error> {
                IgnoredAny.visit_seq(seq).map(|_| Scalar::None)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
                IgnoredAny.visit_map(map).map(|_| Scalar::None)
            }
        }
        deserializer.deserialize_any(AnyScalar)
    }
}

/// Text; empty where there is none.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => text,
        Scalar::Flag(_) | Scalar::None => String::new(),
    })
}

/// An id; `"0"`, `0`, `""`, `null` and absence all mean "none".
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(number(deserializer)?.filter(|id| *id != 0))
}

/// A whole number that isn't negative.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => text.trim().parse().ok(),
        Scalar::Flag(_) | Scalar::None => None,
    })
}

/// A flag: `"Y"`, `"1"` and `true` are set; `None` where there is no flag at all.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => match text.as_str() {
            "Y" | "y" | "1" | "true" => Some(true),
            "N" | "n" | "0" | "false" => Some(false),
            _ => None,
        },
        Scalar::Flag(flag) => Some(flag),
        Scalar::None => None,
    })
}

/// Anything of its own shape; its default where it has another.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

/// Ids in a list; what is no id is left out.
pub(super) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    #[derive(Deserialize)]
    struct One(#[serde(deserialize_with = "id")] Option<u64>);
    Ok(Rows::<One>::deserialize(deserializer)?.0.into_iter().filter_map(|one| one.0).collect())
}

/// The values of a multifield: `[{"VALUE":"a@b.c","VALUE_TYPE":"WORK"}]`.
pub(super) fn multifield<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct One {
        #[serde(rename = "VALUE", default, deserialize_with = "text")]
        value: String,
    }
    let values = Rows::<One>::deserialize(deserializer)?.0;
    Ok(values.into_iter().map(|one| one.value).filter(|value| !value.is_empty()).collect())
}

/// The elements of a list, or of a map that PHP made of a list with gaps. An element of the wrong shape is left out, and so is
/// everything where there should be a list and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rows<T>(pub(crate) Vec<T>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements: PhpMap<Box<RawValue>> = PhpMap::deserialize(deserializer)?;
        let parsed = elements.in_order.into_iter().filter_map(|(_, raw)| serde_json::from_str(raw.get()).ok());
        Ok(Self(parsed.collect()))
    }
}

/// A PHP array with string keys: an object, or `[]` when it is empty, or a list when its keys happen to be 0, 1, 2…
#[derive(Clone, Debug)]
pub(crate) struct PhpMap<T> {
    in_order: Vec<(String, T)>,
}

impl<T> PhpMap<T> {
    /// The entries in the portal's order.
    pub(crate) fn into_entries(self) -> Vec<(String, T)> {
        self.in_order
    }

    /// Looks up by key.
    pub(super) fn into_map(self) -> BTreeMap<String, T> {
        self.into_entries().into_iter().collect()
    }
}

impl<T> Default for PhpMap<T> {
    fn default() -> Self {
        Self { in_order: Vec::new() }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for PhpMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get().as_bytes().first() {
            Some(b'{' | b'[') => {
                serde_json::from_str::<MapOrList<T>>(raw.get()).map(|entries| Self { in_order: entries.0 })
            }
            _ => Ok(Self::default()),
        }
        .map_err(Error::custom)
    }
}

struct MapOrList<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for MapOrList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = MapOrList<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MapOrList<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(MapOrList(entries))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<MapOrList<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(element) = seq.next_element()? {
                    entries.push((entries.len().to_string(), element));
                }
                Ok(MapOrList(entries))
            }
        }
        deserializer.deserialize_any(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "id")]
        id: Option<u64>,
        #[serde(default, deserialize_with = "text")]
        name: String,
        #[serde(default, deserialize_with = "flag")]
        on: Option<bool>,
        #[serde(default, deserialize_with = "ids")]
        others: Vec<u64>,
        #[serde(default, deserialize_with = "multifield")]
        emails: Vec<String>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn ids_are_numbers_strings_or_nothing() {
        for (json, expected) in [
            (r#"{"id":7}"#, Some(7)),
            (r#"{"id":"7"}"#, Some(7)),
            (r#"{"id":" 7 "}"#, Some(7)),
            (r#"{"id":7.0}"#, Some(7)),
            (r#"{"id":18446744073709551615}"#, Some(u64::MAX)),
            (r#"{"id":0}"#, None),
            (r#"{"id":"0"}"#, None),
            (r#"{"id":""}"#, None),
            (r#"{"id":null}"#, None),
            (r#"{"id":false}"#, None),
            (r#"{"id":true}"#, None),
            (r#"{"id":-7}"#, None),
            (r#"{"id":7.5}"#, None),
            (r#"{"id":"7; DROP"}"#, None),
            (r#"{"id":99999999999999999999999}"#, None),
            (r#"{"id":[]}"#, None),
            (r#"{"id":{"a":[1]}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(row(json).id, expected, "{json}");
        }
    }

    #[test]
    fn text_is_empty_where_there_is_none() {
        for (json, expected) in [
            (r#"{"name":"Анна"}"#, "Анна"),
            (r#"{"name":12}"#, "12"),
            (r#"{"name":null}"#, ""),
            (r#"{"name":false}"#, ""),
            (r#"{"name":["x"]}"#, ""),
            ("{}", ""),
        ] {
            assert_eq!(row(json).name, expected, "{json}");
        }
    }

    #[test]
    fn flags_are_letters_numbers_or_booleans() {
        for (json, expected) in [
            (r#"{"on":"Y"}"#, Some(true)),
            (r#"{"on":"N"}"#, Some(false)),
            (r#"{"on":true}"#, Some(true)),
            (r#"{"on":"1"}"#, Some(true)),
            (r#"{"on":0}"#, Some(false)),
            (r#"{"on":""}"#, None),
            (r#"{"on":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(row(json).on, expected, "{json}");
        }
    }

    #[test]
    fn lists_may_come_as_maps_or_not_at_all() {
        assert_eq!(row(r#"{"others":[1,"2",0,null,{"x":1}]}"#).others, [1, 2]);
        assert_eq!(row(r#"{"others":{"0":1,"2":3}}"#).others, [1, 3]);
        for json in
            [r#"{"others":[]}"#, r#"{"others":null}"#, r#"{"others":false}"#, r#"{"others":"x"}"#, r#"{"others":1}"#]
        {
            assert!(row(json).others.is_empty(), "{json}");
        }
    }

    #[test]
    fn multifields_give_their_values() {
        let json = r#"{"emails":[{"ID":"1","VALUE":"a@b.c","VALUE_TYPE":"WORK"},{"VALUE":""},{"VALUE":null},{},"x"]}"#;
        assert_eq!(row(json).emails, ["a@b.c"]);
        assert_eq!(row(r#"{"emails":{"7":{"VALUE":"a@b.c"}}}"#).emails, ["a@b.c"]);
    }

    #[test]
    fn one_row_of_the_wrong_shape_does_not_hide_the_others() {
        let Rows(rows) = serde_json::from_str::<Rows<Row>>(r#"[{"id":1},"x",null,[],{"id":"2"}]"#).unwrap();
        // `[]` is PHP for an object without fields.
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [Some(1), None, Some(2)]);
        assert!(serde_json::from_str::<Rows<Row>>("false").unwrap().0.is_empty());
    }
}
