//! The host as a browser starts it: frames on stdin and stdout, nothing else.

use std::panic;
use std::process::ExitCode;
use std::rc::Rc;

use serde_json::value::RawValue;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::{LocalSet, spawn_local};

use crate::changes;
use crate::clock::Clock;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::log;
use crate::oauth::{Attempts, BrowserOpener, SystemBrowser};
use crate::paths::Paths;
use crate::policy::Policy;
use crate::register::may_start;
use crate::serve::{Accepted, Parts, Service, serve};
use crate::service::Host;
use crate::settings::settings_file;
use crate::stdio;
use crate::under_policy::UnderPolicy;
use crate::vault::Vault;

/// Serves the extension with that id until the browser closes the input.
///
/// # Errors
/// [`Reason::NotOurExtension`]; no request was read then.
pub fn serve_browser(extension_id: &str) -> Result<ExitCode, Failure> {
    let paths = match Paths::find() {
        Ok(paths) => paths,
        // The sidebar is where the person looks, so that's where the sentence goes.
        Err(failure) => return Ok(run(None, Broken(failure))),
    };
    let vault = Vault::keychain(paths.keychain_mark());
    let host = UnderPolicy::new(Policy::load, starter(extension_id.to_owned(), paths.clone(), vault, SystemBrowser));
    if let Some(refused) = host.current().err().filter(|failure| failure.reason() == Reason::NotOurExtension) {
        return Err(refused);
    }
    log::start(&paths, Clock::system());
    log_panics();
    Ok(run(Some(paths), host))
}

/// Starts hosts for the extension with that id, one for each policy. They have the attempt to connect in common, so that a pasted
/// address finds the one that began under an earlier policy.
fn starter<B: BrowserOpener + Clone + 'static>(
    extension_id: String,
    paths: Paths,
    vault: Vault,
    browser: B,
) -> impl Fn(Policy) -> Result<Host<B>, Failure> {
    let (attempts, settings) = (Attempts::default(), settings_file(&paths));
    move |policy| {
        if !may_start(&extension_id, &policy, &settings.read().unwrap_or_default()) {
            return Err(Failure::new(Reason::NotOurExtension).with("extension", &extension_id));
        }
        let context = Context::in_folder(paths.clone(), vault.clone(), policy);
        let context = Context { attempts: attempts.clone(), ..context };
        Ok(Host::new(context, format!("chrome-extension://{extension_id}/"), browser.clone()))
    }
}

fn run(watched: Option<Paths>, service: impl Service) -> ExitCode {
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

#[cfg(test)]
mod tests;
