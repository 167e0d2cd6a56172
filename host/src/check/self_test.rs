//! Starts this program as a browser would and greets it: it must answer with a frame, and with nothing else.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Finding;
use crate::failure::{Failure, Reason};
use crate::framing;
use crate::register::extension_ids;
use crate::thread::on_thread;

const PROBE: &str = "host";

const GREETING: &[u8] = br#"{"v":1,"id":"check","method":"hello","params":{"protocols":[1],"extension":"check"}}"#;

/// A thousand times what it takes.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn probe() -> Finding {
    let answered = match tokio::time::timeout(PATIENCE, on_thread(greet)).await {
        Ok(Some(answered)) => answered,
        Ok(None) | Err(_) => Err("it takes longer than 10 s".to_owned()),
    };
    match answered {
        Ok(()) => Finding::fine(PROBE, "Started as a browser starts it, the host answers."),
        Err(why) => Finding::fault(PROBE, &Failure::new(Reason::SelfTestFailed).with("why", why)),
    }
}

fn greet() -> Result<(), String> {
    let no = |what: &str, error: &std::io::Error| format!("{what}: {}", error.kind());
    let program = std::env::current_exe().map_err(|error| no("it can't be found", &error))?;
    let ids = extension_ids(&crate::policy::Policy::default());
    let origin = format!("chrome-extension://{}/", ids.first().map_or("", String::as_str));
    let mut child = Command::new(program)
        .arg(origin)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| no("it can't be started", &error))?;
    let mut stdin = child.stdin.take().ok_or("it has no input")?;
    let mut frame = u32::try_from(GREETING.len()).unwrap_or_default().to_ne_bytes().to_vec();
    frame.extend_from_slice(GREETING);
    stdin.write_all(&frame).map_err(|error| no("it doesn't listen", &error))?;
    drop(stdin);
    let mut answer = Vec::new();
    let read = child.stdout.take().ok_or("it has no output")?.read_to_end(&mut answer);
    read.map_err(|error| no("it can't be heard", &error))?;
    let status = child.wait().map_err(|error| no("it doesn't end", &error))?;
    judge(&answer)?;
    if status.success() { Ok(()) } else { Err("it ended with an error".to_owned()) }
}

/// One frame, which answers the greeting.
fn judge(mut answer: &[u8]) -> Result<(), String> {
    let Ok(Some(framing::Incoming::Frame(frame))) = framing::read_frame(&mut answer) else {
        return Err("it writes something other than frames".to_owned());
    };
    if !answer.is_empty() {
        return Err("it writes more than it was asked for".to_owned());
    }
    let answer: serde_json::Value = serde_json::from_slice(&frame).unwrap_or_default();
    let greeted = answer.get("id").is_some_and(|id| id == "check") && answer.get("result").is_some();
    if greeted { Ok(()) } else { Err("it answers with an error".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(text: &str) -> Vec<u8> {
        [&u32::try_from(text.len()).unwrap().to_ne_bytes()[..], text.as_bytes()].concat()
    }

    #[test]
    fn only_one_frame_that_answers_will_do() {
        let good = framed(r#"{"id":"check","result":{"protocol":1}}"#);
        assert_eq!(judge(&good), Ok(()));
        for bad in [
            Vec::new(),
            b"Hello, world\n".to_vec(),
            good[..good.len() - 1].to_vec(),
            [good.clone(), b"\n".to_vec()].concat(),
            framed(r#"{"id":"check","error":{}}"#),
            framed(r#"{"id":"other","result":{}}"#),
        ] {
            assert!(judge(&bad).is_err(), "{bad:?}");
        }
    }
}
