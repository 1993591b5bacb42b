//! The floor: a loop around epoll, and ready-made answers. One read and one write a request, and no memory for a
//! connection that rests.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::thread;

use api::canned::{Canned, Dialogue};
use api::{Flags, ZEROS};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::{Errno, read, write};
use rustix::net::{self, SocketFlags, SocketType, ipproto, sockopt};

fn main() -> io::Result<()> {
    let flags = Flags::read();
    flags.without_router();
    flags.without_tls();
    let canned = Arc::new(Canned::default());
    let first = listen(flags.address())?;
    let address = SocketAddr::try_from(net::getsockname(&first)?)?;
    for _ in 1..flags.workers {
        let (listener, canned) = (listen(address)?, canned.clone());
        thread::spawn(move || Worker::new(listener, canned)?.run());
    }
    flags.announce(address);
    Worker::new(first, canned)?.run()
}

/// Each worker listens on its own; the kernel parts the connections.
fn listen(address: SocketAddr) -> io::Result<OwnedFd> {
    let family =
        if address.is_ipv4() { net::AddressFamily::INET } else { net::AddressFamily::INET6 };
    let listener = net::socket_with(family, SocketType::STREAM, SOCKET, Some(ipproto::TCP))?;
    sockopt::set_socket_reuseaddr(&listener, true)?;
    sockopt::set_socket_reuseport(&listener, true)?;
    net::bind(&listener, &address)?;
    net::listen(&listener, 4096)?;
    Ok(listener)
}

struct Connection {
    socket: OwnedFd,
    dialogue: Dialogue,
    /// What has come of a request that is not whole, or behind a download.
    heard: Vec<u8>,
    /// What the socket did not take of the answers.
    unsent: Vec<u8>,
}

struct Worker {
    epoll: OwnedFd,
    listener: OwnedFd,
    canned: Arc<Canned>,
    /// By the number of the socket.
    connections: Vec<Option<Connection>>,
    input: Vec<u8>,
    out: Vec<u8>,
}

impl Worker {
    fn new(listener: OwnedFd, canned: Arc<Canned>) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, data(&listener), EventFlags::IN)?;
        let (input, out) = (vec![0; 64 * 1024], Vec::with_capacity(64 * 1024));
        Ok(Self { epoll, listener, canned, connections: Vec::new(), input, out })
    }

    fn run(mut self) -> io::Result<()> {
        let mut events = Vec::with_capacity(1024);
        loop {
            events.clear();
            epoll::wait(&self.epoll, spare_capacity(&mut events), None)?;
            for event in &events {
                match event.data.u64() as usize {
                    number if number == self.listener.as_raw_fd() as usize => self.accept()?,
                    number => self.serve(number),
                }
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        while let Ok(socket) = net::accept_with(&self.listener, SOCKET) {
            sockopt::set_tcp_nodelay(&socket, true)?;
            epoll::add(&self.epoll, &socket, data(&socket), EventFlags::IN)?;
            let number = socket.as_raw_fd() as usize;
            if self.connections.len() <= number {
                self.connections.resize_with(number + 1, || None);
            }
            let (heard, unsent) = (Vec::new(), Vec::new());
            let connection = Connection { socket, dialogue: Dialogue::default(), heard, unsent };
            self.connections[number] = Some(connection);
        }
        Ok(())
    }

    fn serve(&mut self, number: usize) {
        let Some(connection) = &mut self.connections[number] else { return };
        self.out.clear();
        if connection.turn(&self.epoll, &self.canned, &mut self.input, &mut self.out).is_err() {
            self.connections[number] = None;
        }
    }
}

impl Connection {
    /// Reads once, or writes what waits; an error is the end.
    fn turn(
        &mut self,
        epoll: &OwnedFd,
        canned: &Canned,
        input: &mut [u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Errno> {
        let waited = self.waits();
        if waited {
            self.go_on(canned, out)?;
        } else {
            self.hear(canned, input, out)?;
        }
        if self.waits() != waited {
            let interest = if waited { EventFlags::IN } else { EventFlags::OUT };
            epoll::modify(epoll, &self.socket, data(&self.socket), interest)?;
        }
        Ok(())
    }

    fn hear(&mut self, canned: &Canned, input: &mut [u8], out: &mut Vec<u8>) -> Result<(), Errno> {
        let heard = self.heard.len();
        input[..heard].copy_from_slice(&self.heard);
        match read(&self.socket, &mut input[heard..]) {
            // The peer's end; or a request that does not fit, which leaves no room to read.
            Ok(0) => Err(Errno::PIPE),
            Ok(read) => {
                self.heard.clear();
                self.answer(canned, &input[..heard + read], out)
            }
            Err(Errno::AGAIN) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn go_on(&mut self, canned: &Canned, out: &mut Vec<u8>) -> Result<(), Errno> {
        out.append(&mut self.unsent);
        self.send(out)?;
        // Behind a download stand the requests that came with the one for it.
        let heard = std::mem::take(&mut self.heard);
        self.answer(canned, &heard, out)
    }

    /// Answers what can be answered, and keeps the rest.
    fn answer(&mut self, canned: &Canned, input: &[u8], out: &mut Vec<u8>) -> Result<(), Errno> {
        let mut used = 0;
        while !self.waits() {
            let heard = self.dialogue.hear(canned, &input[used..], out);
            used += heard.as_ref().unwrap_or(&0);
            let downloads = self.dialogue.zeros > 0;
            self.send(out)?;
            match heard {
                Ok(_) if downloads => {}
                Ok(_) => break,
                Err(_) => return Err(Errno::PIPE),
            }
        }
        if used < input.len() {
            self.heard.extend_from_slice(&input[used..]);
        }
        Ok(())
    }

    /// Sends the answers and then the zeros; what the socket does not take waits.
    fn send(&mut self, out: &mut Vec<u8>) -> Result<(), Errno> {
        let mut sent = 0;
        while sent < out.len() {
            match write(&self.socket, &out[sent..]) {
                Ok(written) => sent += written,
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error),
            }
        }
        self.unsent.extend_from_slice(&out[sent..]);
        out.clear();
        while self.unsent.is_empty() && self.dialogue.zeros > 0 {
            let length = self.dialogue.zeros.min(ZEROS.len() as u64) as usize;
            match write(&self.socket, &ZEROS[..length]) {
                Ok(written) => self.dialogue.zeros -= written as u64,
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// For the peer to take what it was sent.
    fn waits(&self) -> bool {
        !self.unsent.is_empty() || self.dialogue.zeros > 0
    }
}

/// What an event tells of its socket.
fn data(socket: &OwnedFd) -> EventData {
    EventData::new_u64(socket.as_raw_fd() as u64)
}

const SOCKET: SocketFlags = SocketFlags::NONBLOCK.union(SocketFlags::CLOEXEC);
