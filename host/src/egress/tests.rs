use std::collections::BTreeMap;
use std::future::pending;
use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::failure::Reason;
use crate::ledger::{Ledger, MemoryLedger};
use crate::policy::{Authorities, ProxyMode};
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
        addresses: vec!["a@example.com".to_owned(), "b@example.com".to_owned()],
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
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!(answer.err(), Some(EgressError::TooLarge));
    // 16 MiB, and the piece that was too much.
    assert!(entry.received < 17 << 20, "{}", entry.received);
}

/// A server that answers with these bytes, which are said to be packed.
async fn answering_packed(packed: Vec<u8>) -> PortalUrl {
    let (portal, _) = server(move |mut stream| async move {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
        // It is cut off, where there is too much.
        drop(stream.write_all(&[head.as_bytes(), &packed].concat()).await);
    })
    .await;
    portal
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_and_counted_as_what_it_is() {
    let body = format!(r#"{{"result":"{}"}}"#, "x".repeat(100_000));
    let mut packing = GzEncoder::new(Vec::new(), Compression::default());
    packing.write_all(body.as_bytes()).unwrap();
    let packed = packing.finish().unwrap();
    assert!(packed.len() < 1000, "{}", packed.len());
    let (answer, entry) = send(&answering_packed(packed.clone()).await, LONG).await;
    assert_eq!(answer.unwrap().body.as_slice(), body.as_bytes());
    assert_eq!((entry.received, entry.outcome.as_str()), (body.len() as u64, "200"));
    // Half of it is no answer.
    let (answer, entry) = send(&answering_packed(packed[..packed.len() / 2].to_vec()).await, LONG).await;
    assert_eq!((answer.err(), entry.outcome.as_str()), (Some(EgressError::Broken), "broken"));
}

/// So many times 1 MiB of zeros. Blocks that end in a full flush know nothing of each other, so one can be repeated.
/// <https://www.rfc-editor.org/rfc/rfc1952>
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(1 << 20);
    let mut packing = Compress::new(Compression::best(), false);
    packing.compress_vec(&vec![0; 1 << 20], &mut block, FlushCompress::Full).unwrap();
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    [head.to_vec(), block.repeat(megabytes)].concat()
}

#[tokio::test]
async fn a_bomb_is_cut_before_it_goes_off() {
    let packed = bomb(1024);
    assert!(packed.len() < 2 << 20, "{}", packed.len());
    let (answer, entry) = send(&answering_packed(packed).await, LONG).await;
    assert_eq!(answer.err(), Some(EgressError::TooLarge));
    // Of its 1 GiB.
    assert!((16 << 20..17 << 20).contains(&entry.received), "{}", entry.received);
}

#[tokio::test]
async fn a_closed_port_is_no_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!(answer.err(), Some(EgressError::Connect));
    assert_eq!((entry.sent, entry.outcome.as_str()), (0, "connect"));
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_closed_port() {
    // RFC 2606: never exists.
    let portal = "portal.invalid".parse().unwrap();
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!((answer.err(), entry.sent, entry.outcome.as_str()), (Some(EgressError::Dns), 0, "dns"));
}

#[tokio::test]
async fn a_request_given_up_is_recorded() {
    let (heard, hears) = tokio::sync::oneshot::channel();
    let (portal, server) = server(|stream| async move {
        heard.send(()).unwrap();
        pending::<()>().await;
        drop(stream);
    })
    .await;
    let ledger = Arc::new(MemoryLedger::default());
    let egress = Egress::new(Arc::<MemoryLedger>::clone(&ledger), Clock::system());
    tokio::select! {
        _ = egress.send(outgoing(&portal, LONG)) => panic!("answered"),
        given_up = hears => given_up.unwrap(),
    }
    let [entry] = ledger.entries().try_into().unwrap();
    assert_eq!((entry.sent, entry.outcome.as_str()), (12, "cancelled"));
    server.abort();
}

#[tokio::test]
async fn nothing_is_sent_that_could_not_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("ledger");
    std::fs::write(&in_the_way, "").unwrap();
    let egress = Egress::new(Arc::new(Ledger::new(in_the_way)), Clock::system());
    // Nobody listens there: an attempt would be `Connect`.
    let portal = "http://127.0.0.1:1".parse().unwrap();
    let error = egress.send(outgoing(&portal, LONG)).await.err().unwrap();
    assert_eq!(error, EgressError::Ledger);
    assert_eq!(error.to_failure(&Destination::Portal(portal)).reason(), Reason::LedgerUnwritable);
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine 8 refuses every certificate that no revocation list is known for")]
async fn an_unknown_authority_is_told_from_a_closed_port() {
    let fake = demo::Portal::start(demo::PortalOptions { tls: true, ..demo::PortalOptions::default() }).unwrap();
    let portal = fake.base_url().parse().unwrap();
    let (answer, entry) = send(&portal, LONG).await;
    assert_eq!((answer.err(), entry.sent), (Some(EgressError::Tls(TlsProblem::Untrusted)), 0));
    assert_eq!(fake.stats().http_calls, 0);
}

/// DNS as somebody else would like it: every name leads to these addresses. Counts the questions.
#[derive(Clone)]
struct Rigged(&'static [&'static str], Arc<std::sync::atomic::AtomicUsize>);

