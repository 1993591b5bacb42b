//! The programs that answer.

use counterpart::client::Client;
use counterpart::http::Method;

use crate::programs::{Running, twins};

/// Status, type of the content, content.
type Heard = (u16, String, String);

async fn ask(server: &Running, method: Method, path: &str) -> Heard {
    let url = format!("{}{path}", server.url);
    let mut answer = Client::default().request(method, url).send().await.unwrap();
    // Whether a charset is said is where the two differ.
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().to_owned();
    (answer.status().as_u16(), kind, answer.text().await.unwrap())
}

async fn get(server: &Running, path: &str) -> Heard {
    ask(server, Method::GET, path).await
}

fn heard(status: u16, kind: &str, content: &str) -> Heard {
    (status, kind.to_owned(), content.to_owned())
}

/// S1, S5: what a handler knows it answers, and says of the rest that it does not.
#[counterpart::test]
async fn a_function_answers() {
    for mut program in twins("simple_server") {
        let server = Running::start(&mut program, &["--port", "0"]).await;
        let hello = heard(200, "text/plain", "Hello from /a/b\n");
        assert_eq!(get(&server, "/a/b?c").await, hello, "{program:?}");
        assert_eq!(ask(&server, Method::POST, "/").await.0, 501, "{program:?}");
    }
}

#[counterpart::test]
async fn users_are_json() {
    for mut program in twins("json_endpoint") {
        let server = Running::start(&mut program, &["--port", "0", "--bind", "127.0.0.1"]).await;
        let users =
            heard(200, "application/json", r#"[{"id":1,"name":"Alice"},{"id":2,"name":"Bob"}]"#);
        assert_eq!(get(&server, "/api/users").await, users, "{program:?}");
        assert_eq!(get(&server, "/api/others").await.0, 404, "{program:?}");
    }
}

/// S37, S38, S40, S41, S48: a folder as Python serves it.
#[counterpart::test]
async fn files_are_served() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("static_files");
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("a b.txt"), "tea").unwrap();
    std::fs::write(folder.join("sub/index.html"), "<p>here").unwrap();
    for mut program in twins("static_files") {
        let directory = folder.to_str().unwrap();
        let server = Running::start(&mut program, &["--port", "0", "--directory", directory]).await;
        assert_eq!(get(&server, "/a%20b.txt").await, heard(200, "text/plain", "tea"));
        assert_eq!(ask(&server, Method::HEAD, "/a%20b.txt").await, heard(200, "text/plain", ""));
        // A folder without a slash behind it is followed to the one with it.
        assert_eq!(get(&server, "/sub").await, heard(200, "text/html", "<p>here"), "{program:?}");
        let (status, kind, listing) = get(&server, "/").await;
        assert_eq!((status, kind.as_str()), (200, "text/html"));
        assert!(listing.contains("a b.txt") && listing.contains("a%20b.txt"), "{listing}");
        assert_eq!(get(&server, "/none").await.0, 404);
        assert_eq!(get(&server, "/%2e%2e/Cargo.toml").await.0, 404);
    }
}

/// S3: Ctrl-C and SIGTERM end it, and it ends well.
#[cfg(unix)]
#[counterpart::test]
async fn a_server_ends_when_it_is_asked_to() {
    for pattern in ["simple_server", "json_endpoint", "static_files"] {
        for signal in ["INT", "TERM"] {
            let server = Running::start(&mut twins(pattern)[0], &["--port", "0"]).await;
            assert!(get(&server, "/").await.0 < 500, "{pattern}");
            assert!(server.ends_well(signal).await, "{pattern} {signal}");
        }
    }
}
