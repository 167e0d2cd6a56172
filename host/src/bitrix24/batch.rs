//! Many calls in one request.
//!
//! Only for reading: the portal expands `$result[…]` in every parameter of a batch, so no text of a person's may be in one but for
//! addresses and words of a search, whose types hold no such thing.
//!
//! Source: <https://apidocs.bitrix24.com/settings/how-to-call-rest-api/batch.html>

use std::collections::BTreeMap;
use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::envelope::{NoSuccess, PortalError, Success, parse_error};
use super::tolerant::{PhpMap, number, or_default};

/// How many commands one batch takes.
pub const BATCH_LIMIT: usize = 50;

/// Everything but the unreserved characters of RFC 3986: a `+` left as it is would arrive as a space, even inside JSON.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Values for a filter: at least one. The portal takes an empty list in a filter for no condition at all, and answers with everything.
#[derive(Debug, PartialEq, Eq)]
pub struct Values<'a, T>(&'a [T]);

impl<T> Clone for Values<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Values<'_, T> {}

impl<'a, T> Values<'a, T> {
    /// The values, unless there are none.
    #[must_use]
    pub fn new(values: &'a [T]) -> Option<Self> {
        (!values.is_empty()).then_some(Self(values))
    }

    /// The values in pieces of at most `size`, none of them empty.
    pub fn chunks(values: &'a [T], size: usize) -> impl Iterator<Item = Self> {
        values.chunks(size.max(1)).map(Self)
    }

    /// The values.
    #[must_use]
    pub fn as_slice(self) -> &'a [T] {
        self.0
    }
}

/// One call inside a batch: `crm.contact.list?filter%5B%40ID%5D%5B%5D=7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    method: &'static str,
    query: String,
}

impl Command {
    /// A call without parameters.
    #[must_use]
    pub fn new(method: &'static str) -> Self {
        Self { method, query: String::new() }
    }

    /// With `key=value`. Nested keys are written as PHP does: `order[ID]`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Display) -> Self {
        let separator = if self.query.is_empty() { "" } else { "&" };
        let value = value.to_string();
        let (key, value) = (utf8_percent_encode(key, ENCODED), utf8_percent_encode(&value, ENCODED));
        self.query.push_str(&format!("{separator}{key}={value}"));
        self
    }

    /// With `key[]=value` for each value.
    #[must_use]
    pub fn with_each<T: Display>(self, key: &str, values: Values<'_, T>) -> Self {
        let key = format!("{key}[]");
        values.0.iter().fold(self, |command, value| command.with(&key, value))
    }

    /// With the names of the fields to answer with.
    #[must_use]
    pub fn select(self, fields: &[&str]) -> Self {
        fields.iter().fold(self, |command, field| command.with("select[]", field))
    }

    /// The method that is called.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// As it stands in the batch.
    #[must_use]
    pub fn text(&self) -> String {
        if self.query.is_empty() { self.method.to_owned() } else { format!("{}?{}", self.method, self.query) }
    }
}

/// Commands under names of the caller's choice, at most [`BATCH_LIMIT`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    commands: BTreeMap<String, Command>,
}

impl Batch {
    /// Adds a command. Names begin with a letter: PHP would make a list of numbers.
    pub fn add(&mut self, name: impl Into<String>, command: Command) {
        let name = name.into();
        debug_assert!(name.starts_with(|first: char| first.is_ascii_alphabetic()), "{name}");
        self.commands.insert(name, command);
    }

    /// How many commands there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether there is nothing to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// How many more commands fit.
    #[must_use]
    pub fn room(&self) -> usize {
        BATCH_LIMIT.saturating_sub(self.len())
    }

    /// Takes out the commands whose method the caller doesn't want to call now.
    pub(super) fn take_out(&mut self, unwanted: impl Fn(&str) -> bool) -> BTreeMap<String, Command> {
        let all = std::mem::take(&mut self.commands);
        let (out, kept) = all.into_iter().partition(|(_, command)| unwanted(command.method));
        self.commands = kept;
        out
    }

    /// The commands with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Command)> {
        self.commands.iter().map(|(name, command)| (name.as_str(), command))
    }

    /// Which methods are called, each how often.
    #[must_use]
    pub fn methods(&self) -> BTreeMap<String, u32> {
        let mut methods = BTreeMap::new();
        for command in self.commands.values() {
            *methods.entry(command.method.to_owned()).or_default() += 1;
        }
        methods
    }

    /// The parameters of the method `batch`.
    #[must_use]
    pub fn params(&self) -> impl Serialize + use<> {
        #[derive(Serialize)]
        struct Params {
            halt: u8,
            cmd: BTreeMap<String, String>,
        }
        let cmd = self.commands.iter().map(|(name, command)| (name.clone(), command.text())).collect();
        Params { halt: 0, cmd }
    }
}

