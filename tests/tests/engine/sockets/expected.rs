//! What the events of a case promise to whoever stands at the other end of a socket.

use counterpart_tests::h1::document::Case;

/// What a server does with the requests of a case.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The final answers, in order.
    pub(super) statuses: Vec<u16>,
    /// Heads, and the bodies that were read to their ends, as the documents write them.
    pub(super) heard: Vec<String>,
    /// What belongs to another protocol, as the documents write it.
    pub(super) switched: Option<String>,
    /// The last answer says that it is the last.
    pub(super) closes: bool,
}

/// What must come of a case, and what depends on how its bytes come in.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) outcome: Outcome,
    /// The stream ends inside a message: the peer has left, and no answer to that is owed.
    pub(super) leaves: bool,
    /// The head of a message that is not whole. A service hears of it if the head came before the fault.
    unfinished: Option<String>,
    /// The status of the fault, where an answer was there before it: the service was not asked if both came together.
    refusal: Option<u16>,
    /// There is an answer to a request that was not whole. What is left of that is read, or the connection closed.
    early: bool,
    /// There is a request that waits for leave to send its body. If it did not wait, it is one like any other.
    waits: bool,
}

impl Expected {
    pub(super) fn of(case: &Case) -> Self {
        let mut expected = Self::default();
        let mut message = Message::default();
        for line in case.events.lines() {
            expected.take(line, &mut message);
        }
        expected
    }

    /// Whether this may come of the case.
    pub(super) fn allows(&self, mut came: Outcome) -> bool {
        if came.heard.last() == self.unfinished.as_ref() {
            came.heard.pop();
        }
        let mut due = self.outcome.clone();
        if self.leaves || self.early && self.waits {
            came.closes = due.closes;
        }
        if self.early && came.closes {
            due.closes = true;
            due.statuses.truncate(came.statuses.len().max(1));
            due.heard.truncate(came.heard.len().max(1));
        }
        if let (Some(refusal), Some(last)) = (self.refusal, due.statuses.last_mut())
            && came.statuses.last() == Some(&refusal)
        {
            *last = refusal;
        }
        came == due
    }

    fn take(&mut self, line: &str, message: &mut Message) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "head" => {
                let connects = rest.starts_with("CONNECT ");
                *message = Message { open: true, connects, ..Message::default() };
                self.outcome.heard.push(line.to_owned());
            }
            "waits" => {
                self.waits = true;
                if rest == "for something unknown" {
                    // A server refuses that without asking its service.
                    self.outcome.heard.pop();
                }
            }
            "sent" => self.sent(rest, message),
            "data" if !message.answered => message.data = Some(line.to_owned()),
            "end" => {
                self.outcome.heard.extend(message.data.take());
                message.whole = true;
            }
            // What the machine leaves to its caller to answer, the driver answers.
            "error" if rest.starts_with("ours") => {
                message.instead = Some(if message.connects { 501 } else { 426 });
            }
            "error" => self.refused(rest, message),
            "keep" | "close" | "switched" => self.ended(word, rest, message),
            _ => {}
        }
    }

    fn sent(&mut self, answer: &str, message: &mut Message) {
        let status = answer.trim_start_matches("\"HTTP/1.1 ")[..3].parse().expect("a status");
        // Any success opens a tunnel, and a service has one word for it.
        let tunnel = (message.connects && (200..300).contains(&status)).then_some(200);
        let status = message.instead.take().or(tunnel).unwrap_or(status);
        self.outcome.statuses.push(status);
        self.early |= !message.whole;
        message.answered = true;
    }

    fn refused(&mut self, rest: &str, message: &Message) {
        if message.open {
            self.unfinished = self.outcome.heard.pop();
        }
        self.leaves = rest.ends_with("Incomplete");
        self.outcome.closes = true;
        let status = rest["theirs ".len()..][..3].parse().expect("a status");
        match message.answered {
            true => self.refusal = Some(status),
            false if self.leaves => {}
            false => self.outcome.statuses.push(status),
        }
    }

    fn ended(&mut self, word: &str, rest: &str, message: &mut Message) {
        if message.open && !message.answered {
            self.outcome.statuses.push(200);
        }
        *message = Message::default();
        self.outcome.closes = word == "close";
        self.outcome.switched = (word == "switched").then(|| rest.to_owned());
    }
}

/// A request that is being told of.
#[derive(Default)]
struct Message {
    open: bool,
    whole: bool,
    answered: bool,
    connects: bool,
    data: Option<String>,
    /// The status that comes in the place of the machine's own.
    instead: Option<u16>,
}