impl Resolve for Rigged {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let found: Vec<_> = self.0.iter().map(|ip| std::net::SocketAddr::new(ip.parse().unwrap(), 0)).collect();
        Box::pin(async { Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs) })
    }
}

/// Sends to `portal`, whose name leads to `addresses`; gives back what came and how often the name was asked for.
async fn send_rigged(
    portal: &PortalUrl,
    addresses: &'static [&'static str],
    inside: &[PortalUrl],
) -> (Result<Answer, EgressError>, usize) {
    let asked = Arc::default();
    let egress = Egress::resolving(
        Arc::new(MemoryLedger::default()),
        Clock::system(),
        Arc::new(Rigged(addresses, Arc::clone(&asked))),
    );
    let answer = egress.with_inside(inside).send(outgoing(portal, Duration::from_secs(2))).await;
    (answer, asked.load(std::sync::atomic::Ordering::Relaxed))
}

#[tokio::test]
async fn sec_17_a_name_that_leads_inside_is_not_connected_to() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal: PortalUrl = format!("https://acme.example:{}", listener.local_addr().unwrap().port()).parse().unwrap();
    // Named by policy or not: nobody's portal is on the loopback interface of somebody else's computer.
    for inside in [vec![], vec![portal.clone()]] {
        let (answer, asked) = send_rigged(&portal, &["127.0.0.1", "::1", "169.254.169.254"], &inside).await;
        assert_eq!((answer.err(), asked), (Some(EgressError::Address), 1));
    }
    let (answer, _) = send_rigged(&portal, &["10.0.0.5", "::ffff:127.0.0.1"], &[]).await;
    let error = answer.err().unwrap();
    let failure = error.to_failure(&Destination::Portal(portal));
    assert_eq!(failure.reason(), Reason::AddressNotPublic);
    assert!(failure.hint().contains("Portals"), "{}", failure.hint());
    let nobody = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err());
}

#[tokio::test]
async fn sec_17_a_portal_named_by_policy_may_be_inside() {
    let portal: PortalUrl = "crm.company.example".parse().unwrap();
    let rigged = Arc::new(Rigged(&["10.0.0.5", "127.0.0.1"], Arc::default()));
    let egress = Egress::resolving(Arc::new(MemoryLedger::default()), Clock::system(), rigged);
    let egress = egress.with_inside(std::slice::from_ref(&portal));
    egress.expect(&Destination::Portal(portal.clone())).unwrap();
    let found = egress.resolver.resolve(portal.host().parse().unwrap()).await.unwrap();
    assert_eq!(found.map(|address| address.ip().to_string()).collect::<Vec<_>>(), ["10.0.0.5"]);
    // The proxy's name, which is no destination's, leads where it leads.
    let found = egress.resolver.resolve("proxy.company.example".parse().unwrap()).await.unwrap();
    assert_eq!(found.count(), 2);
}