/// What the commands of a batch gave.
#[derive(Debug, Default, Deserialize)]
pub struct BatchReply {
    #[serde(default)]
    result: Answers,
    #[serde(default)]
    result_error: Answers,
    #[serde(default)]
    result_total: Totals,
    #[serde(default, deserialize_with = "or_default")]
    result_time: Answers,
}

#[derive(Serialize)]
struct Resting {
    error: &'static str,
}

#[derive(Debug, Default)]
struct Answers(BTreeMap<String, Box<RawValue>>);

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PhpMap::deserialize(deserializer).map(|map| Self(map.into_map()))
    }
}

#[derive(Debug, Default)]
struct Totals(BTreeMap<String, Option<u64>>);

impl<'de> Deserialize<'de> for Totals {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Total(#[serde(deserialize_with = "number")] Option<u64>);
        let map = PhpMap::<Total>::deserialize(deserializer)?.into_map();
        Ok(Self(map.into_iter().map(|(name, total)| (name, total.0)).collect()))
    }
}

impl BatchReply {
    /// What the command `name` gave.
    ///
    /// # Errors
    /// The command's own error, or [`NoSuccess::NotAnEnvelope`] if the portal says nothing of it.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Success<T>, NoSuccess> {
        if let Some(error) = self.error(name) {
            return Err(NoSuccess::Error(error));
        }
        let raw = self.result.0.get(name).ok_or(NoSuccess::NotAnEnvelope)?;
        let result = serde_json::from_str(raw.get()).map_err(|_| NoSuccess::Unexpected)?;
        let total = self.result_total.0.get(name).copied().flatten();
        Ok(Success { result, total, operating_reset_at: None })
    }

    /// How long the portal has worked for the method of the command `name` in the last ten minutes, in seconds, as far as it
    /// counts that.
    #[must_use]
    pub fn operating(&self, name: &str) -> Option<f64> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Seconds {
            Number(f64),
            Text(String),
        }
        #[derive(Deserialize)]
        struct Time {
            operating: Seconds,
        }
        let time: Time = serde_json::from_str(self.result_time.0.get(name)?.get()).ok()?;
        let seconds = match time.operating {
            Seconds::Number(seconds) => seconds,
            Seconds::Text(text) => text.parse().ok()?,
        };
        Some(seconds).filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
    }

    /// Makes these commands read as if the portal had said that their method used up its computing time.
    pub(super) fn set_resting<'a>(&mut self, names: impl Iterator<Item = &'a String>) {
        for name in names {
            if let Ok(raw) = serde_json::value::to_raw_value(&Resting { error: "operation_time_limit" }) {
                self.result_error.0.insert(name.clone(), raw);
            }
        }
    }

    /// The error of the command `name`.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<PortalError> {
        self.result_error.0.get(name).map(|raw| parse_error(raw))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bitrix24::envelope::parse;
    use crate::bitrix24::tolerant::Rows;

    #[test]
    fn a_command_is_encoded_even_inside_json() {
        let command = Command::new("user.get")
            .with_each("filter[@EMAIL]", Values::new(&["a+b@x.com", "анна@x.com"]).unwrap())
            .with("order[ID]", "ASC")
            .select(&["ID", "EMAIL"]);
        assert_eq!(
            command.text(),
            "user.get?filter%5B%40EMAIL%5D%5B%5D=a%2Bb%40x.com&filter%5B%40EMAIL%5D%5B%5D=%D0%B0%D0%BD%D0%BD%D0%B0%40x.com\
             &order%5BID%5D=ASC&select%5B%5D=ID&select%5B%5D=EMAIL"
        );
        assert_eq!(Command::new("profile").text(), "profile");
    }

    #[test]
    fn what_a_method_has_used_is_read_if_it_is_told() {
        let used = |times: &str| {
            let reply = format!(r#"{{"result":{{"u":[]}},"result_error":[],"result_time":{times}}}"#);
            serde_json::from_str::<BatchReply>(&reply).unwrap().operating("u")
        };
        assert_eq!(used(r#"{"u":{"start":1.5,"operating":3.3}}"#), Some(3.3));
        assert_eq!(used(r#"{"u":{"operating":"250"}}"#), Some(250.0));
        for nothing in [
            "[]",
            "7",
            "null",
            "{}",
            r#"{"u":[]}"#,
            r#"{"u":{}}"#,
            r#"{"u":{"operating":null}}"#,
            r#"{"u":{"operating":"much"}}"#,
            r#"{"u":{"operating":-1}}"#,
            r#"{"u":{"operating":"NaN"}}"#,
        ] {
            assert_eq!(used(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_batch_is_written_as_documented() {
        let mut batch = Batch::default();
        batch.add("u", Command::new("user.get").with("ID", 1));
        batch.add("d0", Command::new("crm.duplicate.findbycomm").with("type", "EMAIL"));
        batch.add("d1", Command::new("crm.duplicate.findbycomm").with("type", "EMAIL"));
        assert_eq!(
            serde_json::to_string(&batch.params()).unwrap(),
            r#"{"halt":0,"cmd":{"d0":"crm.duplicate.findbycomm?type=EMAIL","d1":"crm.duplicate.findbycomm?type=EMAIL","u":"user.get?ID=1"}}"#
        );
        assert_eq!(batch.methods(), BTreeMap::from([("crm.duplicate.findbycomm".into(), 2), ("user.get".into(), 1)]));
        assert_eq!((batch.len(), batch.room()), (3, 47));
    }

    #[test]
    fn there_is_no_empty_filter() {
        assert_eq!(Values::<u64>::new(&[]), None);
        assert_eq!(Values::<u64>::chunks(&[], 50).count(), 0);
        let sizes: Vec<usize> = Values::chunks(&[0; 101], 50).map(|chunk| chunk.as_slice().len()).collect();
        assert_eq!(sizes, [50, 50, 1]);
    }

    fn reply(body: &str) -> BatchReply {
        parse::<BatchReply>(body.as_bytes()).unwrap().result
    }

    #[test]
    fn results_errors_and_totals_are_found_by_name() {
        let reply = reply(
            r#"{"result":{"result":{"u":[{"ID":"1"}],"d0":{"CONTACT":[275]},"e":null},"result_error":{"l":{"error":"","error_description":"Access denied."}},
            "result_total":{"u":"1","d0":null},"result_next":[],"result_time":{"u":{}}},"time":{}}"#,
        );
        let users = reply.get::<Rows<serde::de::IgnoredAny>>("u").unwrap();
        assert_eq!((users.result.0.len(), users.total), (1, Some(1)));
        assert_eq!(reply.get::<Option<u64>>("e").unwrap().result, None);
        let Err(NoSuccess::Error(error)) = reply.get::<u64>("l") else { panic!() };
        assert_eq!((error.code.as_str(), error.description.as_str()), ("", "Access denied."));
        assert_eq!(reply.get::<u64>("never asked"), Err(NoSuccess::NotAnEnvelope));
        assert_eq!(reply.get::<u64>("u"), Err(NoSuccess::Unexpected));
    }

    #[test]
    fn every_map_may_be_an_empty_list() {
        let reply =
            reply(r#"{"result":{"result":[],"result_error":[],"result_total":[],"result_next":[],"result_time":[]}}"#);
        assert_eq!(reply.get::<u64>("u"), Err(NoSuccess::NotAnEnvelope));
        assert_eq!(reply.error("u"), None);
        // An empty batch of some portals.
        assert!(parse::<BatchReply>(br#"{"result":[]}"#).is_ok());
    }

    #[test]
    fn an_error_of_any_shape_is_one() {
        let reply = reply(r#"{"result":{"result":[],"result_error":{"a":{"error":0},"b":"text","c":[],"d":null}}}"#);
        for name in ["a", "b", "c", "d"] {
            assert!(matches!(reply.get::<u64>(name), Err(NoSuccess::Error(_))), "{name}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_encoded_arrives(key in "[a-zA-Z@\\[\\]]{1,12}", value in "\\PC{0,40}") {
            let text = Command::new("m").with(&key, &value).text();
            let query = text.strip_prefix("m?").unwrap();
            let arrived: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
            prop_assert_eq!(arrived, [(key.as_str().into(), value.as_str().into())]);
        }

        #[test]
        fn no_body_makes_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(parse::<BatchReply>(&body));
        }

        #[test]
        fn no_json_makes_the_reader_panic(body in r#"(\{|\}|\[|\]|:|,|"result"|"result_error"|"result_total"|"u"|null|1|-1\.5|true){0,30}"#) {
            if let Ok(reply) = parse::<BatchReply>(body.as_bytes()) {
                drop(reply.result.get::<Rows<u64>>("u"));
            }
        }
    }
}
