//! The little HTTP the listener speaks, pure: bytes -> what was asked for, and the fixed answers.

use super::flow::CALLBACK_PATH;

/// More than a redirect with its headers takes.
pub(super) const REQUEST_LIMIT: usize = 8 * 1024;

/// What has arrived on a connection so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard<'a> {
    /// Not all of it yet.
    Incomplete,
    /// A request for the registered address, with this query.
    Callback(&'a str),
    /// Anything else, and what to answer.
    Refused(Refusal),
}

/// The statuses for what isn't the redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    BadRequest,
    OtherHost,
    NotFound,
    OtherMethod,
    TooLong,
}

/// Reads a request's head. `port` is where it arrived.
pub(super) fn hear(bytes: &[u8], port: u16) -> Heard<'_> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) if bytes.len() < REQUEST_LIMIT => return Heard::Incomplete,
        Ok(httparse::Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
            return Heard::Refused(Refusal::TooLong);
        }
        Err(_) => return Heard::Refused(Refusal::BadRequest),
    }
    let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    let host = hosts.next().map(|header| header.value);
    // A page whose name was made to resolve to this machine sends its own name: DNS rebinding ends here.
    if hosts.next().is_some() || !host.is_some_and(|host| is_here(host, port)) {
        return Heard::Refused(Refusal::OtherHost);
    }
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != CALLBACK_PATH {
        return Heard::Refused(Refusal::NotFound);
    }
    if request.method != Some("GET") {
        return Heard::Refused(Refusal::OtherMethod);
    }
    Heard::Callback(query)
}

fn is_here(host: &[u8], port: u16) -> bool {
    ["127.0.0.1", "localhost"].iter().any(|name| host.eq_ignore_ascii_case(format!("{name}:{port}").as_bytes()))
}

/// What the browser is told. The pages are fixed, so that nothing of a request can come back in one.
pub(super) fn response(outcome: Result<(), Refusal>) -> String {
    let (status, text) = match outcome {
        Ok(()) => ("200 OK", "You can close this tab. The sidebar in Gmail, or the command line, goes on from here."),
        Err(Refusal::BadRequest) => ("400 Bad Request", "This isn't the answer that is waited for."),
        Err(Refusal::OtherHost) => ("403 Forbidden", "Not from there."),
        Err(Refusal::NotFound) => ("404 Not Found", "There is nothing here."),
        Err(Refusal::OtherMethod) => ("405 Method Not Allowed", "Not like that."),
        Err(Refusal::TooLong) => ("431 Request Header Fields Too Large", "Too much."),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Gmail Sync for Bitrix24</title><p>{text}</p></html>\n"
    );
    let allow = if outcome == Err(Refusal::OtherMethod) { "Allow: GET\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n{allow}Cache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str, headers: &str) -> String {
        format!("{line}\r\n{headers}\r\n")
    }

    const HERE: &str = "Host: 127.0.0.1:17485\r\n";

    #[test]
    fn hears_the_redirect() {
        for host in [HERE, "host: localhost:17485\r\n", "User-Agent: x\r\nHOST: LOCALHOST:17485\r\nAccept: */*\r\n"] {
            let bytes = request("GET /callback?code=c&state=s HTTP/1.1", host);
            assert_eq!(hear(bytes.as_bytes(), 17485), Heard::Callback("code=c&state=s"), "{host}");
        }
        let bare = request("GET /callback HTTP/1.1", HERE);
        assert_eq!(hear(bare.as_bytes(), 17485), Heard::Callback(""));
    }

    #[test]
    fn waits_for_every_byte_of_it() {
        let whole = request("GET /callback?code=c&state=s HTTP/1.1", HERE);
        for end in 0..whole.len() {
            assert_eq!(hear(&whole.as_bytes()[..end], 17485), Heard::Incomplete, "{end}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for (line, headers, refusal) in [
            ("POST /callback?code=c HTTP/1.1", HERE, Refusal::OtherMethod),
            ("HEAD /callback?code=c HTTP/1.1", HERE, Refusal::OtherMethod),
            ("OPTIONS /callback HTTP/1.1", HERE, Refusal::OtherMethod),
            ("GET / HTTP/1.1", HERE, Refusal::NotFound),
            ("GET /favicon.ico HTTP/1.1", HERE, Refusal::NotFound),
            ("GET /callback/ HTTP/1.1", HERE, Refusal::NotFound),
            ("GET /CALLBACK HTTP/1.1", HERE, Refusal::NotFound),
            ("GET /%63allback HTTP/1.1", HERE, Refusal::NotFound),
            ("GET //callback HTTP/1.1", HERE, Refusal::NotFound),
            ("GET http://127.0.0.1:17485/callback HTTP/1.1", HERE, Refusal::NotFound),
            ("GET /callback HTTP/1.1", "", Refusal::OtherHost),
            ("GET /callback HTTP/1.1", "Host: 127.0.0.1\r\n", Refusal::OtherHost),
            ("GET /callback HTTP/1.1", "Host: 127.0.0.1:1\r\n", Refusal::OtherHost),
            ("GET /callback HTTP/1.1", "Host: evil.example:17485\r\n", Refusal::OtherHost),
            ("GET /callback HTTP/1.1", "Host: 127.0.0.1:17485.evil.example\r\n", Refusal::OtherHost),
            ("GET /callback HTTP/1.1", "Host: 127.0.0.1:17485\r\nHost: evil.example\r\n", Refusal::OtherHost),
            ("GET /callback HTTP/9.9", HERE, Refusal::BadRequest),
            ("\x16\x03\x01\x02", "", Refusal::BadRequest),
            ("GET /call back HTTP/1.1", HERE, Refusal::BadRequest),
            ("GET /callback HTTP/1.1", "Ho st: 127.0.0.1:17485\r\n", Refusal::BadRequest),
        ] {
            let bytes = request(line, headers);
            assert_eq!(hear(bytes.as_bytes(), 17485), Heard::Refused(refusal), "{line} {headers}");
        }
        let many = request("GET /callback HTTP/1.1", &"A: b\r\n".repeat(65));
        assert_eq!(hear(many.as_bytes(), 17485), Heard::Refused(Refusal::TooLong));
        let endless = format!("GET /callback?{}", "x".repeat(REQUEST_LIMIT));
        assert_eq!(hear(endless.as_bytes(), 17485), Heard::Refused(Refusal::TooLong));
    }

    #[test]
    fn answers_are_whole_and_shut() {
        for outcome in [Ok(()), Err(Refusal::BadRequest), Err(Refusal::OtherMethod), Err(Refusal::TooLong)] {
            let response = response(outcome);
            let (head, page) = response.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}", page.len())));
            for header in
                ["Cache-Control: no-store", "Referrer-Policy: no-referrer", "default-src 'none'", "Connection: close"]
            {
                assert!(head.contains(header), "{header}");
            }
            assert!(!page.contains("<script") && !page.contains("src="));
        }
    }

    #[test]
    fn fuzz_callback() {
        let state = crate::oauth::State::new().unwrap();
        crate::fuzz::target("callback", |bytes| {
            if let Heard::Callback(query) = hear(bytes, 17485) {
                assert!(bytes.starts_with(b"GET /callback"));
                // Without this attempt's own state nothing gets further.
                assert!(crate::oauth::Callback::from_query(query, &state).is_err());
            }
            let text = String::from_utf8_lossy(bytes);
            assert!(crate::oauth::Callback::from_pasted(&text, &state).is_err());
        });
    }
}
