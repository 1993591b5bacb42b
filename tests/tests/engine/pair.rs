//! Two machines in a box: a client's and a server's, and a wire between them that cuts anywhere.

use counterpart::Fields;
use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode};
use counterpart::proto::h1::{
    Client, Conn, ErrorKind, Event, Expectation, Length, Role, Server, State,
};
use counterpart::text::{RequestHead, ResponseHead};

use counterpart_tests::h1::play::Shown;
use counterpart_tests::h1::seed::Seed;

/// Both ends, and what each has said that the other has not yet heard.
struct Pair {
    client: Conn<Client>,
    server: Conn<Server>,
    up: Vec<u8>,
    down: Vec<u8>,
    cut: Cut,
}

/// How the wire cuts what it carries.
enum Cut {
    Nowhere,
    Everywhere,
    Somewhere(Seed),
}

/// Plays a scene over wires of all kinds.
fn over_any_wire(scene: impl Fn(&mut Pair)) {
    let random = (1..=20).map(|seed| Cut::Somewhere(Seed::new(seed)));
    for cut in [Cut::Nowhere, Cut::Everywhere].into_iter().chain(random) {
        scene(&mut Pair {
            client: Conn::default(),
            server: Conn::default(),
            up: Vec::new(),
            down: Vec::new(),
            cut,
        });
    }
}

impl Pair {
    /// The client asks, with a body in these pieces.
    fn ask(&mut self, head: &RequestHead, length: Length, body: &[&str]) {
        self.client.send_head(head, length, &mut self.up).expect("a head");
        for piece in body {
            self.client.send_data(piece.as_bytes(), &mut self.up).expect("a piece");
        }
        self.client.send_end(None, &mut self.up).expect("an end");
    }

    /// The server answers, with a body in these pieces.
    fn answer(&mut self, head: &ResponseHead, length: Length, body: &[&str]) {
        self.server.send_head(head, length, None, &mut self.down).expect("a head");
        for piece in body {
            self.server.send_data(piece.as_bytes(), &mut self.down).expect("a piece");
        }
        self.server.send_end(None, &mut self.down).expect("an end");
    }

    fn server_hears(&mut self) -> String {
        hear(&mut self.server, &std::mem::take(&mut self.up), &mut self.cut)
    }

    fn client_hears(&mut self) -> String {
        hear(&mut self.client, &std::mem::take(&mut self.down), &mut self.cut)
    }

    fn is_idle(&self) -> bool {
        self.client.is_idle() && self.server.is_idle()
    }
}

/// What a machine makes of bytes that come in pieces: heads, bodies and ends in a row.
fn hear<R: Role>(conn: &mut Conn<R>, bytes: &[u8], cut: &mut Cut) -> String
where
    R::Theirs: Shown,
{
    let (mut said, mut rest) = (String::new(), bytes);
    loop {
        let most = rest.len();
        let piece = match cut {
            Cut::Nowhere => most,
            Cut::Everywhere => most.min(1),
            Cut::Somewhere(seed) => most.min(1 + seed.below(20)),
        };
        conn.input().extend_from_slice(&rest[..piece]);
        rest = &rest[piece..];
        loop {
            let word = match conn.next_event() {
                Ok(Event::NeedData | Event::Paused | Event::Closed) => break,
                Ok(Event::Head(head)) => format!("[{}] ", head.line()),
                Ok(Event::Interim(head)) => format!("({}) ", head.line()),
                Ok(Event::Data(data)) => String::from_utf8(data.to_vec()).expect("text"),
                Ok(Event::End(None)) => "; ".to_owned(),
                Ok(Event::End(Some(trailers))) => format!("; with {trailers:?}; "),
                Err(error) => return format!("{said}{error}"),
            };
            said.push_str(&word);
        }
        if rest.is_empty() {
            return said.trim_end().to_owned();
        }
    }
}

fn request(method: Method, fields: &[(&'static str, &'static str)]) -> RequestHead {
    let mut head = RequestHead::new(method, "/x");
    head.fields = table(&[&[("host", "a")], fields].concat());
    head
}

