//! The content of a message (RFC 9110 §6.4), whole or in pieces.
//!
//! Here: [`Body`], what can go wrong with one ([`BodyError`]), and the one-slot [`Inlet`] by which a driver
//! feeds a body that is longer than what it has read so far.
//! Not here: how many bytes a body has on the wire (`proto::h1::framing`), what they mean (`typed`).
//! Read in this order: `error`, this file, `inlet`, `limited`, `written`, `streams`, `file`.

mod error;
mod file;
mod inlet;
mod limited;
mod streams;
pub(crate) mod written;

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};

pub use error::{BodyError, BodyErrorKind};
#[cfg(any(feature = "server", feature = "exchange"))]
pub(crate) use file::{CutShort, FileRange};
pub use inlet::{Inlet, Want};

/// An error of any kind that may cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The content of a request or a response: nothing, bytes that are all there, or a stream of them.
///
/// It is an [`http_body::Body`], so everything made for `hyper` or `tower-http` takes it.
///
/// ```
/// # use counterpart::Body;
/// # async fn body() {
/// let body = Body::from("hello");
/// assert_eq!(body.length(), Some(5));
/// assert_eq!(body.collect(1024).await.unwrap(), "hello");
/// # }
/// ```
#[derive(Default)]
pub struct Body(Kind);

#[derive(Default)]
enum Kind {
    #[default]
    Empty,
    Whole(Bytes),
    /// Bytes that were written for this body; they become `Bytes` only where somebody wants to share them.
    Written(written::Written),
    Fed(inlet::Outlet),
    File(Box<file::Reading>),
    Stream(Stream),
}

type Stream = Pin<Box<dyn HttpBody<Data = Bytes, Error = BodyError> + Send>>;

impl Body {
    /// No content.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Kind::Empty)
    }

    /// A body fed by whoever holds the [`Inlet`], of `length` bytes if that is known.
    #[must_use]
    pub fn fed(length: Option<u64>) -> (Inlet, Self) {
        let (inlet, outlet) = inlet::pair(length);
        (inlet, Self(Kind::Fed(outlet)))
    }

    /// A body that streams from any [`http_body::Body`]. One of ours stays what it is, as a layer hands it on that did not
    /// look into it.
    #[must_use]
    pub fn wrap<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut body = Some(body);
        let ours = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>();
        let foreign = |body| Self(Kind::Stream(Box::pin(Foreign(Box::pin(body)))));
        ours.and_then(Option::take).or_else(|| body.map(foreign)).unwrap_or_default()
    }

    /// The bytes, if all of them are there.
    #[must_use]
    #[inline]
    pub fn whole(&self) -> Option<&[u8]> {
        match &self.0 {
            Kind::Empty => Some(&[]),
            Kind::Whole(bytes) => Some(bytes),
            Kind::Written(bytes) => Some(bytes),
            Kind::Fed(_) | Kind::File(_) | Kind::Stream(_) => None,
        }
    }

    /// The bytes, if all of them are there, leaving an empty body; nothing otherwise.
    pub fn take_whole(&mut self) -> Option<Bytes> {
        match std::mem::take(&mut self.0) {
            Kind::Empty => Some(Bytes::new()),
            Kind::Whole(bytes) => Some(bytes),
            Kind::Written(bytes) => Some(bytes.into_vec().into()),
            streamed => {
                self.0 = streamed;
                None
            }
        }
    }

    /// Its length in bytes, if known.
    #[must_use]
    #[inline]
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Kind::Empty => Some(0),
            Kind::Whole(bytes) => Some(bytes.len() as u64),
            Kind::Written(bytes) => Some(bytes.len() as u64),
            Kind::Fed(outlet) => outlet.remaining(),
            Kind::File(file) => Some(file.left()),
            Kind::Stream(stream) => stream.size_hint().exact(),
        }
    }

    /// Whether it is known to hold nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length() == Some(0)
    }

    /// Whether there is none, which is something else than an empty one: a POST with none says so, a GET does not.
    #[cfg(feature = "exchange")]
    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self.0, Kind::Empty)
    }

    /// The same body once more, if all of it is there.
    #[cfg(feature = "client")]
    pub(crate) fn copy(&mut self) -> Option<Self> {
        if self.is_absent() {
            return Some(Self::empty());
        }
        if let Kind::File(file) = &self.0 {
            return Some(Self(Kind::File(Box::new(file.copy()))));
        }
        let bytes = self.take_whole()?;
        *self = Self::from(bytes.clone());
        Some(Self::from(bytes))
    }

    /// The next piece, or `None` at the end. Trailers are skipped.
    ///
    /// # Errors
    /// When the body cannot be read to its end: see [`BodyErrorKind`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        loop {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut *self).poll_frame(cx)).await;
            match frame.transpose()?.map(Frame::into_data) {
                None => return Ok(None),
                Some(Ok(bytes)) => return Ok(Some(bytes)),
                Some(Err(_trailers)) => {}
            }
        }
    }

    /// The same body, of at most `limit` bytes: where more come, reading it fails.
    ///
    /// So what a handler takes as a stream is bounded by its route's limit.
    #[must_use]
    pub fn limited(self, limit: u64) -> Self {
        let of_the_wire = !matches!(self.0, Kind::Stream(_));
        if of_the_wire && self.length().is_some_and(|length| length <= limit) {
            return self;
        }
        Self(Kind::Stream(Box::pin(limited::Limited::new(self, limit))))
    }

    /// All of it as one piece, of at most `limit` bytes.
    ///
    /// A body that came whole is handed over as it is; memory grows only with bytes received, whatever
    /// length was announced.
    ///
    /// # Errors
    /// [`BodyErrorKind::TooLarge`] past the limit, and whatever reading meets.
    pub async fn collect(mut self, limit: u64) -> Result<Bytes, BodyError> {
        if self.length().is_some_and(|length| length > limit) {
            return Err(BodyErrorKind::TooLarge { limit }.into());
        }
        if let Some(bytes) = self.take_whole() {
            return Ok(bytes);
        }
        let announced = self.length().and_then(|length| usize::try_from(length).ok());
        let mut all = BytesMut::new();
        while let Some(bytes) = self.chunk().await? {
            if (all.len() + bytes.len()) as u64 > limit {
                return Err(BodyErrorKind::TooLarge { limit }.into());
            }
            all.reserve(room(all.len(), bytes.len(), announced));
            all.extend_from_slice(&bytes);
        }
        Ok(all.freeze())
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.0 {
            Kind::Empty => Poll::Ready(None),
            Kind::Whole(_) | Kind::Written(_) => {
                let bytes = self.take_whole().filter(|bytes| !bytes.is_empty());
                Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
            }
            Kind::Fed(outlet) => outlet.poll_frame(cx),
            Kind::File(file) => file.poll_frame(cx),
            Kind::Stream(stream) => stream.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Empty => true,
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Written(bytes) => bytes.is_empty(),
            Kind::Fed(outlet) => outlet.is_finished(),
            Kind::File(file) => file.left() == 0,
            Kind::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Stream(stream) => stream.size_hint(),
            _ => self.length().map_or_else(SizeHint::new, SizeHint::with_exact),
        }
    }
}

