//! Dates as fields write them (RFC 9110 §5.6.7).

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment, to the second, as `Date` and `Last-Modified` tell it.
///
/// All three forms of the RFC are read, and the first is written. Moments before 1970 and after 9999, which cannot be
/// written, become the nearest that can.
///
/// ```
/// use counterpart::text::HttpDate;
///
/// let date: HttpDate = "Sunday, 06-Nov-94 08:49:37 GMT".parse().unwrap();
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// assert!("yesterday".parse::<HttpDate>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(u64);

/// Words that are no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate;

impl HttpDate {
    /// This moment.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }
}

impl From<SystemTime> for HttpDate {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(since.as_secs().min(LAST))
    }
}

impl From<HttpDate> for SystemTime {
    fn from(date: HttpDate) -> Self {
        UNIX_EPOCH + Duration::from_secs(date.0)
    }
}

impl FromStr for HttpDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        httpdate::parse_http_date(text).map(Self::from).map_err(|_| InvalidDate)
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        httpdate::HttpDate::from(SystemTime::from(*self)).fmt(f)
    }
}

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no date; one looks like `Sun, 06 Nov 1994 08:49:37 GMT`")
    }
}

impl std::error::Error for InvalidDate {}

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    /// S27: all three forms are read, one is written.
    #[test]
    fn three_forms_are_one_moment() {
        let forms = [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ];
        for form in forms {
            assert_eq!(form.parse::<HttpDate>().unwrap().to_string(), forms[0]);
        }
        for wrong in ["", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994", "06 Nov 1994"] {
            assert_eq!(wrong.parse::<HttpDate>(), Err(InvalidDate), "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_the_nearest_that_can() {
        let before = UNIX_EPOCH - Duration::from_secs(9);
        assert_eq!(HttpDate::from(before).to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
        let after = UNIX_EPOCH + Duration::from_secs(LAST + 9);
        assert_eq!(HttpDate::from(after).to_string(), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
