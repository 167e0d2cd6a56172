//! A frame's bytes -> a request the host can work on, or the failure to answer with.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure::{Failure, Reason};
use crate::protocol::{Call, PROTOCOL_VERSION, PROTOCOL_VERSIONS, Request, WireSecret};

/// How deep a request may be nested.
const DEPTH_LIMIT: usize = 32;

/// How long an id may be, in bytes.
const ID_LIMIT: usize = 64;

/// A request with a known method and parameters of the right shape.
pub struct Accepted {
    /// The request's id.
    pub id: String,
    /// The caller's session token, not checked yet.
    pub session: Option<WireSecret>,
    /// What is asked.
    pub call: Call,
}

/// A frame that is no such request.
#[derive(Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The id, where one could be read.
    pub id: Option<String>,
    /// Why.
    pub failure: Failure,
}

/// Reads a request in two steps, the envelope before the method, so that as many failures as possible carry an id.
///
/// # Errors
/// The failure to answer with, and the id to answer to.
pub(crate) fn accept(frame: &[u8]) -> Result<Accepted, Rejected> {
    let reject = |id: Option<&str>, failure: Failure| Rejected { id: id.map(str::to_owned), failure };
    let text = std::str::from_utf8(frame).map_err(|_| reject(None, Reason::NotJson.into()))?;
    if depth(text) > DEPTH_LIMIT {
        return Err(reject(None, Reason::NotJson.into()));
    }
    let id = readable_id(text).map_err(|reason| reject(None, reason.into()))?;
    let id = id.as_deref();
    let envelope: Request<'_> = serde_json::from_str(text).map_err(|_| reject(id, Reason::NotARequest.into()))?;
    if envelope.id.is_empty() || envelope.id.len() > ID_LIMIT {
        return Err(reject(None, Reason::NotARequest.into()));
    }
    let spoken = if envelope.method == "hello" { &[1] } else { PROTOCOL_VERSIONS };
    if !spoken.contains(&envelope.v) {
        return Err(reject(id, unsupported_version(envelope.v)));
    }
    let params = envelope.params.map_or("{}", RawValue::get);
    match Call::parse(&envelope.method, params) {
        None => Err(reject(id, Reason::UnknownMethod.into())),
        // serde's own words may quote the parameters, secrets included: they stay here.
        Some(Err(_)) => Err(reject(id, Failure::new(Reason::BadParams).with("method", envelope.method))),
        Some(Ok(call)) => Ok(Accepted { id: envelope.id, session: envelope.session, call }),
    }
}

/// The failure for a version nobody here speaks.
#[must_use]
pub fn unsupported_version(theirs: u32) -> Failure {
    Failure::new(Reason::UnsupportedVersion).with("theirs", theirs).with("ours", PROTOCOL_VERSION)
}

/// The id, whatever else is wrong with the request; `None` if there is none of a usable shape.
fn readable_id(text: &str) -> Result<Option<String>, Reason> {
    #[derive(Deserialize)]
    struct Probe {
        #[serde(default)]
        id: Option<serde_json::Value>,
    }
    match serde_json::from_str::<Probe>(text) {
        Ok(Probe { id: Some(serde_json::Value::String(id)) }) if !id.is_empty() && id.len() <= ID_LIMIT => Ok(Some(id)),
        Ok(_) => Ok(None),
        Err(error) if error.is_data() => Ok(None),
        Err(_) => Err(Reason::NotJson),
    }
}

