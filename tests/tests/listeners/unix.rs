//! Unix sockets, on both ends.

use std::fs;
use std::future::poll_fn;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};

use bytes::BytesMut;
use counterpart::io::Unix;
use counterpart::server::{Server, Workers};
use counterpart::wire::Wire;

use super::{Folder, Running, ask, away, talk};

#[tokio::test]
async fn a_unix_socket_is_a_wire() {
    let folder = Folder::new("wire");
    let path = folder.path("a.sock");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let mut here = Unix::connect(&path).await.unwrap();
    let mut there = Unix::new(listener.accept().await.unwrap().0);
    assert_eq!(poll_fn(|cx| here.poll_write(cx, b"hello")).await.unwrap(), 5);
    poll_fn(|cx| here.poll_shutdown(cx)).await.unwrap();
    let mut buffer = BytesMut::with_capacity(16);
    while poll_fn(|cx| there.poll_read(cx, &mut buffer)).await.unwrap() > 0 {}
    assert_eq!(&buffer[..], b"hello");
    assert_eq!(there.peer(), None);
}

/// S54: a server listens at the path of a Unix socket, whose peers have no address.
#[tokio::test]
async fn a_server_listens_at_a_path() {
    let folder = Folder::new("path");
    let path = folder.path("a.sock");
    let words = format!("unix:{}", path.display());
    let server = Server::bind(&words).await.unwrap();
    assert_eq!(server.addresses().next().unwrap().to_string(), words);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660, "owner and group");
    let running = Running::start(server, talk());
    let stream = UnixStream::connect(&path).unwrap();
    let answer = away(|| ask(stream, "/peer")).await;
    assert!(answer.ends_with("\r\n\r\nNone"), "{answer}");
    running.stop().await;
    assert!(!path.exists(), "the file goes when serving ends");
}

#[tokio::test]
async fn the_mode_can_be_set() {
    let folder = Folder::new("mode");
    let path = folder.path("a.sock");
    let server = Server::bind(format!("unix:{}?mode=606", path.display())).await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o606);
    drop(server);
    assert!(!path.exists(), "nor does it stay where nobody ever served");
}

/// T75: what a server left behind that was killed does not keep the next from listening.
#[tokio::test]
async fn a_file_left_behind_is_replaced_and_one_in_use_is_not() {
    let folder = Folder::new("stale");
    let path = folder.path("a.sock");
    let words = format!("unix:{}", path.display());
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let server = Server::bind(&words).await.unwrap();
    let error = Server::bind(&words).await.unwrap_err();
    let taken = "another program listens there; stop it or choose another path";
    assert!(error.to_string().ends_with(taken), "{error}");
    // Another one has taken its place meanwhile: its file is not ours to remove.
    fs::remove_file(&path).unwrap();
    let _other = UnixListener::bind(&path).unwrap();
    drop(server);
    assert!(path.exists());
}

#[tokio::test]
async fn what_is_no_socket_is_left_alone() {
    let folder = Folder::new("file");
    let path = folder.path("notes.txt");
    fs::write(&path, "mine").unwrap();
    let error = Server::bind(format!("unix:{}", path.display())).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "there is a file of this name, which is no socket");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    for no_path in ["unix:", &format!("unix:/{}", "x".repeat(200))] {
        let error = Server::bind(no_path).await.unwrap_err();
        assert!(error.to_string().contains("is not an address"), "{error}");
    }
}

#[tokio::test]
async fn workers_take_turns_at_a_unix_socket() {
    let folder = Folder::new("turns");
    let path = folder.path("a.sock");
    let workers = Workers::bind(format!("unix:{}", path.display())).await.unwrap();
    let workers = workers.with_count(2.try_into().unwrap());
    let asked = {
        let path = path.clone();
        async move {
            for _ in 0..8 {
                let stream = UnixStream::connect(&path).unwrap();
                assert!(away(|| ask(stream, "/a")).await.ends_with("\r\n\r\n/a"));
            }
        }
    };
    workers.serve_until(talk(), asked).await.unwrap();
    assert!(!path.exists());
}
