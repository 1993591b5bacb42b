//! Cookies that a client keeps (RFC 6265, and what its successor made stricter).

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cookie_store::{Cookie, CookieDomain, CookieExpiration, CookieStore};
use http::{HeaderValue, header};
use url::Url;

use super::journey::Leg;
use crate::message::Response;

/// Cookies that a client is given, and gives back to whom they are for. A clone is the same jar.
///
/// They go back to the host alone that set them, whatever their `Domain` says, unless the jar knows the
/// [public suffixes](Self::with_public_suffixes): without those nobody can tell a company's domain from one that others
/// register names under, as `co.uk` is. The port makes no difference (RFC 6265 §8.5). `Secure` ones come and go over
/// `https` only, even on this machine; what is called `__Secure-` or `__Host-` has to be what that says (RFC 6265bis
/// §4.1.3). `Path`, `Expires` and `Max-Age` hold, the latter for at most 400 days.
///
/// A jar takes 50 cookies of a host and 3,000 in all, each of at most 4 KiB, and no more of them. A request that brings
/// a `Cookie` field of its own is left alone.
///
/// ```no_run
/// use counterpart::client::{Client, CookieJar};
///
/// # async fn call() -> counterpart::Result<()> {
/// let jar = CookieJar::new();
/// let client = Client::new("https://example.com")?.with_cookies(jar.clone());
/// client.post("/login").form(&[("user", "ada")]).send().await?;
/// client.get("/account").send().await?;
/// jar.save(std::fs::File::create("cookies.json")?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CookieJar(Arc<Mutex<Jar>>);

#[derive(Default, Clone)]
struct Jar {
    store: CookieStore,
    /// Whether cookies may be for all hosts of a domain.
    for_domains: bool,
}

/// The cookies of one sending.
pub(super) struct Lent {
    jar: CookieJar,
    url: String,
    any: bool,
}

impl CookieJar {
    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets cookies be for all hosts of a domain, but for those that are public suffixes. The list is that of
    /// publicsuffix.org; on Debian it is `/usr/share/publicsuffix/public_suffix_list.dat`.
    ///
    /// # Errors
    /// If it is no such list.
    pub fn with_public_suffixes(self, list: &str) -> io::Result<Self> {
        let list = list.parse().map_err(|error: publicsuffix::Error| invalid(error.to_string()))?;
        let mut jar = self.lock();
        jar.store = std::mem::take(&mut jar.store).with_suffix_list(list);
        jar.for_domains = true;
        drop(jar);
        Ok(self)
    }

    /// Cookies that were [saved](Self::save); those that are over are left out.
    ///
    /// # Errors
    /// If they cannot be read, or are none.
    pub fn load(reader: impl BufRead) -> io::Result<Self> {
        let store = cookie_store::serde::json::load(reader).map_err(invalid)?;
        Ok(Self(Arc::new(Mutex::new(Jar { store, for_domains: false }))))
    }

    /// Writes all cookies as JSON, those too that are for one session: they are as secret as passwords.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn save(&self, mut writer: impl Write) -> io::Result<()> {
        let store = &self.lock().store;
        let saved =
            cookie_store::serde::json::save_incl_expired_and_nonpersistent(store, &mut writer);
        saved.map_err(invalid)
    }

    /// Takes a cookie as if this URL had set it, in the words of `Set-Cookie`, and tells whether it did.
    ///
    /// ```
    /// use counterpart::client::CookieJar;
    ///
    /// let jar = CookieJar::new();
    /// assert!(jar.set("https://example.com/a", "id=7; Path=/; Secure"));
    /// assert_eq!(jar.cookies_for("https://example.com/b").as_deref(), Some("id=7"));
    /// assert_eq!(jar.cookies_for("http://example.com/b"), None);
    /// assert_eq!(jar.cookies_for("https://www.example.com/"), None);
    /// ```
    pub fn set(&self, url: &str, cookie: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.lock().take(&url, cookie))
    }

    /// What a request to this URL says in its `Cookie` field.
    #[must_use]
    pub fn cookies_for(&self, url: &str) -> Option<String> {
        self.lock().cookies_for(&Url::parse(url).ok()?)
    }

    /// Throws all cookies away.
    pub fn clear(&self) {
        self.lock().store.clear();
    }

    /// Gives a request its cookies, for one sending.
    pub(super) fn lend(&self, leg: &mut Leg) -> Lent {
        let url = leg.server.web_url(&leg.head.target);
        let own = leg.head.fields.contains(header::COOKIE);
        let value = if own { None } else { self.cookies_for(&url) };
        let value = value.and_then(|value| HeaderValue::try_from(value).ok());
        let lent = Lent { jar: self.clone(), url, any: value.is_some() };
        if let Some(mut value) = value {
            value.set_sensitive(true);
            leg.head.fields.append(header::COOKIE, value);
        }
        lent
    }

    fn lock(&self) -> MutexGuard<'_, Jar> {
        // A jar is sound whatever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent {
    /// Takes them back, and those that the answer brings.
    pub(super) fn settle(self, leg: &mut Leg, answer: Option<&Response>) {
        if self.any {
            leg.head.fields.remove(header::COOKIE);
        }
        let Some(Ok(url)) = answer.map(|_| Url::parse(&self.url)) else { return };
        let lines = answer.into_iter().flat_map(|answer| answer.fields.get_all("set-cookie"));
        let mut jar = self.jar.lock();
        for line in lines.filter_map(|line| std::str::from_utf8(line).ok()) {
            jar.take(&url, line);
        }
    }
}

