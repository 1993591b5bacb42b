//! The program as a process: what it serves, how it is told, how it ends.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;
use std::io::{Read, Write};

use common::{Answer, Program, command, folder, refused};

/// S52: without options, the files are for this machine, and what is hidden stays so.
#[test]
fn a_folder_is_served() {
    let folder = folder("served");
    let program = Program::start(&folder, &[]);
    assert!(program.url.starts_with("http://127.0.0.1:"), "{}", program.url);
    assert_eq!(program.greeting, format!("serving {}", folder.canonicalize().unwrap().display()));
    let answer = program.ask("GET /a.txt", &[]);
    assert_eq!((answer.status, answer.text()), (200, "hello\n"));
    assert_eq!(answer.field("content-type").unwrap(), "text/plain; charset=utf-8");
    assert_eq!(program.ask("GET /.hidden", &[]).status, 404);
    let listing = program.ask("GET /", &[]);
    assert_eq!(listing.status, 200);
    assert!(listing.text().contains("page.html") && !listing.text().contains(".hidden"));
    let unknown = program.ask("GET /nothing.known", &[]);
    assert_eq!(unknown.field("content-type").unwrap(), "application/octet-stream");
}

/// S52: a port and a folder in any order, as Python's server takes them.
#[test]
fn places_are_told_in_several_ways() {
    let folder = folder("told");
    let path = folder.to_str().unwrap();
    for options in
        [&["0", path][..], &[path, "0"], &["-d", path, "0"], &["0", "--directory", path], &["0"]]
    {
        let mut command = command(options);
        let program = Program::start_by(command.current_dir(&folder));
        assert_eq!(program.ask("GET /a.txt", &[]).status, 200, "{options:?}");
    }
    // A number that is a folder is a folder.
    fs::create_dir(folder.join("8080")).unwrap();
    fs::write(folder.join("8080/in.txt"), "in").unwrap();
    let program = Program::start_by(command(&["8080", "0"]).current_dir(&folder));
    assert_eq!(program.ask("GET /in.txt", &[]).status, 200);
    let program = Program::start_by(command(&["--bind", "::1", "0"]).current_dir(&folder));
    assert!(program.url.starts_with("http://[::1]:"), "{}", program.url);
}

/// S52, S16: with HTTP/1.0 each connection ends with its answer, though its peer would keep it.
#[test]
fn connections_can_end_with_their_answer() {
    let folder = folder("once");
    for (version, kept) in [("HTTP/1.1", true), ("HTTP/1.0", false)] {
        let program = Program::start(&folder, &["-p", version]);
        let mut stream = program.connect();
        let request = "GET /a.txt HTTP/1.1\r\nhost: a\r\n\r\n";
        let last = "GET /sub/b.txt HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all([request, last].concat().as_bytes()).unwrap();
        let answers = Answer::read(&mut stream);
        assert_eq!(answers.field("connection").is_none(), kept);
        assert_eq!(answers.text().ends_with("below"), kept);
    }
}

/// S52: fields and types that are told.
#[test]
fn answers_are_as_they_are_told() {
    let folder = folder("fields");
    let options = ["-H", "X-One", "1", "--header", "X-Two", "a, b", "--content-type", "text/x-odd"];
    let program = Program::start(&folder, &[&options[..], &["--cache", "60"]].concat());
    let answer = program.ask("GET /nothing.known", &[]);
    assert_eq!(answer.field("x-one").unwrap(), "1");
    assert_eq!(answer.field("x-two").unwrap(), "a, b");
    assert!(answer.field("content-type").unwrap().starts_with("text/x-odd"));
    assert_eq!(answer.field("cache-control").unwrap(), "public, max-age=60");
    assert_eq!(program.ask("GET /nowhere", &[]).field("x-one").unwrap(), "1");
    let program = Program::start(&folder, &["--cache", "0"]);
    assert_eq!(program.ask("GET /a.txt", &[]).field("cache-control").unwrap(), "no-cache");
}

/// S50: what is hidden, listed and followed is for the options to say.
#[cfg(unix)]
#[test]
fn policies_can_be_changed() {
    let (outside, folder) = (folder("outside"), folder("policies"));
    std::os::unix::fs::symlink(outside.join("a.txt"), folder.join("out")).unwrap();
    std::os::unix::fs::symlink("sub/b.txt", folder.join("in")).unwrap();
    for (options, hidden, listed, inside, outside) in [
        (&[][..], 404, 200, 200, 404),
        (&["--hidden"], 200, 200, 200, 404),
        (&["--no-listing"], 404, 404, 200, 404),
        (&["--no-symlinks"], 404, 200, 404, 404),
        (&["--follow-symlinks"], 404, 200, 200, 200),
    ] {
        let program = Program::start(&folder, options);
        for (path, status) in
            [("/.hidden", hidden), ("/sub/", listed), ("/in", inside), ("/out", outside)]
        {
            assert_eq!(
                program.ask(&format!("GET {path}"), &[]).status,
                status,
                "{path} with {options:?}"
            );
        }
    }
}

