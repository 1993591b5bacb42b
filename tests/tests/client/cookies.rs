//! Cookies: what a jar takes, and to whom it gives it.

use counterpart::client::{Client, CookieJar};
use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::{Request, Response, Service};
use proptest::prelude::*;

use super::peer::{Peer, ok, to};

fn with_cookie(answer: Response, cookie: &str) -> Response {
    let value = HeaderValue::from_str(cookie).unwrap();
    answer.with_field(HeaderName::from_static("set-cookie"), value)
}

/// C05: a cookie goes to whom it is for.
#[test]
fn a_cookie_goes_to_whom_it_is_for() {
    for (from, cookie, to, given) in [
        ("https://a.example/", "n=1", "https://a.example/x", true),
        ("https://a.example/", "n=1", "http://a.example:8080/", true),
        ("https://a.example/", "n=1", "https://b.a.example/", false),
        ("https://a.example/", "n=1", "https://example/", false),
        ("https://a.example/", "n=1; Domain=a.example", "https://b.a.example/", false),
        ("https://a.example/", "n=1; Domain=a.example", "https://a.example/", true),
        ("https://a.example/", "n=1; Domain=b.example", "https://a.example/", false),
        ("https://a.example/", "n=1; Domain=b.example", "https://b.example/", false),
        ("https://a.example/", "n=1; Domain=example", "https://a.example/", true),
        ("https://a.example/", "n=1; Secure", "https://a.example/", true),
        ("https://a.example/", "n=1; Secure", "http://a.example/", false),
        ("http://a.example/", "n=1; Secure", "https://a.example/", false),
        ("https://localhost/", "n=1; Secure", "http://localhost/", false),
        ("https://a.example/", "n=1; Path=/x", "https://a.example/x/y", true),
        ("https://a.example/", "n=1; Path=/x", "https://a.example/xy", false),
        ("https://a.example/x/y", "n=1", "https://a.example/x/z", true),
        ("https://a.example/x/y", "n=1", "https://a.example/z", false),
        ("https://a.example/", "n=1; Max-Age=0", "https://a.example/", false),
        ("https://a.example/", "n=1; Max-Age=-1", "https://a.example/", false),
        (
            "https://a.example/",
            "n=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "https://a.example/",
            false,
        ),
        ("https://a.example/", "n=1; Expires=never", "https://a.example/", true),
        ("https://a.example/", "n=1; HttpOnly; SameSite=Strict", "https://a.example/", true),
        ("https://127.0.0.1/", "n=1; Domain=0.0.1", "https://127.0.0.1/", false),
        ("https://[::1]/", "n=1", "https://[::1]/", true),
        ("https://[::1]/", "n=1", "https://[::2]/", false),
    ] {
        let jar = CookieJar::new();
        jar.set(from, cookie);
        let sent = jar.cookies_for(to);
        assert_eq!(sent.as_deref(), given.then_some("n=1"), "{cookie:?} of {from} for {to}");
    }
}

/// C05: a cookie may be for a domain, once it is known where domains begin.
#[test]
fn a_cookie_for_a_domain() {
    let list = "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\n// ===END ICANN DOMAINS===\n";
    for (from, cookie, to, given) in [
        ("https://a.shop.com/", "n=1; Domain=shop.com", "https://b.shop.com/", true),
        ("https://a.shop.com/", "n=1; Domain=.shop.com", "https://b.shop.com/", true),
        ("https://a.shop.com/", "n=1; Domain=shop.com", "https://shop.com/", true),
        ("https://a.shop.com/", "n=1; Domain=shop.com", "https://othershop.com/", false),
        ("https://a.shop.com/", "n=1", "https://b.shop.com/", false),
        ("https://a.shop.com/", "n=1; Domain=com", "https://b.com/", false),
        ("https://shop.co.uk/", "n=1; Domain=co.uk", "https://other.co.uk/", false),
        ("https://shop.unlisted/", "n=1; Domain=unlisted", "https://other.unlisted/", false),
    ] {
        let jar = CookieJar::new().with_public_suffixes(list).unwrap();
        jar.set(from, cookie);
        let sent = jar.cookies_for(to);
        assert_eq!(sent.as_deref(), given.then_some("n=1"), "{cookie:?} of {from} for {to}");
    }
}

