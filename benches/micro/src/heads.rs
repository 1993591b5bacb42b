//! Heads: read by a server's machine, whole and in pieces, and written.

use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode};
use counterpart::proto::h1::{Client, Conn, DateLine, Event, Length, Server};
use counterpart::text::{RequestHead, ResponseHead};
use divan::{Bencher, black_box};

const FIELDS: [usize; 3] = [2, 14, 60];

/// The fields of a browser, and then more of them.
const BROWSER: [(&str, &str); 14] = [
    ("Host", "127.0.0.1:8080"),
    ("Connection", "keep-alive"),
    ("sec-ch-ua", r#""Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99""#),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", r#""Linux""#),
    ("Upgrade-Insecure-Requests", "1"),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    (
        "Accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    ),
    ("Sec-Fetch-Site", "none"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-User", "?1"),
    ("Sec-Fetch-Dest", "document"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-GB,en;q=0.9"),
];

fn request(fields: usize) -> String {
    let own = BROWSER.iter().take(fields).map(|(name, value)| format!("{name}: {value}\r\n"));
    let more = (BROWSER.len()..fields).map(|at| format!("X-Field-{at}: value number {at}\r\n"));
    let lines: String = own.chain(more).collect();
    format!("GET /api/users/4711?page=3 HTTP/1.1\r\n{lines}\r\n")
}

#[divan::bench(args = FIELDS)]
fn read(bencher: Bencher<'_, '_>, fields: usize) {
    let bytes = request(fields);
    bencher.with_inputs(Conn::<Server>::default).bench_local_refs(|conn| {
        conn.input().extend_from_slice(bytes.as_bytes());
        let event = conn.next_event();
        assert!(matches!(event, Ok(Event::Head(_))));
        event
    });
}

/// A browser's, as it comes in pieces of so many bytes.
#[divan::bench(args = [1, 64, 512])]
fn read_in_pieces(bencher: Bencher<'_, '_>, size: usize) {
    let bytes = request(14);
    bencher.with_inputs(Conn::<Server>::default).bench_local_refs(|conn| {
        for piece in bytes.as_bytes().chunks(size) {
            conn.input().extend_from_slice(piece);
            if let Ok(Event::Head(head)) = conn.next_event() {
                return head;
            }
        }
        panic!("a whole head");
    });
}

#[divan::bench(args = FIELDS)]
fn write_request(bencher: Bencher<'_, '_>, fields: usize) {
    let mut head = RequestHead::new(Method::GET, "/api/users/4711?page=3");
    // But for what is the machine's to write.
    for (name, value) in BROWSER.iter().filter(|(name, _)| *name != "Connection") {
        if head.fields.len() < fields {
            head.fields.append(name.parse().unwrap(), HeaderValue::from_static(value));
        }
    }
    for at in head.fields.len()..fields {
        let name = HeaderName::from_bytes(format!("x-field-{at}").as_bytes()).unwrap();
        head.fields.append(name, HeaderValue::from_static("some value"));
    }
    let fresh = || (Conn::<Client>::default(), Vec::with_capacity(8 * 1024));
    bencher.with_inputs(fresh).bench_local_refs(|(conn, out)| {
        conn.send_head(black_box(&head), Length::Absent, out).unwrap();
    });
}

/// What every answer of JSON has.
#[divan::bench]
fn write_response(bencher: Bencher<'_, '_>) {
    let mut head = ResponseHead::new(StatusCode::OK);
    let json = HeaderValue::from_static("application/json");
    head.fields.append(HeaderName::from_static("content-type"), json);
    let asked = || {
        let mut conn = Conn::<Server>::default();
        conn.input().extend_from_slice(request(2).as_bytes());
        assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
        (conn, Vec::with_capacity(8 * 1024))
    };
    let date = DateLine::new(b"Sun, 06 Nov 1994 08:49:37 GMT");
    bencher.with_inputs(asked).bench_local_refs(|(conn, out)| {
        conn.send_head(black_box(&head), Length::Known(27), Some(&date), out).unwrap();
    });
}
