//! A small client and a portal to talk to.

use std::sync::OnceLock;

use demo::{Portal, PortalOptions};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

/// A portal whose clock stands still, and a client that has connected to it as Lena.
pub(crate) struct Session {
    pub(crate) portal: Portal,
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

/// An HTTP answer, taken in.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The `result`, which must be there.
    pub(crate) fn result(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json().get("result").cloned().unwrap_or_else(|| panic!("no result in {}", self.text))
    }

    /// Status, `error` and `error_description`.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned();
        (self.status, text("error"), text("error_description"))
    }

    /// Status and `error`.
    pub(crate) fn code(&self) -> (u16, String) {
        let (status, code, _) = self.error();
        (status, code)
    }
}

#[expect(clippy::disallowed_types, reason = "the fake portal has no egress; its tests are the only client here")]
pub(crate) fn http() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| builder().build().unwrap())
}

#[expect(clippy::disallowed_types, reason = "the fake portal has no egress; its tests are the only client here")]
pub(crate) fn builder() -> reqwest::ClientBuilder {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // No pool: each test has a runtime of its own, and a connection can't outlive the one it was made on.
    reqwest::ClientBuilder::new()
        .no_proxy()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .user_agent("portal-test/1")
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let header =
        |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let (status, location, content_type) = (response.status().as_u16(), header("location"), header("content-type"));
    Answer { status, location, content_type, text: response.text().await.unwrap() }
}

pub(crate) async fn get(url: &str) -> Answer {
    read(http().get(url)).await
}

pub(crate) async fn post_json(url: &str, body: &Value) -> Answer {
    read(http().post(url).header("content-type", "application/json").body(body.to_string())).await
}

pub(crate) async fn post_form(url: &str, body: &str) -> Answer {
    let request = http().post(url).header("content-type", "application/x-www-form-urlencoded");
    read(request.body(body.to_owned())).await
}

/// The value of a query parameter of an address, still encoded.
pub(crate) fn query(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap_or_else(|| panic!("no query in {address}"));
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("no {name} in {address}")).to_owned()
}

pub(crate) fn start() -> Portal {
    Portal::start(PortalOptions { frozen_clock: true, ..PortalOptions::default() }).unwrap()
}

/// Asks for authorization as a browser would and answers the address it is sent to.
pub(crate) async fn authorize(portal: &Portal) -> Answer {
    get(&format!("{}/oauth/authorize/?client_id={}&state=s1", portal.base_url(), portal.client_id())).await
}

pub(crate) fn token_form(portal: &Portal, grant_type: &str, name: &str, value: &str) -> String {
    let (id, secret) = (portal.client_id(), portal.client_secret());
    format!("grant_type={grant_type}&client_id={id}&client_secret={secret}&{name}={value}")
}

pub(crate) async fn token(portal: &Portal, grant_type: &str, name: &str, value: &str) -> Answer {
    let url = format!("{}/oauth/token/", portal.base_url());
    post_form(&url, &token_form(portal, grant_type, name, value)).await
}

pub(crate) async fn connect() -> Session {
    let portal = start();
    let code = query(&authorize(&portal).await.location, "code");
    let body = token(&portal, "authorization_code", "code", &code).await.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Session { token: text("access_token"), refresh_token: text("refresh_token"), portal }
}

impl Session {
    /// A call with the access token.
    pub(crate) async fn call(&self, method: &str, mut params: Value) -> Answer {
        params["auth"] = json!(self.token);
        post_json(&format!("{}/rest/{method}", self.portal.base_url()), &params).await
    }

    /// A call's `result`.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        self.call(method, params).await.result()
    }

    /// A call's status, error code and text.
    pub(crate) async fn error(&self, method: &str, params: Value) -> (u16, String, String) {
        self.call(method, params).await.error()
    }

    /// A batch's `result`, the five maps.
    pub(crate) async fn batch(&self, commands: Value) -> Value {
        self.result("batch", json!({ "halt": 0, "cmd": commands })).await
    }

    /// A call through Lena's webhook.
    pub(crate) async fn webhook(&self, method: &str, params: Value) -> Answer {
        post_json(&format!("{}{method}", self.portal.webhook_url()), &params).await
    }
}

/// The error of a legacy method: 400, no code, a sentence.
pub(crate) fn legacy_error(text: &str) -> (u16, String, String) {
    (400, String::new(), text.to_owned())
}

/// The values of one key in a list of rows.
pub(crate) fn column(rows: &Value, key: &str) -> Vec<Value> {
    rows.as_array().unwrap_or_else(|| panic!("not a list: {rows}")).iter().map(|row| row[key].clone()).collect()
}