#[tokio::test]
async fn sec_17_a_person_agrees_to_the_addresses_they_were_told_and_no_others() {
    let portal: PortalUrl = "crm.company.example".parse().unwrap();
    let (ledger, asked) = (Arc::new(MemoryLedger::default()), Arc::default());
    let rigged = Arc::new(Rigged(&["192.168.7.5", "10.0.0.5", "127.0.0.1", "10.0.0.5"], asked));
    let egress = Egress::resolving(Arc::<MemoryLedger>::clone(&ledger), Clock::system(), rigged);
    let location = egress.locate(&portal).await.unwrap();
    assert_eq!(location.to_string(), "10.0.0.5, 192.168.7.5");
    let [entry] = ledger.entries().try_into().unwrap();
    assert_eq!((entry.to.as_str(), entry.sent, entry.outcome.as_str()), ("crm.company.example", 0, "located"));

    let destination = Destination::Portal(portal.clone());
    let reached = async || {
        egress.expect(&destination).unwrap();
        let found = egress.resolver.resolve(portal.host().parse().unwrap()).await;
        found.map(|found| found.map(|address| address.ip().to_string()).collect::<BTreeSet<_>>()).unwrap_or_default()
    };
    assert!(reached().await.is_empty());
    egress.agree(&portal, &["10.0.0.5".parse().unwrap()]);
    assert!(reached().await.iter().eq(["10.0.0.5"]));
    egress.agree(&portal, location.addresses());
    assert!(reached().await.iter().eq(["10.0.0.5", "192.168.7.5"]));
    // Another portal is another question.
    let other = Destination::Portal("other.company.example".parse().unwrap());
    egress.expect(&other).unwrap();
    assert!(egress.resolver.resolve("other.company.example".parse().unwrap()).await.is_err());
}

#[tokio::test]
async fn sec_17_nobody_is_asked_about_an_address_where_no_portal_may_be() {
    for addresses in [&["127.0.0.1", "::1"][..], &["169.254.169.254"], &["224.0.0.1", "0.0.0.0"]] {
        let rigged = Arc::new(Rigged(addresses, Arc::default()));
        let egress = Egress::resolving(Arc::new(MemoryLedger::default()), Clock::system(), rigged);
        let located = egress.locate(&"crm.company.example".parse().unwrap()).await;
        assert_eq!(located, Err(EgressError::Address), "{addresses:?}");
    }
    let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system());
    for (typed, located) in [("10.0.0.5", Ok("10.0.0.5".to_owned())), ("169.254.169.254", Err(EgressError::Address))] {
        assert_eq!(egress.locate(&typed.parse().unwrap()).await.map(|location| location.to_string()), located);
    }
}

#[tokio::test]
async fn behind_a_proxy_its_name_is_what_a_person_is_asked_about() {
    let way_out = "http://127.0.0.1:3128".to_owned().try_into().unwrap();
    let (ledger, asked) = (Arc::new(MemoryLedger::default()), Arc::default());
    let rigged = Arc::new(Rigged(&["10.0.0.5"], Arc::clone(&asked)));
    let egress = Egress::resolving(ledger, Clock::system(), rigged).with_proxy(way_out);
    let location = egress.locate(&"crm.company.example".parse().unwrap()).await.unwrap();
    assert_eq!((location.to_string().as_str(), location.addresses()), ("127.0.0.1:3128", [].as_slice()));
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn sec_17_the_checked_address_is_the_one_connected_to() {
    let (portal, _server) = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let named = portal.origin().replace("127.0.0.1", "localhost").parse().unwrap();
    let (answer, asked) = send_rigged(&named, &["93.184.215.14", "169.254.169.254", "127.0.0.1"], &[]).await;
    assert_eq!((answer.unwrap().status, asked), (200, 1));
    let (answer, _) = send_rigged(&named, &["93.184.215.14"], &[]).await;
    assert_eq!(answer.err(), Some(EgressError::Address));
}

#[tokio::test]
async fn sec_17_an_address_instead_of_a_name_is_checked_too() {
    for typed in ["https://10.0.0.5", "https://[::ffff:7f00:1]", "https://169.254.169.254", "https://0"] {
        let portal: PortalUrl = typed.parse().unwrap();
        let (answer, entry) = send(&portal, LONG).await;
        assert_eq!((answer.err(), entry.sent), (Some(EgressError::Address), 0), "{typed}");
    }
}

/// A certificate for `name`, until the year `ends`, and the authority of its own that made it.
fn certified(name: &str, ends: i32) -> (rustls::ServerConfig, Authorities) {
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let authorities = Authorities::parse(params.self_signed(&key).unwrap().pem().as_bytes()).unwrap();
    let authority = rcgen::Issuer::new(params, key);

    let mut leaf = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
    leaf.not_after = rcgen::date_time_ymd(ends, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = leaf.signed_by(&key, &authority).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    (config, authorities)
}

/// A server with such a certificate.
async fn tls_server(name: &str, ends: i32) -> (PortalUrl, Authorities) {
    let (config, authorities) = certified(name, ends);
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Whoever doesn't believe the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut seen = Vec::new();
            while !seen.ends_with(b"{\"auth\":\"t\"}") && stream.read_buf(&mut seen).await.unwrap_or(0) > 0 {}
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            drop(stream.write_all(answer).await);
            drop(stream.shutdown().await);
        }
    });
    (portal, authorities)
}