fn response(status: u16, fields: &[(&'static str, &'static str)]) -> ResponseHead {
    let mut head = ResponseHead::new(StatusCode::from_u16(status).expect("a status"));
    head.fields = table(fields);
    head
}

fn table(fields: &[(&'static str, &'static str)]) -> Fields {
    let mut table = Fields::new();
    for &(name, value) in fields {
        table.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    table
}

#[test]
fn a_get_and_another_on_the_same_connection() {
    over_any_wire(|pair| {
        for _ in 0..3 {
            pair.ask(&request(Method::GET, &[]), Length::Absent, &[]);
            assert_eq!(pair.server_hears(), "[GET /x HTTP/1.1] ;");
            pair.answer(&response(200, &[]), Length::Known(5), &["he", "llo"]);
            assert_eq!(pair.client_hears(), "[200 HTTP/1.1] hello;");
            assert!(pair.is_idle());
        }
    });
}

#[test]
fn a_post_of_known_length() {
    over_any_wire(|pair| {
        pair.ask(&request(Method::POST, &[]), Length::Known(10), &["0123", "", "456789"]);
        assert_eq!(pair.server_hears(), "[POST /x HTTP/1.1] 0123456789;");
        pair.answer(&response(201, &[("location", "/x/1")]), Length::Known(0), &[]);
        assert_eq!(pair.client_hears(), "[201 HTTP/1.1] ;");
        assert!(pair.is_idle());
    });
}

#[test]
fn chunks_and_trailers_both_ways() {
    over_any_wire(|pair| {
        let trailers = table(&[("x-sum", "7"), ("x-sum", "8")]);
        let (client, up) = (&mut pair.client, &mut pair.up);
        client.send_head(&request(Method::PUT, &[]), Length::Unknown, up).unwrap();
        for piece in ["up ", "", "and up"] {
            client.send_data(piece.as_bytes(), up).unwrap();
        }
        client.send_end(Some(&trailers), up).unwrap();
        let with = format!("; with {trailers:?};");
        assert_eq!(pair.server_hears(), format!("[PUT /x HTTP/1.1] up and up{with}"));

        let (server, down) = (&mut pair.server, &mut pair.down);
        server.send_head(&response(200, &[]), Length::Unknown, None, down).unwrap();
        server.send_data(b"down", down).unwrap();
        server.send_end(Some(&trailers), down).unwrap();
        assert_eq!(pair.client_hears(), format!("[200 HTTP/1.1] down{with}"));
        assert!(pair.is_idle());
    });
}

#[test]
fn a_trailer_that_belongs_in_the_head_is_not_written() {
    over_any_wire(|pair| {
        let (client, up) = (&mut pair.client, &mut pair.up);
        client.send_head(&request(Method::PUT, &[]), Length::Unknown, up).unwrap();
        let refused = client.send_end(Some(&table(&[("content-length", "5")])), up).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BadTrailer);
        client.send_end(None, up).unwrap();
        assert_eq!(pair.server_hears(), "[PUT /x HTTP/1.1] ;");
    });
}

#[test]
fn answers_without_a_body() {
    over_any_wire(|pair| {
        for (method, status, length) in [
            (Method::HEAD, 200, Length::Known(5)),
            (Method::HEAD, 200, Length::Unknown),
            (Method::HEAD, 404, Length::Known(5)),
            (Method::GET, 204, Length::Absent),
            (Method::GET, 204, Length::Known(5)),
            (Method::GET, 304, Length::Known(5)),
            (Method::GET, 304, Length::Unknown),
        ] {
            pair.ask(&request(method.clone(), &[]), Length::Absent, &[]);
            assert_eq!(pair.server_hears(), format!("[{method} /x HTTP/1.1] ;"));
            // Whoever answers need not know that the body is not sent.
            pair.answer(&response(status, &[]), length, &["hello"]);
            assert_eq!(pair.client_hears(), format!("[{status} HTTP/1.1] ;"));
            assert!(pair.is_idle(), "{method} {status} {length:?}");
        }
    });
}

