//! Asking an authorization server for tokens.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::http::{Response, header};
use oauth2::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, RefreshToken, RequestTokenError, StandardRevocableToken, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::answer::{ErrorAnswer, Granted, TokenAnswer};
use crate::egress::{Answer, Body, Destination, Egress, Outgoing, Purpose};
use crate::failure::{Failure, Reason};
use crate::portal::AuthorizationServer;

/// A code lives for 30 seconds; an answer that takes longer than this comes too late for another try.
const DEADLINE: Duration = Duration::from_secs(20);

/// The portal's local application, as its authorization server knows it.
pub struct Application {
    /// Where tokens come from. The secret goes there and nowhere else.
    pub server: AuthorizationServer,
    /// `local.…`
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

type Sending = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send>>;

type TokenClient = Client<
    ErrorAnswer,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Exchanges the redirect's code.
///
/// # Errors
/// When there are no tokens: [`Reason::CodeTooOld`], a wrong id or secret, a server out of reach, …
pub async fn exchange_code(
    egress: Arc<Egress>,
    application: Application,
    code: SecretString,
    now: Timestamp,
) -> Result<Granted, Failure> {
    let send = application.sender(egress, Purpose::Connect);
    let code = AuthorizationCode::new(code.expose_secret().to_owned());
    let answer = application.client().exchange_code(code).request_async(&send).await;
    answer.map(|answer| answer.granted(now)).map_err(|error| explain(error, Reason::CodeTooOld))
}

/// Exchanges a refresh token. The answer replaces it: whether it would work again is undocumented.
///
/// # Errors
/// When there are no tokens: [`Reason::RefreshTokenInvalid`] if only connecting again helps.
pub(super) async fn exchange_refresh(
    egress: Arc<Egress>,
    application: Application,
    refresh: SecretString,
    now: Timestamp,
) -> Result<Granted, Failure> {
    let send = application.sender(egress, Purpose::Refresh);
    let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
    let answer = application.client().exchange_refresh_token(&refresh).request_async(&send).await;
    answer.map(|answer| answer.granted(now)).map_err(|error| explain(error, Reason::RefreshTokenInvalid))
}

impl Application {
    fn client(&self) -> TokenClient {
        Client::new(ClientId::new(self.client_id.to_owned()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose_secret().to_owned()))
            // In the form, as the documentation has it; and as a form, so that the secret stands in no address.
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(self.server.endpoint("/oauth/token/")))
    }

    /// What the crate sends its requests with. It owns all it needs, so that a refresh can outlive whoever asked for it.
    fn sender(&self, egress: Arc<Egress>, purpose: Purpose) -> impl Fn(HttpRequest) -> Sending + Send + Sync + use<> {
        let server = self.server.clone();
        move |request| Box::pin(send(Arc::clone(&egress), server.clone(), purpose, request))
    }
}

/// Carries one of the crate's requests through egress.
async fn send(
    egress: Arc<Egress>,
    server: AuthorizationServer,
    purpose: Purpose,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let destination = Destination::AuthorizationServer(server);
    let outgoing = Outgoing {
        purpose,
        destination: destination.clone(),
        path: request.uri().path().to_owned().into(),
        body: Body::Form(Zeroizing::new(request.into_body())),
        methods: BTreeMap::new(),
        addresses: Vec::new(),
        deadline: DEADLINE,
    };
    let answer = egress.send(outgoing).await.map_err(|error| error.to_failure(&destination))?;
    to_response(&answer, &destination)
}

/// What came, as the crate reads it.
fn to_response(answer: &Answer, destination: &Destination) -> Result<HttpResponse, Failure> {
    let broken = || Failure::new(Reason::AuthorizationServerBroken).with("host", destination);
    let status = match answer.status {
        // An error is an error, whatever the status says.
        200 if ErrorAnswer::is_in(&answer.body) => 400,
        200 => 200,
        status if ErrorAnswer::is_in(&answer.body) => status,
        _ => return Err(broken()),
    };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, &answer.content_type)
        .body(answer.body.to_vec())
        .map_err(|_| broken())
}

fn explain(error: RequestTokenError<Failure, ErrorAnswer>, grant: Reason) -> Failure {
    match error {
        RequestTokenError::ServerResponse(answer) => answer.meaning(grant),
        RequestTokenError::Request(failure) => failure,
        // The crate's own words may quote the answer.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Reason::TokenAnswerUnreadable.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::{PortalUrl, RestEndpoint};

    /// What the host makes of a token answer of that status.
    fn read(status: u16, body: &[u8], now: Timestamp) -> Result<Granted, Failure> {
        let server = AuthorizationServer::official().next().unwrap();
        let destination = Destination::AuthorizationServer(server.clone());
        let application = Application { server, client_id: "local.5f0".into(), client_secret: "s3cret".into() };
        let answer = Answer {
            status,
            date: None,
            retry_after: None,
            location: None,
            content_type: "application/json".into(),
            body: Zeroizing::new(body.to_vec()),
        };
        let send = |_: HttpRequest| to_response(&answer, &destination);
        let granted = application.client().exchange_code(AuthorizationCode::new("s3cret".into())).request(&send);
        granted.map(|granted| granted.granted(now)).map_err(|error| explain(error, Reason::CodeTooOld))
    }

    #[test]
    fn fuzz_grant() {
        let portal: PortalUrl = "acme.bitrix24.com".parse().unwrap();
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let told = |failure: &Failure| {
            let told = format!("{failure:?} {} {}", failure.message(), failure.hint());
            assert!(!told.contains("s3cret"), "{told}");
        };
        crate::fuzz::target("grant", |bytes| {
            for status in [200, 401, 502] {
                let granted = match read(status, bytes, now) {
                    Ok(granted) => granted,
                    Err(failure) => {
                        told(&failure);
                        continue;
                    }
                };
                assert_eq!(status, 200);
                let life = granted.expires.as_second() - now.as_second();
                assert!((1..=86_400).contains(&life), "{life}");
                // Wherever it names, a token goes to the portal that was asked, and a secret to a server that is compiled in.
                match RestEndpoint::new(portal.clone(), granted.client_endpoint.as_deref().unwrap_or_default()) {
                    Ok(endpoint) => {
                        let named: url::Url = granted.client_endpoint.as_deref().unwrap().parse().unwrap();
                        assert_eq!(named.origin(), portal.endpoint(endpoint.path()).origin(), "{named}");
                    }
                    Err(failure) => told(&failure),
                }
                match AuthorizationServer::new(&portal, granted.server_endpoint.as_deref().unwrap_or_default()) {
                    Ok(server) => assert!(AuthorizationServer::official().any(|official| official == server)),
                    Err(failure) => told(&failure),
                }
            }
        });
    }
}
