//! Access logs: one line for each request, in the forms that other programs read.
//!
//! ```
//! use counterpart::server::{Config, access};
//!
//! let mut config = Config::default();
//! config.access_log = Some(access::combined(std::io::stdout()));
//! ```
//!
//! | form | line |
//! |---|---|
//! | [`common`] | `127.0.0.1 - - [22/Nov/2026:13:31:28 +0000] "GET /a?b HTTP/1.1" 200 5` |
//! | [`combined`] | the same, and `"referer" "user agent"` |
//! | [`json`] | `{"time":"2026-11-22T13:31:28.123Z","peer":"127.0.0.1:40000","method":"GET", … }` |
//!
//! What is not known is `-`, or `null`. Whatever a peer sends, a request is one line and can steer no terminal: in text
//! a control character, a quote and what is not ASCII stand as `\xNN` and a backslash is doubled; JSON is all ASCII.
//! The target is written with its query, which may hold secrets. Log or close to them: the line is written while the
//! connection waits; what cannot be written is lost.

use std::fmt::{self, Write as _};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use http::Version;

pub use crate::drive::access::{AccessLog, Entry};

/// A log in the Common Log Format.
pub fn common(writer: impl Write + Send + 'static) -> Arc<dyn AccessLog> {
    lines(writer, |entry, line| writeln!(line, "{}", entry.common()))
}

/// A log in the Combined Log Format.
pub fn combined(writer: impl Write + Send + 'static) -> Arc<dyn AccessLog> {
    lines(writer, |entry, line| writeln!(line, "{}", entry.combined()))
}

/// A log of JSON objects, one a line.
pub fn json(writer: impl Write + Send + 'static) -> Arc<dyn AccessLog> {
    lines(writer, |entry, line| writeln!(line, "{}", entry.json()))
}

fn lines(
    writer: impl Write + Send + 'static,
    form: fn(&Entry<'_>, &mut String) -> fmt::Result,
) -> Arc<dyn AccessLog> {
    let writer = Mutex::new(writer);
    Arc::new(move |entry: &Entry<'_>| {
        let mut line = String::with_capacity(160);
        if form(entry, &mut line).is_ok() {
            // A writer that panicked once may do better.
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            // In one piece, so that lines of several processes do not mix; and a full disk stops no server.
            let _ = writer.write_all(line.as_bytes()).and_then(|()| writer.flush());
        }
    })
}

impl Entry<'_> {
    /// The entry in the Common Log Format.
    #[must_use]
    pub const fn common(&self) -> impl fmt::Display {
        Common(self)
    }

    /// The entry in the Combined Log Format.
    #[must_use]
    pub const fn combined(&self) -> impl fmt::Display {
        Combined(self)
    }

    /// The entry as an object of JSON.
    #[must_use]
    pub const fn json(&self) -> impl fmt::Display {
        Json(self)
    }
}

struct Common<'a>(&'a Entry<'a>);

impl fmt::Display for Common<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.0;
        write!(f, "{} - - [{}] ", Or(entry.peer.map(|peer| peer.ip())), stamp(entry.time))?;
        match entry.head {
            Some(head) => {
                let (method, target) = (&head.method, Escaped(&head.target));
                write!(f, "\"{method} {target} {}\"", version(head.version))?;
            }
            None => f.write_str("\"-\"")?,
        }
        let status = entry.status.map(|status| status.as_u16());
        write!(f, " {} {}", Or(status), Or(Some(entry.bytes).filter(|bytes| *bytes > 0)))
    }
}

struct Combined<'a>(&'a Entry<'a>);

impl fmt::Display for Combined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = |name| Or(self.0.field(name).map(Escaped));
        write!(f, "{} \"{}\" \"{}\"", Common(self.0), field("referer"), field("user-agent"))
    }
}

struct Json<'a>(&'a Entry<'a>);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.0;
        write!(f, "{{\"time\":\"{}\"", iso(entry.time))?;
        let peer = entry.peer.map(|peer| peer.to_string());
        let words = [
            ("peer", peer.as_deref().map(str::as_bytes)),
            ("method", entry.head.map(|head| head.method.as_str().as_bytes())),
            ("target", entry.head.map(|head| &head.target[..])),
            ("version", entry.head.map(|head| version(head.version).as_bytes())),
            ("host", entry.field("host")),
            ("referer", entry.field("referer")),
            ("user_agent", entry.field("user-agent")),
            ("request_id", entry.field("x-request-id")),
        ];
        for (name, word) in words {
            write!(f, ",\"{name}\":{}", OrNull(word.map(Quoted)))?;
        }
        let status = OrNull(entry.status.map(|status| status.as_u16()));
        let (bytes, millis) = (entry.bytes, entry.duration.as_secs_f64() * 1000.0);
        write!(f, ",\"status\":{status},\"bytes\":{bytes},\"duration_ms\":{millis:.3}")?;
        write!(f, ",\"complete\":{}}}", entry.complete)
    }
}

/// What is there, or a `-`.
struct Or<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Or<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(there) => there.fmt(f),
            None => f.write_char('-'),
        }
    }
}

