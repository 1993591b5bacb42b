//! Unix sockets, on both ends.

use std::future::poll_fn;
use std::path::PathBuf;

use bytes::BytesMut;
use counterpart::io::Unix;
use counterpart::wire::Wire;
use tokio::net::UnixListener;

/// A folder of a test's own, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("counterpart-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_unix_socket_is_a_wire() {
    let folder = Folder::new("wire");
    let path = folder.path("a.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let mut here = Unix::connect(&path).await.unwrap();
    let mut there = Unix::new(listener.accept().await.unwrap().0);
    assert_eq!(poll_fn(|cx| here.poll_write(cx, b"hello")).await.unwrap(), 5);
    poll_fn(|cx| here.poll_shutdown(cx)).await.unwrap();
    let mut buffer = BytesMut::with_capacity(16);
    while poll_fn(|cx| there.poll_read(cx, &mut buffer)).await.unwrap() > 0 {}
    assert_eq!(&buffer[..], b"hello");
    assert_eq!(there.peer(), None);
}
