//! A client that asks on all of its connections, then waits for all of their answers: as quiet as a client can be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use memchr::memmem;

/// The connections.
#[derive(Debug)]
pub struct Lockstep(Vec<TcpStream>);

impl Lockstep {
    /// Opens so many.
    ///
    /// # Errors
    ///
    /// If the server does not take them.
    pub fn open(address: SocketAddr, connections: usize) -> Result<Self> {
        let open = |_| connect(address);
        Ok(Self((0..connections).map(open).collect::<Result<_>>()?))
    }

    /// Asks this so many times on each.
    ///
    /// # Errors
    ///
    /// If an answer has another status, or does not come.
    pub fn ask(&mut self, request: &[u8], status: u16, rounds: usize) -> Result<()> {
        for _ in 0..rounds {
            for stream in &mut self.0 {
                stream.write_all(request)?;
            }
            for stream in &mut self.0 {
                hear(stream, status)?;
            }
        }
        Ok(())
    }
}

/// A connection that gives up after a while.
///
/// # Errors
///
/// If the server does not take it.
pub fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Reads one answer, which must have this status.
///
/// # Errors
///
/// If it has another, or does not come.
pub fn hear(stream: &mut impl Read, status: u16) -> Result<()> {
    let mut answer = Vec::with_capacity(1024);
    let mut piece = [0; 1024];
    while !is_whole(&answer) {
        let read = stream.read(&mut piece).context("no answer")?;
        ensure!(read > 0, "the server closed after {}", answer.escape_ascii());
        answer.extend_from_slice(&piece[..read]);
    }
    let line = format!("HTTP/1.1 {status} ");
    ensure!(answer.starts_with(line.as_bytes()), "not {status}: {}", answer.escape_ascii());
    Ok(())
}

/// Whether all has come that the head promises.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = memmem::find(answer, b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    match length.and_then(|length| length.trim().parse::<usize>().ok()) {
        Some(length) => answer.len() >= end + 4 + length,
        None => answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}

/// A server under a tool is slow to start with.
const PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_when_an_answer_is_whole() {
        let whole = [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ];
        for answer in whole.map(str::as_bytes) {
            assert!(is_whole(answer));
            assert!((0..answer.len()).all(|cut| !is_whole(&answer[..cut])));
            assert!(hear(&mut &*answer, 200).is_ok());
            assert!(hear(&mut &*answer, 201).is_err());
            assert!(hear(&mut &answer[..20], 200).is_err());
        }
    }
}