/// The same in JSON.
struct OrNull<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for OrNull<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(there) => there.fmt(f),
            None => f.write_str("null"),
        }
    }
}

/// Bytes as visible ASCII, as it stands between quotes.
struct Escaped<'a>(&'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| match byte {
            b'\\' => f.write_str("\\\\"),
            b'"' | ..b' ' | 0x7f.. => write!(f, "\\x{byte:02x}"),
            byte => f.write_char(char::from(*byte)),
        })
    }
}

/// Bytes as a string of JSON in ASCII; what is no UTF-8 is U+FFFD.
struct Quoted<'a>(&'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                match character {
                    '"' | '\\' => write!(f, "\\{character}")?,
                    ' '..='~' => f.write_char(character)?,
                    _ => {
                        for unit in character.encode_utf16(&mut [0; 2]) {
                            write!(f, "\\u{unit:04x}")?;
                        }
                    }
                }
            }
            if !chunk.invalid().is_empty() {
                f.write_str("\\ufffd")?;
            }
        }
        f.write_char('"')
    }
}

/// `22/Nov/2026:13:31:28 +0000`
fn stamp(time: SystemTime) -> String {
    let date = date(time);
    format!("{}/{}/{}:{} +0000", &date[5..7], &date[8..11], &date[12..16], &date[17..25])
}

/// `2026-11-22T13:31:28.123Z`
fn iso(time: SystemTime) -> String {
    let date = date(time);
    let month = MONTHS.find(&date[8..11]).unwrap_or_default() / 3 + 1;
    let millis = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_millis());
    format!("{}-{month:02}-{}T{}.{millis:03}Z", &date[12..16], &date[5..7], &date[17..25])
}

/// `Sun, 22 Nov 2026 13:31:28 GMT`, whatever the machine's clock thinks.
fn date(time: SystemTime) -> String {
    httpdate::fmt_http_date(time.max(UNIX_EPOCH))
}

const fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use http::{HeaderName, HeaderValue, Method, StatusCode};

    use super::*;
    use crate::text::RequestHead;

    fn entry(head: Option<&RequestHead>) -> Entry<'_> {
        Entry {
            peer: Some(([192, 0, 2, 1], 40000).into()),
            time: UNIX_EPOCH + Duration::from_millis(784_111_777_042),
            head,
            status: Some(StatusCode::OK),
            bytes: 5,
            duration: Duration::from_micros(1500),
            complete: true,
        }
    }

    fn head(target: &'static str, agent: &[u8]) -> RequestHead {
        let mut head = RequestHead::new(Method::GET, Bytes::from_static(target.as_bytes()));
        let agent = HeaderValue::from_bytes(agent).unwrap();
        head.fields.append(HeaderName::from_static("user-agent"), agent);
        head
    }

    /// S28: the forms that other programs read.
    #[test]
    fn the_forms() {
        let head = head("/a?b", b"curl/8");
        let entry = entry(Some(&head));
        let common = "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] \"GET /a?b HTTP/1.1\" 200 5";
        assert_eq!(entry.common().to_string(), common);
        assert_eq!(entry.combined().to_string(), format!("{common} \"-\" \"curl/8\""));
        assert_eq!(
            entry.json().to_string(),
            "{\"time\":\"1994-11-06T08:49:37.042Z\",\"peer\":\"192.0.2.1:40000\",\"method\":\"GET\",\"target\":\"/a?b\",\
             \"version\":\"HTTP/1.1\",\"host\":null,\"referer\":null,\"user_agent\":\"curl/8\",\"request_id\":null,\
             \"status\":200,\"bytes\":5,\"duration_ms\":1.500,\"complete\":true}"
        );
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        let entry = Entry { peer: None, status: None, bytes: 0, time: UNIX_EPOCH, ..entry(None) };
        let line = "- - - [01/Jan/1970:00:00:00 +0000] \"-\" - - \"-\" \"-\"";
        assert_eq!(entry.combined().to_string(), line);
        assert!(entry.json().to_string().contains("\"peer\":null,\"method\":null"));
    }

    /// S28, T80: nothing that a peer sends ends a line, a string or steers a terminal.
    #[test]
    fn what_peers_send_is_escaped() {
        let head = head("/\"\\\r\n\u{1b}\u{202e}\0", b"\"\\\t\xe2\x80\xae\xff");
        let entry = entry(Some(&head));
        let line = entry.combined().to_string();
        assert!(line.contains(r#""GET /\x22\\\x0d\x0a\x1b\xe2\x80\xae\x00 HTTP/1.1""#), "{line}");
        assert!(line.ends_with(r#" "\x22\\\x09\xe2\x80\xae\xff""#), "{line}");
        let json = entry.json().to_string();
        assert!(json.is_ascii() && !json.contains(char::is_control), "{json}");
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["target"], "/\"\\\r\n\u{1b}\u{202e}\0");
        assert_eq!(read["user_agent"], "\"\\\t\u{202e}\u{fffd}");
    }
}
