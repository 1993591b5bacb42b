use http::{HeaderName, HeaderValue};

use super::super::buffer::cost;
use super::super::framing::Length;
use super::super::role::{Client, Server};
use super::*;
use crate::text::{RequestHead, ResponseHead};

/// A server that was sent these bytes.
fn server(bytes: &str) -> Conn<Server> {
    let mut conn = Conn::default();
    conn.input().extend_from_slice(bytes.as_bytes());
    conn
}

/// Reads on to the end of a request.
fn read_request(conn: &mut Conn<Server>) {
    while !matches!(conn.next_event().unwrap(), Event::End(_)) {}
}

fn answer(conn: &mut Conn<Server>, status: u16, body: &str) -> Result<String, ErrorKind> {
    let head = ResponseHead::new(StatusCode::from_u16(status).unwrap());
    let mut out = Vec::new();
    conn.send_head(&head, Length::Known(body.len() as u64), None, &mut out)
        .map_err(|error| error.kind())?;
    conn.send_data(body.as_bytes(), &mut out).unwrap();
    conn.send_end(None, &mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

fn upgrade() -> ResponseHead {
    let mut head = ResponseHead::new(StatusCode::SWITCHING_PROTOCOLS);
    head.fields.append(http::header::CONNECTION, HeaderValue::from_static("upgrade"));
    head.fields.append(http::header::UPGRADE, HeaderValue::from_static("echo"));
    head.fields.append(http::header::CONTENT_LENGTH, HeaderValue::from_static("3"));
    head
}

const UPGRADE: &str = "host: a\r\nconnection: upgrade\r\nupgrade: echo\r\n";

#[test]
fn an_answer_to_an_unreadable_head_owes_nothing_to_the_request_before() {
    for before in
        ["HEAD / HTTP/1.1\r\nhost: a\r\n\r\n", "GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n"]
    {
        let mut conn = server(&format!("{before}GET / HTTP/1.1\r\nbad\r\n\r\n"));
        read_request(&mut conn);
        answer(&mut conn, 200, "").unwrap();
        assert_eq!(conn.next_event().unwrap_err().kind(), ErrorKind::BadField);
        let answer = answer(&mut conn, 400, "no").unwrap();
        assert_eq!(
            answer,
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"
        );
    }
}

#[test]
fn an_answer_that_nobody_asked_for_is_the_last() {
    let mut conn = server("GET / HTT");
    assert!(matches!(conn.next_event(), Ok(Event::NeedData)));
    assert!(answer(&mut conn, 408, "").unwrap().contains("connection: close\r\n"));
    assert!(!conn.keeps());
}

#[test]
fn a_tunnel_opens_only_behind_a_whole_request_without_a_body() {
    let mut conn =
        server("CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
    assert_eq!(answer(&mut conn, 200, ""), Err(ErrorKind::UnaskedSwitch));
    assert!(matches!(conn.next_event(), Ok(Event::End(_))));
    let mut out = Vec::new();
    conn.send_head(&ResponseHead::new(StatusCode::OK), Length::Absent, None, &mut out).unwrap();
    assert_eq!((conn.ours(), conn.theirs()), (State::Switched, State::Switched));
    assert!(conn.take_rest().starts_with(b"GET"));

    let mut conn = server("CONNECT a:1 HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx");
    read_request(&mut conn);
    assert_eq!(answer(&mut conn, 200, ""), Err(ErrorKind::UnaskedSwitch));
    assert!(answer(&mut conn, 405, "no").is_ok());
}

#[test]
fn a_request_with_a_body_is_not_switched() {
    let mut conn = server(&format!("POST / HTTP/1.1\r\n{UPGRADE}content-length: 1\r\n\r\nx"));
    read_request(&mut conn);
    let refused = conn.send_head(&upgrade(), Length::Absent, None, &mut Vec::new());
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::UnaskedSwitch);
    assert!(answer(&mut conn, 426, "").is_ok());
}

#[test]
fn a_switch_has_no_length() {
    let mut conn = server(&format!("GET / HTTP/1.1\r\n{UPGRADE}\r\nrest"));
    read_request(&mut conn);
    let mut out = Vec::new();
    conn.send_head(&upgrade(), Length::Absent, None, &mut out).unwrap();
    let fields = "connection: upgrade\r\nupgrade: echo\r\n\r\n";
    assert_eq!(out, format!("HTTP/1.1 101 Switching Protocols\r\n{fields}").into_bytes());
    assert_eq!(conn.take_rest(), "rest");
}

#[test]
fn nobody_waits_to_send_a_body_that_is_none() {
    let mut conn =
        server("POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 0\r\n\r\n");
    assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
    assert_eq!(conn.expectation(), Expectation::None);
    assert!(!answer(&mut conn, 200, "").unwrap().contains("close"));
}

#[test]
fn a_hundred_given_by_its_head_ends_the_waiting() {
    let mut conn =
        server("POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\n");
    assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
    assert_eq!(conn.expectation(), Expectation::Continue);
    let head = ResponseHead::new(StatusCode::CONTINUE);
    conn.send_head(&head, Length::Absent, None, &mut Vec::new()).unwrap();
    assert_eq!(conn.expectation(), Expectation::None);
}

#[test]
fn an_old_requester_is_given_no_interim_answer() {
    let mut conn = server("GET / HTTP/1.0\r\n\r\n");
    read_request(&mut conn);
    let mut out = Vec::new();
    let hints = ResponseHead::new(StatusCode::EARLY_HINTS);
    conn.send_head(&hints, Length::Absent, None, &mut out).unwrap();
    conn.send_continue(&mut out).unwrap();
    assert_eq!(out, b"");
    assert!(answer(&mut conn, 200, "").is_ok());
}

#[test]
fn interim_answers_are_counted_up_to_any_limit() {
    for limit in [0, 1, 100, u8::MAX] {
        let limits = Limits { interim: limit, ..Limits::client() };
        let mut conn = Conn::<Client>::new(Arc::new(limits));
        let mut head = RequestHead::new(http::Method::GET, "/");
        head.fields.append(http::header::HOST, HeaderValue::from_static("a"));
        conn.send_head(&head, Length::Absent, &mut Vec::new()).unwrap();
        conn.send_end(None, &mut Vec::new()).unwrap();
        conn.input().extend_from_slice(&b"HTTP/1.1 102 \r\n\r\n".repeat(300));
        for _ in 0..limit {
            assert!(matches!(conn.next_event(), Ok(Event::Interim(_))));
        }
        assert_eq!(conn.next_event().unwrap_err().kind(), ErrorKind::TooManyInterim);
    }
}

#[test]
fn a_client_asks_for_a_switch_by_name() {
    for (name, switches) in [("upgrade", true), ("x-other", false)] {
        let mut conn = Conn::<Client>::default();
        let mut head = RequestHead::new(http::Method::GET, "/");
        head.fields.append(http::header::HOST, HeaderValue::from_static("a"));
        head.fields.append(http::header::CONNECTION, HeaderValue::from_static("upgrade"));
        head.fields.append(HeaderName::from_static(name), HeaderValue::from_static("echo"));
        conn.send_head(&head, Length::Absent, &mut Vec::new()).unwrap();
        conn.send_end(None, &mut Vec::new()).unwrap();
        conn.input().extend_from_slice(b"HTTP/1.1 101 \r\n\r\n");
        assert_eq!(conn.next_event().is_ok(), switches);
    }
}

/// T18: chunks of one byte cost what they are long.
#[test]
fn tiny_chunks_cost_what_they_are_long() {
    let cost_of = |chunks: usize, piece: usize| {
        let head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
        let bytes = [head, &"1;a\r\nx\r\n".repeat(chunks), "0\r\na: b\r\n\r\n"].concat();
        let mut conn = Conn::<Server>::default();
        let mut data = 0;
        let cost = cost::of(|| {
            for piece in bytes.as_bytes().chunks(piece) {
                conn.input().extend_from_slice(piece);
                loop {
                    match conn.next_event().unwrap() {
                        Event::Data(piece) => data += piece.len(),
                        Event::Head(_) => {}
                        _ => break,
                    }
                }
            }
        });
        assert_eq!((data, conn.theirs()), (chunks, State::Done));
        (cost, bytes.len())
    };
    for piece in [1, 3, 64] {
        let (cost, len) = cost_of(5000, piece);
        assert!(cost <= 3 * len, "{cost} for {len} bytes in pieces of {piece}");
    }
}
