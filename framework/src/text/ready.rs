//! Fields that stand in many messages, as lines that are ready to be written.

use http::{HeaderName, HeaderValue, header};

/// A field that never changes, and its line.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) name: HeaderName,
    pub(crate) value: HeaderValue,
    /// The field line, its end included.
    pub(crate) line: &'static str,
}

impl Ready {
    const fn content_type(value: &'static str, line: &'static str) -> Self {
        Self { name: header::CONTENT_TYPE, value: HeaderValue::from_static(value), line }
    }

    /// Whether it is the field of this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.as_str().eq_ignore_ascii_case(name)
    }

    /// Name and value.
    pub(crate) fn pair(&self) -> (&[u8], &[u8]) {
        (self.name.as_str().as_bytes(), self.value.as_bytes())
    }
}

/// JSON (RFC 8259 §11).
pub(crate) static JSON: Ready =
    Ready::content_type("application/json", "content-type: application/json\r\n");

/// A problem as JSON (RFC 9457 §6.1).
pub(crate) static PROBLEM: Ready =
    Ready::content_type("application/problem+json", "content-type: application/problem+json\r\n");

/// Text (RFC 2046 §4.1.3), in UTF-8.
pub(crate) static TEXT: Ready =
    Ready::content_type("text/plain; charset=utf-8", "content-type: text/plain; charset=utf-8\r\n");

/// HTML, in UTF-8.
pub(crate) static HTML: Ready =
    Ready::content_type("text/html; charset=utf-8", "content-type: text/html; charset=utf-8\r\n");

/// Bytes that are nothing else (RFC 2046 §4.5.1).
pub(crate) static OCTETS: Ready =
    Ready::content_type("application/octet-stream", "content-type: application/octet-stream\r\n");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_their_fields_say() {
        for Ready { name, value, line } in [&JSON, &PROBLEM, &TEXT, &HTML, &OCTETS] {
            assert_eq!(*line, format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
    }
}
