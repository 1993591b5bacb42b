//! Laws: what one machine writes the other reads, and cuts never matter, not even to nonsense.

use counterpart::Fields;
use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode};
use counterpart::proto::h1::{Client, Conn, DateLine, Event, Length, Limits, Role, Server};
use counterpart::text::{RequestHead, ResponseHead};
use proptest::prelude::*;
use proptest::sample::Index;

use counterpart_tests::h1::document::Document;
use counterpart_tests::h1::play;
use counterpart_tests::laws::low;

/// Fields as pairs of text; framing is left to the machine.
fn fields() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = "x-[a-z0-9!#$%&'*+.^_`|~-]{0,20}";
    let value = "([!-~\u{80}-\u{7ff}]([ -~\u{80}-\u{7ff}\t]{0,40}[!-~])?)?";
    prop::collection::vec((name, value), 0..20)
}

fn table(pairs: &[(String, String)]) -> Fields {
    let mut table = Fields::new();
    for (name, value) in pairs {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
        table.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value);
    }
    table
}

/// The pairs of a table but those that the machine itself writes.
fn pairs(fields: &Fields) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let all = fields.iter().map(|(name, value)| (text(name), text(value)));
    all.filter(|(name, _)| name.starts_with("x-")).collect()
}

/// All events that bytes give, when they are cut here.
fn read<R: Role>(
    conn: &mut Conn<R>,
    bytes: &[u8],
    cuts: &[Index],
) -> (Option<R::Theirs>, Vec<u8>, Option<Option<Fields>>) {
    let (mut head, mut body, mut end) = (None, Vec::new(), None);
    let mut start = 0;
    for cut in places(cuts, bytes.len()).into_iter().chain([bytes.len()]) {
        conn.input().extend_from_slice(&bytes[start..cut]);
        start = cut;
        while end.is_none() {
            match conn.next_event().expect("what was written is right") {
                Event::Head(came) => head = Some(came),
                Event::Data(data) => body.extend_from_slice(&data),
                Event::End(trailers) => end = Some(trailers),
                _ => break,
            }
        }
    }
    (head, body, end)
}

fn places(cuts: &[Index], len: usize) -> Vec<usize> {
    let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(len + 1)).collect();
    places.sort_unstable();
    places
}

/// What one does to a good message to make it a bad one.
#[derive(Debug, Clone)]
enum Harm {
    Remove(Index),
    Insert(Index, u8),
    Replace(Index, u8),
    Repeat(Index, Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<Index>;
    let byte =
        || prop_oneof![prop::sample::select(&b"\r\n\t \0:;,=\"0a/\x7f\x80"[..]), any::<u8>()];
    prop_oneof![
        at().prop_map(Harm::Remove),
        (at(), byte()).prop_map(|(at, byte)| Harm::Insert(at, byte)),
        (at(), byte()).prop_map(|(at, byte)| Harm::Replace(at, byte)),
        (at(), at()).prop_map(|(from, to)| Harm::Repeat(from, to)),
    ]
}

fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms.iter().filter(|_| !bytes.is_empty()).cloned().collect::<Vec<_>>() {
        let len = bytes.len();
        if len == 0 {
            break;
        }
        match harm {
            Harm::Remove(at) => drop(bytes.remove(at.index(len))),
            Harm::Insert(at, byte) => bytes.insert(at.index(len + 1), byte),
            Harm::Replace(at, byte) => bytes[at.index(len)] = byte,
            Harm::Repeat(from, to) => {
                let (from, to) = (from.index(len), to.index(len + 1));
                let piece = bytes[from.min(to)..to.max(from)].to_vec();
                bytes.splice(from..from, piece);
            }
        }
    }
    bytes
}

/// The parts of all cases of a folder that are short enough to be played often.
fn parts(folder: &str) -> Vec<Vec<u8>> {
    let cases = Document::all(folder).into_iter().flat_map(|document| document.cases);
    cases.flat_map(|case| case.parts).filter(|part| part.len() < 1000).collect()
}

#[test]
fn cuts_never_matter_to_requests() {
    let parts = parts("requests");
    let answers = vec!["200".to_owned(), "404 early".to_owned(), "200".to_owned()];
    cuts_never_matter(&parts, |low_limits, part, cuts| {
        let limits = Limits::server();
        let limits = if low_limits { low(limits) } else { limits };
        play::requests(limits, &answers, part, cuts)
    });
}

#[test]
fn cuts_never_matter_to_responses() {
    let parts = parts("responses");
    for asked in ["GET /", "HEAD /", "GET / + connection: upgrade + upgrade: x", "CONNECT a:1"] {
        cuts_never_matter(&parts, |low_limits, part, cuts| {
            let limits = Limits::client();
            let limits = if low_limits { low(limits) } else { limits };
            play::responses(limits, &[asked.to_owned()], part, cuts)
        });
    }
}