impl Jar {
    fn take(&mut self, url: &Url, line: &str) -> bool {
        let Some(cookie) = self.accepted(url, line) else { return false };
        if !cookie.is_expired() && !self.has_room(&cookie) {
            self.clear_out();
            if !self.has_room(&cookie) {
                return false;
            }
        }
        self.store.insert(cookie, url).is_ok()
    }

    /// A cookie as it is kept; nothing, if it may not be set so, there.
    fn accepted(&self, url: &Url, line: &str) -> Option<Cookie<'static>> {
        let line = Some(line).filter(|line| line.len() <= LONGEST_LINE)?;
        let mut cookie = Cookie::parse(line, url).ok()?.into_owned();
        let is_plain = url.scheme() != "https";
        let is_secret = cookie.secure() == Some(true);
        if cookie.name().len() + cookie.value().len() > LONGEST
            || is_secret && is_plain
            || !is_as_named(&cookie)
            || is_plain && self.hides_secret(&cookie, url)
        {
            return None;
        }
        let is_narrow = |domain: &str| domain.contains('.') || Some(domain) == url.host_str();
        match &cookie.domain {
            CookieDomain::Suffix(domain) if self.for_domains && !is_narrow(domain) => return None,
            CookieDomain::Suffix(_) if !self.for_domains => {
                cookie.domain = CookieDomain::host_only(url).ok()?;
            }
            _ => {}
        }
        shorten(&mut cookie);
        Some(cookie)
    }

    /// Whether a cookie that came in the clear would stand before one that did not.
    fn hides_secret(&self, cookie: &Cookie<'_>, url: &Url) -> bool {
        self.store.iter_unexpired().any(|kept| {
            kept.secure() == Some(true) && kept.name() == cookie.name() && kept.domain.matches(url)
        })
    }

    fn has_room(&self, cookie: &Cookie<'_>) -> bool {
        let is_same = |kept: &Cookie<'_>| {
            kept.name() == cookie.name() && kept.path == cookie.path && kept.domain == cookie.domain
        };
        let (mut all, mut of_host) = (0, 0);
        for kept in self.store.iter_any() {
            if is_same(kept) {
                return true;
            }
            all += 1;
            of_host += usize::from(kept.domain.as_cow() == cookie.domain.as_cow());
        }
        all < MOST && of_host < MOST_OF_HOST
    }

    /// Throws away what is over.
    fn clear_out(&mut self) {
        let over = self.store.iter_any().filter(|cookie| cookie.is_expired());
        let names = |cookie: &Cookie<'_>| {
            let domain = String::from(&cookie.domain);
            (domain, cookie.path.to_string(), cookie.name().to_owned())
        };
        for (domain, path, name) in over.map(names).collect::<Vec<_>>() {
            self.store.remove(&domain, &path, &name);
        }
    }

    /// Those of longer paths first (RFC 6265 §5.4).
    fn cookies_for(&self, url: &Url) -> Option<String> {
        let mut cookies = self.store.matches(url);
        cookies.retain(|cookie| url.scheme() == "https" || cookie.secure() != Some(true));
        cookies.sort_by_key(|cookie| (usize::MAX - cookie.path.len(), cookie.name().to_owned()));
        let pairs = cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        let pairs: Vec<_> = pairs.filter(|pair| HeaderValue::try_from(pair).is_ok()).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Whether a cookie is what its name promises.
fn is_as_named(cookie: &Cookie<'_>) -> bool {
    let name = cookie.name().to_ascii_lowercase();
    let is_secret = cookie.secure() == Some(true);
    if name.starts_with("__host-") {
        let is_of_host = matches!(cookie.domain, CookieDomain::HostOnly(_));
        return is_secret && is_of_host && cookie.path.is_from_path_attr() && &*cookie.path == "/";
    }
    is_secret || !name.starts_with("__secure-")
}

/// Nothing is kept for longer than 400 days.
fn shorten(cookie: &mut Cookie<'_>) {
    let longest = CookieExpiration::from(LONGEST_AGE);
    if let (CookieExpiration::AtUtc(end), CookieExpiration::AtUtc(latest)) =
        (&cookie.expires, &longest)
        && end > latest
    {
        cookie.expires = longest;
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// How many there are, and of none what it is.
impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CookieJar({})", self.lock().store.iter_unexpired().count())
    }
}

/// Bytes of a name and a value (RFC 6265bis §5.7).
const LONGEST: usize = 4096;
/// Bytes of a `Set-Cookie` field.
const LONGEST_LINE: usize = 8192;
/// Seconds of 400 days (RFC 6265bis §5.5).
const LONGEST_AGE: u64 = 400 * 24 * 60 * 60;
/// Cookies of one host (RFC 6265 §6.1).
const MOST_OF_HOST: usize = 50;
/// Cookies of all hosts (RFC 6265 §6.1).
const MOST: usize = 3000;
