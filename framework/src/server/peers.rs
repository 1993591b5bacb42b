//! Peers: how many connections each has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the connections of each peer, and lets none have more than so many.
#[derive(Debug)]
pub(super) struct Peers {
    most: usize,
    counts: Mutex<HashMap<IpAddr, usize>>,
}

/// The place of one connection, free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    peers: Arc<Peers>,
    of: IpAddr,
}

impl Peers {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, counts: Mutex::default() })
    }

    /// A place for a connection more, if its peer may have one.
    pub(super) fn enter(self: &Arc<Self>, peer: SocketAddr) -> Option<Place> {
        let of = who(peer.ip());
        let mut counts = self.lock();
        let count = counts.entry(of).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { peers: self.clone(), of })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // No code that can panic runs under the lock.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.peers.lock();
        match counts.get_mut(&self.of) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&self.of);
            }
        }
    }
}

/// An address of IPv6 stands for its network of 64 bits, whose addresses are all one subscriber's.
fn who(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_of_peers_that_are_gone() {
        let peers = Peers::new(1);
        let here = "[2001:db8::1]:1".parse().unwrap();
        let place = peers.enter(here).unwrap();
        assert!(peers.enter("[2001:db8::2]:2".parse().unwrap()).is_none());
        let another = peers.enter("192.0.2.1:1".parse().unwrap()).unwrap();
        assert!(peers.enter("[::ffff:192.0.2.1]:2".parse().unwrap()).is_none());
        drop((place, another));
        assert!(peers.lock().is_empty());
        assert!(peers.enter(here).is_some());
    }
}