fn cuts_never_matter(parts: &[Vec<u8>], play: impl Fn(bool, &[Vec<u8>], play::Cuts<'_>) -> String) {
    let harms = prop::collection::vec(harm(), 0..4);
    let cuts = prop::collection::vec(any::<Index>(), 0..6);
    let config = ProptestConfig { cases: 3000, failure_persistence: None, ..<_>::default() };
    proptest!(config, |(part: Index, harms in harms, cuts in cuts, low: bool)| {
        let part = [harmed(part.get(parts).clone(), &harms)];
        let whole = play(low, &part, &mut |_| Vec::new());
        let cut = play(low, &part, &mut |len| places(&cuts, len));
        prop_assert_eq!(&cut, &whole, "{}", part[0].escape_ascii());
        let bytes = play(low, &part, &mut |len| (1..len).collect());
        prop_assert_eq!(&bytes, &whole, "{}", part[0].escape_ascii());
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..<_>::default() })]

    #[test]
    fn a_request_arrives_as_it_was_sent(
        method in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}",
        target in "/[!-\"$-~]{0,60}",
        sent in fields(),
        cuts: Vec<Index>,
    ) {
        prop_assume!(method != "CONNECT");
        let mut head = RequestHead::new(method.parse::<Method>().unwrap(), target.clone());
        head.fields = table(&sent);
        head.fields.append(HeaderName::from_static("host"), HeaderValue::from_static("a"));
        let mut out = Vec::new();
        let mut client = Conn::<Client>::default();
        client.send_head(&head, Length::Absent, &mut out).unwrap();
        client.send_end(None, &mut out).unwrap();
        let (came, body, end) = read(&mut Conn::<Server>::default(), &out, &cuts);
        let came = came.unwrap();
        prop_assert_eq!(came.method.as_str(), method);
        prop_assert_eq!(&came.target[..], target.as_bytes());
        prop_assert_eq!(pairs(&came.fields), sent);
        prop_assert!(body.is_empty() && matches!(end, Some(None)));
    }

    #[test]
    fn a_response_arrives_as_it_was_sent(
        status in 200u16..=999,
        sent in fields(),
        body: Vec<u8>,
        cuts: Vec<Index>,
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        let bodiless = [204, 205, 304].contains(&status.as_u16());
        let (mut client, mut server) = conversation();
        let mut head = ResponseHead::new(status);
        head.fields = table(&sent);
        let mut out = Vec::new();
        server.send_head(&head, Length::Known(body.len() as u64), Some(&DateLine::new(b"Sun, 06 Nov 1994 08:49:37 GMT")), &mut out).unwrap();
        server.send_data(&body, &mut out).unwrap();
        server.send_end(None, &mut out).unwrap();
        let (came, received, end) = read(&mut client, &out, &cuts);
        let came = came.unwrap();
        prop_assert_eq!(came.status, status);
        prop_assert_eq!(came.fields.get("date"), Some(&b"Sun, 06 Nov 1994 08:49:37 GMT"[..]));
        prop_assert_eq!(pairs(&came.fields), sent);
        prop_assert_eq!(received, if bodiless { Vec::new() } else { body });
        prop_assert!(matches!(end, Some(None)) && client.is_idle());
    }

    #[test]
    fn chunks_arrive_as_they_were_sent(
        pieces: Vec<Vec<u8>>,
        trailers in fields(),
        cuts: Vec<Index>,
    ) {
        let trailers: Vec<_> = trailers.into_iter().take(16)
            .filter(|(name, _)| !name.starts_with("x-forwarded-")).collect();
        let (mut client, mut server) = conversation();
        let mut out = Vec::new();
        let head = ResponseHead::new(StatusCode::OK);
        server.send_head(&head, Length::Unknown, None, &mut out).unwrap();
        for piece in &pieces {
            server.send_data(piece, &mut out).unwrap();
        }
        server.send_end(Some(&table(&trailers)), &mut out).unwrap();
        let (_, body, end) = read(&mut client, &out, &cuts);
        prop_assert_eq!(body, pieces.concat());
        let came = end.expect("an end").map(|fields| pairs(&fields)).unwrap_or_default();
        prop_assert_eq!(came, trailers);
        prop_assert!(client.is_idle() && server.is_idle());
    }
}

/// A client that has asked, and a server that has heard it.
fn conversation() -> (Conn<Client>, Conn<Server>) {
    let (mut client, mut server) = (Conn::<Client>::default(), Conn::<Server>::default());
    let mut head = RequestHead::new(Method::GET, "/");
    head.fields.append(HeaderName::from_static("host"), HeaderValue::from_static("a"));
    let mut out = Vec::new();
    client.send_head(&head, Length::Absent, &mut out).expect("a request");
    client.send_end(None, &mut out).expect("its end");
    read(&mut server, &out, &[]);
    (client, server)
}