#[test]
fn a_program_that_draws_its_pages_gets_them() {
    let folder = folder("spa");
    fs::write(folder.join("index.html"), "the program").unwrap();
    for option in ["--spa", "--spa=page.html"] {
        let program = Program::start(&folder, &[option]);
        let page = program.ask("GET /users/7", &["accept: text/html"]);
        let expected = if option == "--spa" { "the program" } else { "<h1>page</h1>" };
        assert_eq!((page.status, page.text()), (200, expected));
        assert_eq!(program.ask("GET /missing.png", &["accept: text/html"]).status, 404);
        assert_eq!(program.ask("GET /users/7", &["accept: application/json"]).status, 404);
    }
}

/// S28, T80: one line for each request, in the form that is asked for.
#[test]
fn requests_are_logged() {
    let folder = folder("logged");
    for (form, word) in [
        ("common", "\"GET /a.txt?q=\\x22 HTTP/1.1\" 200 6"),
        ("combined", "200 6 \"-\" \"me\""),
        ("json", "\"target\":\"/a.txt?q=\\\"\""),
    ] {
        let program = Program::start(&folder, &["--access-log", form]);
        let mut stream = program.connect();
        let request =
            "GET /a.txt?q=\" HTTP/1.1\r\nhost: a\r\nuser-agent: me\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        let log = program.killed();
        assert_eq!(log.lines().filter(|line| line.contains(word)).count(), 1, "{log}");
    }
    let program = Program::start(&folder, &["--access-log", "off"]);
    program.ask("GET /a.txt", &[]);
    assert!(!program.killed().contains("a.txt"));
}

/// S52: asked to stop, it ends well.
#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told() {
    let folder = folder("ended");
    for signal in ["INT", "TERM"] {
        let program = Program::start(&folder, &[]);
        let mut idle = program.connect();
        idle.write_all(b"GET /a.txt HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
        idle.read_exact(&mut [0; 15]).unwrap();
        program.signal(signal);
        let (status, log) = program.ended();
        assert_eq!(status.code(), Some(0), "{log}");
    }
}

/// S52: from the moment it says that it listens.
#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_at_once() {
    let folder = folder("ended-at-once");
    for _ in 0..10 {
        let program = Program::start(&folder, &[]);
        program.signal("INT");
        let (status, log) = program.ended();
        assert_eq!(status.code(), Some(0), "{status} {log}");
    }
}

/// All that is wrong is told at once, and nothing that should be secret.
#[test]
fn what_is_wrong_is_told() {
    let (status, said) = refused(&[
        "/nowhere/at/all",
        "--header",
        "a b",
        "c",
        "--header",
        "content-length",
        "1",
        "--content-type",
        "text",
        "--cors=null",
        "--auth",
        ":hush",
    ]);
    assert_eq!(status, Some(2));
    for word in ["/nowhere/at/all", "a b: c", "content-length", "--content-type", "null", "--auth"]
    {
        assert!(said.contains(word), "{word} in {said}");
    }
    assert!(!said.contains("hush"), "{said}");
    for (options, word) in [
        (&["a.txt"][..], "cannot be served"),
        (&["70000"], "65535"),
        (&["0", "1"], "one port"),
        (&["--cors", "--cors-credentials"], "--cors-credentials"),
        (&["--cors-credentials"], "--cors"),
        (&["--spa=nowhere.html"], "nowhere.html"),
        (&["--no-symlinks", "--follow-symlinks"], "cannot be used with"),
        (&["--auth", ""], "USER:PASSWORD"),
        (&["--protocol", "HTTP/2"], "HTTP/1.1"),
    ] {
        let (status, said) = refused(options);
        assert!(status == Some(2) && said.contains(word), "{options:?}: {said}");
    }
}

/// S1: a port that is taken is named, with what to do.
#[test]
fn a_taken_port_is_named() {
    let folder = folder("taken");
    let first = Program::start(&folder, &[]);
    let port = first.address().rsplit(':').next().unwrap();
    let (status, said) = refused(&[folder.to_str().unwrap(), port]);
    assert_eq!(status, Some(1));
    assert!(said.contains(first.address()) && said.contains("another port"), "{said}");
}
