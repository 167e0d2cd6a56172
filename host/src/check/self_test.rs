//! Starts a host as a browser would and greets it: it must answer with a frame, and with nothing else.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::Finding;
use crate::failure::{Failure, Reason};
use crate::framing;
use crate::paths;
use crate::register::extension_ids;

const PROBE: &str = "host";

const GREETING: &[u8] = br#"{"v":1,"id":"check","method":"hello","params":{"protocols":[1],"extension":"check"}}"#;

/// A thousand times what it takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a host fails to greet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing comes, or no answer.
    Silent(String),
    /// Something comes that isn't a frame, or more than was asked for.
    Chatter,
    /// The system doesn't let it start.
    #[cfg_attr(not(windows), expect(dead_code, reason = "only Windows says so"))]
    Blocked(&'static str),
}

pub(super) fn probe() -> Finding {
    let greeted = match std::env::current_exe() {
        Ok(program) => greet(&program),
        Err(error) => Err(silent("it can't be found", &error)),
    };
    let why = match greeted {
        Err(Trouble::Blocked(why)) => {
            let program = std::env::current_exe().unwrap_or_default();
            let failure = Failure::new(Reason::ProgramBlocked).with("program", paths::shown(&program));
            return Finding::fault(PROBE, &failure.with("why", why));
        }
        Ok(()) => return Finding::fine(PROBE, "Started as a browser starts it, the host answers."),
        Err(Trouble::Silent(why)) => why,
        Err(Trouble::Chatter) => "it writes something other than frames".to_owned(),
    };
    Finding::fault(PROBE, &Failure::new(Reason::SelfTestFailed).with("why", why))
}

/// What needs no test: the question came by the conversation that the browser has with this process.
pub(super) fn passed() -> Finding {
    Finding::fine(PROBE, "The browser started this host, and it answers.")
}

/// Starts the program with the extension's origin, in its own folder, with little environment, and greets it.
pub(super) fn greet(program: &Path) -> Result<(), Trouble> {
    let ids = extension_ids(&crate::policy::Policy::default());
    let mut command = Command::new(program);
    command.arg(format!("chrome-extension://{}/", ids.first().map_or("", String::as_str)));
    command.env_clear().envs(paths::bare_environment()).current_dir(program.parent().unwrap_or(Path::new("/")));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| unstartable(&error))?;
    let heard = talk(&mut child);
    if heard.is_err() {
        // It may have ended by itself.
        drop(child.kill());
    }
    let ended = child.wait();
    judge(&heard?)?;
    match ended {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Trouble::Silent("it ended with an error".to_owned())),
    }
}

/// What it says until it closes its output.
fn talk(child: &mut Child) -> Result<Vec<u8>, Trouble> {
    let pipes = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(mut stdout)) = pipes else { return Err(Trouble::Silent("it has no pipes".to_owned())) };
    let (done, answer) = mpsc::channel();
    std::thread::spawn(move || {
        let mut heard = Vec::new();
        let read = (&mut stdout).take(ENOUGH).read_to_end(&mut heard);
        // After the time is over nobody waits.
        drop(done.send(read.map(|_| heard)));
    });
    let length = u32::try_from(GREETING.len()).unwrap_or_default();
    // One that has ended already said why, or nothing.
    drop(stdin.write_all(&[&length.to_ne_bytes(), GREETING].concat()));
    drop(stdin);
    match answer.recv_timeout(PATIENCE) {
        Ok(heard) => heard.map_err(|error| silent("it can't be heard", &error)),
        Err(_) => Err(Trouble::Silent(format!("it takes longer than {} s", PATIENCE.as_secs()))),
    }
}

/// More than a browser takes, in bytes.
const ENOUGH: u64 = 2 << 20;

fn unstartable(error: &io::Error) -> Trouble {
    #[cfg(windows)]
    if let Some(why) = error.raw_os_error().and_then(super::windows::refusal) {
        return Trouble::Blocked(why);
    }
    silent("it can't be started", error)
}

fn silent(what: &str, error: &io::Error) -> Trouble {
    Trouble::Silent(format!("{what}: {}", error.kind()))
}

/// One frame, which answers the greeting.
fn judge(mut answer: &[u8]) -> Result<(), Trouble> {
    if answer.is_empty() {
        return Err(Trouble::Silent("it ends without a word".to_owned()));
    }
    let Ok(Some(framing::Incoming::Frame(frame))) = framing::read_frame(&mut answer) else {
        return Err(Trouble::Chatter);
    };
    if !answer.is_empty() {
        return Err(Trouble::Chatter);
    }
    let answer: serde_json::Value = serde_json::from_slice(&frame).unwrap_or_default();
    let greeted = answer.get("id").is_some_and(|id| id == "check") && answer.get("result").is_some();
    if greeted { Ok(()) } else { Err(Trouble::Silent("it answers with an error".to_owned())) }
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
        for text in [
            b"Hello, world\n".to_vec(),
            good[..good.len() - 1].to_vec(),
            [good.clone(), b"\n".to_vec()].concat(),
            [b"\n".to_vec(), good.clone()].concat(),
        ] {
            assert_eq!(judge(&text), Err(Trouble::Chatter), "{text:?}");
        }
        for no in [Vec::new(), framed(r#"{"id":"check","error":{}}"#), framed(r#"{"id":"other","result":{}}"#)] {
            assert!(matches!(judge(&no), Err(Trouble::Silent(_))), "{no:?}");
        }
    }
}
