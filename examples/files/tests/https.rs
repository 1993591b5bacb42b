//! HTTPS: certificates and keys as they come, and what is said of those that are of no use.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Answer, Program, folder, put, refused};

/// One of the files beside this one, made for these tests alone; the password is `open sesame`.
fn pem(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name);
    path.to_str().unwrap().to_owned()
}

/// What curl receives, if there is one.
fn curl(url: &str) -> Option<Vec<u8>> {
    let asked =
        Command::new("curl").args(["-sS", "--fail", "--cacert", &pem("cert.pem"), url]).output();
    match asked {
        Ok(output) if output.status.success() => Some(output.stdout),
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "curl: {error}");
            let _ = writeln!(stderr(), "\n*** SKIPPED *** curl: {error}");
            None
        }
    }
}

/// A key that is not encrypted behind its certificate, in one file.
fn both(folder: &Path) -> PathBuf {
    let both = [pem("cert.pem"), pem("key.pem")].map(|path| fs::read_to_string(path).unwrap());
    put(folder, "both.pem", both.concat());
    folder.join("both.pem")
}

/// S52: the options of Python's server for TLS.
#[test]
fn certificates_and_keys_come_in_several_ways() {
    let (site, secrets) = (folder("https"), folder("https_secrets"));
    let large: Vec<u8> = (0..3_000_000_u32).map(|at| (at ^ (at >> 8)) as u8).collect();
    put(&site, "large", &large);
    put(&secrets, "password", "open sesame\n");
    let (both, password) = (both(&secrets), secrets.join("password"));
    let (both, password) = (both.to_str().unwrap(), password.to_str().unwrap());
    let [cert, key, encrypted] = ["cert.pem", "key.pem", "encrypted.pem"].map(pem);
    for options in [
        &["--tls-cert", &cert, "--tls-key", &key][..],
        &["--tls-cert", both],
        &["--tls-cert", &cert, "--tls-key", &encrypted, "--tls-password-file", password],
        &["--tls-cert", &cert, "--tls-key", &key, "--tls-password-file", password],
    ] {
        let program = Program::start(&site, options);
        assert!(program.url.starts_with("https://127.0.0.1:"), "{}", program.url);
        let Some(received) = curl(&format!("{}/large", program.url)) else { return };
        assert!(received == large, "other bytes, {} of them", received.len());
    }
}

/// Who speaks HTTP to this port is told so.
#[test]
fn plain_http_is_told_so() {
    let folder = folder("https_plain");
    let program =
        Program::start(&folder, &["--tls-cert", &pem("cert.pem"), "--tls-key", &pem("key.pem")]);
    let mut stream = program.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let answer = Answer::read(&mut stream);
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("https://"), "{}", answer.text());
}

#[test]
fn what_is_of_no_use_is_told() {
    let folder = folder("https_wrong");
    put(&folder, "password", "open barley");
    let password = folder.join("password");
    let password = password.to_str().unwrap();
    let [cert, key, encrypted] = ["cert.pem", "key.pem", "encrypted.pem"].map(pem);
    for (options, word) in [
        (&["--tls-key", &*key][..], "without its certificate"),
        (&["--tls-password-file", password], "--tls-cert"),
        (&["--tls-cert", &cert], "key"),
        (&["--tls-cert", &key, "--tls-key", &cert], "swapped"),
        (&["--tls-cert", "/nowhere.pem"], "/nowhere.pem"),
        (&["--tls-cert", &cert, "--tls-key", &encrypted], "encrypted"),
        (
            &["--tls-cert", &cert, "--tls-key", &encrypted, "--tls-password-file", password],
            "another password",
        ),
        (&["--tls-cert", &cert, "--tls-key", &key, "--tls-password-file", "/nowhere"], "/nowhere"),
    ] {
        let (status, said) = refused(options);
        assert!(status == Some(2) && said.contains(word), "{options:?}: {said}");
        assert!(!said.contains("barley"), "{said}");
    }
}
