//! Opening the person's browser at the portal's authorize page.

use url::Url;

use crate::failure::{Failure, Reason};
use crate::thread::on_thread;

/// Shows a page to the person. A second implementation prints the address, a third lets tests follow it.
#[expect(async_fn_in_trait, reason = "the host is single-threaded; nobody needs the futures to be Send")]
pub trait BrowserOpener {
    /// Shows the page. It may come back at once, or when the person closes the browser.
    ///
    /// # Errors
    /// [`Reason::NoBrowser`]
    async fn open(&self, page: &Url) -> Result<(), Failure>;
}

/// The browser the person chose in their system's settings; on Linux `$BROWSER` comes before it. On macOS it is asked for by
/// `NSWorkspace`, which any thread may use:
/// <https://developer.apple.com/library/archive/documentation/Cocoa/Conceptual/Multithreading/ThreadSafetySummary/ThreadSafetySummary.html>
#[derive(Clone)]
pub struct SystemBrowser;

impl BrowserOpener for SystemBrowser {
    async fn open(&self, page: &Url) -> Result<(), Failure> {
        let page = page.clone();
        // A text browser is waited for, so this may take as long as the person does.
        let opened = on_thread(move || webbrowser::open(page.as_str()).map_err(|_| Failure::new(Reason::NoBrowser)));
        opened.await.unwrap_or_else(|| Err(Reason::NoBrowser.into()))
    }
}
