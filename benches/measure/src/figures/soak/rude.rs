//! Clients that do not do what clients should.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::net::sockopt::set_socket_linger;

use super::Endpoint;
use crate::load::{get, post};

/// All of them, and the connections they have left open.
#[derive(Debug)]
pub(super) struct Rude {
    address: SocketAddr,
    left: VecDeque<TcpStream>,
}

impl Rude {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, left: VecDeque::new() }
    }

    /// Connects and says half of a head, nonsense or half of a body; goes away in the midst of answers, or never.
    ///
    /// A server may refuse all of it, but it has to take the connections.
    pub(super) fn misbehave(&mut self) -> Result<()> {
        let whole = Endpoint::User.request();
        for _ in 0..EACH {
            let half = self.say(&whole[..whole.len() / 2])?;
            self.left.push_back(half);
            reset(&self.say(&whole)?)?;
            reset(&self.say(&post("/upload", "application/octet-stream", 1 << 20, &[0; 1000]))?)?;
            _ = self.say(b"\x16\x03 nonsense\r\n\r\n")?.read(&mut [0; 512]);
        }
        for _ in 0..EACH / 8 {
            let mut stream = self.say(&get("/download/104857600", &[]))?;
            _ = stream.read(&mut [0; 64 * 1024]);
        }
        self.left.drain(..self.left.len().saturating_sub(KEPT));
        Ok(())
    }

    fn say(&self, bytes: &[u8]) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address).context("the server takes nobody")?;
        stream.set_read_timeout(Some(Duration::from_millis(100)))?;
        stream.write_all(bytes)?;
        Ok(stream)
    }
}

/// Goes away without a word, so that the server's next write fails.
fn reset(stream: &TcpStream) -> io::Result<()> {
    Ok(set_socket_linger(stream, Some(Duration::ZERO))?)
}

/// How many of each sort, every time.
const EACH: usize = 32;

/// How many connections are left open at most.
const KEPT: usize = 256;
