use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::chain::hash;
use super::*;

fn entry(sent: u64) -> Entry {
    on("2026-11-23T10:00:00.123Z", sent)
}

fn on(time: &str, sent: u64) -> Entry {
    Entry {
        time: time.parse().unwrap(),
        purpose: Purpose::Lookup,
        to: "acme.bitrix24.com".to_owned(),
        methods: BTreeMap::from([("crm.duplicate.findbycomm".to_owned(), 3), ("user.get".to_owned(), 1)]),
        addresses: 3,
        sent,
        received: 4034,
        outcome: "200".to_owned(),
    }
}

struct Bench {
    _home: tempfile::TempDir,
    folder: PathBuf,
    ledger: Ledger,
}

impl Bench {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(FOLDER);
        Self { ledger: Ledger::new(folder.clone()), folder, _home: home }
    }

    fn with(count: u64) -> Self {
        let bench = Self::new();
        (0..count).for_each(|sent| bench.add(&entry(sent)));
        bench
    }

    /// One line, of a request that doesn't end.
    fn add(&self, entry: &Entry) {
        self.begin(entry, &[]);
    }

    fn begin(&self, entry: &Entry, addresses: &[&str]) -> Begun {
        let addresses: Vec<_> = addresses.iter().map(|&hash| hash.to_owned()).collect();
        self.ledger.begin(entry, &addresses).unwrap()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("2026-11-23.jsonl")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn rewrite(&self, text: impl AsRef<[u8]>) {
        fs::write(self.file(), text).unwrap();
    }

    fn verify(&self) -> Result<usize, Break> {
        read(&self.folder).unwrap().verify().map(|whole| whole.lines)
    }

    fn sent(&self) -> Vec<u64> {
        read(&self.folder).unwrap().requests().into_iter().map(|kept| kept.entry.sent).collect()
    }
}

fn line(line: usize) -> Result<usize, Break> {
    Err(Break::Line { day: "2026-11-23".to_owned(), line })
}

fn end(line: usize) -> Result<usize, Break> {
    Err(Break::End { day: "2026-11-23".to_owned(), line })
}

