//! The load: one thread that keeps C connections busy, each with the next request as soon as the last is answered.
//!
//! Here: what is asked (`plan`), an answer read strictly (`answer`), one connection (`connection`) over a plain or
//! TLS wire (`wire`), and the loop over all of them (below). Not here: what the server's process used meanwhile.

mod answer;
mod connection;
mod plan;
mod wire;

pub use plan::{Content, Expected, Plan, get, post};
pub use wire::Trust;

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

use connection::Connection;

/// Connections at work.
#[derive(Debug)]
pub struct Load {
    plan: Plan,
    epoll: OwnedFd,
    connections: Vec<Connection>,
    /// Which of the plan's requests is next, over all connections.
    turn: usize,
    /// Where everybody reads into.
    buffer: Vec<u8>,
}

/// What was done in a while.
#[derive(Clone, Debug)]
pub struct Tally {
    /// How long it took.
    pub took: Duration,
    /// Answers that came whole.
    pub answers: u64,
    /// Bytes of content that came.
    pub received: u64,
    /// Bytes of content that were sent, beside what stands in the requests themselves.
    pub sent: u64,
    /// Nanoseconds from a request to its answer.
    pub latency: Histogram<u64>,
    /// When it began: what was asked before has no latency.
    began: Instant,
}

impl Load {
    /// Opens the connections and asks the first time on each.
    ///
    /// # Errors
    ///
    /// If the server does not take them all.
    pub fn begin(plan: Plan) -> Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let connections = Vec::with_capacity(plan.connections);
        let mut load = Self { plan, epoll, connections, turn: 0, buffer: vec![0; BUFFER] };
        for at in 0..load.plan.connections {
            let connection = load.connect(at).with_context(|| format!("connection {at}"))?;
            load.connections.push(connection);
        }
        Ok(load)
    }

    /// Goes on for a while and until every connection has had an answer, if connections stay.
    ///
    /// # Errors
    ///
    /// As [`Load::run`], and if one has none for a minute.
    pub fn warm_up(&mut self, time: Duration) -> Result<()> {
        let began = Instant::now();
        self.run(time)?;
        let stay = self.plan.answers.is_none();
        while stay && self.connections.iter().any(Connection::is_new) {
            ensure!(began.elapsed() < PATIENCE, "a connection has no answer for {PATIENCE:?}");
            self.run(TICK)?;
        }
        Ok(())
    }

    /// Goes on for a while.
    ///
    /// # Errors
    ///
    /// If an answer is not what the plan expects, or a connection is lost.
    pub fn run(&mut self, time: Duration) -> Result<Tally> {
        let mut tally = Tally::begin()?;
        let tick = Timespec::try_from(TICK)?;
        let mut events = [const { MaybeUninit::uninit() }; 256];
        loop {
            tally.took = tally.began.elapsed();
            if tally.took >= time {
                return Ok(tally);
            }
            let (ready, _) = epoll::wait(&self.epoll, &mut events, Some(&tick))?;
            for event in ready {
                let at = usize::try_from(event.data.u64())?;
                self.advance(at, &mut tally).with_context(|| format!("connection {at}"))?;
            }
        }
    }

    /// Does what one connection can do now.
    fn advance(&mut self, at: usize, tally: &mut Tally) -> Result<()> {
        let connection = &mut self.connections[at];
        let done = connection.advance(&self.plan, &mut self.turn, &mut self.buffer, tally);
        if done? == connection::Next::Again {
            self.connections[at] = self.connect(at)?;
        }
        Ok(())
    }

    fn connect(&mut self, at: usize) -> Result<Connection> {
        let connection = Connection::open(&self.plan, &mut self.turn)?;
        let data = EventData::new_u64(at as u64);
        let both = EventFlags::IN | EventFlags::OUT | EventFlags::ET;
        epoll::add(&self.epoll, connection.socket(), data, both)?;
        Ok(connection)
    }
}

impl Tally {
    fn begin() -> Result<Self> {
        let latency = Histogram::new_with_bounds(100, 60_000_000_000, 3)?;
        let (began, took) = (Instant::now(), Duration::ZERO);
        Ok(Self { took, answers: 0, received: 0, sent: 0, latency, began })
    }

    /// Answers in a second.
    #[expect(clippy::cast_precision_loss, reason = "there are never 2^52 answers")]
    pub fn per_second(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }

    /// The latency, in microseconds, that this share of the answers has at most.
    #[expect(clippy::cast_precision_loss, reason = "an hour has 2^42 nanoseconds")]
    pub fn latency(&self, share: f64) -> f64 {
        self.latency.value_at_quantile(share) as f64 / 1000.0
    }

    fn answered(&mut self, asked: Instant) {
        self.answers += 1;
        if asked >= self.began {
            let nanoseconds = u64::try_from(asked.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.latency.saturating_record(nanoseconds);
        }
    }
}

/// How much is read at once.
const BUFFER: usize = 256 * 1024;

/// How long the loop waits for a silent server before it looks at the clock.
const TICK: Duration = Duration::from_millis(100);

/// How long a connection may wait for its first answer.
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests;
