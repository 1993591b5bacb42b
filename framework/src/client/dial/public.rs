//! Addresses that anybody may call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public Internet, for [`Connector::allow_addresses`].
///
/// It is not if IANA has set it apart: loopback, private and link-local networks, those of carriers, of documentation
/// and benchmarks, multicast, what is reserved; nor if a cloud serves its metadata there. An address of IPv6 that
/// stands for one of IPv4, mapped or by NAT64, is as public as that.
///
/// ```
/// use counterpart::client::is_public;
///
/// assert!(is_public([93, 184, 216, 34].into()));
/// assert!(!is_public([169, 254, 169, 254].into()));
/// assert!(!is_public("::ffff:127.0.0.1".parse().unwrap()));
/// ```
///
/// [`Connector::allow_addresses`]: crate::client::Connector::allow_addresses
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !RESERVED_V4.iter().any(|&([a, b, c, d], prefix)| {
        (bits ^ Ipv4Addr::new(a, b, c, d).to_bits()).leading_zeros() >= prefix
    })
}

/// Of IPv6 only 2000::/3 is given out, and not all of that.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let is_in = |&(first, second, prefix): &(u16, u16, u32)| {
        let network = u128::from(first) << 112 | u128::from(second) << 96;
        (bits ^ network).leading_zeros() >= prefix
    };
    is_in(&(0x2000, 0, 3)) && !RESERVED_V6.iter().any(is_in)
}

/// The address of IPv4 that one of IPv6 stands for: mapped (RFC 4291 §2.5.5.2), or by NAT64 (RFC 6052 §2.1).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, ..] = address.segments();
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => {
            let [.., w, x, y, z] = address.octets();
            Some(Ipv4Addr::new(w, x, y, z))
        }
        _ => None,
    }
}

/// What IANA's registry of special-purpose addresses has, multicast, and one address of metadata that is no private one.
const RESERVED_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([168, 63, 129, 16], 32),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// What of 2000::/3 leads elsewhere: protocols and tunnels of the IETF, documentation, and 6to4.
const RESERVED_V6: [(u16, u16, u32); 4] =
    [(0x2001, 0, 23), (0x2001, 0xdb8, 32), (0x2002, 0, 16), (0x3fff, 0, 20)];

#[cfg(test)]
mod tests {
    use super::*;

    /// C08: what nobody else may lead us to is told from what anybody may call.
    #[test]
    fn what_is_public() {
        for public in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in "0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 \
            169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.168.1.1 198.19.0.1 198.51.100.1 \
            203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 \
            64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 \
            fd00:ec2::254 fe80::1 fec0::1 ff02::1"
            .split_whitespace()
        {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }
}
