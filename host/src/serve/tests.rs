use std::io::{PipeReader, PipeWriter, Write as _};
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use super::*;
use crate::framing::{read_frame, write_frame};

/// `status` answers at once, `lookup` waits to be released, `reference` panics, `disconnect` answers too much.
#[derive(Default)]
struct Scripted {
    release: Notify,
}

impl Service for Scripted {
    async fn answer(&self, request: Accepted, parts: Parts) -> Result<Box<RawValue>, Failure> {
        match request.call {
            Call::Lookup(_) => {
                parts.send(&json!("first"));
                self.release.notified().await;
            }
            Call::Reference(_) => panic!("canary"),
            Call::Disconnect(_) => return Ok(to_raw_value(&"x".repeat(framing::REPLY_LIMIT)).unwrap()),
            Call::Hello(_) => self.release.notify_waiters(),
            _ => {}
        }
        Ok(to_raw_value(&json!({})).unwrap())
    }
}

/// A browser at the other end of two pipes.
struct Browser {
    to_host: Option<PipeWriter>,
    from_host: PipeReader,
    events: mpsc::UnboundedSender<EventKind>,
    ended: Receiver<Result<(), ReadError>>,
}

impl Browser {
    fn start() -> Self {
        let (input, to_host) = std::io::pipe().unwrap();
        let (from_host, output) = std::io::pipe().unwrap();
        let (events, events_receiver) = mpsc::unbounded_channel();
        let (ending, ended): (Sender<_>, _) = channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let service = Rc::new(Scripted::default());
            let ended = LocalSet::new().block_on(&runtime, serve(input, output, service, events_receiver));
            ending.send(ended).unwrap();
        });
        Self { to_host: Some(to_host), from_host, events, ended }
    }

    fn send(&mut self, body: &[u8]) {
        write_frame(self.to_host.as_mut().unwrap(), body).unwrap();
    }

    fn ask(&mut self, id: &str, method: &str, params: &Value) {
        self.send(json!({"v": 1, "id": id, "method": method, "params": params}).to_string().as_bytes());
    }

    fn next(&mut self) -> Value {
        let Some(Incoming::Frame(frame)) = read_frame(&mut self.from_host).unwrap() else { panic!("no frame") };
        serde_json::from_slice(&frame).unwrap()
    }

    /// `(id, reason)` of the next frame, which must be an error.
    fn next_error(&mut self) -> (Value, String) {
        let frame = self.next();
        (frame["id"].clone(), frame["error"]["reason"].as_str().unwrap_or_else(|| panic!("{frame}")).to_owned())
    }

    fn leave(&mut self) -> Result<(), ReadError> {
        self.to_host = None;
        self.ended.recv().unwrap()
    }
}

fn hello() -> Value {
    json!({"protocols": [1], "extension": "1.0.0"})
}

#[test]
fn a_slow_request_does_not_hold_up_others() {
    let mut browser = Browser::start();
    browser.ask("1", "lookup", &json!({"addresses": []}));
    assert_eq!(browser.next(), json!({"id": "1", "part": "first"}));
    browser.ask("2", "status", &json!({}));
    assert_eq!(browser.next(), json!({"id": "2", "result": {}}));
    browser.ask("3", "hello", &hello());
    let mut last = [browser.next(), browser.next()].map(|frame| frame["id"].as_str().unwrap().to_owned());
    last.sort();
    assert_eq!(last, ["1", "3"]);
    browser.leave().unwrap();
}

#[test]
fn whatever_comes_in_is_answered_and_the_host_goes_on() {
    let mut browser = Browser::start();
    browser.to_host.as_mut().unwrap().write_all(&0_u32.to_ne_bytes()).unwrap();
    assert_eq!(browser.next_error(), (Value::Null, "empty_frame".to_owned()));
    let too_long = vec![b' '; REQUEST_LIMIT as usize + 1];
    let to_host = browser.to_host.as_mut().unwrap();
    to_host.write_all(&(REQUEST_LIMIT + 1).to_ne_bytes()).unwrap();
    to_host.write_all(&too_long).unwrap();
    assert_eq!(browser.next_error(), (Value::Null, "frame_too_long".to_owned()));
    browser.send(b"\xff\xff");
    assert_eq!(browser.next_error(), (Value::Null, "not_json".to_owned()));
    browser.ask("1", "nonsense", &json!({}));
    assert_eq!(browser.next_error(), (json!("1"), "unknown_method".to_owned()));
    browser.ask("1", "status", &json!({}));
    assert_eq!(browser.next(), json!({"id": "1", "result": {}}));
    browser.leave().unwrap();
}

