//! The program that asks over HTTPS, and two servers: ours, and Python's.

use std::fs;
use std::path::Path;

use counterpart::http::{HeaderValue, StatusCode, header};
use counterpart::server::Server;
use counterpart::service::from_fn;
use counterpart::tls::ServerTls;
use counterpart::{Request, Response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::programs::{Running, python, run, twins};

/// Writes an authority, and a certificate for this machine with its key, and says where.
fn certificates(test: &str) -> [String; 3] {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, pem: String| {
        fs::write(folder.join(name), pem).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    // Who is called as what they sign for would have signed for themselves.
    authority.distinguished_name.push(DnType::CommonName, "an authority of our own");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    [
        write("authority.pem", authority.pem()),
        write("certificate.pem", certificate.pem()),
        write("key.pem", key.serialize_pem()),
    ]
}

/// The program and its twin get the page if they trust who signed for the server, and nothing else.
async fn gets_the_page(url: &str, authority: &str) {
    for mut program in twins("get_https") {
        let said = run(&mut program, &[url, authority]).await;
        assert_eq!(said, (true, "200 OK text/plain\na page\n".to_owned()), "{program:?}");
    }
    for mut program in twins("get_https") {
        assert_eq!(run(&mut program, &[url]).await, (false, String::new()), "{program:?}");
    }
}

/// C33, S53: our client and Python's trust whom they are told to, and nobody else.
#[counterpart::test]
async fn a_page_of_our_server_is_got() {
    let [authority, certificate, key] = certificates("ours");
    let page = from_fn(async |_: Request| {
        let text = HeaderValue::from_static("text/plain");
        let answer = Response::new(StatusCode::OK).with_body("a page\n");
        Ok(answer.with_field(header::CONTENT_TYPE, text))
    });
    let tls = ServerTls::pem_files(certificate, key).unwrap();
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_tls(&tls);
    let port = server.local_addr().port();
    let asking = async {
        gets_the_page(&format!("https://127.0.0.1:{port}/"), &authority).await;
        gets_the_page(&format!("https://localhost:{port}/"), &authority).await;
    };
    server.serve_until(page, asking).await.unwrap();
}

/// C33, C46: the same of Python's server.
#[counterpart::test]
async fn a_page_of_pythons_server_is_got() {
    let [authority, certificate, key] = certificates("theirs");
    let Some(mut program) = python("tests/twins/https_peer.py") else { return };
    let server = Running::start(&mut program, &[&certificate, &key]).await;
    gets_the_page(&server.url, &authority).await;
}