/// How much room to make for the next piece. Once a quarter of what was announced is there, room for all of it:
/// doubling on would end with up to twice as much as is needed.
fn room(here: usize, next: usize, announced: Option<usize>) -> usize {
    match announced.and_then(|length| length.checked_sub(here)) {
        Some(left) if left >= next && left / 3 <= here => left,
        _ => next,
    }
}

/// Another crate's body, its errors made ours.
struct Foreign<B>(Pin<Box<B>>);

impl<B> HttpBody for Foreign<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = ready!(self.0.as_mut().poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map_err(BodyError::of_foreign)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Whole(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Written(bytes.into()))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.whole(), self.length()) {
            (Some(bytes), _) => write!(f, "Body({} bytes)", bytes.len()),
            (_, Some(length)) => write!(f, "Body(a stream of {length} bytes)"),
            (_, None) => f.write_str("Body(a stream)"),
        }
    }
}

/// Trailer fields, kept apart from the head's (RFC 9110 §6.5).
pub type Trailers = HeaderMap;

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> T {
        let mut cx = Context::from_waker(Waker::noop());
        match std::pin::pin!(future).poll(&mut cx) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn a_whole_body_is_collected_without_a_copy() {
        let bytes = Bytes::from(vec![1, 2, 3]);
        let collected = now(Body::from(bytes.clone()).collect(3)).unwrap();
        assert_eq!(collected.as_ptr(), bytes.as_ptr());
    }

    #[test]
    fn a_body_over_the_limit_is_refused() {
        let error = now(Body::from("four").collect(3)).unwrap_err();
        assert!(matches!(error.kind(), BodyErrorKind::TooLarge { limit: 3 }));
    }

    #[test]
    fn a_limit_holds_for_a_body_that_goes_on() {
        let (inlet, body) = Body::fed(None);
        let mut body = body.limited(3);
        inlet.give(Bytes::from_static(b"abc"));
        assert_eq!(now(body.chunk()).unwrap().unwrap(), "abc");
        inlet.give(Bytes::from_static(b"d"));
        let error = now(body.chunk()).unwrap_err();
        assert_eq!(error.kind(), &BodyErrorKind::TooLarge { limit: 3 });
        assert_eq!(now(body.chunk()).unwrap(), None);
        assert_eq!(now(Body::from("abc").limited(3).chunk()).unwrap().unwrap(), "abc");
        assert!(now(Body::from("abcd").limited(3).chunk()).is_err());
    }

    /// T19: what was announced bounds what is held, but is not held before some of it came.
    #[test]
    fn room_is_made_for_the_rest_once_a_quarter_is_there() {
        assert_eq!(room(0, 8, Some(1000)), 8);
        assert_eq!(room(240, 8, Some(1000)), 8);
        assert_eq!(room(250, 8, Some(1000)), 750);
        assert_eq!(room(996, 8, Some(1000)), 8);
        assert_eq!(room(250, 8, None), 8);
    }

    #[test]
    fn a_fed_body_gives_what_it_was_fed_and_then_ends() {
        let (inlet, mut body) = Body::fed(None);
        inlet.give(Bytes::from_static(b"ab"));
        assert_eq!(now(body.chunk()).unwrap().unwrap(), "ab");
        inlet.end(None);
        assert_eq!(now(body.chunk()).unwrap(), None);
    }

    #[test]
    fn a_dropped_inlet_is_an_error_not_an_end() {
        let (inlet, mut body) = Body::fed(Some(9));
        drop(inlet);
        let error = now(body.chunk()).unwrap_err();
        assert!(matches!(
            error.kind(),
            BodyErrorKind::Incomplete { received: 0, expected: Some(9) }
        ));
    }

    #[test]
    fn the_inlet_learns_when_the_body_asks_and_when_it_is_gone() {
        let mut cx = Context::from_waker(Waker::noop());
        let (inlet, mut body) = Body::fed(None);
        assert!(inlet.poll_want(&mut cx).is_pending());
        assert!(Pin::new(&mut body).poll_frame(&mut cx).is_pending());
        assert_eq!(inlet.poll_want(&mut cx), Poll::Ready(Want::Data));
        drop(body);
        assert_eq!(inlet.poll_want(&mut cx), Poll::Ready(Want::Nothing));
    }
}
