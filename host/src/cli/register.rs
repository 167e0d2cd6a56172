//! `register` and `unregister`: telling browsers where the host is.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::output::{print, say};
use crate::browsers::{BROWSERS, Browser};
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::register::{Manifest, Place, extension_ids};

/// Without options: every browser this user account has used.
#[derive(Args)]
pub(super) struct RegisterArgs {
    /// A browser; can be given several times
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(BROWSERS.iter().map(|browser| browser.name)))]
    browser: Vec<String>,
    /// Every browser in the list, used or not
    #[arg(long, conflicts_with = "browser")]
    all: bool,
    /// A browser that is started with --user-data-dir=DIR
    #[arg(long, value_name = "DIR", conflicts_with_all = ["browser", "all"])]
    user_data_dir: Option<PathBuf>,
    /// For this user account; so it is without --system
    #[arg(long)]
    user: bool,
    /// For everybody who uses this computer; needs an administrator's rights
    #[arg(long, conflicts_with_all = ["user", "user_data_dir"])]
    system: bool,
    /// A further extension that may start the host
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "ID", value_parser = parse_extension_id)]
    extension_id: Vec<String>,
    /// Show what would be written, and where, without doing it
    #[arg(long)]
    print: bool,
}

impl RegisterArgs {
    fn places(&self, context: &Context) -> Result<Vec<(String, Place)>, Failure> {
        if let Some(folder) = &self.user_data_dir {
            return Ok(vec![(folder.display().to_string(), Place::below(folder))]);
        }
        let wanted = |browser: &&Browser| match self.browser.as_slice() {
            // An administrator can't know which browsers others use.
            [] => self.all || self.system || cfg!(windows) || browser.user_data().is_some_and(|folder| folder.is_dir()),
            names => names.iter().any(|name| name == browser.name),
        };
        let place = |browser: &Browser| {
            let place =
                if self.system && !self.user { Place::of_machine(browser) } else { Place::of(browser, &context.paths) };
            Some((browser.title.to_owned(), place?))
        };
        let mut places: Vec<(String, Place)> = Vec::new();
        for (title, place) in BROWSERS.iter().filter(wanted).filter_map(place) {
            // Channels of one browser share the machine's folder.
            if !places.iter().any(|(_, other)| *other == place) {
                places.push((title, place));
            }
        }
        if places.is_empty() { Err(Reason::NoBrowserFound.into()) } else { Ok(places) }
    }

    fn manifest(&self, context: &Context) -> Result<Manifest, Failure> {
        let program =
            std::env::current_exe().map_err(|error| Failure::new(Reason::ProgramUnknown).with("why", error.kind()))?;
        #[cfg_attr(not(debug_assertions), expect(unused_mut, reason = "only a development build takes further ids"))]
        let mut ids = extension_ids(&context.policy);
        #[cfg(debug_assertions)]
        ids.extend(self.extension_id.iter().cloned());
        Manifest::new(&program, &ids)
    }
}

pub(super) fn register(context: &Context, args: &RegisterArgs) -> Result<(), Failure> {
    let manifest = args.manifest(context)?;
    #[cfg(debug_assertions)]
    if !args.print && !args.extension_id.is_empty() {
        context.settings.update(|settings| {
            settings.development_extension_ids.clone_from(&args.extension_id);
            Ok(())
        })?;
    }
    for (title, place) in args.places(context)? {
        if args.print {
            say(&format!("{title}: {}", place.file().display()));
        } else {
            let how = if place.register(&manifest)? { "registered" } else { "already registered" };
            print(&format!("{title}: {how} in {}", place.file().display()));
        }
    }
    if args.print {
        print(manifest.text().trim_end());
    }
    Ok(())
}

pub(super) fn unregister(context: &Context, args: &RegisterArgs) -> Result<(), Failure> {
    for (title, place) in args.places(context)? {
        if args.print {
            print(&format!("{title}: {}", place.file().display()));
        } else if place.unregister()? {
            print(&format!("{title}: removed {}", place.file().display()));
        } else {
            say(&format!("{title}: not registered"));
        }
    }
    Ok(())
}

#[cfg(debug_assertions)]
fn parse_extension_id(text: &str) -> Result<String, String> {
    if crate::register::is_extension_id(text) {
        Ok(text.to_owned())
    } else {
        Err("an extension id is 32 letters from a to p".to_owned())
    }
}
