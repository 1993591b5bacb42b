//! Conditional requests (RFC 9110 §13): whether the client has what it asks for, or means another state of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderValue, Method};

use super::coding::Coding;
use super::tree::Meta;
use crate::text::{EntityTag, Fields, HttpDate};

/// What tells one state of a file from another.
#[derive(Debug)]
pub(super) struct Validators {
    weak: bool,
    opaque: String,
    /// Never later than now: a file from the future was changed now, for all that can be said.
    pub(super) modified: HttpDate,
    /// Whether it has not changed for so long that a change in the same second would have shown.
    settled: bool,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// 412.
    Failed,
    /// 304.
    NotModified,
    /// The file is sent; a part of it if one is asked for and `part` is set.
    Send {
        /// Whether `Range` counts.
        part: bool,
    },
}

impl Validators {
    /// Of a file, at this moment.
    ///
    /// The tag is made of size and time of change. It is strong unless the file could be changed again, to the same
    /// size, without either changing (RFC 9110 §8.8.1): within two seconds where the file system counts in seconds,
    /// else within the twentieth of a second that a clock of a kernel may stand still.
    pub(super) fn of(meta: &Meta, coding: Option<Coding>, now: SystemTime) -> Self {
        let part = meta.modified.duration_since(UNIX_EPOCH);
        let nanos =
            part.map_or_else(|before| before.duration().as_nanos(), |after| after.as_nanos());
        let sign = if meta.modified < UNIX_EPOCH { "-" } else { "" };
        let age = now.duration_since(meta.modified).ok();
        let whole_seconds = nanos.is_multiple_of(1_000_000_000);
        let tick = if whole_seconds { COARSE } else { FINE };
        let coding = coding.map_or_else(String::new, |coding| format!("-{}", coding.name()));
        Self {
            weak: age.is_some_and(|age| age < tick),
            opaque: format!("{sign}{nanos:x}-{:x}{coding}", meta.size),
            modified: meta.modified.min(now).into(),
            settled: age.is_some_and(|age| age >= Duration::from_secs(1)),
        }
    }

    /// The value of `ETag`.
    pub(super) fn etag(&self) -> Option<HeaderValue> {
        HeaderValue::from_maybe_shared(self.own().to_string()).ok()
    }

    /// Asks the conditions in the order of RFC 9110 §13.2.2.
    pub(super) fn judge(&self, method: &Method, fields: &Fields) -> Verdict {
        if !self.may_go_on(fields) {
            return Verdict::Failed;
        }
        if self.is_known(fields) {
            return Verdict::NotModified;
        }
        Verdict::Send { part: *method == Method::GET && self.is_continued(fields) }
    }

    /// Steps 1 and 2: `If-Match`, or else `If-Unmodified-Since`.
    fn may_go_on(&self, fields: &Fields) -> bool {
        match list(fields, "if-match") {
            Some(tags) => tags.any(|tag| tag.is_strongly(&self.own())),
            None => date(fields, "if-unmodified-since").is_none_or(|date| self.modified <= date),
        }
    }

    /// Steps 3 and 4: `If-None-Match`, or else `If-Modified-Since`.
    fn is_known(&self, fields: &Fields) -> bool {
        match list(fields, "if-none-match") {
            Some(tags) => tags.any(|tag| tag.is_weakly(&self.own())),
            None => date(fields, "if-modified-since").is_some_and(|date| self.modified <= date),
        }
    }

    /// Step 5: whether the part that is asked for is one of the same state, byte for byte. A date says that only of
    /// what had settled (RFC 9110 §13.1.5).
    fn is_continued(&self, fields: &Fields) -> bool {
        let Some(of) = fields.get("if-range") else { return true };
        match EntityTag::parse(of) {
            Some(tag) => tag.is_strongly(&self.own()),
            None => self.settled && date(fields, "if-range") == Some(self.modified),
        }
    }

    fn own(&self) -> EntityTag<'_> {
        EntityTag::made(self.weak, self.opaque.as_bytes())
    }
}

/// A list of tags, in as many fields as it came in.
struct Tags<'a> {
    fields: &'a Fields,
    name: &'static str,
}

impl Tags<'_> {
    fn any(&self, is: impl Fn(EntityTag<'_>) -> bool) -> bool {
        let mut values = self.fields.get_all(self.name);
        values.any(|value| value == b"*" || EntityTag::list(value).any(&is))
    }
}

fn list<'a>(fields: &'a Fields, name: &'static str) -> Option<Tags<'a>> {
    fields.contains(name).then_some(Tags { fields, name })
}

/// A date; none where it is malformed, or there are several.
fn date(fields: &Fields, name: &str) -> Option<HttpDate> {
    let mut values = fields.get_all(name);
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    std::str::from_utf8(value).ok()?.parse().ok()
}

const COARSE: Duration = Duration::from_secs(2);
const FINE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(age: Duration, part: u32) -> String {
        let modified = UNIX_EPOCH + Duration::new(1_000_000_000, part);
        let meta = Meta { size: 5, modified };
        Validators::of(&meta, None, modified + age).own().to_string()
    }

    #[test]
    fn a_state_that_could_change_unseen_has_a_weak_tag() {
        let strong = |age, part| tag(age, part).starts_with('"');
        assert!(!strong(Duration::from_millis(1999), 0) && strong(COARSE, 0));
        assert!(!strong(Duration::from_millis(49), 1) && strong(FINE, 1));
    }

    /// A moment that is still to come was set by somebody, and is told as now.
    #[test]
    fn a_file_from_the_future_was_changed_now() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let meta = Meta { size: 5, modified: now + Duration::from_secs(9) };
        let validators = Validators::of(&meta, None, now);
        assert_eq!(validators.modified, HttpDate::from(now));
        assert!(!validators.weak && !validators.settled);
    }

    #[test]
    fn each_state_and_each_coding_has_its_own_tag() {
        let of = |size, seconds: u64, coding| {
            let meta = Meta { size, modified: UNIX_EPOCH + Duration::from_secs(seconds) };
            Validators::of(&meta, coding, SystemTime::now()).own().to_string()
        };
        let tags = [
            of(1, 10, None),
            of(2, 10, None),
            of(1, 11, None),
            of(1, 10, Some(Coding::Gzip)),
            of(1, 10, Some(Coding::Brotli)),
        ];
        let different = tags.iter().collect::<std::collections::HashSet<_>>().len();
        assert_eq!(different, tags.len(), "{tags:?}");
    }
}
