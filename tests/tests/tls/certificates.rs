//! Certificates that a client does not take, and what it says.

use std::time::{Duration, SystemTime};

use counterpart::service::{FaultKind, TlsProblem};
use counterpart::tls::{ClientTls, Identity, ServerTls, TlsVersion};

use super::authority::{Authority, Pair, of_itself};
use super::house::{client, meet, server};

/// What the client says of a host with this certificate.
async fn said(pair: &Pair, client: &ClientTls, host: &str) -> (FaultKind, String) {
    let fault = meet(&server(pair), client, host).await.0.map(drop).unwrap_err();
    (fault.kind(), fault.to_string())
}

#[track_caller]
fn is(said: &(FaultKind, String), problem: TlsProblem, words: &[&str]) {
    assert_eq!(said.0, FaultKind::Tls(problem), "{}", said.1);
    for word in words {
        assert!(said.1.contains(word), "{}", said.1);
    }
}

/// C33: the words name the names that would be right.
#[tokio::test]
async fn for_another_name() {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["a.example", "*.b.example", "127.0.0.1"]);
    let client = client(&authority);
    for host in ["a.example", "x.b.example", "127.0.0.1", "A.EXAMPLE", "a.example."] {
        let (asked, answered) = meet(&server(&pair), &client, host).await;
        let answered = answered.unwrap();
        assert!(asked.is_ok(), "{host}");
        // C3: an address is never asked for by name.
        let name =
            counterpart::wire::Wire::tls(&answered).unwrap().server_name().map(str::to_owned);
        let plain = host.trim_end_matches('.').to_ascii_lowercase();
        assert_eq!(name, Some(plain).filter(|_| !host.starts_with('1')));
    }
    let words = ["a.example, *.b.example, 127.0.0.1", "not for c.example"];
    is(&said(&pair, &client, "c.example").await, TlsProblem::WrongName, &words);
    for host in ["b.example", "x.y.b.example", "127.0.0.2", "::1", "fe80::1%eth0"] {
        is(&said(&pair, &client, host).await, TlsProblem::WrongName, &[]);
    }
    assert!(
        meet(&server(&pair), &client.clone().server_name("a.example"), "c.example").await.0.is_ok()
    );
    assert!(meet(&server(&pair), &client.danger_accept_any_name(), "c.example").await.0.is_ok());
}

/// C3: a zone is of this machine alone.
#[tokio::test]
async fn for_an_address_with_a_zone() {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["fe80::1"]);
    assert!(meet(&server(&pair), &client(&authority), "fe80::1%eth0").await.0.is_ok());
}

/// C33: the words name who would have to be trusted.
#[tokio::test]
async fn by_an_unknown_issuer() {
    let (theirs, ours) = (Authority::new("Their CA"), Authority::new("Our CA"));
    let pair = theirs.issue(&["a.example"]);
    let words = ["`Their CA`", "add it to the roots"];
    is(&said(&pair, &client(&ours), "a.example").await, TlsProblem::UnknownIssuer, &words);
    let lax = client(&ours).danger_accept_any_name();
    is(&said(&pair, &lax, "a.example").await, TlsProblem::UnknownIssuer, &words);
    let any = client(&ours).danger_accept_any_certificate();
    assert!(meet(&server(&pair), &any, "whatever.example").await.0.is_ok());
    let both = client(&ours).roots_pem(theirs.pem()).unwrap();
    assert!(meet(&server(&pair), &both, "a.example").await.0.is_ok());
}

/// C33: the words say until when, or from when on.
#[tokio::test]
async fn out_of_its_time() {
    let authority = Authority::new("Tests");
    let day = Duration::from_secs(86_400);
    let now = SystemTime::now();
    let expired = authority.issue_with(&["a.example"], |params| {
        params.not_before = (now - 3 * day).into();
        params.not_after = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)).into();
        params.not_before = (SystemTime::UNIX_EPOCH + day).into();
    });
    let words = ["has expired", "valid until Tue, 14 Nov 2023 22:13:20 GMT"];
    is(&said(&expired, &client(&authority), "a.example").await, TlsProblem::Expired, &words);
    let early = authority.issue_with(&["a.example"], |params| {
        params.not_before = (now + 2 * day).into();
        params.not_after = (now + 3 * day).into();
    });
    is(&said(&early, &client(&authority), "a.example").await, TlsProblem::NotYetValid, &["clock"]);
}

