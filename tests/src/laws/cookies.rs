//! Cookies: given back to whom they are for, whatever they say.

use counterpart::client::CookieJar;
use counterpart::http::HeaderValue;

/// Each line is a `Set-Cookie` of one host, over `https`.
///
/// # Panics
/// If one of them goes to another host, or a secret one in the clear, or what is sent could not stand in a head.
pub fn cookies(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let jar = CookieJar::new();
    for line in text.lines().take(100) {
        jar.set("https://a.example/x/y", line);
        jar.set("https://a.example/x/y", &format!("{line}; Secure"));
    }
    for other in ["https://b.example/x/y", "https://c.a.example/x/y", "https://example/x/y"] {
        assert_eq!(jar.cookies_for(other), None, "{text:?}");
    }
    let sent = jar.cookies_for("https://a.example/x/y/z").unwrap_or_default();
    assert!(HeaderValue::from_str(&sent).is_ok(), "{sent:?}");
    comes_through(&jar, &sent);
}

fn comes_through(jar: &CookieJar, sent: &str) {
    let mut saved = Vec::new();
    jar.save(&mut saved).expect("memory takes all");
    let Ok(again) = CookieJar::load(&saved[..]) else { return };
    let again = again.cookies_for("https://a.example/x/y/z").unwrap_or_default();
    assert!(again.len() <= sent.len(), "{again:?} of {sent:?}");
}