#[test]
fn a_client_that_waits_is_told_to_go_on() {
    over_any_wire(|pair| {
        let head = request(Method::POST, &[("expect", "100-continue")]);
        pair.client.send_head(&head, Length::Known(5), &mut pair.up).unwrap();
        assert_eq!(pair.client.expectation(), Expectation::Continue);
        assert_eq!(pair.server_hears(), "[POST /x HTTP/1.1]");
        assert_eq!(pair.server.expectation(), Expectation::Continue);
        pair.server.send_continue(&mut pair.down).unwrap();
        assert_eq!(pair.client_hears(), "(100 HTTP/1.1)");
        assert_eq!(pair.client.expectation(), Expectation::None);
        pair.client.send_data(b"hello", &mut pair.up).unwrap();
        pair.client.send_end(None, &mut pair.up).unwrap();
        assert_eq!(pair.server_hears(), "hello;");
        pair.answer(&response(200, &[]), Length::Known(0), &[]);
        assert_eq!(pair.client_hears(), "[200 HTTP/1.1] ;");
        assert!(pair.is_idle());
    });
}

#[test]
fn a_client_that_waits_is_refused() {
    over_any_wire(|pair| {
        let head = request(Method::POST, &[("expect", "100-continue")]);
        pair.client.send_head(&head, Length::Known(5), &mut pair.up).unwrap();
        assert_eq!(pair.server_hears(), "[POST /x HTTP/1.1]");
        pair.answer(&response(413, &[]), Length::Known(2), &["no"]);
        assert_eq!(pair.client_hears(), "[413 HTTP/1.1] no;");
        // Nobody knows whether the body will still come, so nothing may follow it.
        assert!(!pair.client.keeps() && !pair.server.keeps());
    });
}

#[test]
fn an_answer_before_the_end_of_the_request() {
    over_any_wire(|pair| {
        pair.client.send_head(&request(Method::POST, &[]), Length::Unknown, &mut pair.up).unwrap();
        pair.client.send_data(b"some", &mut pair.up).unwrap();
        assert_eq!(pair.server_hears(), "[POST /x HTTP/1.1] some");
        pair.answer(&response(404, &[]), Length::Known(2), &["no"]);
        assert_eq!(pair.client_hears(), "[404 HTTP/1.1] no;");
        assert_eq!((pair.server.ours(), pair.server.theirs()), (State::Done, State::Body));
        // The rest is read as a body; then both may go on.
        pair.client.send_data(b" more", &mut pair.up).unwrap();
        pair.client.send_end(None, &mut pair.up).unwrap();
        assert_eq!(pair.server_hears(), " more;");
        assert!(pair.is_idle());
    });
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    over_any_wire(|pair| {
        let mut askers = Vec::new();
        for _ in 0..3 {
            pair.client = Conn::default();
            pair.ask(&request(Method::POST, &[]), Length::Unknown, &["hi"]);
            askers.push(std::mem::take(&mut pair.client));
        }
        let mut heard = pair.server_hears();
        for body in ["one", "two", "three"] {
            // The next request waits in the buffer until this one is answered.
            assert_eq!(heard, "[POST /x HTTP/1.1] hi;");
            pair.answer(&response(200, &[]), Length::Unknown, &[body]);
            heard = pair.server_hears();
        }
        assert_eq!(heard, "");
        pair.cut = Cut::Nowhere;
        for (asker, body) in askers.into_iter().zip(["one", "two", "three"]) {
            pair.client = asker;
            let surplus = ErrorKind::Surplus;
            let heard = pair.client_hears();
            assert!(heard.starts_with(&format!("[200 HTTP/1.1] {body};")), "{heard}");
            let last = body == "three";
            assert_eq!(
                pair.client.next_event().map_err(|error| error.kind()).err(),
                (!last).then_some(surplus)
            );
            pair.down = pair.client.take_rest().to_vec();
        }
    });
}

