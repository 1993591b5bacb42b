//! What stands around the files: passwords, other origins, codings.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use common::{Program, command, folder, put};

fn basic(login: &str) -> String {
    format!("authorization: Basic {}", BASE64_STANDARD.encode(login))
}

#[test]
fn a_password_is_asked_for() {
    let folder = folder("auth");
    let realm = ["--realm", "a \"b\" \\c"];
    let options = ["--auth", "ada:se:cret", "--auth", "bob:hé", "--cache", "9"];
    let program = Program::start(&folder, &[&options[..], &realm].concat());
    for fields in [
        &[][..],
        &[&*basic("ada:wrong")],
        &[&*basic("ada:")],
        &[&*basic("ada:se:cre")],
        &[&*basic("ada:se:cret2")],
        &[&*basic("eve:se:cret")],
        &["authorization: Bearer YWRhOnNlOmNyZXQ="],
        &["authorization: Basic YWRhOnNlOmNyZXQ=!"],
        &["authorization: Basic"],
    ] {
        for request in ["GET /a.txt", "HEAD /a.txt", "GET /", "POST /a.txt", "GET /nowhere"] {
            let answer = program.ask(request, fields);
            assert_eq!(answer.status, 401, "{request} with {fields:?}");
            let challenge = answer.field("www-authenticate").unwrap();
            assert_eq!(challenge, r#"Basic realm="a \"b\" \\c", charset="UTF-8""#);
        }
    }
    for field in [basic("ada:se:cret"), basic("bob:hé"), basic("bob:hé").replace("Basic", "bASIC")]
    {
        let answer = program.ask("GET /a.txt", &[&field]);
        assert_eq!((answer.status, answer.text()), (200, "hello\n"));
        assert_eq!(answer.field("cache-control").unwrap(), "private, max-age=9");
    }
    let log = program.killed();
    assert!(log.contains("401") && !log.contains("cret") && !log.contains("YWRh"), "{log}");
}

#[test]
fn passwords_can_come_from_the_environment() {
    let folder = folder("auth_env");
    let mut command = command(&[folder.to_str().unwrap(), "0"]);
    let program = Program::start_by(command.env("FILES_AUTH", "ada:one\nbob:two\n"));
    for (login, status) in
        [("ada:one", 200), ("bob:two", 200), ("ada:two", 401), (":", 401), ("", 401)]
    {
        assert_eq!(program.ask("GET /a.txt", &[&basic(login)]).status, status, "{login}");
    }
    assert_eq!(program.ask("GET /a.txt", &[]).status, 401);
}

/// Who lets passwords travel where others can read them is told so.
#[test]
fn passwords_in_the_clear_are_warned_of() {
    let folder = folder("auth_warned");
    for (options, warned) in [
        (&["--auth", "ada:secret", "--bind", "0.0.0.0"][..], true),
        (&["--auth", "ada:secret"], false),
        (&["--bind", "0.0.0.0"], false),
    ] {
        let program = Program::start(&folder, options);
        let log = program.killed();
        assert_eq!(log.contains("warning: passwords"), warned, "{options:?}: {log}");
    }
}

const ORIGINS: [&str; 12] = [
    "https://good.example",
    "http://localhost:3000",
    "http://good.example",
    "https://good.example:8443",
    "https://good.example.evil.example",
    "https://evilgood.example",
    "https://sub.good.example",
    "https://GOOD.example",
    "https://good.example/",
    "null",
    "*",
    "",
];

/// T60: only those origins that were told, to the letter; never all of them with credentials.
#[test]
fn other_origins_read_what_they_may() {
    let folder = folder("cors");
    let told = ["--cors", "https://good.example", "http://localhost:3000"];
    for credentials in [false, true] {
        let more: &[&str] = if credentials { &["--cors-credentials"] } else { &[] };
        let program = Program::start(&folder, &[&told, more].concat());
        for (number, origin) in ORIGINS.iter().enumerate() {
            let origin = format!("origin: {origin}");
            let asks = "access-control-request-method: GET";
            for (request, fields) in
                [("GET /a.txt", &[&*origin][..]), ("OPTIONS /a.txt", &[&*origin, asks])]
            {
                let answer = program.ask(request, fields);
                assert_eq!(answer.status, 200);
                let allowed = answer.field("access-control-allow-origin");
                let expected = (number < 2).then(|| ORIGINS[number].to_owned());
                assert_eq!(allowed, expected, "{request} of {origin}");
                assert!(answer.field("vary").unwrap().contains("origin"));
                let with = answer.field("access-control-allow-credentials");
                assert_eq!(with.is_some(), credentials);
            }
        }
    }
}

/// T60: without names it is all of them, and then nobody's password goes along.
#[test]
fn all_origins_read_without_credentials() {
    let folder = folder("cors_all");
    let program = Program::start(&folder, &["--cors", "--auth", "ada:secret"]);
    for origin in ORIGINS {
        let origin = format!("origin: {origin}");
        for fields in [&[&*origin][..], &[&*origin, &basic("ada:secret")]] {
            let answer = program.ask("GET /a.txt", fields);
            assert_eq!(answer.status, if fields.len() == 1 { 401 } else { 200 });
            assert_eq!(answer.field("access-control-allow-origin").unwrap(), "*");
            assert_eq!(answer.field("access-control-allow-credentials"), None);
        }
        // What a browser asks first has no password.
        let asked = program.ask("OPTIONS /a.txt", &[&origin, "access-control-request-method: GET"]);
        assert_eq!(asked.status, 200);
        assert!(asked.field("access-control-allow-headers").unwrap().contains("range"));
    }
    let program = Program::start(&folder, &[]);
    let answer = program.ask("GET /a.txt", &["origin: https://good.example"]);
    assert_eq!(answer.field("access-control-allow-origin"), None);
}

#[test]
fn text_is_compressed_for_those_who_take_it() {
    let folder = folder("compressed");
    put(&folder, "data.bin", vec![0; 100_000]);
    put(&folder, "long.txt.gz", "coded before");
    let program = Program::start(&folder, &["--compress"]);
    let whole = program.ask("GET /long.txt", &[]);
    assert_eq!(whole.field("content-length").unwrap(), "210000");
    assert_eq!(whole.field("vary").unwrap(), "accept-encoding");
    let tag = whole.field("etag").unwrap();
    for coding in ["gzip", "br", "zstd"] {
        let accepts = format!("accept-encoding: {coding}");
        for request in ["GET /long.txt", "HEAD /long.txt"] {
            let answer = program.ask(request, &[&accepts]);
            assert_eq!(answer.field("content-encoding").as_deref(), Some(coding));
            assert_eq!(answer.field("content-length"), None);
            assert_eq!(answer.field("etag").unwrap(), format!("W/{tag}"));
            assert!(answer.body.len() < 2000, "{coding}: {} bytes", answer.body.len());
        }
        // A part of a file is of the file, and too little or no text gains nothing.
        let part = program.ask("GET /long.txt", &[&accepts, "range: bytes=0-99999"]);
        assert_eq!((part.status, part.body.len()), (206, 100_000));
        for path in ["/data.bin", "/a.txt", "/long.txt.gz"] {
            let answer = program.ask(&format!("GET {path}"), &[&accepts]);
            assert_eq!(answer.field("content-encoding"), None, "{path}");
        }
        let known = program.ask("GET /long.txt", &[&accepts, &format!("if-none-match: W/{tag}")]);
        assert_eq!((known.status, known.field("vary").unwrap().as_str()), (304, "accept-encoding"));
    }
}

#[test]
fn what_was_compressed_before_goes_first() {
    let folder = folder("precompressed");
    put(&folder, "long.txt.gz", "coded before");
    let program = Program::start(&folder, &["--compress", "--precompressed"]);
    let answer = program.ask("GET /long.txt", &["accept-encoding: gzip"]);
    assert_eq!(answer.text(), "coded before");
    assert_eq!(answer.field("content-encoding").unwrap(), "gzip");
    assert!(!answer.field("etag").unwrap().starts_with("W/"));
}
