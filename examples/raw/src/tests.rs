//! The walk, with and without a runtime, and what is told of it.

use std::sync::{Arc, Mutex};

use super::*;

/// What is told, and the content, for these words of the command line.
async fn walked(words: &[&str]) -> (String, counterpart::Result<Bytes>) {
    let arguments = Arguments::parse_from(["raw"].iter().chain(words));
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = lines.clone();
    let content = walk(arguments, move |line| told.lock().unwrap().push(line.to_owned())).await;
    let lines = lines.lock().unwrap().join("\n");
    (lines, content)
}

/// The lines of messages, as far as they are the same each time.
fn stable(lines: &str) -> Vec<&str> {
    let varies = ["* ", "> host: ", "< date: "];
    lines.lines().filter(|line| !varies.iter().any(|start| line.starts_with(start))).collect()
}

#[counterpart::test]
async fn what_travels_is_told() {
    for words in [&[][..], &["--blocking"]] {
        let (lines, content) = walked(words).await;
        assert_eq!(content.unwrap(), "Hello, world!");
        let expected = [
            "> GET /hello HTTP/1.1",
            "> accept-encoding: identity",
            "< HTTP/1.1 200 OK",
            "< content-type: text/plain; charset=utf-8",
            "< set-cookie: (hidden)",
            "< content-length: 13",
            "< (13 bytes)",
        ];
        assert_eq!(stable(&lines), expected, "{words:?}");
    }
}

#[counterpart::test]
async fn content_is_written_by_hand() {
    for words in [&["--post", "Ada"][..], &["--post", "Ada", "--blocking"]] {
        let (lines, content) = walked(words).await;
        assert_eq!(content.unwrap(), "Hello, Ada!");
        let lines = stable(&lines);
        assert_eq!(lines[0], "> POST /hello HTTP/1.1");
        assert!(lines.contains(&"> content-length: 3") && lines.contains(&"> (3 bytes)"));
    }
}

#[counterpart::test]
async fn a_url_goes_where_it_says() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a?b", server.local_addr());
    let mut walk = None;
    let walking = async { walk = Some(walked(&[&url]).await) };
    server.serve_until(from_fn(greeter::greet), walking).await.unwrap();
    assert_eq!(stable(&walk.unwrap().0)[0], "> GET /a?b HTTP/1.1");
}

#[counterpart::test]
async fn what_cannot_be_asked_is_said() {
    for (url, word) in [("ftp://a/", "http://"), ("/a", "http://"), ("http://u:p@a/", "password")] {
        let (lines, content) = walked(&[url]).await;
        let said = content.unwrap_err().to_string();
        assert!(lines.is_empty() && said.contains(word), "{said}");
        assert!(!said.contains("u:p"), "{said}");
    }
}
