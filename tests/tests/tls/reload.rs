//! Certificates that change while a server serves.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use counterpart::client::Connector;
use counterpart::http::Method;
use counterpart::server::Config;
use counterpart::tls::{Identity, ServerTls};
use counterpart::{Fault, Request};

use super::authority::{Authority, Pair};
use super::house::{client, meet};
use super::server::serve;

/// A certificate and its key in files, which go with this.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, pair: &Pair) -> Self {
        let folder =
            std::env::temp_dir().join(format!("counterpart-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let files = Self(folder);
        files.write(pair);
        files
    }

    fn write(&self, pair: &Pair) {
        fs::write(self.0.join("cert.pem"), &pair.certificate).unwrap();
        fs::write(self.0.join("key.pem"), &pair.key).unwrap();
    }

    fn server(&self) -> ServerTls {
        ServerTls::pem_files(self.0.join("cert.pem"), self.0.join("key.pem")).unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// T78: a hundred certificates one after the other, under load, and nobody notices; a broken pair changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_times_under_load() {
    let authority = Authority::new("Tests");
    let files = Files::new("swaps", &authority.issue(&["127.0.0.1"]));
    let tls = files.server();
    let served = serve(&tls, Config::default()).await;
    let connector = Connector::new().tls(client(&authority));
    let url = format!("https://{}", served.address);
    let asking = tokio::spawn(async move {
        let mut asked = 0;
        let mut kept = connector.connect(&url).await?;
        while asked < 400 {
            let mut fresh = connector.connect(&url).await?;
            for connection in [&mut kept, &mut fresh] {
                connection.send(Request::new(Method::GET, "/")).await?.text().await?;
                asked += 1;
            }
        }
        Ok::<_, Fault>(asked)
    });
    for _ in 0..100 {
        files.write(&authority.issue(&["127.0.0.1"]));
        tls.reload().unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(asking.await.unwrap().unwrap(), 400);
}

/// T78: what cannot be used is not used, and the error says why.
#[tokio::test]
async fn a_broken_pair_changes_nothing() {
    let authority = Authority::new("Tests");
    let (first, second) = (authority.issue(&["a.example"]), authority.issue(&["b.example"]));
    let files = Files::new("broken", &first);
    let tls = files.server();
    let broken = [
        Pair { key: second.key.clone(), ..first.clone() },
        Pair { certificate: "nothing".into(), ..first.clone() },
        Pair { key: String::new(), ..first.clone() },
    ];
    for pair in broken {
        files.write(&pair);
        let error = tls.reload().unwrap_err().to_string();
        assert!(error.contains("cert.pem") && error.contains("key.pem"), "{error}");
        assert!(meet(&tls, &client(&authority), "a.example").await.0.is_ok());
    }
    fs::remove_file(files.0.join("key.pem")).unwrap();
    assert!(tls.reload().unwrap_err().to_string().contains("key.pem"));
    assert!(meet(&tls, &client(&authority), "a.example").await.0.is_ok());
    files.write(&second);
    // A clone is the same server.
    tls.clone().reload().unwrap();
    assert!(meet(&tls, &client(&authority), "b.example").await.0.is_ok());
}

/// One that watches its files reads them again when the next client comes.
#[tokio::test]
async fn files_that_are_watched() {
    let authority = Authority::new("Tests");
    let files = Files::new("watched", &authority.issue(&["a.example"]));
    let tls = files.server().watch(Duration::ZERO);
    assert!(meet(&tls, &client(&authority), "a.example").await.0.is_ok());
    files.write(&authority.issue(&["a.example", "a-longer-one.example"]));
    assert!(meet(&tls, &client(&authority), "a-longer-one.example").await.0.is_ok());
}

#[tokio::test]
async fn bytes_have_nothing_to_be_read_again() {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["a.example"]);
    let tls = ServerTls::new(Identity::pem(&pair.certificate, &pair.key).unwrap());
    tls.reload().unwrap();
    assert!(meet(&tls, &client(&authority), "a.example").await.0.is_ok());
}
