//! What breaks off: nothing of it is kept on one side, and it goes on on the other.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{Cursor, Error};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::SystemTime;

use counterpart::client::Client;
use counterpart::files::Files;
use counterpart::prelude::*;
use counterpart::server::Server;
use counterpart::{Bytes, Service, service::from_fn};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use transfers::download::download;
use transfers::uploads::{Transfers, TransfersClient, Uploads};

/// A folder for one test, empty at its beginning.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The end of a reader that breaks: what was read before has gone out by then.
struct Break(bool);

impl AsyncRead for Break {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(Err(Error::other("broken")));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Content that breaks off behind this.
fn broken(content: Bytes) -> Body {
    Body::from_reader(Cursor::new(content).chain(Break(false)))
}

#[counterpart::test]
async fn what_was_sent_whole_is_kept() {
    let folder = folder("uploads");
    let transfers = App::new().state(Uploads(folder.clone())).mount(Transfers);
    let client = TransfersClient::local(transfers);
    client.upload(7, "all of it").await.unwrap();
    assert_eq!(fs::read(folder.join("7")).unwrap(), b"all of it");

    client.upload(7, broken("half".into())).await.unwrap_err();
    client.upload(8, broken("half".into())).await.unwrap_err();
    let names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["7"]);
    assert_eq!(fs::read(folder.join("7")).unwrap(), b"all of it");
}

#[counterpart::test]
async fn nobody_sends_where_somebody_does() {
    let folder = folder("taken");
    fs::write(folder.join(".7.part"), "").unwrap();
    let transfers = App::new().state(Uploads(folder)).mount(Transfers);
    let client = TransfersClient::local(transfers);
    let CallError::Api(problem) = client.upload(7, "mine").await.unwrap_err() else { panic!() };
    assert_eq!(problem.status, StatusCode::CONFLICT);
}

/// Downloads a file of three thousand bytes from a server that breaks off so often, and counts its requests.
async fn downloaded(test: &str, breaks: usize) -> (counterpart::Result<()>, Vec<u8>, usize) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let folder = folder(test);
    fs::write(folder.join("file"), whole()).unwrap();
    // A file that has just been written may be written again within its time's precision, so its tag is a weak one.
    let long_ago = SystemTime::now() - Duration::from_secs(60);
    fs::File::options()
        .write(true)
        .open(folder.join("file"))
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let files = Files::new(&folder).unwrap();
    let breaking = from_fn(move |request| {
        let (files, counted) = (files.clone(), counted.clone());
        async move {
            let mut response = files.call(request).await?;
            if counted.fetch_add(1, Ordering::Relaxed) < breaks {
                let content = std::mem::take(&mut response.body).collect(1 << 20).await?;
                response.body = broken(content.slice(..100));
            }
            Ok(response)
        }
    });
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/file", server.local_addr());
    let copy = folder.join("copy");
    let mut done = Ok(());
    let downloading = async {
        let mut file = File::create(&copy).await.unwrap();
        done = download(&Client::default(), &url, &mut file).await;
    };
    server.serve_until(breaking, downloading).await.unwrap();
    (done, fs::read(copy).unwrap(), calls.load(Ordering::Relaxed))
}

fn whole() -> Vec<u8> {
    (0..3000).map(|n| n as u8).collect()
}

#[counterpart::test]
async fn a_download_goes_on_where_it_broke_off() {
    let (done, content, calls) = downloaded("resumed", 3).await;
    done.unwrap();
    assert_eq!((content, calls), (whole(), 4));

    let (done, content, calls) = downloaded("given_up", 100).await;
    assert!(done.is_err());
    assert_eq!((content.as_slice(), calls), (&whole()[..1000], 10));
}
