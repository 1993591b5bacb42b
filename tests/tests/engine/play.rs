//! Plays one case against the machine, its bytes cut at given places, and writes down the events.

use std::fmt::Write as _;

use counterpart::Fields;
use counterpart::http::{HeaderValue, StatusCode, header};
use counterpart::proto::h1::{Client, Conn, Event, Length, ProtocolError, Role, Server};
use counterpart::text::{RequestHead, ResponseHead};

/// The events of requests that a server's machine reads; each whole one is answered at once.
pub(super) fn requests(bytes: &[u8], cuts: &[usize]) -> String {
    let mut script = Script::<Server>::new(|head| {
        let target = String::from_utf8_lossy(&head.target);
        format!("head {} {} {:?}", head.method, shortened(&target), head.version)
    });
    script.feed(bytes, cuts, |conn| {
        let mut out = Vec::new();
        conn.send_head(&ResponseHead::new(StatusCode::OK), Length::Known(0), None, &mut out).expect("an answer");
        conn.send_end(None, &mut out).expect("an end");
        true
    })
}

/// The events of the responses to these requests, each sent as soon as the one before is answered.
pub(super) fn responses(asked: &[String], bytes: &[u8], cuts: &[usize]) -> String {
    let mut script = Script::<Client>::new(|head| format!("head {} {:?}", head.status.as_u16(), head.version));
    let mut asked = asked.iter();
    let mut ask = move |conn: &mut Conn<Client>| {
        let Some(line) = asked.next() else { return false };
        let mut out = Vec::new();
        conn.send_head(&request(line), Length::Absent, &mut out).expect("a request");
        conn.send_end(None, &mut out).expect("an end");
        true
    };
    ask(&mut script.conn);
    script.feed(bytes, cuts, ask)
}

/// `METHOD target`, and `+ name: value` for each field.
fn request(line: &str) -> RequestHead {
    let mut parts = line.split(" + ");
    let (method, target) = parts.next().and_then(|line| line.split_once(' ')).expect("a method and a target");
    let mut head = RequestHead::new(method.parse().expect("a method"), target.to_owned());
    head.fields.append(header::HOST, HeaderValue::from_static("a"));
    for (name, value) in parts.filter_map(|field| field.split_once(": ")) {
        head.fields.append(name.parse().expect("a name"), value.parse().expect("a value"));
    }
    head
}

struct Script<R: Role> {
    conn: Conn<R>,
    show: fn(&R::Theirs) -> String,
    log: String,
    data: Vec<u8>,
    over: bool,
}

impl<R: Role> Script<R>
where
    R::Theirs: HasFields,
{
    fn new(show: fn(&R::Theirs) -> String) -> Self {
        Self { conn: Conn::default(), show, log: String::new(), data: Vec::new(), over: false }
    }

    /// Feeds the pieces, then the end of the stream.
    fn feed(&mut self, bytes: &[u8], cuts: &[usize], mut next: impl FnMut(&mut Conn<R>) -> bool) -> String {
        let mut start = 0;
        for &cut in cuts.iter().chain([&bytes.len()]) {
            self.conn.input().extend_from_slice(&bytes[start..cut]);
            start = cut;
            self.drain(&mut next);
        }
        self.conn.end_input();
        self.drain(&mut next);
        self.log.trim_end().to_owned()
    }

    fn drain(&mut self, next: &mut impl FnMut(&mut Conn<R>) -> bool) {
        while !self.over {
            match self.conn.next_event() {
                Ok(Event::NeedData) => return,
                Ok(event) => self.note(event, next),
                Err(error) => self.refuse(error),
            }
        }
    }

    fn note(&mut self, event: Event<R::Theirs>, next: &mut impl FnMut(&mut Conn<R>) -> bool) {
        match event {
            Event::Head(head) => {
                self.say(&(self.show)(&head));
                self.fields(head.fields());
            }
            Event::Interim(head) => {
                let line = (self.show)(&head).replacen("head", "interim", 1);
                self.say(&line);
                self.fields(head.fields());
            }
            Event::Data(data) => {
                assert!(!data.is_empty(), "no data is no event");
                self.data.extend_from_slice(&data);
            }
            Event::End(trailers) => {
                self.flush();
                self.say("end");
                if let Some(trailers) = trailers {
                    self.say("trailers");
                    self.fields(&trailers);
                }
                let keeps = self.conn.keeps();
                let more = next(&mut self.conn);
                self.say(if keeps { "keep" } else { "close" });
                self.over = !keeps && !more;
            }
            Event::Paused => {
                let rest = self.conn.take_rest();
                self.say(&format!("switched {}", quoted(&rest)));
                self.over = true;
            }
            Event::Closed => self.over = true,
            Event::NeedData => unreachable!("asked for before"),
        }
    }

    fn refuse(&mut self, error: ProtocolError) {
        self.flush();
        self.say(&format!("error {} {:?}", error.status_hint(), error.kind()));
        assert_eq!(self.conn.next_event().err(), Some(error), "an error stays");
        self.over = true;
    }

    /// All data since the head, as one line: where it was cut does not matter.
    fn flush(&mut self) {
        if !self.data.is_empty() {
            let data = std::mem::take(&mut self.data);
            self.say(&format!("data {}", quoted(&data)));
        }
    }

    fn fields(&mut self, fields: &Fields) {
        for (at, (name, value)) in fields.iter().enumerate() {
            if at == 8 {
                self.say(&format!("  and {} more", fields.len() - at));
                break;
            }
            let name = shortened(&String::from_utf8_lossy(name));
            self.say(&format!("  {name}: {}", shortened(&escaped(value))));
        }
    }

    fn say(&mut self, line: &str) {
        let _ = writeln!(self.log, "{}", line.trim_end());
    }
}

/// Either head.
pub(super) trait HasFields {
    fn fields(&self) -> &Fields;
}

impl HasFields for RequestHead {
    fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl HasFields for ResponseHead {
    fn fields(&self) -> &Fields {
        &self.fields
    }
}

fn quoted(bytes: &[u8]) -> String {
    shortened(&format!("\"{}\"", escaped(bytes)))
}

fn escaped(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

fn shortened(text: &str) -> String {
    match text.len() {
        0..=60 => text.to_owned(),
        len => format!("{}… ({len} in all)", &text[..40]),
    }
}