/// What a request to such a server and a look at it come to.
async fn send_trusting(portal: &PortalUrl, authorities: Authorities) -> (Result<u16, EgressError>, Option<Reason>) {
    let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system()).with_authorities(authorities);
    let answer = egress.send(outgoing(portal, LONG)).await.map(|answer| answer.status);
    let destination = Destination::Portal(portal.clone());
    let seen = egress.examine(&destination).await.unwrap();
    (answer, seen.failure(&destination).map(|failure| failure.reason()))
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine 8 refuses every certificate that no revocation list is known for")]
async fn sec_40_an_authority_of_the_policy_is_trusted_and_no_other() {
    let (portal, authorities) = tls_server("127.0.0.1", 2100).await;
    assert_eq!(send_trusting(&portal, authorities.clone()).await, (Ok(200), None));
    let untrusted = (Err(EgressError::Tls(TlsProblem::Untrusted)), Some(Reason::CertificateUntrusted));
    assert_eq!(send_trusting(&portal, Authorities::default()).await, untrusted);
    let (other, _) = tls_server("127.0.0.1", 2100).await;
    assert_eq!(send_trusting(&other, authorities).await, untrusted);
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine 8 refuses every certificate that no revocation list is known for")]
async fn sec_39_a_certificate_of_yesterday_or_for_another_name_is_refused_at_the_handshake() {
    let (expired, authorities) = tls_server("127.0.0.1", 2020).await;
    assert_eq!(
        send_trusting(&expired, authorities).await,
        (Err(EgressError::Tls(TlsProblem::Expired)), Some(Reason::CertificateExpired))
    );
    let (foreign, authorities) = tls_server("portal.example", 2100).await;
    assert_eq!(
        send_trusting(&foreign, authorities).await,
        (Err(EgressError::Tls(TlsProblem::OtherName)), Some(Reason::CertificateOtherName))
    );
}

/// A proxy of one visit, which it refuses, and what it was asked for.
async fn refusing_proxy() -> (ProxyMode, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move { refuse(listener.accept().await.unwrap().0).await });
    (address.try_into().unwrap(), heard)
}

