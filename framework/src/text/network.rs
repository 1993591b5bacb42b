//! Networks of IP addresses, as `10.0.0.0/8` writes them (RFC 4632 §3.1, RFC 4291 §2.3).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A network, or one address; IPv4 that came in IPv6's clothes is IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    /// How many leading bits all of its addresses have in common.
    prefix: u8,
}

/// Words that are no network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkError(pub(crate) String);

impl Network {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let differ = match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros()
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        differ >= u32::from(self.prefix)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(words: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(words.to_owned());
        let (address, prefix) = match words.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (words, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => most,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
        };
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no network; it is an address such as 10.0.0.1 or 2001:db8::1, alone or with the bits that count, \
             such as 10.0.0.0/8, or `unix` for all that comes over a Unix socket",
            self.0
        )
    }
}

impl std::error::Error for NetworkError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_begins_as_they_do() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.128/25", "::ffff:192.0.2.200", "192.0.2.1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("fd00::1/128", "fd00::1", "fd00::2"),
            ("0.0.0.0/0", "203.0.113.1", "::1"),
        ] {
            let found: Network = network.parse().unwrap();
            assert!(found.contains(inside.parse().unwrap()), "{inside} in {network}");
            assert!(!found.contains(outside.parse().unwrap()), "{outside} in {network}");
        }
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/-1", "a"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