#[test]
fn a_panic_is_an_answer_and_its_words_stay_inside() {
    let mut browser = Browser::start();
    browser.ask("1", "reference", &json!({}));
    let frame = browser.next();
    assert_eq!((&frame["id"], &frame["error"]["reason"]), (&json!("1"), &json!("internal")));
    assert!(!frame.to_string().contains("canary"));
    browser.ask("1", "status", &json!({}));
    assert_eq!(browser.next(), json!({"id": "1", "result": {}}));
    browser.leave().unwrap();
}

#[test]
fn an_answer_too_long_for_a_browser_becomes_a_failure() {
    let mut browser = Browser::start();
    browser.ask("1", "disconnect", &json!({}));
    assert_eq!(browser.next_error(), (json!("1"), "reply_too_long".to_owned()));
    browser.leave().unwrap();
}

#[test]
fn a_cancelled_request_still_gets_its_one_answer() {
    let mut browser = Browser::start();
    browser.ask("1", "lookup", &json!({"addresses": []}));
    browser.next();
    browser.ask("2", "cancel", &json!({"id": "1"}));
    assert_eq!(browser.next(), json!({"id": "2", "result": {}}));
    assert_eq!(browser.next_error(), (json!("1"), "cancelled".to_owned()));
    browser.ask("3", "cancel", &json!({"id": "1"}));
    assert_eq!(browser.next(), json!({"id": "3", "result": {}}));
    browser.leave().unwrap();
}

#[test]
fn an_id_in_use_and_a_flood_are_refused() {
    let mut browser = Browser::start();
    for id in 0..RUNNING_LIMIT {
        browser.ask(&id.to_string(), "lookup", &json!({"addresses": []}));
        browser.next();
    }
    browser.ask("0", "status", &json!({}));
    assert_eq!(browser.next_error(), (Value::Null, "duplicate_id".to_owned()));
    browser.ask("one more", "status", &json!({}));
    assert_eq!(browser.next_error(), (json!("one more"), "too_many_requests".to_owned()));
    browser.ask("stop", "cancel", &json!({"id": "0"}));
    browser.next();
    browser.next();
    browser.ask("0", "hello", &hello());
    for _ in 0..RUNNING_LIMIT {
        assert_eq!(browser.next()["result"], json!({}));
    }
    browser.leave().unwrap();
}

#[test]
fn events_are_told_between_answers() {
    let mut browser = Browser::start();
    browser.events.send(EventKind::Session).unwrap();
    assert_eq!(browser.next(), json!({"event": "session"}));
    browser.leave().unwrap();
}

#[test]
fn an_end_inside_a_frame_is_told_from_an_end_between_frames() {
    let mut browser = Browser::start();
    browser.to_host.as_mut().unwrap().write_all(&[9, 0, 0, 0, b'{']).unwrap();
    assert!(matches!(browser.leave(), Err(ReadError::Truncated)));
    let mut browser = Browser::start();
    browser.to_host.as_mut().unwrap().write_all(b"HTTP/1.1 200 OK").unwrap();
    assert!(matches!(browser.ended.recv().unwrap(), Err(ReadError::NotFrames(_))));
    assert!(Browser::start().leave().is_ok());
}

#[test]
fn what_was_asked_before_the_end_is_answered() {
    let mut browser = Browser::start();
    browser.ask("1", "status", &json!({}));
    browser.leave().unwrap();
    assert_eq!(browser.next(), json!({"id": "1", "result": {}}));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_ends_does_not_keep_the_host() {
    let (input, mut to_host) = std::io::pipe().unwrap();
    let (_events, events_receiver) = mpsc::unbounded_channel();
    write_frame(&mut to_host, br#"{"v":1,"id":"1","method":"lookup","params":{"addresses":[]}}"#).unwrap();
    drop(to_host);
    let mut output = Vec::new();
    LocalSet::new().run_until(serve(input, &mut output, Rc::new(Scripted::default()), events_receiver)).await.unwrap();
    assert!(output.ends_with(br#""part":"first"}"#));
}
