//! The host as a browser starts it: frames on stdin and stdout, nothing else.

use std::panic;
use std::process::ExitCode;
use std::rc::Rc;

use serde_json::value::RawValue;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::{LocalSet, spawn_local};

use crate::changes;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::log;
use crate::oauth::SystemBrowser;
use crate::register::may_start;
use crate::serve::{Accepted, Parts, Service, serve};
use crate::service::Host;
use crate::stdio;

/// Serves the extension with that id until the browser closes the input.
///
/// # Errors
/// [`Reason::NotOurExtension`]; nothing was read or written then.
pub fn serve_browser(extension_id: &str) -> Result<ExitCode, Failure> {
    let context = match Context::system() {
        Ok(context) => context,
        // The sidebar is where the person looks, so that's where the sentence goes.
        Err(failure) => return Ok(run(None, Broken(failure))),
    };
    if !may_start(extension_id, &context.policy, &context.settings.read().unwrap_or_default()) {
        return Err(Failure::new(Reason::NotOurExtension).with("extension", extension_id));
    }
    log::start(&context.paths, context.clock.clone());
    log_panics();
    let paths = context.paths.clone();
    let host = Host::new(context, format!("chrome-extension://{extension_id}/"), SystemBrowser);
    Ok(run(Some(paths), host))
}

fn run(watched: Option<crate::paths::Paths>, service: impl Service) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let ended = LocalSet::new().block_on(&runtime, async {
        let (sender, events) = unbounded_channel();
        if let Some(paths) = watched {
            spawn_local(changes::watch(paths, sender));
        }
        match stdio::take() {
            Ok((input, output)) => serve(input, output, Rc::new(service), events).await,
            Err(error) => Err(error.into()),
        }
    });
    // A keychain's dialog or a name that isn't found may still block a thread; nobody waits for their answers now.
    runtime.shutdown_background();
    if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Where a panic happened goes to the log; its words may quote anything, so they go nowhere.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a bug");
    }));
}

/// A host that can't work, and says why to every question.
struct Broken(Failure);

impl Service for Broken {
    async fn answer(&self, _: Accepted, _: Parts) -> Result<Box<RawValue>, Failure> {
        Err(self.0.clone())
    }
}