#[test]
fn an_offered_protocol_is_not_taken() {
    over_any_wire(|pair| {
        let offer = [("connection", "upgrade"), ("upgrade", "echo")];
        pair.ask(&request(Method::GET, &offer), Length::Absent, &[]);
        assert_eq!(pair.server_hears(), "[GET /x HTTP/1.1] ;");
        pair.answer(&response(200, &[]), Length::Known(2), &["no"]);
        assert_eq!(pair.client_hears(), "[200 HTTP/1.1] no;");
        assert!(pair.is_idle());
    });
}

#[test]
fn an_offered_protocol_is_taken() {
    over_any_wire(|pair| {
        let offer = [("connection", "upgrade"), ("upgrade", "echo")];
        pair.ask(&request(Method::GET, &offer), Length::Absent, &[]);
        pair.server_hears();
        let taken = response(101, &offer);
        pair.server.send_head(&taken, Length::Absent, None, &mut pair.down).unwrap();
        pair.down.extend_from_slice(b"echo");
        assert_eq!(pair.client_hears(), "[101 HTTP/1.1]");
        assert_eq!(pair.client.take_rest(), "echo");
        assert_eq!((pair.server.ours(), pair.client.ours()), (State::Switched, State::Switched));
    });
}

#[test]
fn close_is_said_and_heard() {
    over_any_wire(|pair| {
        pair.ask(&request(Method::GET, &[]), Length::Absent, &[]);
        pair.server_hears();
        pair.server.close_after();
        pair.answer(&response(200, &[]), Length::Unknown, &["bye"]);
        assert_eq!(pair.client_hears(), "[200 HTTP/1.1] bye;");
        assert_eq!(
            (pair.client.ours(), pair.client.theirs()),
            (State::MustClose, State::MustClose)
        );
        let again = pair.client.send_head(&request(Method::GET, &[]), Length::Absent, &mut pair.up);
        assert_eq!(again.unwrap_err().kind(), ErrorKind::OutOfOrder);
    });
}

#[test]
fn an_old_client_gets_a_body_that_lasts_until_the_end() {
    over_any_wire(|pair| {
        let mut head = request(Method::GET, &[]);
        head.version = counterpart::http::Version::HTTP_10;
        pair.ask(&head, Length::Absent, &[]);
        assert_eq!(pair.server_hears(), "[GET /x HTTP/1.0] ;");
        pair.answer(&response(200, &[]), Length::Unknown, &["some", "thing"]);
        assert_eq!(pair.client_hears(), "[200 HTTP/1.1] something");
        pair.client.end_input();
        assert_eq!(pair.client_hears(), ";");
        assert_eq!(pair.client.theirs(), State::MustClose);
    });
}

#[test]
fn a_body_is_held_to_its_length() {
    over_any_wire(|pair| {
        let (client, up) = (&mut pair.client, &mut pair.up);
        client.send_head(&request(Method::POST, &[]), Length::Known(3), up).unwrap();
        assert_eq!(client.send_data(b"four", up).unwrap_err().kind(), ErrorKind::LengthMismatch);
        assert_eq!(client.send_end(None, up).unwrap_err().kind(), ErrorKind::LengthMismatch);
        client.send_data(b"abc", up).unwrap();
        client.send_end(None, up).unwrap();
        assert_eq!(pair.server_hears(), "[POST /x HTTP/1.1] abc;");
    });
}

/// S23: a 205 that was given a body goes without, and says so.
#[test]
fn a_reset_has_no_content() {
    over_any_wire(|pair| {
        for length in [Length::Known(3), Length::Unknown] {
            pair.ask(&request(Method::GET, &[]), Length::Absent, &[]);
            assert_eq!(pair.server_hears(), "[GET /x HTTP/1.1] ;");
            pair.answer(&response(205, &[]), length, &["abc"]);
            assert_eq!(pair.client_hears(), "[205 HTTP/1.1] ;");
            assert!(pair.is_idle());
        }
    });
}
