//! Unix sockets: kept as others are, and in the place of all hosts.

use std::path::PathBuf;

use counterpart::client::{Client, Connector};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use super::house::*;

fn bound(name: &str) -> (UnixListener, PathBuf) {
    let path = std::env::temp_dir().join(format!("counterpart-{name}-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    (UnixListener::bind(&path).unwrap(), path)
}

async fn answers(stream: &mut UnixStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(HI.as_bytes()).await.unwrap();
    String::from_utf8(head).unwrap()
}

/// C62: connections over a Unix socket are kept, too.
#[tokio::test]
async fn they_are_kept() {
    let (listener, path) = bound("kept");
    let client = Client::new(&format!("unix:{}", path.display())).unwrap();
    let (mut stream, ()) = tokio::join!(
        async {
            let mut stream = listener.accept().await.unwrap().0;
            assert!(answers(&mut stream).await.contains("\r\nhost: localhost\r\n"));
            stream
        },
        hi(&client)
    );
    tokio::join!(answers(&mut stream), hi(&client));
    std::fs::remove_file(path).unwrap();
}

/// One socket for all hosts, each of which is called by its name, whatever addresses may be called.
#[tokio::test]
async fn one_for_all() {
    let (listener, path) = bound("all");
    let connector = Connector::new().unix(&path).allow_addresses(|_| false);
    let client = Client::new("http://any-name:81/").unwrap().with_connector(connector);
    let calling = call(&client, get("/a"));
    let mut stream = listener.accept().await.unwrap().0;
    let head = answers(&mut stream).await;
    assert!(head.starts_with("GET /a ") && head.contains("\r\nhost: any-name:81\r\n"), "{head}");
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    std::fs::remove_file(path).unwrap();
}