/// T82: what is called safe is that, and what is too much is not kept.
#[test]
fn what_is_not_taken() {
    let jar = CookieJar::new();
    let url = "https://a.example/";
    for cookie in [
        "__Host-a=1",
        "__Host-a=1; Secure",
        "__Host-a=1; Secure; Path=/x",
        "__Host-a=1; Secure; Path=/; Domain=a.example",
        "__host-a=1; Path=/",
        "__Secure-a=1",
        "__SECURE-a=1",
        "",
        "=",
        "a",
        "a=1\r\nX: y",
        "a=1; Max-Age=0",
    ] {
        assert!(!jar.set(url, cookie) || jar.cookies_for(url).is_none(), "{cookie}");
        jar.clear();
    }
    assert!(!jar.set(url, &format!("a={}", "x".repeat(4096))));
    assert!(!jar.set(url, &format!("a=1; Path=/{}", "x".repeat(64 * 1024))));
    assert!(!jar.set("http://a.example/", "__Secure-a=1; Secure"));
    assert!(!jar.set("data:text/plain,a", "a=1"));
    for cookie in ["__Host-a=1; Secure; Path=/", "__Secure-b=2; Secure; Domain=a.example"] {
        assert!(jar.set(url, cookie), "{cookie}");
    }
    for age in ["9223372036854775807", "9223372036854775808", "99999999999999999999999999"] {
        assert!(jar.set(url, &format!("c=3; Max-Age={age}")));
    }
    assert!(jar.set(url, "d=\"quoted\""));
    assert!(jar.set(url, "d=again; Path=/"));
    let expected = "__Host-a=1; __Secure-b=2; c=3; d=again";
    assert_eq!(jar.cookies_for(url).unwrap(), expected);

    // One that came in the clear cannot take the place of one that did not.
    assert!(jar.set(url, "s=safe; Secure"));
    assert!(!jar.set("http://a.example/", "s=forged"));
    assert!(!jar.set("http://a.example/", "s=forged; Path=/x"));
}

/// T82: a host has 50 cookies, and those that are there can be changed.
#[test]
fn a_host_has_so_many() {
    let jar = CookieJar::new();
    let url = "https://a.example/";
    let taken = (0..1000).filter(|n| jar.set(url, &format!("n{n}=1"))).count();
    assert_eq!(taken, 50);
    assert!(jar.set(url, "n7=2"));
    assert!(jar.cookies_for(url).unwrap().contains("n7=2"));
    // What is over takes no room.
    assert!(jar.set(url, "n7=; Max-Age=0") && jar.set(url, "new=1"));
    assert!(jar.set("https://b.example/", "n=1"));
    let taken = (0..3100).filter(|n| jar.set(&format!("https://h{n}.example/"), "n=1")).count();
    assert_eq!(taken, 3000 - 51);
}

#[test]
fn a_jar_can_be_kept_in_a_file() {
    let jar = CookieJar::new();
    jar.set("https://a.example/", "session=1; Secure");
    jar.set("https://a.example/", "kept=2; Max-Age=1000");
    let mut saved = Vec::new();
    jar.save(&mut saved).unwrap();
    let loaded = CookieJar::load(&saved[..]).unwrap();
    assert_eq!(loaded.cookies_for("https://a.example/").unwrap(), "kept=2; session=1");
    assert!(CookieJar::load(&b"no json"[..]).is_err());
    assert_eq!(format!("{jar:?}"), "CookieJar(2)");
}

/// C05: on its way a call gives and takes cookies, to each server its own.
#[tokio::test]
async fn a_call_gives_and_takes_cookies() {
    let other = Peer::new(|_| with_cookie(ok(""), "other=1")).await;
    let port = other.url.rsplit(':').next().unwrap();
    let there = format!("http://localhost:{port}/");
    let peer = Peer::new(move |seen| match seen.line.as_str() {
        "GET /login" => with_cookie(with_cookie(to(302, "/home"), "id=7"), "b=2; Path=/"),
        "GET /away" => with_cookie(to(302, &there), "away=3"),
        _ => ok(""),
    })
    .await;
    let client = Client::new(&peer.url).unwrap().with_cookies(CookieJar::new());
    client.get("/login").send().await.unwrap();
    let cookies = || peer.seen().iter().map(|seen| seen.fields.get_joined("cookie")).collect();
    let sent: Vec<_> = cookies();
    assert_eq!(sent, [None, Some("b=2; id=7".to_owned())]);
    client.get("/away").send().await.unwrap();
    assert_eq!(other.last().fields.get_str("cookie"), None);
    // Generated clients' calls have them too; a field of one's own stays.
    client.call(Request::new(Method::GET, "/")).await.unwrap();
    assert_eq!(peer.last().fields.get_joined("cookie").unwrap(), "away=3; b=2; id=7");
    client.get("/").header("cookie", "mine").send().await.unwrap();
    assert_eq!(peer.last().fields.get_joined("cookie").unwrap(), "mine");
}

proptest! {
    /// T82: whatever is set, nothing panics, and nothing goes elsewhere or breaks a line.
    #[test]
    fn no_cookie_goes_elsewhere(line in "[ -~]{0,60}", attribute in "(; (Domain|Path|Max-Age|Expires|Secure)=?[ -~]{0,20}){0,4}") {
        let jar = CookieJar::new();
        jar.set("https://a.example/x", &format!("{line}{attribute}"));
        prop_assert_eq!(jar.cookies_for("https://b.example/x"), None);
        prop_assert_eq!(jar.cookies_for("https://c.a.example/x"), None);
        if let Some(sent) = jar.cookies_for("https://a.example/x") {
            prop_assert!(HeaderValue::from_str(&sent).is_ok());
        }
    }
}
