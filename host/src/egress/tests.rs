use std::collections::BTreeMap;
use std::future::pending;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::failure::Reason;
use crate::ledger::{Ledger, MemoryLedger};
use crate::portal::PortalUrl;

/// A server of one connection: reads the request, then does what the test says. Gives back what it read.
async fn server<F>(answer: impl FnOnce(TcpStream) -> F + Send + 'static) -> (PortalUrl, tokio::task::JoinHandle<String>)
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"{\"auth\":\"t\"}") {
            assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
        }
        answer(stream).await;
        String::from_utf8(seen).unwrap()
    });
    (portal, task)
}

/// A server that answers with these bytes and hangs up.
async fn answering(bytes: &'static str) -> (PortalUrl, tokio::task::JoinHandle<String>) {
    server(move |mut stream| async move { stream.write_all(bytes.as_bytes()).await.unwrap() }).await
}

fn outgoing(portal: &PortalUrl, deadline: Duration) -> Outgoing {
    Outgoing {
        purpose: Purpose::Lookup,
        destination: Destination::Portal(portal.clone()),
        path: "/rest/7/s3cret/batch".to_owned().into(),
        body: Body::Json(Zeroizing::new(br#"{"auth":"t"}"#.to_vec())),
        methods: BTreeMap::from([("user.get".to_owned(), 1)]),
        addresses: 2,
        deadline,
    }
}

async fn send(portal: &PortalUrl, deadline: Duration) -> (Result<Answer, EgressError>, Entry) {
    let ledger = Arc::new(MemoryLedger::default());
    let egress = Egress::new(Arc::<MemoryLedger>::clone(&ledger), Clock::system());
    let answer = egress.send(outgoing(portal, deadline)).await;
    let mut entries = ledger.entries();
    assert_eq!(entries.len(), 1);
    (answer, entries.remove(0))
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn posts_json_and_reads_the_answer() {
    let (portal, seen) = answering(
        "HTTP/1.1 429 Too Many Requests\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: 7\r\n\
         Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
    )
    .await;
    let (answer, entry) = send(&portal, LONG).await;
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status, answer.content_type.as_str(), answer.body.as_slice()),
        (429, "application/json", &b"{}"[..])
    );
    assert_eq!(answer.date, Some("2026-11-23T10:00:00Z".parse().unwrap()));
    assert_eq!(answer.retry_after, Some(Duration::from_secs(7)));
    let seen = seen.await.unwrap().to_lowercase();
    assert!(seen.starts_with("post /rest/7/s3cret/batch http/1.1\r\n"), "{seen}");
    for header in
        ["content-type: application/json\r\n", "user-agent: gmail-sync-bitrix24/", "accept-encoding: gzip\r\n"]
    {
        assert!(seen.contains(header), "{seen}");
    }
    assert_eq!((entry.sent, entry.received, entry.outcome.as_str(), entry.addresses), (12, 2, "429", 2));
    assert_eq!(entry.to, portal.to_string());
    assert!(!serde_json::to_string(&entry).unwrap().contains("s3cret"));
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let (portal, _) =
        answering("HTTP/1.1 302 Found\r\nLocation: https://evil.example/rest/\r\nContent-Length: 0\r\n\r\n").await;
    let answer = send(&portal, LONG).await.0.unwrap();
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("https://evil.example/rest/")));
}

#[tokio::test]
async fn a_truncated_answer_is_broken() {
    let (portal, _) = answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\":").await;
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!(answer.err(), Some(EgressError::Broken));
    assert_eq!((entry.received, entry.outcome.as_str()), (10, "broken"));
}

#[tokio::test]
async fn what_is_no_http_is_broken() {
    let (portal, _) = answering("SSH-2.0-OpenSSH_9.9\r\n").await;
    assert_eq!(send(&portal, LONG).await.0.err(), Some(EgressError::Broken));
}

#[tokio::test]
async fn a_slow_answer_meets_the_deadline() {
    let (portal, server) = server(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
        pending::<()>().await;
    })
    .await;
    let (answer, entry) = send(&portal, Duration::from_millis(100)).await;
    assert_eq!(answer.err(), Some(EgressError::Timeout { seconds: 0 }));
    assert_eq!(entry.outcome, "timeout");
    server.abort();
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let (portal, _) = server(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let block = vec![b' '; 1 << 20];
        while stream.write_all(&block).await.is_ok() {}
    })
    .await;
    assert_eq!(send(&portal, LONG).await.0.err(), Some(EgressError::TooLarge));
}

#[tokio::test]
async fn a_closed_port_is_no_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!(answer.err(), Some(EgressError::Connect));
    assert_eq!((entry.sent, entry.outcome.as_str()), (12, "connect"));
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_closed_port() {
    // RFC 2606: never exists.
    let portal = "portal.invalid".parse().unwrap();
    assert_eq!(send(&portal, LONG).await.0.err(), Some(EgressError::Dns));
}

#[tokio::test]
async fn a_request_given_up_is_recorded() {
    let (portal, server) = server(|stream| async move {
        pending::<()>().await;
        drop(stream);
    })
    .await;
    let ledger = Arc::new(MemoryLedger::default());
    let egress = Egress::new(Arc::<MemoryLedger>::clone(&ledger), Clock::system());
    let request = egress.send(outgoing(&portal, LONG));
    drop(tokio::time::timeout(Duration::from_millis(100), request).await);
    assert_eq!(ledger.entries()[0].outcome, "cancelled");
    server.abort();
}

#[tokio::test]
async fn nothing_is_sent_that_could_not_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let egress = Egress::new(Arc::new(Ledger::new(folder.path().to_owned())), Clock::system());
    // Nobody listens there: an attempt would be `Connect`.
    let portal = "http://127.0.0.1:1".parse().unwrap();
    let error = egress.send(outgoing(&portal, LONG)).await.err().unwrap();
    assert_eq!(error, EgressError::Ledger);
    assert_eq!(error.to_failure(&Destination::Portal(portal)).reason(), Reason::LedgerUnwritable);
}

#[tokio::test]
async fn an_unknown_authority_is_told_from_a_closed_port() {
    let fake = demo::Portal::start(demo::PortalOptions { tls: true, ..demo::PortalOptions::default() }).unwrap();
    let portal = fake.base_url().parse().unwrap();
    assert_eq!(send(&portal, LONG).await.0.err(), Some(EgressError::Tls(TlsProblem::Untrusted)));
    assert_eq!(fake.stats().http_calls, 0);
}
