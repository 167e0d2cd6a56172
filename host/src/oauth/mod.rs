//! Getting tokens and keeping them fresh: OAuth 2.0 as Bitrix24 does it.
//!
//! A portal's local application is registered with one redirect address on this machine. The person's browser is sent to
//! the portal's authorize page and comes back to [`Listener`] with a code, which is exchanged for tokens at one of
//! Bitrix24's own authorization servers. There is no PKCE and no consent page, so `state` and the agreement of every answer
//! with what was asked carry the weight (docs/THREATS.md).
//!
//! `flow` and `answer` are pure; `exchange` and `refresh` send through egress; `listener` takes the redirect.

mod answer;
mod attempt;
mod browser;
mod exchange;
mod flow;
mod http;
mod listener;
mod lock;
mod refresh;

pub use answer::Granted;
pub use attempt::Attempts;
pub use browser::{BrowserOpener, SystemBrowser};
pub use exchange::{Application, exchange_code};
pub use flow::{CALLBACK_PATH, Callback, CallbackError, State, authorize_url, callback_address};
pub use listener::{DEFAULT_PORT, Listener, callback_port, is_free_beside};
pub use lock::{ConnectLock, TokenLock};
pub use refresh::StoredCredentials;