/// How deep arrays and objects nest, counted over the bytes so that nothing is built for a hostile request.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use secrecy::ExposeSecret as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::protocol::examples::requests;

    fn rejected(frame: &str) -> (Option<String>, Reason) {
        match accept(frame.as_bytes()) {
            Ok(_) => panic!("accepted: {frame}"),
            Err(Rejected { id, failure }) => (id, failure.reason()),
        }
    }

    fn seven() -> Option<String> {
        Some("7".to_owned())
    }

    #[test]
    fn a_request_is_read() {
        let accepted = accept(br#"{"v":1,"id":"7","method":"cancel","session":"s","params":{"id":"6"}}"#).ok().unwrap();
        assert_eq!(accepted.id, "7");
        assert_eq!(accepted.session.unwrap().into_inner().expose_secret(), "s");
        assert!(matches!(accepted.call, Call::Cancel(params) if params.id == "6"));
    }

    /// The conversations were recorded with extensions before this host's release; the extension's tests read the answers.
    #[test]
    fn requests_of_extensions_of_other_releases_are_understood() {
        let conversations = concat!(env!("CARGO_MANIFEST_DIR"), "/../extension/test/skew");
        for (name, expected) in [("first", 6), ("second", 12)] {
            let text = std::fs::read_to_string(format!("{conversations}/{name}.jsonl")).unwrap();
            let requests: Vec<_> = text.lines().filter(|line| line.contains(r#""method":"#)).collect();
            assert_eq!(requests.len(), expected, "{name}");
            for request in requests {
                if let Err(Rejected { failure, .. }) = accept(request.as_bytes()) {
                    panic!("{name}: {:?} for {request}", failure.reason());
                }
            }
        }
    }

    #[test]
    fn missing_params_are_no_params() {
        assert!(matches!(accept(br#"{"v":1,"id":"7","method":"status"}"#).ok().unwrap().call, Call::Status(_)));
    }

    #[test]
    fn bytes_that_are_no_json_have_no_id() {
        assert_eq!(accept(&[0xff, 0xfe]).err().unwrap().failure.reason(), Reason::NotJson);
        for frame in
            ["", "{", "nonsense", r#"{"id":"7""#, r#"{"v":1,"id":"7","method":"status"} x"#, "{\"id\":\"7\u{0}"]
        {
            assert_eq!(rejected(frame), (None, Reason::NotJson), "{frame}");
        }
    }

    #[test]
    fn json_that_is_no_request_keeps_its_id_if_it_has_one() {
        for frame in [
            "5",
            "null",
            "[]",
            r#""hello""#,
            "{}",
            r#"{"id":7,"v":1,"method":"status"}"#,
            r#"{"v":1,"id":"","method":"status"}"#,
        ] {
            assert_eq!(rejected(frame), (None, Reason::NotARequest), "{frame}");
        }
        for frame in [
            r#"{"id":"7"}"#,
            r#"{"id":"7","v":"1","method":"status"}"#,
            r#"{"id":"7","v":1,"method":"status","extra":1}"#,
            r#"{"id":"7","v":1,"method":"status","method":"hello"}"#,
            r#"{"id":"7","v":1,"method":["status"]}"#,
            r#"{"id":"7","v":-1,"method":"status"}"#,
        ] {
            assert_eq!(rejected(frame), (seven(), Reason::NotARequest), "{frame}");
        }
        let long = "7".repeat(ID_LIMIT + 1);
        assert_eq!(rejected(&format!(r#"{{"v":1,"id":"{long}","method":"status"}}"#)), (None, Reason::NotARequest));
    }

    #[test]
    fn an_unknown_method_version_or_field_is_answered_with_the_id() {
        assert_eq!(rejected(r#"{"v":1,"id":"7","method":"rest"}"#), (seven(), Reason::UnknownMethod));
        assert_eq!(rejected(r#"{"v":9,"id":"7","method":"status"}"#), (seven(), Reason::UnsupportedVersion));
        assert_eq!(rejected(r#"{"v":2,"id":"7","method":"hello"}"#), (seven(), Reason::UnsupportedVersion));
        assert_eq!(
            rejected(r#"{"v":1,"id":"7","method":"cancel","params":{"id":"6","extra":1}}"#),
            (seven(), Reason::BadParams)
        );
        assert_eq!(rejected(r#"{"v":1,"id":"7","method":"cancel","params":{"id":6}}"#), (seven(), Reason::BadParams));
        assert_eq!(rejected(r#"{"v":1,"id":"7","method":"cancel","params":null}"#), (seven(), Reason::BadParams));
        assert_eq!(rejected(r#"{"v":1,"id":"7","method":"cancel"}"#), (seven(), Reason::BadParams));
    }

    #[test]
    fn a_failure_never_quotes_the_request() {
        let frame = br#"{"v":1,"id":"7","method":"connect","params":{"portal":5,"clientSecret":"canary"}}"#;
        let failure = accept(frame).err().unwrap().failure;
        assert!(!serde_json::to_string(&failure.to_wire()).unwrap().contains("canary"));
    }

    #[test]
    fn sec_10_a_field_given_twice_is_refused_and_not_chosen_from() {
        for frame in [
            r#"{"v":1,"id":"7","method":"status","method":"disconnect"}"#,
            r#"{"v":1,"id":"7","session":"a","session":"b","method":"status"}"#,
            r#"{"v":1,"id":"7","method":"setMailbox","params":{"address":"a@b.c","on":false,"on":true}}"#,
        ] {
            let reason = accept(frame.as_bytes()).err().unwrap().failure.reason();
            assert!(matches!(reason, Reason::NotARequest | Reason::BadParams), "{frame}: {reason:?}");
        }
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth("5"), 0);
        assert_eq!(depth(r#"{"a":[{}],"b":"[[[[\"[["}"#), 3);
        let deep = |levels: usize| {
            format!(r#"{{"v":1,"id":"7","method":"x","params":{}{}}}"#, "[".repeat(levels), "]".repeat(levels))
        };
        assert_eq!(rejected(&deep(DEPTH_LIMIT - 1)), (seven(), Reason::UnknownMethod));
        assert_eq!(rejected(&deep(DEPTH_LIMIT)), (None, Reason::NotJson));
        assert_eq!(rejected(&deep(400_000)), (None, Reason::NotJson));
    }

    proptest! {
        #[test]
        fn any_bytes_are_accepted_or_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = accept(&bytes);
        }

        #[test]
        fn any_json_is_accepted_or_rejected(id in ".{0,80}", method in "[a-zA-Z]{0,12}", params in r#"[\[\]{}",:0-9a-z]{0,60}"#) {
            let _ = accept(format!(r#"{{"v":1,"id":{},"method":"{method}","params":{params}}}"#, serde_json::json!(id)).as_bytes());
        }
    }

    /// What holds for every frame.
    fn promise(frame: &[u8]) {
        match accept(frame) {
            Ok(accepted) => {
                assert!((1..=ID_LIMIT).contains(&accepted.id.len()));
                assert!(Call::METHODS.contains(&accepted.call.method()));
            }
            Err(rejected) => {
                assert!(rejected.id.is_none_or(|id| (1..=ID_LIMIT).contains(&id.len())));
                // Whatever was in it, the answer is one of our sentences, and names no method but one of ours.
                assert!(rejected.failure.message().len() < 300);
                assert!(rejected.failure.arg("method").is_none_or(|method| Call::METHODS.contains(&method)));
            }
        }
    }

    #[test]
    fn fuzz_envelope() {
        crate::fuzz::target_beside("envelope", requests(), promise);
    }

    /// The value with each of its parts, itself among them, in turn replaced by what doesn't belong there, or left out.
    fn damaged(value: &Value) -> Vec<Value> {
        let long = "x".repeat(10_000);
        let mut all = json!([null, true, -1, 1e300, "", long, [], {"x": 1}]).as_array().cloned().unwrap();
        match value {
            Value::Object(fields) => {
                for (name, part) in fields {
                    let with = |part| Value::from_iter(fields.clone().into_iter().chain([(name.clone(), part)]));
                    all.extend(damaged(part).into_iter().map(with));
                    let mut without = fields.clone();
                    without.remove(name);
                    all.push(without.into());
                }
            }
            Value::Array(parts) => all.extend(parts.iter().flat_map(damaged).map(|part| json!([part]))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        all
    }

    #[test]
    fn whatever_is_wrong_with_the_parameters_of_whatever_method_is_a_sentence() {
        let mut refused = BTreeSet::new();
        for request in requests() {
            let mut request: Value = serde_json::from_str(request).unwrap();
            let params = request["params"].take();
            for damaged in damaged(&params) {
                request["params"] = damaged;
                let frame = request.to_string();
                promise(frame.as_bytes());
                if let Err(rejected) = accept(frame.as_bytes()) {
                    assert_eq!(rejected.failure.reason(), Reason::BadParams, "{frame}");
                    refused.insert(request["method"].as_str().unwrap().to_owned());
                }
            }
        }
        assert!(refused.iter().eq(Call::METHODS.iter().copied().collect::<BTreeSet<_>>()), "{refused:?}");
    }
}
