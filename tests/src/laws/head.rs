//! Heads: what ours reads, `httparse` reads alike.

use counterpart::Fields;
use counterpart::proto::h1::{Conn, Event, Server};
use counterpart::text::{RequestHead, ResponseHead};
use httparse::{EMPTY_HEADER, Header};

use super::chunked::asked;

/// The bytes are the head of a response if they begin as one, else of a request, and whatever comes behind it.
///
/// # Panics
/// If the other parser refuses what ours takes, or finds something else in it.
pub fn head(data: &[u8]) {
    if data.starts_with(b"HTTP/") {
        let mut client = asked();
        client.input().extend_from_slice(data);
        if let Ok(Event::Head(ours) | Event::Interim(ours)) = client.next_event() {
            response(&ours, data);
        }
    } else {
        let mut server = Conn::<Server>::default();
        server.input().extend_from_slice(data);
        if let Ok(Event::Head(ours)) = server.next_event() {
            request(&ours, data);
        }
    }
}

fn request(ours: &RequestHead, data: &[u8]) {
    let mut room = [EMPTY_HEADER; 100];
    let mut theirs = httparse::Request::new(&mut room);
    let known = with_known_version(data, |line| line.len() - 3);
    let parsed = theirs.parse(&known).map(|status| status.is_complete());
    assert_eq!(parsed, Ok(true), "{}", data.escape_ascii());
    assert_eq!(theirs.method, Some(ours.method.as_str()));
    assert_eq!(theirs.path.map(str::as_bytes), Some(&ours.target[..]));
    // Of an absolute target the authority takes the place of `Host`.
    let absolute = !ours.target.starts_with(b"/") && ours.target != "*";
    assert_same_fields(&ours.fields, theirs.headers, data, absolute);
}

fn response(ours: &ResponseHead, data: &[u8]) {
    let mut room = [EMPTY_HEADER; 256];
    let mut theirs = httparse::Response::new(&mut room);
    let known = with_known_version(data, |_| "HTTP/1.".len());
    let parsed = theirs.parse(&known).map(|status| status.is_complete());
    assert_eq!(parsed, Ok(true), "{}", data.escape_ascii());
    assert_eq!(theirs.code, Some(ours.status.as_u16()));
    assert_same_fields(&ours.fields, theirs.headers, data, false);
}

/// They know no minor version but 0 and 1.
fn with_known_version(data: &[u8], minor: impl Fn(&[u8]) -> usize) -> Vec<u8> {
    let start = if data.starts_with(b"\r\n") { 2 } else { 0 };
    let mut known = data.to_vec();
    let line = known[start..].split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let at = start + minor(line);
    if matches!(known[at], b'2'..=b'9') {
        known[at] = b'1';
    }
    known
}

fn assert_same_fields(ours: &Fields, theirs: &[Header<'_>], data: &[u8], but_host: bool) {
    let is_due = |name: &[u8]| !(but_host && name.eq_ignore_ascii_case(b"host"));
    let theirs = theirs.iter().map(|field| (field.name.as_bytes(), field.value));
    let due: Vec<_> = theirs.filter(|(name, _)| is_due(name)).collect();
    let came: Vec<_> = ours.iter().filter(|(name, _)| is_due(name)).collect();
    assert_eq!(came, due, "{}", data.escape_ascii());
}
