//! Chunks: what is written is read, and what is read is what the grammar says.

use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode};
use counterpart::proto::h1::{Client, Conn, ErrorKind, Event, Length, Role, Server};
use counterpart::text::{RequestHead, ResponseHead};

use super::pieces::Pieces;

/// The bytes are read as chunks, and cut into pieces that are written as chunks.
///
/// # Panics
/// If a reader takes what the grammar does not have, or what was written is not what is read.
pub fn chunked(data: &[u8]) {
    reads_by_the_grammar(data);
    reads_what_was_written(data);
}

fn reads_by_the_grammar(data: &[u8]) {
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut server = Conn::<Server>::default();
    server.input().extend_from_slice(&[head, data].concat());
    let on_server = body(&mut server);
    let mut client = asked();
    client.input().extend_from_slice(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.input().extend_from_slice(data);
    let on_client = body(&mut client);
    match (&on_server, by_the_grammar(data)) {
        (Ok(came), Some((due, _))) => assert_eq!(came, &due, "{}", data.escape_ascii()),
        (Ok(_), None) => panic!("taken against the grammar: {}", data.escape_ascii()),
        (Err(_), Some((_, b"\r\n"))) if !is_long(data) => {
            panic!("refused against the grammar: {}", data.escape_ascii())
        }
        // Bounds and trailers are not of this grammar.
        (Err(_), _) => {}
    }
    if let Ok(came) = on_server {
        assert_eq!(on_client, Ok(came), "a client takes what a server takes");
    }
}

fn reads_what_was_written(data: &[u8]) {
    let mut pieces = Pieces(data);
    let mut server = Conn::<Server>::default();
    server.input().extend_from_slice(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(matches!(server.next_event(), Ok(Event::Head(_))));
    let (mut out, mut due) = (Vec::new(), Vec::new());
    server
        .send_head(&ResponseHead::new(StatusCode::OK), Length::Unknown, None, &mut out)
        .expect("a head");
    while !pieces.is_empty() {
        let piece = pieces.bytes(40);
        server.send_data(piece, &mut out).expect("a piece");
        due.extend_from_slice(piece);
    }
    server.send_end(None, &mut out).expect("an end");
    let mut client = asked();
    client.input().extend_from_slice(&out);
    assert_eq!(body(&mut client), Ok(due));
}

/// A client that waits for an answer.
pub(super) fn asked() -> Conn<Client> {
    let mut client = Conn::<Client>::default();
    let mut head = RequestHead::new(Method::GET, "/");
    head.fields.append(HeaderName::from_static("host"), HeaderValue::from_static("a"));
    client.send_head(&head, Length::Absent, &mut Vec::new()).expect("a request");
    client.send_end(None, &mut Vec::new()).expect("its end");
    client
}

/// The body of the first message, if it is whole.
fn body<R: Role>(conn: &mut Conn<R>) -> Result<Vec<u8>, ErrorKind> {
    conn.end_input();
    let mut body = Vec::new();
    loop {
        match conn.next_event().map_err(|error| error.kind())? {
            Event::Data(data) => body.extend_from_slice(&data),
            Event::End(_) => return Ok(body),
            Event::Head(_) => {}
            _ => return Err(ErrorKind::Incomplete),
        }
    }
}

/// RFC 9112 §7.1 as plainly as can be, without bad whitespace: the body, and what stands behind the last chunk.
fn by_the_grammar(mut data: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    loop {
        let end = data.windows(2).position(|pair| pair == b"\r\n")?;
        let line = &data[..end];
        data = &data[end + 2..];
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let size = std::str::from_utf8(&line[..digits]).ok()?;
        let size = usize::from_str_radix(size, 16).ok().filter(|_| digits <= 16)?;
        if !are_extensions(&line[digits..]) {
            return None;
        }
        if size == 0 {
            return Some((body, data));
        }
        body.extend_from_slice(data.get(..size)?);
        data = data.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

/// `*( ";" token [ "=" ( token / quoted-string ) ] )`
fn are_extensions(mut text: &[u8]) -> bool {
    while let Some(after) = text.strip_prefix(b";") {
        let name = after.iter().take_while(|byte| is_tchar(**byte)).count();
        text = &after[name..];
        if name == 0 {
            return false;
        }
        if let Some(value) = text.strip_prefix(b"=") {
            let Some(length) = value_length(value) else { return false };
            text = &value[length..];
        }
    }
    text.is_empty()
}

fn value_length(text: &[u8]) -> Option<usize> {
    if text.first() != Some(&b'"') {
        let length = text.iter().take_while(|byte| is_tchar(**byte)).count();
        return (length > 0).then_some(length);
    }
    let is_text = |byte: u8| byte == b'\t' || (byte >= b' ' && byte != 0x7f);
    let mut at = 1;
    loop {
        match (text.get(at)?, text.get(at + 1)) {
            (b'"', _) => return Some(at + 1),
            (b'\\', Some(&byte)) if is_text(byte) => at += 2,
            (b'\\', _) => return None,
            (&byte, _) if is_text(byte) => at += 1,
            _ => return None,
        }
    }
}

fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a bound may be met.
fn is_long(data: &[u8]) -> bool {
    data.len() > 200
}
