//! `register` and `unregister`: telling browsers where the host is.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::output::{print, say};
use super::user_data;
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
    /// A browser that is started with --user-data-dir=DIR; on Windows none needs that
    #[arg(long, value_name = "DIR", conflicts_with_all = ["browser", "all"])]
    user_data_dir: Option<PathBuf>,
    /// For this user account; so it is without --system
    #[arg(long)]
    user: bool,
    /// For everybody who uses this computer; needs an administrator's rights
    #[arg(long, conflicts_with_all = ["user", "user_data_dir"])]
    system: bool,
    /// An extension that must be let in; can be given several times. One that neither this program nor the policy ExtensionIds
    /// knows is refused
    #[arg(long, value_name = "ID", value_parser = parse_extension_id)]
    extension_id: Vec<String>,
    /// Show what would be written, and where, without doing it
    #[arg(long)]
    print: bool,
}

impl RegisterArgs {
    fn places(&self, context: &Context) -> Result<Vec<(String, Place)>, Failure> {
        if let Some(folder) = user_data(self.user_data_dir.as_deref())? {
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
        let allowed = extension_ids(&context.policy);
        let further = further(&self.extension_id, &allowed, cfg!(debug_assertions))?;
        Manifest::new(&program, &[allowed, further].concat())
    }
}

/// Those that aren't allowed anyway. Only a development build takes any; others would register what they don't serve.
fn further(asked: &[String], allowed: &[String], development: bool) -> Result<Vec<String>, Failure> {
    let further: Vec<_> = asked.iter().filter(|id| !allowed.contains(id)).cloned().collect();
    match further.first() {
        Some(id) if !development => Err(Failure::new(Reason::NotOurExtension).with("extension", id)),
        _ => Ok(further),
    }
}

pub(super) fn register(context: &Context, args: &RegisterArgs) -> Result<(), Failure> {
    let manifest = args.manifest(context)?;
    let places = args.places(context)?;
    if cfg!(debug_assertions) && !args.print && !args.extension_id.is_empty() {
        context.settings.update(|settings| {
            settings.development_extension_ids.clone_from(&args.extension_id);
            Ok(())
        })?;
    }
    for (title, place) in places {
        if args.print {
            say(&shown(&title, &place));
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

/// A place with all that leads there.
fn shown(title: &str, place: &Place) -> String {
    let keys = place.keys_in_full().into_iter().map(|key| format!("  by the key {key}"));
    [format!("{title}: {}", place.file().display())].into_iter().chain(keys).collect::<Vec<_>>().join("\n")
}

pub(super) fn unregister(context: &Context, args: &RegisterArgs) -> Result<(), Failure> {
    for (title, place) in args.places(context)? {
        if args.print {
            print(&shown(&title, &place));
        } else if place.unregister()? {
            print(&format!("{title}: removed {}", place.file().display()));
        } else {
            say(&format!("{title}: not registered"));
        }
    }
    Ok(())
}

fn parse_extension_id(text: &str) -> Result<String, String> {
    if crate::register::is_extension_id(text) {
        Ok(text.to_owned())
    } else {
        Err("an extension id is 32 letters from a to p".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Root;

    #[test]
    fn an_extension_that_isnt_served_is_refused_but_by_a_development_build() {
        let ids = |letters: &[&str]| letters.iter().map(|letter| letter.repeat(32)).collect::<Vec<_>>();
        let allowed = ids(&["a", "b"]);
        let reason = |asked: &[String]| further(asked, &allowed, false).map_err(|failure| failure.reason());
        assert_eq!(reason(&[]), Ok(vec![]));
        assert_eq!(reason(&ids(&["b", "a"])), Ok(vec![]));
        assert_eq!(reason(&ids(&["b", "c"])), Err(Reason::NotOurExtension));
        assert_eq!(further(&ids(&["b", "c"]), &allowed, true), Ok(ids(&["c"])));
    }

    #[test]
    fn what_would_be_written_on_windows_is_a_file_and_keys() {
        let keys = [r"Software\Brave\x", r"Software\Chrome\x"].map(str::to_owned).to_vec();
        let place = Place::Keys { root: Root::Person, keys, file: PathBuf::from("x.json") };
        assert_eq!(
            shown("Brave", &place),
            "Brave: x.json\n  by the key HKCU\\Software\\Brave\\x\n  by the key HKCU\\Software\\Chrome\\x"
        );
        assert_eq!(shown("Brave", &Place::File(PathBuf::from("x.json"))), "Brave: x.json");
    }
}
