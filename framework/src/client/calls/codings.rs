//! Codings of content: which are asked for, and which are undone (RFC 9110 §8.4).

use http::{HeaderValue, Method, StatusCode, header};

use super::decoded::{Coding, Decoded};
use crate::body::Body;
use crate::message::Response;
use crate::service::{Fault, FaultKind};
use crate::text::{Fields, RequestHead};

/// How codings of content are undone: gzip, deflate, br and zstd. Default: all that a
/// [`RequestBuilder`](super::RequestBuilder) calls asks for them, and gets its content plain, with no `Content-Encoding`
/// and no `Content-Length` left; other calls do not.
///
/// A request with an `Accept-Encoding` or a `Range` of its own is left alone, and so is its answer. Of content that is
/// coded more than once nothing is undone: that is a [`FaultKind::Decode`], as is content that is not what its coding
/// says, or goes on behind its end. Content that is cut short is [`FaultKind::Incomplete`].
///
/// A kilobyte can stand for a gigabyte. So content may grow to 64 MiB, and to 100 times its size once it is over 1 MiB;
/// past that, reading it fails with [`FaultKind::TooLarge`]. Whatever it would grow to, no more than its window and
/// 32 KiB of it are held: at most 8 MiB for zstd, 16 MiB for br and 32 KiB for the others.
///
/// ```
/// use counterpart::client::{Client, Codings};
///
/// # fn main() -> Result<(), counterpart::Fault> {
/// let codings = Codings::default().max_decoded(10 << 30).max_ratio(1000);
/// let client = Client::new("https://example.com")?.with_codings(codings);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codings {
    pub(super) most: u64,
    pub(super) ratio: u64,
    wanted: bool,
}

impl Codings {
    /// None is asked for, and none undone.
    #[must_use]
    pub const fn none() -> Self {
        Self { most: MOST, ratio: RATIO, wanted: false }
    }

    /// How large content may become, in bytes. Default: 64 MiB.
    #[must_use]
    pub const fn max_decoded(mut self, bytes: u64) -> Self {
        self.most = bytes;
        self
    }

    /// How many times its size content may become, once it is over 1 MiB. Default: 100.
    #[must_use]
    pub const fn max_ratio(mut self, ratio: u64) -> Self {
        self.ratio = ratio;
        self
    }

    /// Asks for them, and tells whether they are then undone.
    pub(super) fn ask(self, head: &mut RequestHead) -> bool {
        let fields = &mut head.fields;
        let wanted = self.wanted
            && !fields.contains(header::ACCEPT_ENCODING)
            && !fields.contains(header::RANGE);
        if wanted {
            fields.append(header::ACCEPT_ENCODING, HeaderValue::from_static(ALL));
        }
        wanted
    }

    /// Undoes the coding of an answer, if it has one that is known. A part of a whole cannot be undone.
    pub(super) fn undo(self, method: &Method, response: &mut Response) -> Result<(), Fault> {
        let has_content = *method != Method::HEAD
            && !matches!(response.status.as_u16(), 204 | 304)
            && response.status != StatusCode::PARTIAL_CONTENT;
        let Some(coding) = has_content.then(|| only(&response.fields)).transpose()?.flatten()
        else {
            return Ok(());
        };
        response.fields.remove(header::CONTENT_ENCODING);
        response.fields.remove(header::CONTENT_LENGTH);
        let coded = std::mem::take(&mut response.body);
        response.body = Body::wrap(Decoded::new(coding, coded, self));
        Ok(())
    }
}

impl Default for Codings {
    fn default() -> Self {
        Self { wanted: true, ..Self::none() }
    }
}

/// The one coding of an answer; none, if it has none or one that nobody here knows.
fn only(fields: &Fields) -> Result<Option<Coding>, Fault> {
    let named = fields.get_joined(header::CONTENT_ENCODING.as_str()).unwrap_or_default();
    let names = named.split(',').map(str::trim);
    let mut names = names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
    match (names.next(), names.next()) {
        (name, None) => Ok(name.and_then(Coding::named)),
        _ => {
            let why = format!("it is coded more than once (`{}`)", named.escape_debug());
            Err(Fault::new(FaultKind::Decode, why))
        }
    }
}

/// In the order of how common they are.
const ALL: &str = "gzip, deflate, br, zstd";
/// What content may become, in bytes.
const MOST: u64 = 64 * 1024 * 1024;
/// What content may become, of its size.
const RATIO: u64 = 100;
