//! Tracing: what travels, as lines a person can read, without what is nobody's business.

use std::fmt;
use std::sync::Arc;

use http::HeaderName;
use tracing::Level;

use crate::text::fields::is_secret;

/// Who is told what travels: a function of the program's, if it has given one, and whoever listens to
/// `counterpart::wire` of `tracing` at the level TRACE.
#[derive(Clone, Default)]
pub(crate) struct Trace {
    pub(crate) sink: Option<Sink>,
    /// Names of fields whose values are hidden besides those that always are.
    pub(crate) hidden: Arc<[HeaderName]>,
}

/// What is given each line.
pub(crate) type Sink = Arc<dyn Fn(&str) + Send + Sync>;

impl Trace {
    /// Whether anybody listens.
    pub(crate) fn is_on(&self) -> bool {
        self.sink.is_some() || tracing::enabled!(target: TARGET, Level::TRACE)
    }

    /// A head, or trailers, as the bytes that travel.
    pub(crate) fn head(&self, sign: char, bytes: &[u8]) {
        for line in bytes.split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.line(sign, &self.shown(line));
            }
        }
    }

    /// What happens besides, on a line of its own: `* connected to 127.0.0.1:80`.
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        if self.is_on() {
            self.line('*', &escaped(text().as_bytes()));
        }
    }

    /// A piece of content.
    pub(crate) fn content(&self, sign: char, length: usize) {
        self.line(sign, &format!("({length} bytes)"));
    }

    /// A line without its secret, if it is a field that holds one.
    fn shown(&self, line: &[u8]) -> String {
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        let named = |hidden: &HeaderName| name.eq_ignore_ascii_case(hidden.as_str().as_bytes());
        match is_secret(name) || self.hidden.iter().any(named) {
            true => format!("{}: (hidden)", escaped(name)),
            false => escaped(line),
        }
    }

    fn line(&self, sign: char, text: &str) {
        tracing::trace!(target: TARGET, "{sign} {text}");
        if let Some(sink) = &self.sink {
            sink(&format!("{sign} {text}"));
        }
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace").field("hidden", &self.hidden).finish_non_exhaustive()
    }
}

/// Visible ASCII as it is; every other byte as `\xNN`, so that no line can forge another or move a cursor.
fn escaped(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len()), |mut text, &byte| {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        text
    })
}

/// Under which name `tracing` knows these lines.
const TARGET: &str = "counterpart::wire";

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// C30: secrets are hidden, and what could forge a line is escaped.
    #[test]
    fn lines_tell_no_secret() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = lines.clone();
        let sink: Sink = Arc::new(move |line: &str| heard.lock().unwrap().push(line.to_owned()));
        let hidden = Arc::from([HeaderName::from_static("x-key")]);
        let trace = Trace { sink: Some(sink), hidden };
        trace.head(
            '>',
            b"GET /\x1b HTTP/1.1\r\nAuthorization: Basic abc\r\nX-Key: k\r\na: \\\r\n\r\n",
        );
        trace.content('<', 5);
        let expected = [
            "> GET /\\x1b HTTP/1.1",
            "> Authorization: (hidden)",
            "> X-Key: (hidden)",
            "> a: \\\\",
            "< (5 bytes)",
        ];
        assert_eq!(*lines.lock().unwrap(), expected);
    }
}