/// C33: a chain is followed, and one with a gap is not.
#[tokio::test]
async fn by_one_in_between() {
    let root = Authority::new("Root");
    let between = root.below("Between");
    let mut pair = between.issue(&["a.example"]);
    let words = ["`Between`"];
    is(&said(&pair, &client(&root), "a.example").await, TlsProblem::UnknownIssuer, &words);
    pair.certificate.push_str(&between.pem());
    assert!(meet(&server(&pair), &client(&root), "a.example").await.0.is_ok());
}

#[tokio::test]
async fn versions_that_both_speak() {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["a.example"]);
    let lowest = |version| server(&pair).min_version(version);
    let client = client(&authority).min_version(TlsVersion::V1_3);
    assert!(meet(&lowest(TlsVersion::V1_2), &client, "a.example").await.0.is_ok());
    assert!(meet(&lowest(TlsVersion::V1_3), &client, "a.example").await.0.is_ok());
}

/// Nothing is looked up or connected to for a name that nobody could have.
#[tokio::test]
async fn for_what_is_no_name() {
    let (server, client) = super::house::sides();
    let fault = meet(&server, &client, "a b").await.0.map(drop).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidUrl);
}

/// Without roots nobody is trusted, and that is said before anybody is called a stranger.
#[tokio::test]
async fn without_roots() {
    let (server, _) = super::house::sides();
    let fault = meet(&server, &ClientTls::new().only_own_roots(), "a.example").await.0;
    let fault = fault.map(drop).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::NoRoots));
    assert!(fault.to_string().contains("roots_pem"), "{fault}");
}

/// The names that the certificates of a server are for decide which of them is shown.
#[tokio::test]
async fn several_by_name() {
    let authority = Authority::new("Tests");
    let pairs =
        [&["a.example"], &["*.b.example"], &["c.example"]].map(|names| authority.issue(names));
    let identity = |pair: &Pair| Identity::pem(&pair.certificate, &pair.key).unwrap();
    let server = ServerTls::new(identity(&pairs[0]))
        .and_identity(identity(&pairs[1]))
        .and_identity(identity(&pairs[2]));
    for host in ["a.example", "x.b.example", "c.example"] {
        assert!(meet(&server, &client(&authority), host).await.0.is_ok(), "{host}");
    }
    // Whoever asks for nobody here gets the first, as he who asks for nobody at all.
    let fault = meet(&server, &client(&authority), "d.example").await.0.map(drop).unwrap_err();
    assert!(fault.to_string().contains("it is for a.example, and not for d.example"), "{fault}");
    let fault = meet(&server, &client(&authority), "127.0.0.1").await.0.map(drop).unwrap_err();
    assert!(fault.to_string().contains("it is for a.example, and not for 127.0.0.1"), "{fault}");
}

/// C33: whoever is trusted as a root is trusted as the server that it also is, by its own names and no others.
#[tokio::test]
async fn by_itself() {
    let pair = of_itself(&["a.example"]);
    let trusting = ClientTls::new().only_own_roots().roots_pem(&pair.certificate).unwrap();
    assert!(meet(&server(&pair), &trusting, "a.example").await.0.is_ok());
    is(&said(&pair, &trusting, "b.example").await, TlsProblem::WrongName, &["a.example"]);
    let another = of_itself(&["a.example"]);
    let (kind, words) = said(&another, &trusting, "a.example").await;
    assert!(matches!(kind, FaultKind::Tls(_)), "{kind:?}: {words}");
    assert!(words.contains("roots"), "{words}");
}