async fn refuse(mut stream: impl proxy::Stream) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
    }
    stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    String::from_utf8(heard).unwrap()
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine 8 refuses every certificate that no revocation list is known for")]
async fn a_proxy_behind_tls_is_believed_as_servers_are_and_asked() {
    let destination = Destination::Portal("acme.example:8443".parse().unwrap());
    let (config, authorities) = certified("127.0.0.1", 2100);
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let way_out: ProxyMode = format!("https://{}", listener.local_addr().unwrap()).try_into().unwrap();
    let heard = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Whoever doesn't believe the certificate hangs up.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            return refuse(stream).await;
        }
    });
    for (authorities, reason) in
        [(Authorities::default(), Reason::ProxyUnreachable), (authorities, Reason::ProxyRefuses)]
    {
        let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system());
        let egress = egress.with_proxy(way_out.clone()).with_authorities(authorities);
        let seen = egress.examine(&destination).await.unwrap();
        assert_eq!(seen.failure(&destination).map(|failure| failure.reason()), Some(reason));
        assert_eq!(seen.issuer, None, "the proxy's is not the portal's");
    }
    assert!(heard.await.unwrap().starts_with("CONNECT acme.example:8443 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn the_proxy_of_the_policy_is_asked_by_requests_and_by_looks() {
    let portal: PortalUrl = "acme.example:8443".parse().unwrap();
    let destination = Destination::Portal(portal.clone());
    for looks in [false, true] {
        let (way_out, heard) = refusing_proxy().await;
        let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system()).with_proxy(way_out);
        if looks {
            let seen = egress.examine(&destination).await.unwrap().failure(&destination).unwrap();
            assert_eq!((seen.reason(), seen.arg("status")), (Reason::ProxyRefuses, Some("403")));
        } else {
            assert!(egress.send(outgoing(&portal, LONG)).await.is_err());
        }
        let heard = tokio::time::timeout(LONG, heard).await.expect("nobody asked the proxy").unwrap();
        assert!(heard.starts_with("CONNECT acme.example:8443 HTTP/1.1\r\n"), "{heard}");
        assert!(!heard.contains("s3cret"), "{heard}");
    }
}

#[tokio::test]
async fn what_is_for_this_machine_passes_no_proxy_of_the_policy_either() {
    let (portal, seen) = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let way_out = "http://127.0.0.1:1".to_owned().try_into().unwrap();
    let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system()).with_proxy(way_out);
    assert_eq!(egress.send(outgoing(&portal, LONG)).await.unwrap().status, 200);
    assert!(seen.await.unwrap().starts_with("POST /rest/"));
}

/// The extension `supported_versions` of a greeting, RFC 8446 4.2.1: 1.3 and 1.2.
const VERSIONS: &[u8] = &[0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03];

#[tokio::test]
async fn sec_39_no_version_before_1_2_is_offered() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal: PortalUrl = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    let hears = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut greeting = Vec::new();
        while !greeting.windows(VERSIONS.len()).any(|bytes| bytes == VERSIONS) {
            assert_ne!(stream.read_buf(&mut greeting).await.unwrap(), 0, "{greeting:02x?}");
        }
    });
    assert!(send(&portal, Duration::from_secs(2)).await.0.is_err());
    hears.await.unwrap();
}

/// HTTP/2, RFC 9113: a server that refuses every stream (6.4, 7), after which a client may send the request again.
async fn refusing_streams(listener: TcpListener, config: rustls::ServerConfig) -> u32 {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = tokio_rustls::TlsAcceptor::from(Arc::new(config)).accept(stream).await.unwrap();
    stream.read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()]).await.unwrap();
    // An empty SETTINGS.
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let mut asked = 0;
    let mut head = [0; 9];
    while stream.read_exact(&mut head).await.is_ok() {
        let [_, high, low, kind, _, id @ ..] = head;
        stream.read_exact(&mut vec![0; usize::from(u16::from_be_bytes([high, low]))]).await.unwrap();
        // HEADERS, answered with RST_STREAM: REFUSED_STREAM.
        if kind == 1 {
            asked += 1;
            stream.write_all(&[&[0, 0, 4, 3, 0][..], &id, &[0, 0, 0, 7]].concat()).await.unwrap();
        }
    }
    asked
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine 8 refuses every certificate that no revocation list is known for")]
async fn a_line_is_one_request_even_if_the_server_invites_to_another() {
    let (mut config, authorities) = certified("127.0.0.1", 2100);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let portal: PortalUrl = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(refusing_streams(listener, config));
    let egress = Egress::new(Arc::new(MemoryLedger::default()), Clock::system()).with_authorities(authorities);
    assert_eq!(egress.send(outgoing(&portal, LONG)).await.err(), Some(EgressError::Broken));
    drop(egress);
    assert_eq!(server.await.unwrap(), 1);
}
