//! Standard input and output belong to the browser: they are taken away from everybody else.
//!
//! A program that the host starts (a text browser named by `$BROWSER`, say) would otherwise read the browser's frames and
//! write its page among the host's, and so would a library that prints.

use std::io::{self, Read, Write};

/// The two ends of the conversation. Afterwards standard input is empty and standard output is standard error, for this
/// process and for those it starts.
///
/// # Errors
/// When the operating system gives no second handle.
#[cfg(unix)]
pub fn take() -> io::Result<(impl Read + Send + 'static, impl Write)> {
    use std::fs::File;

    use rustix::io::fcntl_dupfd_cloexec;
    use rustix::stdio::{dup2_stdin, dup2_stdout};

    // 3: above those that every program has.
    let input = File::from(fcntl_dupfd_cloexec(io::stdin(), 3)?);
    let output = File::from(fcntl_dupfd_cloexec(io::stdout(), 3)?);
    dup2_stdin(File::open("/dev/null")?)?;
    dup2_stdout(io::stderr())?;
    Ok((input, output))
}

/// The two ends of the conversation. On Windows the host starts no program that shares them.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn take() -> io::Result<(impl Read + Send + 'static, impl Write)> {
    Ok((io::stdin(), io::stdout()))
}
