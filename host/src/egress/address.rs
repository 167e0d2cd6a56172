//! Which addresses a name may lead to.
//!
//! A name is whatever its owner's DNS says, so a portal's name can lead into the computer or the company's network. Sources:
//! the IANA special-purpose address registries (RFC 6890), and the clouds' documents for their metadata services.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// Where a destination is expected to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// This machine itself: the portal's address says so.
    Loopback,
    /// The internet.
    Internet,
    /// The internet or the company's network: the administrator named the portal.
    Company,
    /// The internet, or one of these addresses in the company's network: a person agreed to them.
    Agreed(Arc<[IpAddr]>),
}

/// Where an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Loopback,
    Internet,
    Company,
    /// No portal is there: link-local, metadata, multicast, reserved, or another address in disguise.
    Nowhere,
}

impl Reach {
    /// Whether a connection to `address` may be opened.
    pub(super) fn covers(&self, address: IpAddr) -> bool {
        match (place(address), self) {
            (Place::Loopback, reach) => *reach == Self::Loopback,
            (Place::Internet, reach) => *reach != Self::Loopback,
            (Place::Company, Self::Company) => true,
            (Place::Company, Self::Agreed(addresses)) => addresses.contains(&address),
            (Place::Company, Self::Loopback | Self::Internet) | (Place::Nowhere, _) => false,
        }
    }
}

fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => place_v6(address),
    }
}

/// 198.18.0.0/15 counts as the internet: VPN programs answer with it for names they take care of.
fn place_v4(address: Ipv4Addr) -> Place {
    match address.octets() {
        [127, ..] => Place::Loopback,
        // Metadata services: of Alibaba (inside 100.64.0.0/10) and Azure (among public addresses).
        [100, 100, 100, 200] | [168, 63, 129, 16] => Place::Nowhere,
        // 100.64.0.0/10, RFC 6598: a provider's or a VPN's inside.
        [100, 64..=127, ..] => Place::Company,
        // This network, link-local (most clouds' metadata, too), what is assigned to protocols (RFC 6890), multicast and beyond:
        // reserved and broadcast.
        [0 | 224..=255, ..] | [169, 254, ..] | [192, 0, 0, _] => Place::Nowhere,
        _ if address.is_private() => Place::Company,
        _ => Place::Internet,
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        // What a translator leads to is on the internet or it is not what it seems.
        match place_v4(Ipv4Addr::new(a, b, c, d)) {
            Place::Internet => Place::Internet,
            Place::Loopback | Place::Company | Place::Nowhere => Place::Nowhere,
        }
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Place::Loopback,
        // Metadata services inside fc00::/7: of Amazon (with its time and name servers), Google and Scaleway.
        [0xfd00, 0x0ec2, ..] | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254] | [0xfd00, 0x0042, 0, 0, 0, 0, 0, 0x0042] => {
            Place::Nowhere
        }
        // NAT64, RFC 6052: how a computer without IPv4 reaches it.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        // 6to4, RFC 3056.
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, RFC 4380, hides an IPv4 address in inverted bits.
        [0x2001, 0, ..] => Place::Nowhere,
        [0xfc00..=0xfdff, ..] => Place::Company,
        // All global unicast is in 2000::/3; the rest is unspecified, mapped IPv4, link-local, site-local, multicast.
        [0x2000..=0x3fff, ..] => Place::Internet,
        _ => Place::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(reach: &Reach, addresses: &[&str]) -> Vec<bool> {
        addresses.iter().map(|address| reach.covers(address.parse().unwrap())).collect()
    }

    const INTERNET: &[&str] =
        &["93.184.215.14", "172.32.0.1", "100.128.0.1", "198.18.0.7", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"];
    const COMPANY: &[&str] = &["10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12::1"];
    const LOOPBACK: &[&str] = &["127.0.0.1", "127.9.9.9", "::1"];
    const NOWHERE: &[&str] = &[
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.5",
        "::ffff:93.184.215.14",
        "::7f00:1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:42::42",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:5",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:5::1",
        "2001::1",
    ];

    #[test]
    fn sec_17_a_public_portal_is_on_the_internet() {
        assert!(covers(&Reach::Internet, INTERNET).iter().all(|covered| *covered));
        for others in [COMPANY, LOOPBACK, NOWHERE] {
            assert!(covers(&Reach::Internet, others).iter().all(|covered| !covered), "{others:?}");
        }
    }

    #[test]
    fn sec_17_a_named_portal_may_be_inside_the_company_but_not_elsewhere() {
        assert!(covers(&Reach::Company, INTERNET).iter().all(|covered| *covered));
        assert!(covers(&Reach::Company, COMPANY).iter().all(|covered| *covered));
        for others in [LOOPBACK, NOWHERE] {
            assert!(covers(&Reach::Company, others).iter().all(|covered| !covered), "{others:?}");
        }
    }

    #[test]
    fn sec_17_of_the_companys_network_a_person_agrees_to_addresses_and_to_nothing_else() {
        let everything: Vec<IpAddr> =
            [INTERNET, COMPANY, LOOPBACK, NOWHERE].concat().iter().map(|address| address.parse().unwrap()).collect();
        let agreed = Reach::Agreed(everything.into());
        for (addresses, covered) in [(INTERNET, true), (COMPANY, true), (LOOPBACK, false), (NOWHERE, false)] {
            assert!(covers(&agreed, addresses).iter().all(|one| *one == covered), "{addresses:?}");
        }
        let one = Reach::Agreed([COMPANY[0].parse().unwrap()].into());
        assert_eq!(covers(&one, COMPANY), [true, false, false, false, false, false]);
    }

    #[test]
    fn sec_17_a_portal_on_this_machine_is_nowhere_else() {
        assert!(covers(&Reach::Loopback, LOOPBACK).iter().all(|covered| *covered));
        for others in [INTERNET, COMPANY, NOWHERE] {
            assert!(covers(&Reach::Loopback, others).iter().all(|covered| !covered), "{others:?}");
        }
    }
}
