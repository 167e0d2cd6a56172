//! Children that never outlive this program: each leads a process group, and the group ends as a whole.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a group may take to end after SIGTERM before SIGKILL follows.
const GRACE: Duration = Duration::from_secs(5);

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on a signal that asks this program to end is passed to every group, no new one starts, and the program ends
/// by way of its ordinary error path, which removes temporary folders. A second signal does not ask.
pub(crate) fn end_children_on_signals() -> Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("watch for signals")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            let signal = if INTERRUPTED.swap(true, Ordering::SeqCst) { Signal::KILL } else { Signal::TERM };
            for &group in running().iter() {
                // An error says that the group has just ended by itself.
                let _ = kill_process_group(group, signal);
            }
        }
    });
    Ok(())
}

/// Whether a signal has asked this program to end.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A running child and everything it started, unless that moved to a process group of its own.
pub(crate) struct Group {
    child: Child,
    leader: Pid,
}

impl Group {
    /// Starts `command` as the leader of a new group.
    pub(crate) fn spawn(command: &mut Command) -> Result<Self> {
        let mut running = running();
        ensure!(!interrupted(), "interrupted");
        let child =
            command.process_group(0).spawn().with_context(|| format!("start {}", command.get_program().display()))?;
        let leader = Pid::from_child(&child);
        running.push(leader);
        drop(running);
        Ok(Self { child, leader })
    }

    /// The child's input, when it was asked for as a pipe and not yet taken.
    pub(crate) fn take_stdin(&mut self) -> Result<ChildStdin> {
        self.child.stdin.take().context("the child's input is no pipe")
    }

    /// The child's output, when it was asked for as a pipe and not yet taken.
    pub(crate) fn take_stdout(&mut self) -> Result<ChildStdout> {
        self.child.stdout.take().context("the child's output is no pipe")
    }

    /// The leader's process number, which is the group's too.
    pub(crate) fn leader(&self) -> impl Display + use<> {
        self.leader
    }

    /// Waits for the leader, then ends what is left of its group.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        wait_for_end(self.leader)?;
        self.kill_and_reap()
    }

    /// The leader stays a zombie until this reaps it, so that its number, and with it the group's, can't be reused
    /// before the last signal is sent.
    fn kill_and_reap(&mut self) -> Result<ExitStatus> {
        let _ = kill_process_group(self.leader, Signal::KILL);
        running().retain(|&group| group != self.leader);
        self.child.wait().context("wait for a child")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !running().contains(&self.leader) {
            return;
        }
        let _ = kill_process_group(self.leader, Signal::TERM);
        let (ended, end) = mpsc::channel();
        let leader = self.leader;
        let waiter = thread::spawn(move || {
            let _ = ended.send(wait_for_end(leader));
        });
        let _ = end.recv_timeout(GRACE);
        let _ = self.kill_and_reap();
        let _ = waiter.join();
    }
}

/// Runs `command` to its end, its output passing through `line` one line at a time, without the line feed.
pub(crate) fn stream(command: &mut Command, line: impl FnMut(&str) + Send) -> Result<ExitStatus> {
    let mut group = Group::spawn(command.stdout(Stdio::piped()))?;
    let output = group.take_stdout()?;
    thread::scope(|scope| {
        let reader = scope.spawn(|| each_line(output, line));
        let status = group.wait()?;
        match reader.join() {
            Ok(read) => read.context("read a child's output")?,
            Err(_) => bail!("the reader of a child's output panicked"),
        }
        Ok(status)
    })
}

/// Runs `command` to its end and fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = Group::spawn(command.stdin(Stdio::null()))?.wait()?;
    ensure!(status.success(), "`{}` failed: {status}", describe(command));
    Ok(())
}

/// Runs `command` to its end, unheard, and returns whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(Group::spawn(command)?.wait()?.success())
}

/// Runs `command` to its end and returns what it printed, unless it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let mut text = String::new();
    let status = stream(command, |line| {
        text.push_str(line);
        text.push('\n');
    })?;
    ensure!(status.success(), "`{}` failed: {status}", describe(command));
    Ok(text)
}

/// The command as one would type it, near enough for a person.
pub(crate) fn describe(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn each_line(output: impl Read, mut line: impl FnMut(&str)) -> io::Result<()> {
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while output.read_until(b'\n', &mut bytes)? > 0 {
        line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
    Ok(())
}

fn wait_for_end(leader: Pid) -> Result<()> {
    loop {
        match waitid(WaitId::Pid(leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("wait for a child"),
        }
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use rustix::process::test_kill_process_group;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn lines_pass_through_and_the_status_is_the_childs() -> Result<()> {
        let mut lines = Vec::new();
        let status = stream(&mut shell(r"printf 'one\r\n\377two\nlast'; exit 3"), |line| lines.push(line.to_owned()))?;
        assert_eq!(lines, ["one", "\u{fffd}two", "last"]);
        assert_eq!(status.code(), Some(3));
        Ok(())
    }

    #[test]
    fn a_background_job_that_holds_the_output_does_not_hold_the_reader() -> Result<()> {
        let mut lines = Vec::new();
        stream(&mut shell("sleep 600 & echo done"), |line| lines.push(line.to_owned()))?;
        assert_eq!(lines, ["done"]);
        Ok(())
    }

    #[test]
    fn dropping_ends_the_whole_group() -> Result<()> {
        let mut group = Group::spawn(shell("sleep 600 & echo up; wait").stdout(Stdio::piped()))?;
        let leader = group.leader;
        let mut line = String::new();
        BufReader::new(group.take_stdout()?).read_line(&mut line)?;
        assert_eq!(line, "up\n");
        drop(group);
        // Orphans are reaped by init at its leisure, and a zombie still counts as a member of its group.
        while test_kill_process_group(leader).is_ok() {
            thread::yield_now();
        }
        Ok(())
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(&mut shell("exit 7")).unwrap_err().to_string();
        assert_eq!(error, "`sh -c exit 7` failed: exit status: 7");
    }
}
