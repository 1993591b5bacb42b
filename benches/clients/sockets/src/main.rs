//! Bare sockets and canned bytes: the floor that no client can be below. It looks for the status and the content of an
//! answer, and for nothing else.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use api::GREETING;
use client_harness::{Call, PATH, Plan, Tally, fail};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

fn main() {
    let plan = Plan::from_args();
    let tally = Tally::new(&plan);
    let run = if plan.concurrency == 1 { block } else { poll };
    run(&plan, &tally).unwrap_or_else(|error| fail(error));
    tally.report();
}

/// One at a time: writing, then reading.
fn block(plan: &Plan, tally: &Tally) -> io::Result<()> {
    let mut line = Line::connect(plan)?;
    while line.say(tally)? {
        while !line.hear(tally)? {}
    }
    Ok(())
}

/// Many at a time, by epoll: a write and a read each.
fn poll(plan: &Plan, tally: &Tally) -> io::Result<()> {
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    let mut lines = Vec::with_capacity(plan.concurrency);
    let mut busy = 0;
    for number in 0..plan.concurrency {
        let mut line = Line::connect(plan)?;
        line.stream.set_nonblocking(true)?;
        epoll::add(&epoll, &line.stream, EventData::new_u64(number as u64), EventFlags::IN)?;
        busy += usize::from(line.say(tally)?);
        lines.push(line);
    }
    let mut events = Vec::with_capacity(plan.concurrency);
    while busy > 0 {
        events.clear();
        epoll::wait(&epoll, spare_capacity(&mut events), None)?;
        for event in &events {
            let line = &mut lines[event.data.u64() as usize];
            if line.hear(tally)? {
                busy -= usize::from(!line.say(tally)?);
            }
        }
    }
    Ok(())
}

/// A connection, and the call that is under way on it.
struct Line {
    stream: TcpStream,
    request: Box<[u8]>,
    call: Option<Call>,
    answer: [u8; 4096],
    read: usize,
}

impl Line {
    fn connect(plan: &Plan) -> io::Result<Self> {
        let stream = TcpStream::connect(plan.address())?;
        stream.set_nodelay(true)?;
        let request = format!("GET {PATH} HTTP/1.1\r\nhost: {}\r\n\r\n", plan.authority());
        let request = request.into_bytes().into();
        Ok(Self { stream, request, call: None, answer: [0; 4096], read: 0 })
    }

    /// Begins the next call, if there is one.
    fn say(&mut self, tally: &Tally) -> io::Result<bool> {
        self.call = tally.begin();
        if self.call.is_some() {
            self.stream.write_all(&self.request)?;
        }
        Ok(self.call.is_some())
    }

    /// Reads some of the answer, and ends the call if that was the last of it.
    fn hear(&mut self, tally: &Tally) -> io::Result<bool> {
        let read = self.stream.read(&mut self.answer[self.read..])?;
        self.read += read;
        let answer = &self.answer[..self.read];
        if !answer.ends_with(b"}") && read > 0 {
            return Ok(false);
        }
        if !answer.starts_with(b"HTTP/1.1 200") || !answer.ends_with(GREETING.as_bytes()) {
            fail(format!("the answer is `{}`", answer.escape_ascii()));
        }
        self.read = 0;
        if let Some(call) = self.call.take() {
            tally.end(&call);
        }
        Ok(true)
    }
}
