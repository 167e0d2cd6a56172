//! `ledger`: what left this machine.

use std::fs;
use std::io;

use clap::Args;

use super::output::{print, say, table};
use crate::context::{Context, LEDGER};
use crate::failure::{Failure, Reason};
use crate::ledger::{Entry, verify};

#[derive(Args)]
pub(super) struct LedgerArgs {
    /// Only check that no line was changed or removed
    #[arg(long)]
    verify: bool,
}

pub(super) fn ledger(context: &Context, args: &LedgerArgs) -> Result<(), Failure> {
    let content = match fs::read(context.paths.file(LEDGER)) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            return Err(Failure::new(Reason::StateFileUnusable).with("file", LEDGER).with("why", error.kind()));
        }
    };
    if !args.verify {
        print(&render(&content));
    }
    match verify(&content) {
        Ok(count) => say(&format!("{count} requests, and no line was changed or removed.")),
        Err(line) => return Err(Failure::new(Reason::LedgerChanged).with("line", line)),
    }
    Ok(())
}

fn render(content: &[u8]) -> String {
    let heading = ["TIME", "PURPOSE", "TO", "METHODS", "ADDRESSES", "SENT", "RECEIVED", "OUTCOME"].map(str::to_owned);
    let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let rows = lines.filter_map(|line| serde_json::from_slice::<Entry>(line).ok()).map(row);
    table(&std::iter::once(heading).chain(rows).collect::<Vec<_>>())
}

fn row(entry: Entry) -> [String; 8] {
    let methods = entry.methods.iter().map(|(method, count)| match count {
        1 => method.clone(),
        count => format!("{method} x{count}"),
    });
    let methods = methods.collect::<Vec<_>>().join(" ");
    [
        entry.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        serde_json::to_value(entry.purpose).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default(),
        entry.to,
        if methods.is_empty() { "(tokens)".to_owned() } else { methods },
        entry.addresses.to_string(),
        entry.sent.to_string(),
        entry.received.to_string(),
        entry.outcome,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_ledger_is_a_row() {
        let line = br#"{"time":"2026-11-25T19:50:01Z","purpose":"lookup","to":"acme.bitrix24.com","methods":{"user.get":2},"addresses":3,"sent":134,"received":956,"outcome":"200","prev":"00"}"#;
        assert_eq!(
            render(line),
            "TIME                 PURPOSE  TO                 METHODS      ADDRESSES  SENT  RECEIVED  OUTCOME\n\
             2026-11-25 19:50:01  lookup   acme.bitrix24.com  user.get x2  3          134   956       200"
        );
    }
}
