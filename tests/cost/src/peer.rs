//! Who speaks with what is counted: plain sockets on the same thread, in turns with it, so that every run goes alike.
//!
//! The two functions by which it speaks and hears are not counted: `tests/cost/run` tells callgrind their names. So they
//! are never inlined, and neither calls the other.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// So many connections take turns.
pub const CONNECTIONS: usize = 64;

/// Sends the same bytes on every connection.
#[inline(never)]
pub fn speak(streams: &mut [TcpStream], bytes: &[u8]) {
    for stream in streams {
        stream.write_all(bytes).unwrap();
    }
}

/// Takes what has come on the connection up to `end`, so often; answers whether that was all.
#[inline(never)]
pub fn hear(streams: &mut [TcpStream], due: &mut [usize], end: &[u8]) -> bool {
    let mut bytes = [0; 16 * 1024];
    for (stream, due) in streams.iter_mut().zip(due.iter_mut()) {
        while *due > 0 {
            match stream.read(&mut bytes) {
                Ok(0) => panic!("they have closed, and {due} more were due"),
                Ok(n) => {
                    *due -= bytes[..n].windows(end.len()).filter(|found| *found == end).count()
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    due.iter().all(|due| *due == 0)
}

/// The connections of a client.
pub fn connect(address: SocketAddr) -> Vec<TcpStream> {
    let streams = (0..CONNECTIONS).map(|_| TcpStream::connect(address).unwrap());
    streams.inspect(|stream| stream.set_nonblocking(true).unwrap()).collect()
}

/// A server that answers each request with the same bytes, as soon as it is asked to look.
#[derive(Debug)]
pub struct Canned {
    listener: TcpListener,
    streams: Vec<TcpStream>,
    answer: Vec<u8>,
}

impl Canned {
    pub fn new(json: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
            json.len()
        );
        Self { listener, streams: Vec::new(), answer: [head.as_bytes(), json].concat() }
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    /// Takes new connections, and answers every request that has come whole.
    #[inline(never)]
    pub fn answer(&mut self) {
        while let Ok((stream, _)) = self.listener.accept() {
            stream.set_nonblocking(true).unwrap();
            stream.set_nodelay(true).unwrap();
            self.streams.push(stream);
        }
        let mut bytes = [0; 16 * 1024];
        for stream in &mut self.streams {
            while let Ok(n @ 1..) = stream.read(&mut bytes) {
                assert!(bytes[..n].ends_with(b"\r\n\r\n"), "a request in pieces");
                stream.write_all(&self.answer).unwrap();
            }
        }
    }
}
