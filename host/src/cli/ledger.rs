//! `ledger`: what left this machine.

use std::io;

use clap::Args;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use super::output::{clean, print, say, table};
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::ledger::{self, About, Content, Entry, Kept};

#[derive(Args)]
pub(super) struct LedgerArgs {
    /// Begin at a day in UTC (2026-11-25), a moment (2026-11-25T10:00:00Z), or so long ago (24h, 7d)
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only requests with this address in them
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// For programs: one JSON object for each request
    #[arg(long)]
    json: bool,
    /// Only check that no line was changed or removed
    #[arg(long, conflicts_with_all = ["since", "address", "json"])]
    verify: bool,
    /// Take the ledger as it is, where lines were changed or removed; what changes from now on is told again
    #[arg(long, conflicts_with_all = ["since", "address", "json", "verify"])]
    accept: bool,
}

pub(super) async fn ledger(context: &Context, args: &LedgerArgs) -> Result<(), Failure> {
    let since = match &args.since {
        Some(text) => moment(text, context.clock.now()).ok_or(Reason::SinceUnreadable)?,
        None => Timestamp::MIN,
    };
    let folder = context.paths.file(ledger::FOLDER);
    let unusable = |error: io::Error| {
        Failure::new(Reason::StateFileUnusable).with("file", ledger::FOLDER).with("why", error.kind())
    };
    if args.accept {
        let places = ledger::accept(&folder).map_err(unusable)?;
        say(&format!("Places at which lines were changed or removed, now known: {places}."));
    }
    let content = ledger::read(&folder).map_err(unusable)?;
    let mut requests = content.requests();
    let kept = requests.len();
    if !args.verify && !args.accept {
        if let Some(address) = &args.address {
            requests = about(context, &content, requests, address).await?;
        }
        requests.retain(|kept| kept.entry.time >= since);
        print(&if args.json { json(&requests)? } else { render(&requests) });
        if args.address.is_some() {
            say(&format!("{} requests had that address in them.", requests.len()));
        }
        let open = requests.iter().filter(|kept| kept.entry.is_open()).count();
        if open > 0 {
            say(&format!(
                "{open} of these aren't over, or their host ended first: of each, at most the bytes under SENT left."
            ));
        }
    }
    let whole = content.verify()?;
    say(&format!("{kept} requests are kept, and {whole}."));
    Ok(())
}

async fn about<'a>(
    context: &Context,
    content: &Content,
    requests: Vec<Kept<'a>>,
    address: &str,
) -> Result<Vec<Kept<'a>>, Failure> {
    let hash = context.address_index().find(address).await?;
    let About { requests, untold } = content.about(requests, hash.as_deref());
    if untold > 0 {
        say(&format!(
            "Of {untold} requests with addresses there are no hashes, or changed ones: whether this one was among them can't be told."
        ));
    }
    Ok(requests)
}

/// A moment, the beginning of a day (in UTC, as the table's times are), or so long before now.
fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    if let Ok(day) = text.parse::<Date>() {
        return Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok();
    }
    let ago: SignedDuration = text.parse::<Span>().ok()?.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.abs();
    now.checked_sub(ago).ok()
}

/// One line for each.
fn json(requests: &[Kept<'_>]) -> Result<String, Failure> {
    let lines = requests.iter().map(|kept| serde_json::to_string(&kept.entry));
    Ok(lines.collect::<Result<Vec<_>, _>>().map_err(|_| Reason::Internal)?.join("\n"))
}

fn render(requests: &[Kept<'_>]) -> String {
    let heading = ["TIME", "PURPOSE", "TO", "METHODS", "ADDRESSES", "SENT", "RECEIVED", "OUTCOME"].map(str::to_owned);
    let rows = requests.iter().map(|kept| row(&kept.entry));
    table(&std::iter::once(heading).chain(rows).collect::<Vec<_>>())
}

fn row(entry: &Entry) -> [String; 8] {
    let methods = entry.methods.iter().map(|(method, count)| match count {
        1 => method.clone(),
        count => format!("{method} x{count}"),
    });
    let methods = methods.collect::<Vec<_>>().join(" ");
    [
        entry.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        entry.purpose.name(),
        clean(&entry.to),
        if methods.is_empty() { "(tokens)".to_owned() } else { clean(&methods) },
        entry.addresses.to_string(),
        entry.sent.to_string(),
        entry.received.to_string(),
        clean(&entry.outcome),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Kept<'static> {
        Kept::sample(serde_json::from_str(text).unwrap())
    }

    const LINE: &str = r#"{"time":"2026-11-25T19:50:01Z","purpose":"lookup","to":"acme.bitrix24.com","methods":{"user.get":2},"addresses":3,"sent":134,"received":956,"outcome":"200"}"#;

    #[test]
    fn a_line_of_the_ledger_is_a_row() {
        assert_eq!(
            render(&[kept(LINE)]),
            "TIME                 PURPOSE  TO                 METHODS      ADDRESSES  SENT  RECEIVED  OUTCOME\n\
             2026-11-25 19:50:01  lookup   acme.bitrix24.com  user.get x2  3          134   956       200"
        );
        assert_eq!(json(&[kept(LINE), kept(LINE)]).unwrap(), format!("{LINE}\n{LINE}"));
    }

    #[test]
    fn a_terminal_obeys_nothing_that_somebody_wrote_into_the_ledger() {
        let line =
            LINE.replace("acme", "\\u001b[2Jacme").replace("user.get", "user.get\\u0007").replace("200", "2\\n0");
        assert!(!render(&[kept(&line)]).lines().skip(1).any(|row| row.contains(char::is_control)));
        assert_eq!(render(&[kept(&line)]).lines().count(), 2);
    }

    #[test]
    fn a_beginning_is_a_day_a_moment_or_so_long_ago() {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let at = |text| moment(text, now).map(|moment| moment.to_string());
        for (text, expected) in [
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("24h", "2026-11-24T12:00:00Z"),
            ("7d", "2026-11-18T12:00:00Z"),
            (" 2 weeks ", "2026-11-11T12:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "7", "99999999d", "2026-13-01"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
