//! Folders that are not as they should be, or not what they were.

use std::error::Error;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterpart::files::{Files, Symlinks};
use counterpart::http::{Method, StatusCode, header};
use counterpart::server::Server;
use counterpart::{Request, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::folder::Folder;

async fn get(files: &Files, target: &'static str) -> (StatusCode, Vec<u8>) {
    let response = files.call(Request::new(Method::GET, target)).await.unwrap();
    let content = response.body.collect(1 << 30).await.unwrap();
    (response.status, content.into())
}

/// S37: a folder that is none is told when the service is made, with its name and why.
#[test]
fn what_is_no_folder_cannot_be_served() {
    let folder = Folder::of("a.txt: hello");
    for (name, why) in [("nothing", "No such file"), ("a.txt", "Not a directory")] {
        let error = Files::new(folder.root().join(name)).unwrap_err();
        assert!(error.to_string().contains(&format!("{name}` cannot be served")), "{error}");
        assert!(error.source().unwrap().to_string().contains(why), "{:?}", error.source());
    }
}

/// S37: the folder is opened once; what takes its name later is not served.
#[tokio::test]
async fn a_folder_is_opened_once() {
    let folder = Folder::of("a.txt: hello");
    let files = Files::new(folder.root()).unwrap();
    fs::rename(folder.root(), folder.root().with_file_name("moved")).unwrap();
    assert_eq!(get(&files, "/a.txt").await, (StatusCode::OK, b"hello".to_vec()));
    folder.add("a.txt: another");
    assert_eq!(get(&files, "/a.txt").await.1, b"hello");
}

/// S43: what may not be read is not there. Who may read everything finds it.
#[tokio::test]
async fn what_cannot_be_read_is_not_there() {
    let folder = Folder::of("a.txt: hello\nsub/b.txt: hello\npassed/c.txt: hello");
    let deny = |name: &str, mode| {
        fs::set_permissions(folder.root().join(name), Permissions::from_mode(mode)).unwrap();
    };
    deny("a.txt", 0);
    deny("sub", 0);
    deny("passed", 0o111);
    let files = Files::new(folder.root()).unwrap().listing(true);
    let denied = File::open(folder.root().join("a.txt")).is_err();
    let expected = if denied { StatusCode::NOT_FOUND } else { StatusCode::OK };
    for target in ["/a.txt", "/sub/b.txt", "/sub/", "/passed/"] {
        assert_eq!(get(&files, target).await.0, expected, "{target}");
    }
    assert_eq!(get(&files, "/passed/c.txt").await.0, StatusCode::OK);
    assert_eq!(get(&files, "/passed").await.0, StatusCode::MOVED_PERMANENTLY);
    deny("sub", 0o755);
    deny("passed", 0o755);
}

/// S51: of a file that becomes shorter while it is sent the client learns that it did not get all.
#[tokio::test]
async fn a_file_that_shrinks_breaks_the_connection() {
    let folder = Folder::new();
    let place = folder.root().join("a.bin");
    let long = 64 << 20;
    File::create(&place).unwrap().set_len(long).unwrap();
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let mut wire = TcpStream::connect(server.local_addr()).await.unwrap();
    tokio::spawn(server.serve(Files::new(folder.root()).unwrap()));
    wire.write_all(b"GET /a.bin HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 1000];
    wire.read_exact(&mut answer).await.unwrap();
    File::options().write(true).open(&place).unwrap().set_len(1).unwrap();
    // Closed or reset, but not kept: nothing that could be taken for the rest ever comes.
    let _ = wire.read_to_end(&mut answer).await;
    assert!(String::from_utf8_lossy(&answer).contains(&format!("content-length: {long}\r\n")));
    assert!((answer.len() as u64) < long, "{} bytes came", answer.len());
}

/// Of a file that grows while it is sent only what was announced comes.
#[tokio::test]
async fn a_file_that_grows_is_sent_as_it_was() {
    let folder = Folder::of("a.bin * 100000");
    let files = Files::new(folder.root()).unwrap();
    let response = files.call(Request::new(Method::GET, "/a.bin")).await.unwrap();
    File::options()
        .write(true)
        .open(folder.root().join("a.bin"))
        .unwrap()
        .set_len(200_000)
        .unwrap();
    assert_eq!(response.body.length(), Some(100_000));
    assert_eq!(response.body.collect(1 << 20).await.unwrap().len(), 100_000);
}

/// T57: while a name changes between a file, a folder and links that lead outside, no byte from outside is sent.
#[tokio::test]
async fn links_that_are_swapped_never_lead_outside() {
    let folder =
        Folder::of("a.txt: inside\nsub/x.txt: inside\nreal/x.txt: inside\n../out/x.txt: OUTSIDE");
    let (root, done) = (folder.root(), Arc::new(AtomicBool::new(false)));
    let swapping = std::thread::spawn({
        let (root, done) = (root.clone(), done.clone());
        move || swap(&root, &done)
    });
    let mut answered = [0; 2];
    for links in [Symlinks::WithinRoot, Symlinks::Deny] {
        let files = Files::new(&root).unwrap().symlinks(links);
        for _ in 0..5_000 {
            for target in ["/a.txt", "/sub/x.txt"] {
                let (status, content) = get(&files, target).await;
                let found = status == StatusCode::OK;
                assert!(!content.windows(7).any(|bytes| bytes == b"OUTSIDE"), "{target}");
                assert_eq!(found, content == b"inside", "{status}");
                answered[usize::from(found)] += 1;
            }
        }
    }
    done.store(true, Ordering::Relaxed);
    swapping.join().unwrap();
    assert!(answered.iter().all(|times| *times > 0), "each was met: {answered:?}");
}

/// Renames over and over, so that each name is now this and now that, and never nothing.
fn swap(root: &std::path::Path, done: &AtomicBool) {
    let place = |name: &str| root.join(name);
    while !done.load(Ordering::Relaxed) {
        symlink("../out/x.txt", place("next")).unwrap();
        fs::rename(place("next"), place("a.txt")).unwrap();
        fs::rename(place("sub"), place("aside")).unwrap();
        symlink("../out", place("sub")).unwrap();
        fs::write(place("next"), "inside").unwrap();
        fs::rename(place("next"), place("a.txt")).unwrap();
        fs::remove_file(place("sub")).unwrap();
        symlink("real/../real", place("sub")).unwrap();
        fs::remove_file(place("sub")).unwrap();
        fs::rename(place("aside"), place("sub")).unwrap();
    }
}

/// A listing of many files is quick, and is not made where it would keep others waiting.
#[tokio::test]
async fn ten_thousand_files_are_listed() {
    let folder = Folder::new();
    for number in 0..10_000 {
        File::create(folder.root().join(format!("{number}.txt"))).unwrap();
    }
    let files = Files::new(folder.root()).unwrap().listing(true);
    let (status, page) = get(&files, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page.windows(4).filter(|bytes| *bytes == b"<tr>").count(), 10_001);
}

/// Where a folder is below a prefix of a nested app, and where the prefix itself is.
#[tokio::test]
async fn a_prefix_without_a_slash_is_sent_to_the_one_with_it() {
    use counterpart::App;

    let folder = Folder::of("index.html: home\nsub/index.html: below");
    let inner = App::new().mount_at("/assets", Files::new(folder.root()).unwrap());
    let app = App::new().nest("/v1", inner).assemble().unwrap();
    let place = async |target: &'static str| {
        let response = app.call(Request::new(Method::GET, target)).await.unwrap();
        let place = response.fields.get_str(header::LOCATION).map(str::to_owned);
        (response.status.as_u16(), place)
    };
    assert_eq!(place("/v1/assets").await, (308, Some("/v1/assets/".into())));
    assert_eq!(place("/v1/assets?a=b").await, (308, Some("/v1/assets/?a=b".into())));
    assert_eq!(place("/v1/assets/").await, (200, None));
    assert_eq!(place("/v1/assets/sub").await, (301, Some("/v1/assets/sub/".into())));
    assert_eq!(place("/v1/assetsx").await, (404, None));
    assert_eq!(place("/v1/assets//evil").await, (404, None));
}
