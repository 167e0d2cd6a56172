//! `batch`: up to fifty calls in one, and the references between them. Source: apidocs.bitrix24.com, "Batch"; module `rest`
//! (`rest_provider.php` methodsBatch, `rest_util.php` ParseBatchQuery).

use super::error::RestError;
use super::faults::Circumstances;
use super::form;
use super::log::Proof;
use super::methods::{Call, Reply};
use super::php::{Array, Key, Value, map};
use super::rest;

/// Commands one batch carries out.
const MOST_COMMANDS: usize = 50;

/// The five maps of the answer.
#[derive(Debug, Default)]
struct Results {
    result: Array,
    error: Array,
    total: Array,
    next: Array,
    time: Array,
}

/// The method itself.
pub(crate) fn run(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let halt = call.params.get("halt").is_some_and(Value::truthy);
    let commands = call.params.get("cmd").and_then(Value::array).cloned().unwrap_or_default();
    let mut results = Results::default();
    for (index, (key, command)) in commands.iter().enumerate() {
        let Some(command) = command.str() else { continue };
        let outcome = if index >= MOST_COMMANDS {
            Err(RestError::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"))
        } else {
            one(call, command, key, &mut results)
        };
        if let Err(error) = outcome {
            results.error.set(key.clone(), error.body());
            if halt {
                break;
            }
        }
    }
    Ok(Reply::of(map! {
        "result" => results.result,
        "result_error" => results.error,
        "result_total" => results.total,
        "result_next" => results.next,
        "result_time" => results.time,
    }))
}

fn one(call: &mut Call<'_>, command: &str, key: &Key, results: &mut Results) -> Result<(), RestError> {
    // The portal takes commands apart as addresses, so an unencoded `#` hides the rest.
    let command = command.split_once('#').map_or(command, |(command, _)| command);
    let (name, query) = command.split_once('?').unwrap_or((command, ""));
    let name = name.trim_matches('/').to_ascii_lowercase();
    call.batched.push(name.clone());
    if matches!(name.as_str(), "batch" | "download" | "upload") {
        return Err(RestError::new(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"));
    }
    let now = call.state.clock.now();
    let via_webhook = call.caller.via == Proof::Webhook;
    let circumstances = Circumstances { now: now.as_second(), target: "", via_webhook };
    if let Some(error) = call.state.faults.in_batch(&name, circumstances) {
        return Err(error);
    }
    let mut params = form::decode(query.as_bytes());
    expand(&mut params, results);
    disarm(&mut params);
    let reply = rest::call(call.state, call.caller, &name, &params, call.batched)?;
    results.result.set(key.clone(), reply.result);
    if let Some(total) = reply.total {
        results.total.set(key.clone(), total);
    }
    if let Some(next) = reply.next {
        results.next.set(key.clone(), next);
    }
    results.time.set(key.clone(), rest::time(call.state, &name, now, reply.seconds));
    Ok(())
}

/// Replaces references in every parameter, however deep, user text included.
fn expand(params: &mut Array, results: &Results) {
    for (_, value) in params.iter_mut() {
        match value {
            Value::Array(inner) => expand(inner, results),
            Value::Str(text) => {
                if let Some(replaced) = expand_text(text, results) {
                    *value = replaced;
                }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object => {}
        }
    }
}

/// The portal's security filter, which looks at batched parameters only: it breaks up what looks like a script, in any text.
fn disarm(params: &mut Array) {
    for (_, value) in params.iter_mut() {
        match value {
            Value::Array(inner) => disarm(inner),
            Value::Str(text) => {
                for (armed, broken) in
                    [("<script", "<sc ript"), ("javascript:", "java script:"), ("onerror=", "one rror=")]
                {
                    *text = text.replace(armed, broken);
                }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object => {}
        }
    }
}

/// `$result[key][path]` and its siblings `$next`, `$total`, `$time`, `$error`; `None` if there is none in `text`.
fn expand_text(text: &str, results: &Results) -> Option<Value> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, map, path, after)) = next_reference(rest, results) {
        found = true;
        let value = resolve(map, path);
        if before.is_empty() && after.is_empty() && out.is_empty() {
            return Some(value);
        }
        out.push_str(before);
        match value {
            Value::Str(_) | Value::Int(_) | Value::Float(_) => out.push_str(&value.text()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object => {}
        }
        rest = after;
    }
    out.push_str(rest);
    found.then_some(Value::Str(out))
}

/// The first reference: what stands before it, its map, its path, what stands after it.
fn next_reference<'t, 'r>(text: &'t str, results: &'r Results) -> Option<(&'t str, &'r Array, &'t str, &'t str)> {
    let names = [
        ("result", &results.result),
        ("next", &results.next),
        ("total", &results.total),
        ("time", &results.time),
        ("error", &results.error),
    ];
    let (at, name, map) = text.match_indices('$').find_map(|(at, _)| {
        let tail = &text[at + 1..];
        names.iter().find(|(name, _)| tail.starts_with(name)).map(|(name, map)| (at, *name, *map))
    })?;
    let tail = &text[at + 1 + name.len()..];
    let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
    Some((&text[..at], map, &tail[..end], &tail[end..]))
}

/// Walks `[a][b]`. A missing step ends the walk, and the last level reached is the answer, which may be the whole map.
fn resolve(map: &Array, path: &str) -> Value {
    let mut level = Value::Array(map.clone());
    for step in path.split('[').skip(1) {
        let Some((step, _)) = step.split_once(']') else { break };
        let Some(next) = level.array().and_then(|array| array.get(step)) else { break };
        level = next.clone();
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results() -> Results {
        Results {
            result: map! {
                "u" => vec![map! { "ID" => "8", "EMAIL" => "ann@brightline.example" }],
                "d" => map! { "CONTACT" => vec![2, 5] },
                "none" => Array::default(),
            },
            total: map! { "u" => 1 },
            error: map! { "bad" => map! { "error" => "", "error_description" => "Not found" } },
            ..Results::default()
        }
    }

    fn expanded(text: &str) -> String {
        expand_text(text, &results()).map_or("unchanged".to_owned(), |value| value.to_json())
    }

    #[test]
    fn a_whole_value_keeps_its_type() {
        assert_eq!(expanded("$result[u][0][ID]"), r#""8""#);
        assert_eq!(expanded("$result[d][CONTACT]"), "[2,5]");
        assert_eq!(expanded("$total[u]"), "1");
    }

    #[test]
    fn inside_text_only_scalars_are_spliced() {
        assert_eq!(expanded("Hello $result[u][0][EMAIL] and $result[d] !"), r#""Hello ann@brightline.example and  !""#);
        assert_eq!(expanded("Re: $result[u][0][ID], please"), r#""Re: 8 please""#);
        assert_eq!(expanded("costs $5"), "unchanged");
    }

    #[test]
    fn a_missing_step_answers_the_last_level_reached() {
        assert_eq!(expanded("$result[d][LEAD]"), r#"{"CONTACT":[2,5]}"#);
        assert_eq!(expanded("$result[none][CONTACT]"), "[]");
        assert!(expanded("$result[bad][0]").starts_with(r#"{"u":"#));
        assert_eq!(expanded("$error[bad][error_description]"), r#""Not found""#);
    }

    #[test]
    fn texts_that_look_like_scripts_are_broken_up() {
        let mut params = form::decode(b"fields[COMMENT]=see+<script>&fields[TITLE]=plain");
        disarm(&mut params);
        assert_eq!(
            params.get("fields").map(Value::to_json).unwrap(),
            r#"{"COMMENT":"see \u003Csc ript\u003E","TITLE":"plain"}"#
        );
    }

    #[test]
    fn references_are_found_in_nested_parameters() {
        let mut params = form::decode(b"filter[@ID][]=$result[u][0][ID]&filter[@ID][]=7");
        expand(&mut params, &results());
        assert_eq!(Value::from(params).to_json(), r#"{"filter":{"@ID":["8","7"]}}"#);
    }
}
