//! Which way out the administrator allows.

use serde::Deserialize;
use url::Url;

/// The way out of this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ProxyMode {
    /// The proxy of the system's settings and of the environment, if there is one.
    #[default]
    System,
    /// None, whatever system and environment say.
    Direct,
    /// This one, whatever system and environment say. An origin, `http` or `https`.
    Fixed(Url),
}

/// The value is no way out.
#[derive(Debug, thiserror::Error)]
#[error("neither system, direct nor the address of a proxy")]
pub struct NoWayOut;

impl TryFrom<String> for ProxyMode {
    type Error = NoWayOut;

    fn try_from(text: String) -> Result<Self, NoWayOut> {
        match text.as_str() {
            "system" => return Ok(Self::System),
            "direct" => return Ok(Self::Direct),
            _ => {}
        }
        let url = Url::parse(&text).map_err(|_| NoWayOut)?;
        // A policy is readable by everybody on the computer: no place for a password.
        let more = !url.username().is_empty() || url.password().is_some();
        let more = more || url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        if more || url.host().is_none() || !matches!(url.scheme(), "http" | "https") {
            return Err(NoWayOut);
        }
        Ok(Self::Fixed(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> Option<ProxyMode> {
        text.to_owned().try_into().ok()
    }

    #[test]
    fn reads_the_three_ways_out() {
        assert_eq!(mode("system"), Some(ProxyMode::System));
        assert_eq!(mode("direct"), Some(ProxyMode::Direct));
        for address in ["http://proxy.acme.com:3128", "https://proxy.acme.com/"] {
            assert_eq!(mode(address), Some(ProxyMode::Fixed(address.parse().unwrap())));
        }
    }

    #[test]
    fn what_would_be_another_way_is_refused() {
        for wrong in [
            "",
            "System",
            "fixed",
            "proxy.acme.com:3128",
            "http://",
            "socks5://proxy.acme.com",
            "http://ann@proxy.acme.com",
            "http://ann:pw@proxy.acme.com",
            "http://proxy.acme.com/proxy.pac",
            "http://proxy.acme.com/?x",
            "file:///etc/proxy.pac",
        ] {
            assert_eq!(mode(wrong), None, "{wrong}");
        }
    }
}
