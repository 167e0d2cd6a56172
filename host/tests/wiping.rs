//! The memory of this process, looked at as a thief would: what was secret isn't there any more.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, and nothing else")]

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use gmail_sync_host::bitrix24::WebhookAddress;
use gmail_sync_host::failure::Failure;
use gmail_sync_host::protocol::Call;
use gmail_sync_host::serve::{Accepted, Parts, Service, serve};
use gmail_sync_host::vault::{MemoryStore, OauthSecret, PortalSecret, Vault};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::Mutex;

/// Bytes are kept flipped wherever the test itself needs them, so that it never finds its own copy.
const FLIP: u8 = 0x80;

/// What to look for, flipped.
static MARK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut random = [0; 24];
    getrandom::fill(&mut random).unwrap();
    random.iter().map(|byte| (b'a' + byte % 16) ^ FLIP).collect()
});

/// One test at a time: each looks at the memory of all.
static TURN: Mutex<()> = Mutex::const_new(());

/// A secret with the mark in it.
fn secret() -> SecretString {
    let mut text = String::with_capacity(MARK.len());
    text.extend(MARK.iter().map(|byte| char::from(byte ^ FLIP)));
    text.into()
}

/// How often the mark stands in this process's writable memory.
fn copies() -> usize {
    let mark = &*MARK;
    let memory = File::open("/proc/self/mem").unwrap();
    let mut window = vec![0; 1 << 16];
    // The window is memory too.
    let own = window.as_ptr().addr() as u64..(window.as_ptr().addr() + window.len()) as u64;
    let mut count = 0;
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let mut at = u64::from_str_radix(start, 16).unwrap();
        let end = u64::from_str_radix(end, 16).unwrap();
        // What can't be read holds nothing: the kernel's own pages.
        while let Ok(read) = memory.read_at(&mut window, at)
            && read >= mark.len()
            && at < end
        {
            let is_mark = |bytes: &[u8]| bytes.iter().zip(mark).all(|(byte, flipped)| byte ^ FLIP == *flipped);
            let places = window[..read].windows(mark.len()).zip(at..).filter(|(bytes, _)| is_mark(bytes));
            count += places.filter(|(_, place)| !own.contains(place)).count();
            at += (read - mark.len() + 1) as u64;
        }
    }
    count
}

#[tokio::test]
async fn sec_30_a_secret_is_found_while_it_lives_and_not_afterwards() {
    let _turn = TURN.lock().await;
    let secret = secret();
    assert_eq!(copies(), 1);
    drop(secret);
    assert_eq!(copies(), 0);
}

#[tokio::test]
async fn sec_30_nothing_is_left_of_what_went_through_the_keychain() {
    let _turn = TURN.lock().await;
    let portal = "acme.bitrix24.com".parse().unwrap();
    let oauth = PortalSecret::Oauth(OauthSecret {
        access: secret(),
        refresh: secret(),
        expires: Timestamp::from_second(1_795_000_000).unwrap(),
        client_secret: secret(),
    });
    for secret in [oauth, PortalSecret::Webhook { user: 7, secret: secret() }] {
        let vault = Vault::memory(Arc::new(MemoryStore::default()));
        secret.store(&vault, &portal).await.unwrap();
        drop(PortalSecret::load(&vault, &portal).await.unwrap());
        assert!(copies() > 1);
    }
    assert_eq!(copies(), 0);
}

/// A request with the mark as session and in a webhook's address, put together byte by byte.
struct Request {
    bytes: std::vec::IntoIter<u8>,
}

impl Request {
    fn new() -> Self {
        let mut body = Vec::new();
        let mut add = |text: &str| body.extend(text.bytes().map(|byte| byte ^ FLIP));
        add(r#"{"v":1,"id":"1","method":"connectWebhook","session":""#);
        let (first, last) = (r#"","params":{"url":"https://acme.bitrix24.com/rest/7/"#, r#"/"}}"#);
        body.extend(&*MARK);
        body.extend(first.bytes().map(|byte| byte ^ FLIP));
        body.extend(&*MARK);
        body.extend(last.bytes().map(|byte| byte ^ FLIP));
        let length = u32::try_from(body.len()).unwrap().to_ne_bytes();
        Self { bytes: [&length.map(|byte| byte ^ FLIP)[..], &body].concat().into_iter() }
    }
}

impl Read for Request {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.bytes.by_ref().take(buffer.len());
        Ok(buffer.iter_mut().zip(wanted).map(|(place, byte)| *place = byte ^ FLIP).count())
    }
}

/// Takes a webhook's address apart, as connecting does.
struct Connecting;

impl Service for Connecting {
    async fn answer(&self, request: Accepted, _: Parts) -> Result<Box<RawValue>, Failure> {
        let Call::ConnectWebhook(params) = request.call else { panic!("another method") };
        let webhook: WebhookAddress = params.url.into_inner().expose_secret().parse()?;
        // The frame is gone already; session and secret are not.
        Ok(to_raw_value(&(webhook.user, copies())).unwrap())
    }
}

#[tokio::test]
async fn sec_30_nothing_is_left_of_a_request_with_secrets() {
    let _turn = TURN.lock().await;
    let mut output = Vec::new();
    let (_events, no_events) = tokio::sync::mpsc::unbounded_channel();
    let conversation = serve(Request::new(), &mut output, Rc::new(Connecting), no_events);
    tokio::task::LocalSet::new().run_until(conversation).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&output[4..]), r#"{"id":"1","result":[7,2]}"#);
    assert_eq!(copies(), 0);
}
