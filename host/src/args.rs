//! Who started the host: a browser or a person.

use std::ffi::OsString;

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
pub enum Invocation {
    /// A browser, for the extension with this id: speak frames on stdin and stdout.
    Serve {
        /// 32 letters from `a` to `p`; whether it may be served is decided elsewhere.
        extension_id: String,
    },
    /// Anything else: the command line.
    Cli,
}

/// Looks at the arguments after the program's name.
///
/// Chrome and its kin pass the caller's origin first, `chrome-extension://ID/`; on Windows `--parent-window=N` follows.
/// Whatever follows is ignored: a new browser version may add more, and must not turn the host into a command line.
/// (Firefox passes a path and an add-on id instead; there is no Firefox edition, and a path is no origin.)
#[must_use]
pub fn invocation(arguments: &[OsString]) -> Invocation {
    match arguments.first().and_then(|first| first.to_str()).and_then(extension_id) {
        Some(id) => Invocation::Serve { extension_id: id.to_owned() },
        None => Invocation::Cli,
    }
}

/// The id in an extension's origin, exactly as browsers write it.
fn extension_id(origin: &str) -> Option<&str> {
    let id = origin.strip_prefix("chrome-extension://")?.strip_suffix('/')?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_lowercase() && byte <= b'p')).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "abcdefghijklmnopabcdefghijklmnop";

    fn of(arguments: &[&str]) -> Invocation {
        invocation(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_browser_passes_the_origin_first() {
        let serve = Invocation::Serve { extension_id: ID.to_owned() };
        let origin = format!("chrome-extension://{ID}/");
        assert_eq!(of(&[&origin]), serve);
        assert_eq!(of(&[&origin, "--parent-window=0"]), serve);
        assert_eq!(of(&[&origin, "--parent-window=133774", "--something-new"]), serve);
    }

    #[test]
    fn everything_else_is_the_command_line() {
        for arguments in [
            &[][..],
            &["--check"],
            &["lookup", "ann@example.com"],
            &["chrome-extension://abcdefghijklmnopabcdefghijklmnop"],
            &["chrome-extension://abcdefghijklmnopabcdefghijklmnoq/"],
            &["chrome-extension://ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP/"],
            &["chrome-extension://abcdefghijklmnop/"],
            &["chrome-extension://abcdefghijklmnopabcdefghijklmnop/popup.html"],
            &["--parent-window=0", "chrome-extension://abcdefghijklmnopabcdefghijklmnop/"],
            &["moz-extension://abcdefghijklmnopabcdefghijklmnop/"],
            &["/usr/lib/mozilla/native-messaging-hosts/x.json", "x@example.org"],
        ] {
            assert_eq!(of(arguments), Invocation::Cli, "{arguments:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_argument_that_is_no_text_is_the_command_line() {
        use std::os::unix::ffi::OsStringExt as _;
        assert_eq!(invocation(&[OsString::from_vec(vec![0xff, 0xfe])]), Invocation::Cli);
    }
}
