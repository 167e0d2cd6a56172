//! `cargo xtask bench`: what the host costs, beside a host that does nothing, measured in turns in one run.
//!
//! Figures of different runs or machines say little; the ratios of one run do.

mod conversation;
mod figures;
mod samples;
mod scene;

use std::process::ExitCode;

use anyhow::Result;

use self::conversation::Conversation;
use self::figures::{Table, mebibytes};
use self::samples::Samples;
use self::scene::Scene;
use crate::project::Project;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A few rounds only, to see that it runs
    #[arg(long)]
    smoke: bool,
}

/// Builds both hosts as they are shipped, measures and prints.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let (starts, messages) = if arguments.smoke { (3, 10) } else { (200, 2000) };
    let scene = Scene::prepare(project)?;
    let mut table = Table::default();
    start(&scene, starts, &mut table)?;
    message(&scene, messages, &mut table)?;
    lookup(&scene, messages, &mut table)?;
    table.bytes("program", scene.nothing_bytes()?, scene.host_bytes()?, "<= 5 MB");
    table.print();
    Ok(ExitCode::SUCCESS)
}

/// The first reply comes before any runtime, TLS or keychain exists.
fn start(scene: &Scene<'_>, rounds: usize, table: &mut Table) -> Result<()> {
    let hello = Scene::hello();
    let (mut nothing, mut host) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        // Ended outside the measurement.
        drop(nothing.time(|| first_reply(scene.start_nothing()?, &hello))?);
        drop(host.time(|| first_reply(scene.start_host()?, &hello))?);
    }
    table.time("process start to first reply", nothing, host, "<= 1.5 ms, <= 1.6 x");
    Ok(())
}

fn first_reply(mut conversation: Conversation, hello: &[u8]) -> Result<Conversation> {
    conversation.exchange(hello)?;
    Ok(conversation)
}

/// To a running process.
fn message(scene: &Scene<'_>, rounds: usize, table: &mut Table) -> Result<()> {
    let hello = Scene::hello();
    let mut nothing = first_reply(scene.start_nothing()?, &hello)?;
    let mut host = first_reply(scene.start_host()?, &hello)?;
    table.memory("memory after the first reply", nothing.resident_kib()?, host.resident_kib()?, "<= 4 MiB");
    let (mut nothing_took, mut host_took) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        nothing_took.time(|| nothing.exchange(&hello))?;
        host_took.time(|| host.exchange(&hello))?;
    }
    table.time("message to a running process", nothing_took, host_took, "<= 0.02 ms");
    Ok(())
}

/// A thread's participants, the first time and from memory.
fn lookup(scene: &Scene<'_>, rounds: usize, table: &mut Table) -> Result<()> {
    let mut host = first_reply(scene.start_host()?, &Scene::hello())?;
    let session = scene.connect(&mut host)?;
    let request = Scene::lookup(&session, &["marie.rousseau@helion.example", "info@obermeier.example"]);
    let (mut first, mut cached) = (Samples::default(), Samples::default());
    let calls_before = scene.portal.calls()?;
    first.time(|| host.ask(&request))?;
    let calls = scene.portal.calls()? - calls_before;
    for _ in 0..rounds {
        cached.time(|| host.ask(&request))?;
    }
    table.time_alone("first lookup, portal on loopback", first, "");
    table.count("calls to the portal for it", calls, "<= 2");
    table.time_alone("cached lookup", cached, "<= 0.3 ms");
    table.row("memory after lookups", String::new(), mebibytes(host.resident_kib()?), String::new(), "<= 9 MiB");
    Ok(())
}