#[test]
fn what_was_accepted_is_told_again_only_if_it_changes_further() {
    for spoil in [
        (|text: &str| text.replace(r#""sent":2"#, r#""sent":9"#)) as fn(&str) -> String,
        |text| text.lines().take(3).map(|line| format!("{line}\n")).collect(),
        |text| text.lines().skip(2).map(|line| format!("{line}\n")).collect(),
        |text| text.replacen("{", "nonsense", 1),
        |text| text.replace(r#"{"time":"2026-11-23T10:00:00.123Z","purpose":"lookup","to":"acme.bitrix24.com","#, "?"),
        |_| String::new(),
    ] {
        let bench = Bench::with(5);
        bench.rewrite(spoil(&bench.text()));
        let found = bench.verify();
        assert!(found.is_err());
        assert!(accept(&bench.folder).unwrap() > 0);
        assert!(bench.verify().is_ok(), "{found:?}");
        assert!(read(&bench.folder).unwrap().verify().unwrap().gaps > 0);
        // New lines, too, until one of them changes.
        (5..9).for_each(|sent| bench.add(&entry(sent)));
        assert!(bench.verify().is_ok(), "{found:?}");
        bench.rewrite(bench.text().replace(r#""sent":6"#, r#""sent":9"#));
        assert!(bench.verify().is_err(), "{found:?}");
    }
    let bench = Bench::with(5);
    bench.rewrite(bench.text().replace(r#""sent":2"#, r#""sent":9"#));
    accept(&bench.folder).unwrap();
    bench.rewrite(bench.text().replace(r#""sent":9"#, r#""sent":8"#));
    assert_eq!(bench.verify(), line(4));
    assert_eq!((accept(&Bench::new().folder).unwrap(), accept(&Bench::with(3).folder).unwrap()), (0, 0));
}

#[test]
fn a_request_is_there_before_it_is_sent_and_then_says_what_came_of_it() {
    let bench = Bench::new();
    let open = Entry { methods: BTreeMap::from([("user.get".to_owned(), 1)]), addresses: 1, ..open(134) };
    let begun = bench.begin(&open, &["h"]);
    let requests =
        |bench: &Bench| read(&bench.folder).unwrap().requests().into_iter().map(|kept| kept.entry).collect::<Vec<_>>();
    assert_eq!((requests(&bench), open.is_open()), (vec![open.clone()], true));
    bench.ledger.end(&begun, &ending(130)).unwrap();
    let over = Entry { sent: 130, received: 4034, outcome: "200".to_owned(), ..open };
    assert_eq!((requests(&bench), over.is_open(), bench.verify()), (vec![over], false, Ok(2)));
    let Begun(first) = begun;
    let hashes = hash(fs::read(bench.hashes()).unwrap().trim_ascii_end());
    let expected = [
        concat!(
            r#"{"time":"2026-11-23T10:00:00.123Z","purpose":"lookup","to":"acme.bitrix24.com","methods":{"user.get":1},"#,
            r#""addresses":1,"sent":134,"received":0,"outcome":"begun","hashes":"HASHES","#,
            r#""prev":"0000000000000000000000000000000000000000000000000000000000000000"}"#
        ),
        r#"{"of":"FIRST","sent":130,"received":4034,"outcome":"200","prev":"FIRST"}"#,
        "",
    ];
    assert_eq!(bench.text(), expected.join("\n").replace("HASHES", &hashes).replace("FIRST", &first));
}

/// As it is before it is sent.
fn open(sent: u64) -> Entry {
    let Entry { time, purpose, to, .. } = entry(0);
    Entry { sent, ..Entry::begun(time, purpose, to) }
}

fn ending(sent: u64) -> Ending {
    let Entry { received, outcome, .. } = entry(0);
    Ending { sent, received, outcome }
}

#[test]
fn each_ending_belongs_to_its_own_request_and_counts_once() {
    let bench = Bench::new();
    let [one, two, three] = [1, 2, 3].map(|sent| bench.begin(&open(sent), &[]));
    bench.ledger.end(&three, &ending(30)).unwrap();
    bench.ledger.end(&one, &ending(10)).unwrap();
    bench.ledger.end(&one, &ending(11)).unwrap();
    bench.ledger.end(&Begun("nothing".to_owned()), &ending(99)).unwrap();
    assert_eq!((bench.sent(), bench.verify()), (vec![10, 2, 30], Ok(7)));
    assert_eq!(places(&read(&bench.folder).unwrap().requests())["acme.bitrix24.com"].requests, 3);
    // On another day, too.
    let tomorrow = on("2026-11-24T00:00:01Z", 4);
    let four = bench.begin(&tomorrow, &[]);
    bench.ledger.end(&two, &ending(20)).unwrap();
    bench.ledger.end(&four, &ending(40)).unwrap();
    assert_eq!((bench.sent(), bench.verify()), (vec![10, 20, 30, 40], Ok(10)));
    assert_eq!(bench.text().lines().count(), 7);
    // And when the day on which a request began is gone.
    let five = bench.begin(&on("2027-11-24T00:00:01Z", 5), &[]);
    bench.ledger.end(&two, &ending(21)).unwrap();
    bench.ledger.end(&five, &ending(50)).unwrap();
    assert_eq!((bench.sent(), bench.verify()), (vec![50], Ok(3)));
}

#[test]
fn what_ends_after_a_purge_brings_nothing_back() {
    let bench = Bench::new();
    let begun = bench.begin(&open(1), &[]);
    fs::remove_dir_all(&bench.folder).unwrap();
    bench.ledger.end(&begun, &ending(1)).unwrap();
    assert!(!bench.folder.exists());
}

#[test]
fn what_begins_after_a_purge_is_refused_and_brings_nothing_back() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let ledger = Ledger::new(state.join(FOLDER));
    fs::create_dir(&state).unwrap();
    ledger.begin(&open(1), &[]).unwrap();
    fs::remove_dir_all(&state).unwrap();
    assert!(ledger.begin(&open(2), &["h".to_owned()]).is_err());
    assert!(!state.exists());
}

#[test]
fn a_changed_line_is_found_by_the_next_one() {
    let bench = Bench::with(5);
    assert_eq!((bench.verify(), Bench::new().verify()), (Ok(5), Ok(0)));
    bench.rewrite(bench.text().replace(r#""sent":2"#, r#""sent":9"#));
    assert_eq!(bench.verify(), line(4));
    // And stays found.
    bench.add(&entry(5));
    assert_eq!(bench.verify(), line(4));
}

#[test]
fn a_changed_last_line_is_found() {
    for count in 1..5 {
        let bench = Bench::with(count);
        bench.rewrite(bench.text().replace(&format!(r#""sent":{}"#, count - 1), r#""sent":9"#));
        let last = usize::try_from(count).unwrap();
        assert_eq!(bench.verify(), end(last));
        bench.add(&entry(count));
        assert_eq!(bench.verify(), line(last + 1));
    }
}

#[test]
fn removed_lines_are_found_wherever_they_stood() {
    let without = |gone: usize| {
        let bench = Bench::with(5);
        let text = bench.text();
        let rest = text.lines().enumerate().filter(|(n, _)| *n != gone).map(|(_, l)| format!("{l}\n"));
        bench.rewrite(rest.collect::<String>());
        bench
    };
    assert_eq!(without(0).verify(), line(1));
    assert_eq!(without(2).verify(), line(3));
    let cut = without(4);
    assert_eq!(cut.verify(), end(4));
    cut.add(&entry(5));
    assert_eq!(cut.verify(), line(5));
}

#[test]
fn an_emptied_or_removed_file_is_found() {
    let bench = Bench::with(5);
    bench.rewrite("");
    assert_eq!(bench.verify(), Err(Break::End { day: String::new(), line: 0 }));
    fs::remove_file(bench.file()).unwrap();
    assert_eq!(bench.verify(), Err(Break::End { day: String::new(), line: 0 }));
    bench.add(&entry(5));
    assert_eq!(bench.verify(), line(1));
}

#[test]
fn without_its_head_the_ledger_is_not_believed() {
    let bench = Bench::with(5);
    fs::remove_file(bench.folder.join("head")).unwrap();
    assert_eq!(bench.verify(), end(5));
    bench.add(&entry(5));
    assert_eq!(bench.verify(), line(6));
}

#[test]
fn a_host_killed_at_any_byte_of_a_line_leaves_a_chain_that_goes_on() {
    let whole = Bench::with(3).text();
    let third = whole.match_indices('\n').nth(1).unwrap().0 + 1;
    for cut in third + 1..=whole.len() {
        // The line is there up to this byte, and the head doesn't know of it.
        let bench = Bench::with(2);
        bench.rewrite(&whole.as_bytes()[..cut]);
        assert_eq!(bench.verify(), Ok(3), "{cut}");
        bench.add(&entry(9));
        bench.add(&entry(10));
        assert_eq!(bench.verify(), Ok(5), "{cut}");
    }
}

#[test]
fn a_host_killed_after_its_very_first_line_leaves_a_chain_that_goes_on() {
    let bench = Bench::with(1);
    fs::write(bench.folder.join("head"), "").unwrap();
    assert_eq!(bench.verify(), Ok(1));
    bench.add(&entry(1));
    assert_eq!(bench.verify(), Ok(2));
}

#[test]
fn writers_of_one_ledger_take_turns() {
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            // A handle and so a lock of its own, as in another process.
            let ledger = Ledger::new(bench.folder.clone());
            scope.spawn(move || (0..25).for_each(|sent| drop(ledger.begin(&entry(sent), &[]).unwrap())));
        }
    });
    assert_eq!(bench.verify(), Ok(100));
}

#[test]
fn ninety_days_are_kept_and_the_chain_begins_where_they_do() {
    let bench = Bench::new();
    let first: jiff::civil::Date = "2026-08-01".parse().unwrap();
    let day = |n: i32| first + jiff::Span::new().days(n);
    let add = |n: i32| {
        let time = format!("{}T10:00:00Z", day(n));
        bench.begin(&on(&time, u64::try_from(n).unwrap()), &["h"]);
    };
    (0..90).for_each(add);
    assert_eq!(bench.sent().first(), Some(&0));
    add(91);
    assert_eq!((bench.sent().first(), bench.verify()), (Some(&2), Ok(89)));
    for n in 0..=2 {
        assert_eq!(bench.folder.join(format!("{}.addresses", day(n))).exists(), n == 2, "{n}");
    }
    // What is left isn't shortened further without being found.
    fs::remove_file(bench.folder.join(format!("{}.jsonl", day(2)))).unwrap();
    assert_eq!(bench.verify(), Err(Break::Line { day: day(3).to_string(), line: 1 }));
    // After a year without a line, nothing is left and the next one still follows.
    let bench = Bench::with(3);
    bench.add(&on("2027-11-23T10:00:00Z", 7));
    assert_eq!((bench.sent(), bench.verify()), (vec![7], Ok(1)));
}

#[test]
fn the_policy_says_how_long_it_is_kept() {
    for (days, kept) in [(1, vec![3]), (2, vec![2, 3]), (3650, vec![0, 1, 2, 3])] {
        let Bench { ledger, folder, _home } = Bench::new();
        let retention = Retention::try_from(days).unwrap();
        let bench = Bench { ledger: ledger.keeping(retention), folder, _home };
        for (day, sent) in (20..24).zip(0..) {
            bench.add(&on(&format!("2026-11-{day}T10:00:00Z"), sent));
        }
        assert_eq!((bench.sent(), bench.verify()), (kept.clone(), Ok(kept.len())), "{days}");
    }
}

#[test]
fn a_host_killed_while_it_rotates_leaves_a_chain_that_holds() {
    let bench = Bench::with(2);
    let old = bench.text();
    bench.add(&on("2027-11-23T10:00:00Z", 7));
    bench.rewrite(old);
    assert_eq!(bench.verify(), Ok(3));
}

#[test]
fn a_clock_that_is_put_back_tears_nothing() {
    let bench = Bench::with(2);
    bench.add(&on("2026-11-20T10:00:00Z", 2));
    bench.add(&on("2026-11-24T10:00:00Z", 3));
    assert_eq!((bench.sent(), bench.verify()), (vec![0, 1, 2, 3], Ok(4)));
}

#[test]
fn what_somebody_else_wrote_is_no_line_and_harms_nobody() {
    let deep = "[".repeat(200_000);
    let long = format!("{{\"prev\":\"{}\"}}", "x".repeat(1_000_000));
    let foreign: [&[u8]; 12] = [
        br#"{"of":"0","sent":1,"received":1,"outcome":"begun","prev":"0"}
"#,
        br#"{"time":"2026-11-23T10:00:00Z","of":"0","sent":9,"received":1,"outcome":"begun","prev":"0"}
"#,
        b"\n",
        b"\0\0\0\0\n",
        b"\xff\xfe\n",
        b"null\n",
        b"[]\n",
        b"{\"prev\":7}\n",
        b"{\"prev\":\"\\u001b[2J\",\"sent\":-1}\n",
        b"{\"sent\":99999999999999999999999999}\n",
        deep.as_bytes(),
        long.as_bytes(),
    ];
    for bytes in foreign {
        let bench = Bench::with(2);
        bench.rewrite([bench.text().as_bytes(), bytes].concat());
        assert_eq!(bench.sent(), [0, 1]);
        bench.add(&entry(2));
        let shown = String::from_utf8_lossy(bytes).chars().take(40).collect::<String>();
        assert!(bench.verify().is_err(), "{shown}");
        assert_eq!(bench.sent(), [0, 1, 2], "{shown}");
        // The same in the place of the head and of the hashes.
        fs::write(bench.folder.join("head"), bytes).unwrap();
        fs::write(bench.folder.join("2026-11-23.addresses"), bytes).unwrap();
        assert!(bench.verify().is_err());
        assert!(bench.about("h").0.is_empty());
        bench.add(&entry(3));
    }
}

#[test]
fn sums_of_foreign_numbers_end_at_the_largest() {
    let bench = Bench::with(1);
    bench.rewrite(bench.text().replace(r#""sent":0"#, &format!(r#""sent":{}"#, u64::MAX)));
    bench.add(&entry(5));
    let places = places(&read(&bench.folder).unwrap().requests());
    assert_eq!(places["acme.bitrix24.com"], Place { requests: 2, sent: u64::MAX, received: 8068 });
}

#[test]
fn files_that_are_not_of_a_day_are_left_alone() {
    let bench = Bench::with(1);
    for name in ["notes.jsonl", "2026-11-2.jsonl", "20260101.jsonl", "2020-01-01.jsonl.bak"] {
        fs::write(bench.folder.join(name), "mine").unwrap();
    }
    bench.add(&on("2027-11-23T10:00:00Z", 7));
    assert_eq!(fs::read_dir(&bench.folder).unwrap().count(), 4 + 2);
    assert_eq!(bench.verify(), Ok(1));
}

impl Bench {
    /// Bytes sent in the requests about an address, and how many can't be told.
    fn about(&self, hash: &str) -> (Vec<u64>, usize) {
        let content = read(&self.folder).unwrap();
        let About { requests, untold } = content.about(content.requests(), Some(hash));
        (requests.iter().map(|kept| kept.entry.sent).collect(), untold)
    }

    fn hashes(&self) -> PathBuf {
        self.folder.join("2026-11-23.addresses")
    }
}

#[test]
fn requests_about_an_address_are_found_by_its_hash() {
    let bench = Bench::new();
    bench.begin(&entry(1), &["a", "b"]);
    bench.begin(&entry(2), &["b"]);
    bench.add(&entry(3));
    bench.add(&Entry { addresses: 0, ..entry(4) });
    assert_eq!((bench.about("a"), bench.about("b"), bench.about("c")), ((vec![1], 1), (vec![1, 2], 1), (vec![], 1)));
    let content = read(&bench.folder).unwrap();
    assert_eq!(content.about(content.requests(), None).untold, 1);
}

#[test]
fn hashes_that_were_changed_removed_or_added_are_not_believed() {
    for (spoil, told) in [
        ((|text: &str| text.replacen(r#"["a"]"#, r#"["x"]"#, 1)) as fn(&str) -> String, vec![2]),
        (|text| text.lines().skip(1).map(|line| format!("{line}\n")).collect(), vec![2]),
        (|text| text.replace('\n', "\n{\"addresses\":[\"x\"],\"prev\":\"0\"}\n"), vec![1, 2]),
        (|_| "[[[".to_owned(), vec![]),
    ] {
        let bench = Bench::new();
        bench.begin(&entry(1), &["a"]);
        bench.begin(&entry(2), &["a"]);
        fs::write(bench.hashes(), spoil(&fs::read_to_string(bench.hashes()).unwrap())).unwrap();
        let untold = 2 - told.len();
        assert_eq!((bench.about("a"), bench.about("x")), ((told, untold), (vec![], untold)));
    }
    // A line can't be told to have had other hashes, either.
    let bench = Bench::new();
    bench.begin(&entry(1), &["a"]);
    bench.begin(&entry(2), &["b"]);
    let hashes = fs::read(bench.hashes()).unwrap();
    let [a, b] = [0, 1].map(|line| hash(hashes.split(|byte| *byte == b'\n').nth(line).unwrap()));
    bench.rewrite(bench.text().replace(&a, &b));
    assert_eq!((bench.about("b").0, bench.verify()), (vec![1, 2], line(2)));
}

#[test]
fn hashes_that_a_killed_host_left_torn_or_without_their_request_harm_nothing() {
    let bench = Bench::new();
    bench.begin(&entry(1), &["a"]);
    let hashes = fs::read(bench.hashes()).unwrap();
    fs::write(bench.hashes(), [&hashes[..], &hashes[..hashes.len() / 2]].concat()).unwrap();
    bench.begin(&entry(2), &["a"]);
    assert_eq!(bench.about("a"), (vec![1, 2], 0));
    // They go when their day would.
    let alone = bench.folder.join("2026-01-01.addresses");
    fs::write(&alone, &hashes).unwrap();
    bench.add(&on("2026-11-24T10:00:00Z", 3));
    assert!(!alone.exists() && bench.hashes().exists());
}

/// To a program that device is a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_request_whose_line_the_chain_cannot_take_up_is_not_there() {
    let bench = Bench::with(2);
    let head = bench.folder.join("head");
    let before = (fs::read(&head).unwrap(), bench.text());
    fs::remove_file(&head).unwrap();
    std::os::unix::fs::symlink("/dev/full", &head).unwrap();
    for _ in 0..5 {
        assert!(bench.ledger.begin(&entry(9), &["h".to_owned()]).is_err());
    }
    assert_eq!(bench.text(), before.1);
    fs::remove_file(&head).unwrap();
    fs::write(&head, before.0).unwrap();
    bench.add(&entry(2));
    assert_eq!((bench.sent(), bench.verify()), (vec![0, 1, 2], Ok(3)));
}

#[test]
fn once_the_hashes_are_gone_nothing_tells_which_requests_had_the_same_addresses() {
    let bench = Bench::new();
    bench.begin(&entry(1), &["a"]);
    bench.begin(&entry(1), &["a"]);
    let content = read(&bench.folder).unwrap();
    let names = content.requests().into_iter().map(|kept| kept.hashes.unwrap());
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 2);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.begin(&entry(1), &["h"]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&bench.folder), 0o700);
    for file in fs::read_dir(&bench.folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_request_that_cannot_be_written_may_not_begin() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("ledger"), "a file in the way").unwrap();
    assert!(Ledger::new(home.path().join("ledger")).begin(&entry(1), &[]).is_err());
}

#[test]
fn fuzz_ledger() {
    use super::chain::{Head, next, walk};
    let head = Head::default();
    let verify =
        |head: &Head, bytes: &[u8]| walk(head, std::iter::once(("2026-11-25", bytes))).verify(&BTreeSet::new());
    crate::fuzz::target("ledger", |bytes| {
        drop(Head::parse(bytes));
        let content = Content::of(bytes, bytes);
        let requests = content.requests();
        assert!(requests.len() <= bytes.split(|byte| *byte == b'\n').count());
        assert!(content.about(requests.clone(), Some("h")).requests.iter().all(|request| requests.contains(request)));
        let prev = next(&head, bytes);
        assert_eq!(prev.len(), 64);
        // A line that follows what `next` said never makes a broken chain whole.
        let before = verify(&head, bytes);
        let newline: &[u8] = if bytes.is_empty() || bytes.ends_with(b"\n") { b"" } else { b"\n" };
        let line = format!("{{\"prev\":\"{prev}\"}}");
        let longer = [bytes, newline, line.as_bytes(), b"\n"].concat();
        let later = Head { last: hash(line.as_bytes()), ..head.clone() };
        let after = verify(&later, &longer);
        assert!(before.is_ok() || after.is_err(), "{before:?} became {after:?}");
    });
}
