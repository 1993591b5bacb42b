//! Redirections: whether an answer is followed, and where to (RFC 9110 §15.4).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode, header};
use tokio::time::timeout;

use super::aim::Server;
use super::journey::Leg;
use super::location;
use crate::body::Body;
use crate::client::origin::Scheme;
use crate::client::url::Url;
use crate::message::Response;
use crate::service::{Fault, FaultKind};

/// Which redirections are followed. Default: the first ten of a call that a
/// [`RequestBuilder`](super::RequestBuilder) makes, and none of other calls.
///
/// After 301 and 302 a POST becomes a GET without content, as browsers have it; after 303 so does all but HEAD; after
/// 307 and 308, method and content stay. Content that is gone once it is sent, as a stream is, cannot be sent again:
/// then the redirection itself is the answer; so it is where no `Location` stands in it.
///
/// On the way to another scheme, host or port `Authorization`, `Proxy-Authorization`, `Cookie`, fields whose value is
/// [sensitive](http::HeaderValue::set_sensitive) and those that a connector [hides](crate::client::Connector::hide)
/// are left behind, and do not come back. `Referer` is never sent. Nothing is followed from `https` to `http`, to
/// another scheme, or to a URL with a password in it: that is a [`FaultKind::Redirect`]. The content of a redirection
/// is thrown away unseen.
///
/// ```
/// use counterpart::client::{Client, Redirects, Verdict};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let home = |hop: &counterpart::client::Hop<'_>| match hop.to.starts_with("https://example.com/") {
///     true => Verdict::Follow,
///     false => Verdict::Stop,
/// };
/// let client = Client::new("https://example.com")?.with_redirects(Redirects::up_to(3).judged_by(home));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Redirects {
    most: Option<usize>,
    downgrade: bool,
    judge: Option<Judge>,
}

type Judge = Arc<dyn Fn(&Hop<'_>) -> Verdict + Send + Sync>;

/// A redirection, on which somebody is to decide.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Hop<'h> {
    /// The status of the answer.
    pub status: StatusCode,
    /// The URL that was called.
    pub from: &'h str,
    /// The URL that would be called next.
    pub to: &'h str,
    /// How many redirections of this call were followed before.
    pub followed: usize,
}

/// What becomes of a redirection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is followed.
    Follow,
    /// It is the answer.
    Stop,
    /// The call fails with [`FaultKind::Redirect`].
    Refuse,
}

/// What the next request differs in.
pub(super) struct Turn {
    pub(super) server: Server,
    pub(super) target: String,
    pub(super) method: Method,
    pub(super) drops_content: bool,
}

impl Redirects {
    /// None are followed.
    #[must_use]
    pub const fn none() -> Self {
        Self { most: None, downgrade: false, judge: None }
    }

    /// At most so many are followed in one call; one more fails it with [`FaultKind::Redirect`].
    #[must_use]
    pub const fn up_to(most: usize) -> Self {
        Self { most: Some(most), downgrade: false, judge: None }
    }

    /// Those are followed too that lead from `https` to `http`, in the clear.
    #[must_use]
    pub const fn allow_downgrade(mut self) -> Self {
        self.downgrade = true;
        self
    }

    /// A function decides on each that would be followed.
    #[must_use]
    pub fn judged_by(
        mut self,
        judge: impl Fn(&Hop<'_>) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.judge = Some(Arc::new(judge));
        self
    }

    /// Where an answer leads, if it is followed.
    pub(super) fn turn(
        &self,
        leg: &Leg,
        answer: &Response,
        followed: usize,
    ) -> Result<Option<Turn>, Fault> {
        let Some(most) = self.most else { return Ok(None) };
        let Some((method, drops_content)) = after(answer.status, &leg.head.method) else {
            return Ok(None);
        };
        let Some(location) = answer.fields.get(header::LOCATION) else { return Ok(None) };
        if leg.spent && !drops_content {
            return Ok(None);
        }
        if followed >= most {
            return Err(refused(format!("there are more than {most}")));
        }
        let from = leg.server.web_url(&leg.head.target);
        let to = location::resolve(&from, location).map_err(refused)?;
        let url = Url::read(&to).map_err(refused)?;
        let (target, server) = (url.sent_target(), leg.server.or_other(url.origin)?);
        self.check_scheme(leg, &server)?;
        let hop = Hop { status: answer.status, from: &from, to: &to, followed };
        match self.judge.as_ref().map_or(Verdict::Follow, |judge| judge(&hop)) {
            Verdict::Follow => Ok(Some(Turn { server, target, method, drops_content })),
            Verdict::Stop => Ok(None),
            Verdict::Refuse => Err(refused(format!("that to `{to}` was judged so"))),
        }
    }

    fn check_scheme(&self, leg: &Leg, next: &Server) -> Result<(), Fault> {
        let (from, to) = (&leg.server.origin, &next.origin);
        if from.scheme() == Scheme::Https && to.scheme() == Scheme::Http && !self.downgrade {
            let why = format!(
                "that from `{from}` to `{to}` would go on in the clear; Redirects::allow_downgrade allows it"
            );
            return Err(refused(why));
        }
        Ok(())
    }
}

impl Default for Redirects {
    fn default() -> Self {
        Self::up_to(MOST)
    }
}

impl fmt::Debug for Redirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirects")
            .field("most", &self.most)
            .field("downgrade", &self.downgrade)
            .finish_non_exhaustive()
    }
}

/// The next method after a redirection of this status, and whether the content stays behind.
fn after(status: StatusCode, method: &Method) -> Option<(Method, bool)> {
    let becomes_get = match status.as_u16() {
        301 | 302 => *method == Method::POST,
        303 => *method != Method::HEAD,
        307 | 308 => false,
        _ => return None,
    };
    Some(if becomes_get { (Method::GET, true) } else { (method.clone(), false) })
}

fn refused(why: impl Into<crate::body::BoxError>) -> Fault {
    Fault::new(FaultKind::Redirect, why)
}

/// Reads content away that nobody wants, so that its connection can be used again; unless there is much of it, or it
/// takes long.
pub(super) async fn drain(mut body: Body) {
    if body.length().is_some_and(|length| length > MOST_DRAINED) {
        return;
    }
    let reading = async {
        let mut read = 0;
        while read <= MOST_DRAINED {
            let Ok(Some(data)) = body.chunk().await else { return };
            read += data.len() as u64;
        }
    };
    // What has not come by then is not waited for.
    let _ = timeout(DRAIN_TIME, reading).await;
}

/// How many redirections are followed in one call, unless told: as many as other clients do.
const MOST: usize = 10;
/// How much of a redirection's content is read away, in bytes.
const MOST_DRAINED: u64 = 64 * 1024;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_millis(500);
