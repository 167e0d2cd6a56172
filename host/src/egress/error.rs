//! Why no answer came.

use std::error::Error;
use std::io;

use crate::failure::{Failure, Reason};
use crate::policy;

use super::LARGEST_ANSWER;
use super::request::Destination;
use super::resolve::{Misplaced, Unresolved};

/// Why a request has no answer. No variant holds an address, a body or a certificate's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The name of the host isn't known.
    #[error("dns")]
    Dns,
    /// The host's address is where no portal may be: on this computer, or in the network it is in.
    #[error("address")]
    Address,
    /// No connection.
    #[error("connect")]
    Connect,
    /// A connection, but not with whom it should be.
    #[error("tls")]
    Tls(TlsProblem),
    /// No (whole) answer within the deadline.
    #[error("timeout")]
    Timeout {
        /// The deadline.
        seconds: u64,
    },
    /// The answer, unpacked, is larger than any real one.
    #[error("too_large")]
    TooLarge,
    /// The connection broke, or what came is no HTTP.
    #[error("broken")]
    Broken,
    /// The ledger can't be written: nothing was sent.
    #[error("ledger")]
    Ledger,
}

/// What is wrong with the other side's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsProblem {
    /// Issued by an authority that this computer doesn't trust.
    Untrusted,
    /// Its time is over, or hasn't begun.
    Expired,
    /// It belongs to another name.
    OtherName,
    /// Something else: revoked, malformed, no protocol version in common.
    Other,
}

impl EgressError {
    /// As a person is told.
    #[must_use]
    pub fn to_failure(self, destination: &Destination) -> Failure {
        let failure = |reason| Failure::new(reason).with("host", destination);
        match self {
            Self::Dns => failure(Reason::HostUnknown),
            Self::Address => failure(Reason::AddressNotPublic).with("place", policy::PLACE),
            Self::Connect => failure(Reason::CannotConnect),
            Self::Tls(TlsProblem::Untrusted) => failure(Reason::CertificateUntrusted),
            Self::Tls(TlsProblem::Expired) => failure(Reason::CertificateExpired),
            Self::Tls(TlsProblem::OtherName) => failure(Reason::CertificateOtherName),
            Self::Tls(TlsProblem::Other) => failure(Reason::TlsFailed),
            Self::Timeout { seconds } => failure(Reason::AnswerTooSlow).with("seconds", seconds),
            Self::TooLarge => failure(Reason::AnswerTooLarge).with("megabytes", LARGEST_ANSWER >> 20),
            Self::Broken => failure(Reason::AnswerBroken),
            Self::Ledger => Reason::LedgerUnwritable.into(),
        }
    }

    /// Why a name led nowhere.
    pub(super) fn of_resolving(error: &(dyn Error + 'static)) -> Self {
        if error.is::<Misplaced>() { Self::Address } else { Self::Dns }
    }

    /// Finds out what happened. Only the kinds of the errors are looked at: their texts hold addresses.
    pub(super) fn classify(error: &reqwest::Error, seconds: u64) -> Self {
        if error.is_timeout() && !error.is_connect() {
            return Self::Timeout { seconds };
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(this) = cause {
            if this.is::<Unresolved>() {
                return Self::Dns;
            }
            if this.is::<Misplaced>() {
                return Self::Address;
            }
            if let Some(problem) = tls_problem(this) {
                return Self::Tls(problem);
            }
            cause = this.source();
        }
        if error.is_connect() { Self::Connect } else { Self::Broken }
    }
}

pub(super) fn tls_problem(error: &(dyn Error + 'static)) -> Option<TlsProblem> {
    // An io::Error's source skips the error it wraps, which may wrap another one.
    let mut innermost = error;
    while let Some(wrapped) = innermost.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        innermost = wrapped;
    }
    let tls = innermost.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(certificate) = tls else { return Some(TlsProblem::Other) };
    Some(certificate_problem(certificate))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "rustls may add kinds; all others read the same")]
fn certificate_problem(error: &rustls::CertificateError) -> TlsProblem {
    use rustls::CertificateError as E;
    match error {
        E::UnknownIssuer | E::BadSignature => TlsProblem::Untrusted,
        E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. } => TlsProblem::Expired,
        E::NotValidForName | E::NotValidForNameContext { .. } => TlsProblem::OtherName,
        _ => TlsProblem::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_inside_an_io_error_is_found() {
        let wrap = |certificate| io::Error::other(io::Error::other(rustls::Error::InvalidCertificate(certificate)));
        assert_eq!(tls_problem(&wrap(rustls::CertificateError::UnknownIssuer)), Some(TlsProblem::Untrusted));
        assert_eq!(tls_problem(&wrap(rustls::CertificateError::Expired)), Some(TlsProblem::Expired));
        assert_eq!(tls_problem(&wrap(rustls::CertificateError::NotValidForName)), Some(TlsProblem::OtherName));
        assert_eq!(tls_problem(&wrap(rustls::CertificateError::Revoked)), Some(TlsProblem::Other));
        assert_eq!(tls_problem(&rustls::Error::DecryptError), Some(TlsProblem::Other));
        assert_eq!(tls_problem(&io::Error::from(io::ErrorKind::ConnectionRefused)), None);
    }

    #[test]
    fn every_error_is_a_sentence_about_the_host() {
        let destination = Destination::Portal("acme.bitrix24.com".parse().unwrap());
        for error in [
            EgressError::Dns,
            EgressError::Address,
            EgressError::Connect,
            EgressError::Tls(TlsProblem::Untrusted),
            EgressError::Tls(TlsProblem::Expired),
            EgressError::Tls(TlsProblem::OtherName),
            EgressError::Tls(TlsProblem::Other),
            EgressError::Timeout { seconds: 20 },
            EgressError::TooLarge,
            EgressError::Broken,
        ] {
            let failure = error.to_failure(&destination);
            assert!(failure.message().contains("acme.bitrix24.com"), "{error:?}");
            assert!(!failure.message().contains('?') && !failure.hint().contains('?'), "{error:?}");
        }
    }
}
