use super::*;

/// A head of about so many bytes, all told in long fields.
fn head_of(line: &str, bytes: usize) -> Vec<u8> {
    let mut head = format!("{line}\r\nhost: a\r\n").into_bytes();
    while head.len() + 600 < bytes {
        head.extend_from_slice(format!("x-{}: {}\r\n", head.len(), "v".repeat(400)).as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// How many bytes are looked at until the reader says something, given pieces of so many bytes.
fn cost_of(bytes: &[u8], piece: usize, read: fn(&mut Buffer) -> bool) -> usize {
    cost::of(|| {
        let mut input = Buffer::default();
        for piece in bytes.chunks(piece) {
            input.input().extend_from_slice(piece);
            if read(&mut input) {
                return;
            }
        }
        panic!("the reader has nothing to say");
    })
}

/// As the machine reads them, whatever the facts.
fn request(input: &mut Buffer) -> Result<Option<RequestHead>, ProtocolError> {
    super::request(input, &Limits::server(), &mut Facts::new(Version::HTTP_11))
}

fn response(input: &mut Buffer) -> Result<Option<ResponseHead>, ProtocolError> {
    super::response(input, &Limits::client(), &mut Facts::new(Version::HTTP_11))
}

fn reads_request(input: &mut Buffer) -> bool {
    !matches!(request(input), Ok(None))
}

fn reads_response(input: &mut Buffer) -> bool {
    !matches!(response(input), Ok(None))
}

#[test]
fn a_head_byte_by_byte_costs_little_more_than_a_whole_one() {
    let head = head_of("GET / HTTP/1.1", 32 * 1024);
    assert!(head.len() > 31 * 1024);
    let whole = cost_of(&head, head.len(), reads_request);
    assert_eq!(whole, head.len(), "one run of the parser");
    for piece in [1, 2, 7, 100, head.len() - 1] {
        let cut = cost_of(&head, piece, reads_request);
        assert!(cut <= 3 * whole, "pieces of {piece} cost {cut} where the whole costs {whole}");
    }
}

/// T18: byte by byte it grows with the length, and not with its square.
#[test]
fn the_cost_of_a_head_grows_with_its_length() {
    let cost = |bytes| cost_of(&head_of("GET / HTTP/1.1", bytes), 1, reads_request);
    let (small, large) = (cost(8 * 1024), cost(32 * 1024));
    assert!(large <= 5 * small, "{small} for 8 KiB, {large} for 32 KiB");
}

#[test]
fn a_first_line_without_end_is_searched_once() {
    let target = format!("GET /{}", "a".repeat(9 * 1024)).into_bytes();
    assert!(cost_of(&target, 1, reads_request) <= 3 * target.len());
    let reason = format!("HTTP/1.1 200 {}", "a".repeat(256 * 1024)).into_bytes();
    assert!(cost_of(&reason, 1, reads_response) <= 3 * reason.len());
}

#[test]
fn a_later_minor_version_costs_its_own_head_alone() {
    let line = b"GET / HTTP/1.2\r\nhost: a\r\n\r\n";
    let pipelined = line.repeat(1000);
    let cost = cost::of(|| {
        let mut input = Buffer::default();
        input.input().extend_from_slice(&pipelined);
        for _ in 0..1000 {
            assert!(reads_request(&mut input));
        }
    });
    // The parser stops at the version, but the count takes each of its runs for the whole buffer.
    let refused = (1..=1000).map(|left| left * line.len()).sum::<usize>();
    assert!(cost - refused <= 3 * pipelined.len());
}

#[test]
fn a_long_method_is_refused_in_one_piece_too() {
    let head = format!("{} / HTTP/1.1\r\nhost: a\r\n\r\n", "A".repeat(9000));
    for piece in [head.len(), 1] {
        let mut input = Buffer::default();
        let mut last = Ok(None);
        for piece in head.as_bytes().chunks(piece) {
            input.input().extend_from_slice(piece);
            last = request(&mut input).map(|read| read.map(drop));
            if last.is_err() {
                break;
            }
        }
        assert_eq!(last, Err(ProtocolError::theirs(ErrorKind::TargetTooLong { limit: 8192 })));
    }
}

#[test]
fn the_parser_and_the_judge_agree_on_every_byte() {
    for byte in 0..=u8::MAX {
        for (before, after) in [
            ("GE", "T / HTTP/1.1\r\nhost: a\r\n\r\n"),
            ("GET /", " HTTP/1.1\r\nhost: a\r\n\r\n"),
            ("GET / HTTP/1.1", "\r\nhost: a\r\n\r\n"),
            ("GET / HTTP/1.1\r\n", "host: a\r\n\r\n"),
            ("GET / HTTP/1.1\r\nho", "st: a\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost", ": a\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost:", "a\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a", "\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r\n", "\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r\nb: c", "d\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r\nb:", "\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r", "\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r\n\r", "\n\r\n"),
        ] {
            let bytes = [before.as_bytes(), &[byte], after.as_bytes()].concat();
            let read = |piece: usize| {
                let mut input = Buffer::default();
                let mut last = Ok(None);
                for piece in bytes.chunks(piece) {
                    input.input().extend_from_slice(piece);
                    last = request(&mut input);
                    if !matches!(last, Ok(None)) {
                        break;
                    }
                }
                last.map(|read| read.map(|head| format!("{head:?}")))
            };
            assert_eq!(read(1), read(bytes.len()), "{}", bytes.escape_ascii());
        }
    }
}

#[test]
fn a_status_line_is_read_alike_however_it_is_cut() {
    for byte in 0..=u8::MAX {
        for (before, after) in [
            ("HTTP/1.", " 200 OK\r\n\r\n"),
            ("HTTP/1.1", "200 OK\r\n\r\n"),
            ("HTTP/1.1 20", " OK\r\n\r\n"),
            ("HTTP/1.1 200", "OK\r\n\r\n"),
            ("HTTP/1.1 200 O", "K\r\n\r\n"),
            ("HTTP/1.1 200", "\r\n\r\n"),
            ("", "HTTP/1.1 200 OK\r\n\r\n"),
        ] {
            let bytes = [before.as_bytes(), &[byte], after.as_bytes()].concat();
            let read = |piece: usize| {
                let mut input = Buffer::default();
                let mut last = Ok(None);
                for piece in bytes.chunks(piece) {
                    input.input().extend_from_slice(piece);
                    last = response(&mut input);
                    if !matches!(last, Ok(None)) {
                        break;
                    }
                }
                last.map(|read| read.map(|head| format!("{head:?}")))
            };
            assert_eq!(read(1), read(bytes.len()), "{}", bytes.escape_ascii());
        }
    }
}

/// Heads as they come, and what may be done to a byte of them.
const HEADS: [&str; 4] = [
    "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
    "POST /a/b?c=d HTTP/1.1\r\nHost: example.com:8080\r\nContent-Length: 5\r\nX-Empty:\r\nX-Tab: \ta\tb \r\n\r\nhello",
    "OPTIONS * HTTP/1.0\r\nhost:a\r\nuser-agent: \u{e9}t\u{e9} (somewhat longer than a word)\r\n\r\n",
    "PATCH /b?c HTTP/1.1\r\nhost: b\r\nconnection: keep-alive, x\r\naccept: */*;q=0.5\r\n\r\n",
];

proptest::proptest! {
    /// Whatever is read as a request is read in the same way by a parser that others wrote.
    #[test]
    fn others_read_the_same(
        head in 0..HEADS.len(),
        changes in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), 0u8..), 0..3),
    ) {
        let mut bytes = HEADS[head].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut input = Buffer::default();
        input.input().extend_from_slice(&bytes);
        if let Ok(Some(ours)) = request(&mut input) {
            let mut room = [httparse::EMPTY_HEADER; 16];
            let mut theirs = httparse::Request::new(&mut room);
            // They know no minor version but 0 and 1, and our first empty line is not theirs.
            let known = bytes.iter().position(|&byte| byte == b'\n').is_some_and(|end| end > 9);
            proptest::prop_assume!(known);
            let minor = bytes.iter().position(|&byte| byte == b'\n').map_or(0, |end| end - 2);
            if matches!(bytes[minor], b'2'..=b'9') {
                bytes[minor] = b'1';
            }
            let parsed = theirs.parse(&bytes);
            proptest::prop_assert_eq!(parsed, Ok(httparse::Status::Complete(bytes.len() - input.len())));
            proptest::prop_assert_eq!(theirs.method, Some(ours.method.as_str()));
            proptest::prop_assert_eq!(theirs.path.map(str::as_bytes), Some(&ours.target[..]));
            let came = theirs.headers.iter().map(|field| (field.name.as_bytes(), field.value));
            proptest::prop_assert_eq!(came.collect::<Vec<_>>(), ours.fields.read().collect::<Vec<_>>());
        }
    }
}
