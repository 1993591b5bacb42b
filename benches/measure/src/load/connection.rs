//! One connection of the load: it sends requests, reads the answers, and begins again.

use std::net::TcpStream;
use std::time::Instant;

use anyhow::{Result, bail, ensure};

use super::answer::{Answer, Reader};
use super::wire::Wire;
use super::{Content, Plan, Tally};

/// A connection and where it is.
#[derive(Debug)]
pub(super) struct Connection {
    wire: Wire,
    reader: Reader,
    /// Which of the plan's requests it is at.
    request: usize,
    /// How much of that was sent.
    written: usize,
    /// How much of the upload is left to send, for all requests of a batch.
    upload: u64,
    /// When it began to send.
    asked: Instant,
    /// Answers that are yet to come.
    pending: usize,
    /// Answers that came.
    answers: u64,
    /// The content of the first answer.
    content: Vec<u8>,
}

/// What is to be done with a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// Wait until it can do more.
    Wait,
    /// Make it anew.
    Again,
}

impl Connection {
    pub(super) fn open(plan: &Plan, turn: &mut usize) -> Result<Self> {
        let mut connection = Self {
            wire: Wire::open(plan.address, plan.trust.as_ref())?,
            reader: Reader::default(),
            request: 0,
            written: 0,
            upload: 0,
            asked: Instant::now(),
            pending: 0,
            answers: 0,
            content: Vec::new(),
        };
        connection.ask(plan, turn);
        connection.send(plan, &mut 0)?;
        Ok(connection)
    }

    pub(super) fn socket(&self) -> &TcpStream {
        self.wire.socket()
    }

    /// Whether no answer has come on it.
    pub(super) fn is_new(&self) -> bool {
        self.answers == 0
    }

    /// Sends what can be sent and reads what can be read.
    pub(super) fn advance(
        &mut self,
        plan: &Plan,
        turn: &mut usize,
        buffer: &mut [u8],
        tally: &mut Tally,
    ) -> Result<Next> {
        self.send(plan, &mut tally.sent)?;
        loop {
            let Some(read) = self.wire.read(buffer)? else { return Ok(Next::Wait) };
            ensure!(read > 0, "the server closed before {} of its answers", self.pending);
            if self.hear(plan, &buffer[..read], tally)? == Next::Again {
                return Ok(Next::Again);
            }
            if self.pending == 0 {
                self.ask(plan, turn);
                self.send(plan, &mut tally.sent)?;
            }
            if read < buffer.len() && self.wire.is_drained_by_short_reads() {
                return Ok(Next::Wait);
            }
        }
    }

    /// Takes the next requests.
    fn ask(&mut self, plan: &Plan, turn: &mut usize) {
        self.request = *turn % plan.requests.len();
        *turn += 1;
        (self.written, self.upload, self.pending) = (0, plan.upload, plan.depth);
        self.asked = Instant::now();
    }

    /// Sends as much of them as can be.
    fn send(&mut self, plan: &Plan, sent: &mut u64) -> Result<()> {
        let request = &plan.requests[self.request];
        while self.written < request.len() {
            let Some(written) = self.wire.write(&request[self.written..])? else { return Ok(()) };
            self.written += written;
        }
        while self.upload > 0 {
            let zeros = &ZEROS[..ZEROS.len().min(usize::try_from(self.upload)?)];
            let Some(written) = self.wire.write(zeros)? else { return Ok(()) };
            self.upload -= written as u64;
            *sent += written as u64;
        }
        Ok(self.wire.flush()?)
    }

    /// Takes the answers among what came.
    fn hear(&mut self, plan: &Plan, mut bytes: &[u8], tally: &mut Tally) -> Result<Next> {
        let held = self.answers == 0 && plan.expected.content.is_held();
        while let Some(answer) = self.reader.read(&mut bytes, |piece| {
            tally.received += piece.len() as u64;
            if held {
                self.content.extend_from_slice(piece);
            }
        })? {
            self.judge(plan, answer)?;
            tally.answered(self.asked);
            if answer.closes || plan.answers.is_some_and(|most| self.answers >= most) {
                ensure!(self.pending == 0, "the server closes before {} answers", self.pending);
                return Ok(Next::Again);
            }
        }
        Ok(Next::Wait)
    }

    fn judge(&mut self, plan: &Plan, answer: Answer) -> Result<()> {
        ensure!(self.pending > 0, "an answer that nobody asked for");
        let expected = &plan.expected;
        if answer.status != expected.status {
            bail!(
                "status {}, not {}: {}",
                answer.status,
                expected.status,
                self.content.escape_ascii()
            );
        }
        if let Content::Length(expected) = expected.content {
            ensure!(
                answer.length == expected,
                "{} bytes of content, not {expected}",
                answer.length
            );
        }
        if self.answers == 0 && !expected.content.is(&self.content) {
            bail!("wrong content: {}", self.content.escape_ascii());
        }
        self.pending -= 1;
        self.answers += 1;
        self.content = Vec::new();
        Ok(())
    }
}

/// What uploads are made of.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];
