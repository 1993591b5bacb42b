//! Plays one case against the machine, its bytes cut at given places, and writes down the events.

use std::fmt::Write as _;

use counterpart::Fields;
use counterpart::proto::h1::{Client, Conn, ErrorKind, Event, Limits, ProtocolError, Role, Server};
use counterpart::text::{RequestHead, ResponseHead};

use super::partner::{Answers, Asks, Partner};

/// Where to cut so many bytes, in order.
pub type Cuts<'a> = &'a mut dyn FnMut(usize) -> Vec<usize>;

/// The events of the requests that a server's machine reads. Each is answered as `answers` say, and
/// with an empty 200 when they have no more to say.
pub fn requests(limits: Limits, answers: &[String], parts: &[Vec<u8>], cuts: Cuts<'_>) -> String {
    Script::<Server, _>::new(limits, Answers::new(answers)).play(parts, cuts)
}

/// The events of the responses to these requests. Each request is sent before its part comes.
pub fn responses(limits: Limits, asked: &[String], parts: &[Vec<u8>], cuts: Cuts<'_>) -> String {
    Script::<Client, _>::new(limits, Asks::new(asked)).play(parts, cuts)
}

struct Script<R: Role, P> {
    conn: Conn<R>,
    partner: P,
    log: Log,
    over: bool,
}

impl<R: Role, P: Partner<R>> Script<R, P>
where
    R::Theirs: Shown,
{
    fn new(limits: Limits, partner: P) -> Self {
        Self { conn: Conn::new(limits.into()), partner, log: Log::default(), over: false }
    }

    /// Feeds the parts, cut into pieces, then the end of the stream.
    fn play(mut self, parts: &[Vec<u8>], cuts: Cuts<'_>) -> String {
        for part in parts {
            self.partner.begin(&mut self.conn);
            let mut start = 0;
            for cut in cuts(part.len()).into_iter().chain([part.len()]) {
                self.conn.input().extend_from_slice(&part[start..cut]);
                start = cut;
                self.drain();
            }
        }
        self.conn.end_input();
        self.drain();
        assert!(self.over, "the end of the stream is the end of all: {:?}", self.log);
        self.log.finish()
    }

    fn drain(&mut self) {
        while !self.over {
            match self.conn.next_event() {
                Ok(Event::NeedData) => {
                    self.partner.wait(&mut self.conn);
                    return;
                }
                // All that still comes belongs to the other protocol.
                Ok(Event::Paused) if !self.conn.has_ended() => return,
                Ok(event) => self.note(event),
                Err(error) => self.refuse(error),
            }
        }
    }

    fn note(&mut self, event: Event<R::Theirs>) {
        match event {
            Event::Head(head) => {
                self.log.head("head", &head);
                let said = self.partner.head(&mut self.conn);
                self.log.say_all(&said);
            }
            Event::Interim(head) => self.log.head("interim", &head),
            Event::Data(data) => {
                assert!(!data.is_empty(), "no data is no event");
                self.log.data(&data);
            }
            Event::End(trailers) => {
                self.log.end(trailers.as_ref());
                let said = self.partner.end(&mut self.conn);
                self.log.say_all(&said);
            }
            Event::Paused => {
                self.log.switched(&self.conn.take_rest());
                self.over = true;
            }
            Event::Closed => {
                self.log.say("closed");
                self.over = true;
            }
            Event::NeedData => unreachable!("asked for before"),
        }
    }

    fn refuse(&mut self, error: ProtocolError) {
        self.log.error(error);
        assert_eq!(self.conn.next_event().err(), Some(error), "an error stays");
        assert_ne!(error.kind(), ErrorKind::OutOfOrder, "the script keeps the order");
        self.partner.refused(&mut self.conn, error);
        self.over = true;
    }
}

/// Events, written down as the documents have them.
#[derive(Debug, Default)]
pub struct Log {
    text: String,
    /// All data since the head, for one line: where it was cut does not matter.
    data: Vec<u8>,
}

impl Log {
    /// A head, with its fields.
    pub fn head(&mut self, word: &str, head: &impl Shown) {
        self.say(&format!("{word} {}", head.line()));
        self.fields(head.fields());
    }

    /// Some of a body.
    pub fn data(&mut self, data: &[u8]) {
        self.data.extend_from_slice(data);
    }

    /// The end of a message.
    pub fn end(&mut self, trailers: Option<&Fields>) {
        self.flush();
        self.say("end");
        if let Some(trailers) = trailers {
            self.say("trailers");
            self.fields(trailers);
        }
    }

    /// What comes once another protocol has begun.
    pub fn switched(&mut self, rest: &[u8]) {
        self.say(&format!("switched {}", quoted(rest)));
    }

    /// A broken rule.
    pub fn error(&mut self, error: ProtocolError) {
        self.flush();
        self.say(&shown(error));
    }

    /// Ends the line of data.
    pub fn flush(&mut self) {
        if !self.data.is_empty() {
            let data = std::mem::take(&mut self.data);
            self.say(&format!("data {}", quoted(&data)));
        }
    }

    /// A line of one's own.
    pub fn say(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}", line.trim_end());
    }

    /// All of it, where a line that is repeated many times stands once.
    #[must_use]
    pub fn finish(&self) -> String {
        let lines: Vec<_> = self.text.lines().collect();
        let runs = lines.chunk_by(|line, next| line == next);
        let shown = runs.map(|run| match run.len() {
            1..=9 => run.join("\n"),
            times => format!("{} ({times} times)", run[0]),
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    fn say_all(&mut self, lines: &[String]) {
        for line in lines {
            self.say(line);
        }
    }

    fn fields(&mut self, fields: &Fields) {
        for (at, (name, value)) in fields.iter().enumerate() {
            if at == MOST_FIELDS_SHOWN {
                self.say(&format!("  and {} more", fields.len() - at));
                break;
            }
            let name = shortened(&escaped(name));
            self.say(&format!("  {name}: {}", shortened(&escaped(value))));
        }
    }
}

/// Either head.
pub trait Shown {
    /// What stands before the fields.
    fn line(&self) -> String;
    /// The fields.
    fn fields(&self) -> &Fields;
}

impl Shown for RequestHead {
    fn line(&self) -> String {
        let target = shortened(&escaped(&self.target));
        format!("{} {target} {:?}", shortened(self.method.as_str()), self.version)
    }

    fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Shown for ResponseHead {
    fn line(&self) -> String {
        format!("{} {:?}", self.status.as_u16(), self.version)
    }

    fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// A broken rule, as a line.
pub fn shown(error: ProtocolError) -> String {
    let blame = format!("{:?}", error.blame()).to_lowercase();
    format!("error {blame} {} {:?}", error.status_hint(), error.kind())
}

/// Bytes in quotes, cut if they are many.
pub fn quoted(bytes: &[u8]) -> String {
    shortened(&format!("\"{}\"", escaped(bytes)))
}

fn escaped(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

fn shortened(text: &str) -> String {
    match text.len() {
        0..=120 => text.to_owned(),
        len => format!("{}… ({len} in all)", &text[..40]),
    }
}

const MOST_FIELDS_SHOWN: usize = 8;
