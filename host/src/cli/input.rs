//! Reading what mustn't be an argument.

use std::io::{self, BufRead as _, IsTerminal as _};

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::failure::{Failure, Reason};

/// Asks without echo, or reads a line where nobody can be asked. `None` for an empty line.
pub(super) fn read_secret(question: &str) -> Result<Option<SecretString>, Failure> {
    let unreadable = |error: io::Error| Failure::new(Reason::InputUnreadable).with("why", error.kind());
    let line = if io::stdin().is_terminal() {
        Zeroizing::new(rpassword::prompt_password(question).map_err(unreadable)?)
    } else {
        let mut line = Zeroizing::new(String::new());
        io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
        line
    };
    Ok(Some(line.trim()).filter(|line| !line.is_empty()).map(SecretString::from))
}
