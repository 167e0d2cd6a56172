//! The program `demo`: `demo portal` serves the fake portal until it is ended, or whoever started it is gone.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use clap::{Parser, Subcommand};
use demo::{Portal, PortalOptions};
use serde::Serialize;

/// A fake Bitrix24 portal, for trying and testing.
#[derive(Debug, Parser)]
#[command(name = "demo")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal, print one line of JSON that says where, and go on until Ctrl-C, or until a pipe at standard input closes.
    Portal {
        /// The loopback port; 0 lets the system choose.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// The application's registered redirect address; one on a free port if there is none.
        #[arg(long)]
        callback: Option<String>,
        /// Serve https; the authority to trust is in the file the line names as `caFile`.
        #[arg(long)]
        tls: bool,
        /// In this machine's network under a name, as a company's own portal is: crm.company.example=10.20.0.5
        #[arg(long, value_name = "NAME=ADDRESS", value_parser = named_address)]
        inside: Option<(String, Ipv4Addr)>,
        /// Bitrix24's own authorization server beside it, on port 443: oauth.bitrix.info=192.0.2.1
        #[arg(long, value_name = "NAME=ADDRESS", value_parser = named_address, requires = "tls")]
        authorization: Option<(String, Ipv4Addr)>,
    },
}

/// The line a started portal prints.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Handle<'a> {
    base_url: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    webhook_url: String,
    callback_url: &'a str,
    /// A command that follows an authorize address without a browser; the address goes in place of ADDRESS.
    approve: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<&'a Path>,
}

fn main() -> ExitCode {
    let Arguments { command: Command::Portal { port, callback, tls, inside, authorization } } = Arguments::parse();
    match serve(PortalOptions { port, callback, tls, inside, authorization, frozen_clock: false }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is gone.
            let _ = writeln!(io::stderr(), "The portal can't run on port {port}: {error}. Try --port 0.");
            ExitCode::FAILURE
        }
    }
}

fn named_address(text: &str) -> Result<(String, Ipv4Addr), String> {
    let (name, address) = text.split_once('=').ok_or("a name, =, and an address")?;
    let address = address.parse().map_err(|error: std::net::AddrParseError| error.to_string())?;
    Ok((name.to_owned(), address))
}

fn serve(options: PortalOptions) -> io::Result<()> {
    let portal = Portal::start(options)?;
    // Kept until the portal ends.
    let ca_file = match portal.ca_pem() {
        Some(pem) => {
            let mut file = tempfile::Builder::new().prefix("fake-portal-ca-").suffix(".pem").tempfile()?;
            file.write_all(pem.as_bytes())?;
            Some(file)
        }
        None => None,
    };
    let handle = Handle {
        base_url: portal.base_url(),
        client_id: portal.client_id(),
        client_secret: portal.client_secret(),
        webhook_url: portal.webhook_url(),
        callback_url: portal.callback(),
        approve: match &ca_file {
            Some(file) => format!("curl -sL --cacert {} ADDRESS", file.path().display()),
            None => "curl -sL ADDRESS".to_owned(),
        },
        ca_file: ca_file.as_ref().map(tempfile::NamedTempFile::path),
    };
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", serde_json::to_string(&handle)?)?;
    stdout.flush()?;
    wait_until_unwanted()
}

/// A pipe that closes tells that the program at its other end is gone. `/dev/null`, which shells give to what they start in
/// the background, tells nothing, and a terminal stops a program in the background that reads from it.
fn wait_until_unwanted() -> io::Result<()> {
    if !is_pipe()? {
        loop {
            thread::park();
        }
    }
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    Ok(())
}

/// Whether standard input is a pipe, or the socket that Node calls one.
#[cfg(unix)]
fn is_pipe() -> io::Result<bool> {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::FileTypeExt as _;

    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let kind = input.metadata()?.file_type();
    Ok(kind.is_fifo() || kind.is_socket())
}

/// Whether standard input is a pipe.
#[cfg(not(unix))]
fn is_pipe() -> io::Result<bool> {
    Ok(!io::IsTerminal::is_terminal(&io::stdin()))
}
