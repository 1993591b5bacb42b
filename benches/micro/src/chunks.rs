//! Bodies in chunks, of which each has so many bytes.

use bytes::BytesMut;
use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::proto::h1::{Client, Conn, Event, Length, Server};
use counterpart::text::RequestHead;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const SIZES: [usize; 3] = [16, 1024, 16 * 1024];
const WHOLE: usize = 64 * 1024;

/// A client that has sent its head and will send chunks.
fn sending() -> Conn<Client> {
    let mut conn = Conn::<Client>::default();
    let mut head = RequestHead::new(Method::POST, "/");
    head.fields.append(HeaderName::from_static("host"), HeaderValue::from_static("a"));
    conn.send_head(&head, Length::Unknown, &mut Vec::new()).unwrap();
    conn
}

#[divan::bench(args = SIZES)]
fn write(bencher: Bencher<'_, '_>, size: usize) {
    let data = vec![0; size];
    let fresh = || (sending(), Vec::with_capacity(2 * WHOLE));
    bencher.counter(BytesCount::new(WHOLE)).with_inputs(fresh).bench_local_refs(|(conn, out)| {
        for _ in 0..WHOLE / size {
            conn.send_data(black_box(&data), out).unwrap();
        }
        conn.send_end(None, out).unwrap();
    });
}

#[divan::bench(args = SIZES)]
fn read(bencher: Bencher<'_, '_>, size: usize) {
    let (mut client, mut bytes) = (sending(), Vec::new());
    for _ in 0..WHOLE / size {
        client.send_data(&vec![0; size], &mut bytes).unwrap();
    }
    client.send_end(None, &mut bytes).unwrap();
    let asked = || {
        let head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let mut conn = Conn::<Server>::default();
        conn.input().extend_from_slice(head);
        assert!(matches!(conn.next_event(), Ok(Event::Head(_))));
        *conn.input() = BytesMut::from(&bytes[..]);
        conn
    };
    bencher.counter(BytesCount::new(WHOLE)).with_inputs(asked).bench_local_refs(|conn| {
        let mut read = 0;
        while let Ok(Event::Data(data)) = conn.next_event() {
            read += data.len();
        }
        assert_eq!(read, WHOLE);
    });
}
