//! One attempt to connect: from opening the browser to the redirect.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::browser::BrowserOpener;
use super::flow::{Callback, State, authorize_url};
use super::listener::Listener;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

/// How long the person may take to sign in to the portal. It sends no redirect when they give up.
const PATIENCE: Duration = Duration::from_secs(300);

/// The attempt that is running, if any, so that a pasted address finds it.
#[derive(Clone, Default)]
pub struct Attempts(Arc<Mutex<Option<Waiting>>>);

struct Waiting {
    state: Arc<State>,
    pasted: oneshot::Sender<Callback>,
}

impl Attempts {
    /// Sends the person to the portal and waits for them to come back: to `listener`, or by a pasted address.
    /// `opened` is called once the browser is on its way.
    ///
    /// Dropping the future ends the attempt.
    ///
    /// # Errors
    /// [`Reason::ConnectRunning`], [`Reason::NoBrowser`], [`Reason::ConnectTimedOut`]
    pub async fn run(
        &self,
        portal: &PortalUrl,
        client_id: &str,
        listener: &Listener,
        browser: &impl BrowserOpener,
        opened: impl FnOnce(),
    ) -> Result<Callback, Failure> {
        let state = Arc::new(State::new()?);
        let page = authorize_url(portal, client_id, &state)?;
        let (_running, pasted) = self.begin(&state)?;
        let opening = async {
            browser.open(&page).await?;
            opened();
            Ok(())
        };
        let redirected = async {
            tokio::select! {
                callback = listener.wait(&state) => callback,
                Ok(callback) = pasted => callback,
            }
        };
        tokio::time::timeout(PATIENCE, come_back(opening, redirected))
            .await
            .unwrap_or_else(|_| Err(Reason::ConnectTimedOut.into()))
    }

    /// Hands the running attempt the address the browser ended at.
    ///
    /// # Errors
    /// [`Reason::NoConnectRunning`]; the attempt goes on waiting if the address isn't the one it waits for.
    pub fn paste(&self, address: &str) -> Result<(), Failure> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = waiting.as_ref().ok_or(Reason::NoConnectRunning)?;
        let callback = Callback::from_pasted(address, &attempt.state)?;
        if let Some(attempt) = waiting.take() {
            let _redirected_meanwhile = attempt.pasted.send(callback);
        }
        Ok(())
    }

    fn begin(&self, state: &Arc<State>) -> Result<(Running, oneshot::Receiver<Callback>), Failure> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.as_ref().is_some_and(|attempt| !attempt.pasted.is_closed()) {
            return Err(Reason::ConnectRunning.into());
        }
        let (pasted, receiver) = oneshot::channel();
        *waiting = Some(Waiting { state: Arc::clone(state), pasted });
        Ok((Running(self.clone()), receiver))
    }
}

/// Waits for the redirect already while the browser is being opened: a text browser is open for as long as the person reads.
async fn come_back(
    opening: impl Future<Output = Result<(), Failure>>,
    redirected: impl Future<Output = Callback>,
) -> Result<Callback, Failure> {
    tokio::pin!(redirected);
    tokio::select! {
        biased;
        opened = opening => opened?,
        callback = &mut redirected => return Ok(callback),
    }
    Ok(redirected.await)
}

/// Forgets the attempt when it ends, however it ends.
struct Running(Attempts);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use url::Url;

    use super::*;

    /// A person who does nothing but look.
    #[derive(Default)]
    struct Looks(RefCell<Option<Url>>);

    impl BrowserOpener for Looks {
        async fn open(&self, page: &Url) -> Result<(), Failure> {
            *self.0.borrow_mut() = Some(page.clone());
            Ok(())
        }
    }

    struct NoBrowser;

    impl BrowserOpener for NoBrowser {
        async fn open(&self, _: &Url) -> Result<(), Failure> {
            Err(Reason::NoBrowser.into())
        }
    }

    fn portal() -> PortalUrl {
        "acme.bitrix24.com".parse().unwrap()
    }

    fn redirect(page: &Url) -> String {
        let state = page.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        format!("http://127.0.0.1:17485/callback?code=c&state={state}&domain=acme.bitrix24.com&member_id=m")
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_who_never_comes_back_is_not_waited_for_for_ever() {
        let (attempts, browser) = (Attempts::default(), Looks::default());
        let listener = Listener::bind(0).await.unwrap();
        let opened = RefCell::new(0);
        let failure =
            attempts.run(&portal(), "id", &listener, &browser, || *opened.borrow_mut() += 1).await.unwrap_err();
        assert_eq!((failure.reason(), *opened.borrow()), (Reason::ConnectTimedOut, 1));
        let page = browser.0.borrow().clone().unwrap();
        assert_eq!(attempts.paste(&redirect(&page)).unwrap_err().reason(), Reason::NoConnectRunning);
    }

    #[tokio::test]
    async fn a_pasted_address_takes_the_redirects_place_once() {
        let (attempts, browser) = (Attempts::default(), Looks::default());
        let listener = Listener::bind(0).await.unwrap();
        let portal = portal();
        let run = attempts.run(&portal, "id", &listener, &browser, || {});
        let paste = async {
            while browser.0.borrow().is_none() {
                tokio::task::yield_now().await;
            }
            let page = browser.0.borrow().clone().unwrap();
            let wrong = attempts.paste("http://127.0.0.1:17485/callback?code=c&state=x&domain=d&member_id=m");
            assert_eq!(wrong.unwrap_err().reason(), Reason::CallbackOtherState);
            assert_eq!(attempts.paste("nonsense").unwrap_err().reason(), Reason::CallbackMalformed);
            let second = attempts.run(&portal, "id", &listener, &browser, || {}).await.unwrap_err();
            assert_eq!(second.reason(), Reason::ConnectRunning);
            attempts.paste(&redirect(&page)).unwrap();
            assert_eq!(attempts.paste(&redirect(&page)).unwrap_err().reason(), Reason::NoConnectRunning);
        };
        let (callback, ()) = tokio::join!(run, paste);
        assert_eq!(callback.unwrap().member_id, "m");
    }

    /// A browser in the terminal: it is open until the person is back.
    struct TextBrowser(u16);

    impl BrowserOpener for TextBrowser {
        #[expect(clippy::disallowed_methods, reason = "the test is the browser")]
        async fn open(&self, page: &Url) -> Result<(), Failure> {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let redirect = redirect(page);
            let target = redirect.split_once("17485").unwrap().1;
            let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.0);
            let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", self.0)).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_browser_that_stays_open_is_not_waited_for() {
        let listener = Listener::bind(0).await.unwrap();
        let port = Url::parse(&listener.address()).unwrap().port().unwrap();
        let callback = Attempts::default().run(&portal(), "id", &listener, &TextBrowser(port), || {}).await;
        assert_eq!(callback.unwrap().member_id, "m");
    }

    #[tokio::test]
    async fn without_a_browser_the_attempt_ends_at_once_and_leaves_room_for_another() {
        let attempts = Attempts::default();
        let listener = Listener::bind(0).await.unwrap();
        for _ in 0..2 {
            let failure = attempts.run(&portal(), "id", &listener, &NoBrowser, || {}).await.unwrap_err();
            assert_eq!(failure.reason(), Reason::NoBrowser);
        }
    }
}
