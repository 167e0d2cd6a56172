//! Bytes of strangers: each parser of them is a target that gets damaged examples, and must not panic, hang or break its promise.
//!
//! The examples stand in `host/fuzz/TARGET/`, one file each, some also in a document, and every one is tried as it is. Then come random
//! ones made from them, as many as `PROPTEST_CASES` says (256 without it; `cargo xtask fuzz` goes on for minutes). Bytes that break a
//! promise are made as small as possible and kept beside the examples, so that they are tried from then on. There is no coverage to
//! steer by on the stable toolchain.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

/// Something to do to bytes.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Insert(Index, Vec<u8>),
}

impl Damage {
    fn arbitrary() -> impl Strategy<Value = Self> {
        // What parsers of JSON, HTTP and addresses stumble over.
        let words: &[&[u8]] = &[
            b"\"",
            b"\\",
            b"\0",
            b"\xff",
            b"\r\n",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b",",
            b"%",
            b"%00",
            b"@",
            b"/",
            b"..",
            b"?",
            b"#",
            b"null",
            b"-1",
            b"1e999",
            b"99999999999999999999",
            b"\\ud800",
            b"\xed\xa0\x80",
            b"$result",
            b" ",
            b"\n",
        ];
        let inserted =
            prop_oneof![select(words).prop_map(<[u8]>::to_vec), proptest::collection::vec(any::<u8>(), 1..20),];
        prop_oneof![
            3 => (any::<Index>(), any::<u8>()).prop_map(|(at, mask)| Self::Flip(at, mask)),
            1 => any::<Index>().prop_map(Self::Cut),
            2 => (any::<Index>(), 1..40_usize).prop_map(|(at, count)| Self::Remove(at, count)),
            2 => (any::<Index>(), 1..40_usize, 1..200_usize).prop_map(|(at, count, times)| Self::Repeat(at, count, times)),
            4 => (any::<Index>(), inserted).prop_map(|(at, bytes)| Self::Insert(at, bytes)),
        ]
    }

    fn act(&self, bytes: &mut Vec<u8>) {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match self {
            Self::Flip(at, mask) => {
                let at = place(at);
                bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= mask);
            }
            Self::Cut(at) => bytes.truncate(place(at)),
            Self::Remove(at, count) => {
                let at = place(at);
                drop(bytes.drain(at..bytes.len().min(at + count)));
            }
            Self::Repeat(at, count, times) => {
                let at = place(at);
                let piece = bytes[at..bytes.len().min(at + count)].repeat(*times);
                drop(bytes.splice(at..at, piece));
            }
            Self::Insert(at, inserted) => {
                let at = place(at);
                drop(bytes.splice(at..at, inserted.iter().copied()));
            }
        }
    }
}

/// Tries a parser with the examples of `host/fuzz/NAME` and what becomes of them; `check` panics when it breaks a promise.
pub(crate) fn target(name: &str, check: impl Fn(&[u8])) {
    target_beside(name, [], check);
}

/// As [`target`], with more examples, which stand elsewhere.
pub(crate) fn target_beside(name: &str, more: impl IntoIterator<Item = &'static str>, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name);
    try_all(&folder, more, RngSeed::Random, check);
}

fn try_all(folder: &Path, more: impl IntoIterator<Item = &'static str>, rng_seed: RngSeed, check: impl Fn(&[u8])) {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let more = more.into_iter().map(|example| example.as_bytes().to_vec());
    let examples: Vec<Vec<u8>> = files.map(|file| fs::read(file).unwrap()).chain(more).collect();
    examples.iter().for_each(|example| check(example));
    let damages = proptest::collection::vec(Damage::arbitrary(), 0..6);
    let bytes = (select(examples), damages).prop_map(|(mut bytes, damages)| {
        damages.iter().for_each(|damage| damage.act(&mut bytes));
        bytes
    });
    let bytes = prop_oneof![9 => bytes, 1 => proptest::collection::vec(any::<u8>(), 0..300)];
    let mut runner = TestRunner::new(Config { failure_persistence: None, rng_seed, ..Config::default() });
    let outcome = runner.run(&bytes, |bytes| {
        check(&bytes);
        Ok::<(), TestCaseError>(())
    });
    if let Err(TestError::Fail(why, bytes)) = &outcome {
        let kept = folder.join(format!("broke-{}", crate::ledger::hash(bytes).get(..12).unwrap_or_default()));
        fs::write(&kept, bytes).unwrap();
        panic!("{why}\nthe bytes are kept as {}: {}", kept.display(), bytes.escape_ascii());
    }
    outcome.unwrap();
}

#[test]
fn what_breaks_a_promise_is_found_made_small_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("example"), r#"{"an":["example"]}"#).unwrap();
    let promise = |bytes: &[u8]| assert!(!bytes.contains(&b'%'), "broken");
    let found = std::panic::catch_unwind(|| try_all(folder.path(), [], RngSeed::Fixed(1), promise));
    let told = found.unwrap_err().downcast::<String>().unwrap();
    assert!(told.contains("broken") && told.contains("the bytes are kept as "), "{told}");
    let kept = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept.filter(|path| !path.ends_with("example")).map(|path| fs::read(path).unwrap()).collect();
    assert!(kept.len() == 1 && kept[0].contains(&b'%') && kept[0].len() <= 21, "{kept:?}");
}
