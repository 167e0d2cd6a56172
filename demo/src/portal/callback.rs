//! Where a portal sends the browser back to, when nobody says.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

/// Below what Linux (from 32768), Windows and macOS (from 49152) lend to connections and to listeners on port 0, so nobody
/// gets such a port by chance between the moment it is chosen and the moment it is used.
const NEVER_LENT: Range<u16> = 20_000..32_000;

/// A loopback port that nobody has, for a program that takes it later.
///
/// # Errors
///
/// The system gives no random numbers, or no port is free.
pub fn free_port() -> io::Result<u16> {
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    // Anywhere in the range, so that tests that run at once don't meet.
    let skipped = usize::from(u16::from_ne_bytes(random)) % NEVER_LENT.len();
    let mut ports = NEVER_LENT.cycle().skip(skipped).take(NEVER_LENT.len());
    let free = ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    free.ok_or_else(|| io::ErrorKind::AddrInUse.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_free_and_not_one_the_system_lends() {
        let port = free_port().unwrap();
        assert!(NEVER_LENT.contains(&port), "{port}");
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    }
}
