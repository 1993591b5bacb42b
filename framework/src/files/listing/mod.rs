//! Listings of folders.
//!
//! Here: [`Listing`], what is listed in which order; [`Order`], which the query chooses; how moments and sizes are told.
//! Not here: what is in a folder (`tree`).
//! Read in this order: this file, `html`, `json`.

mod html;
mod json;

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderValue, StatusCode, header};

use super::asked::Asked;
use super::page;
use super::target::{Target, is_served};
use super::tree::Listed;
use crate::message::Response;

/// What is in a folder, ready to be told.
#[derive(Debug)]
pub(super) struct Listing {
    /// Where the service is mounted; empty at the root.
    pub(super) prefix: String,
    pub(super) target: Target,
    pub(super) order: Order,
    pub(super) entries: Vec<Listed>,
}

/// How a listing is sorted: `?sort=name|size|date&order=asc|desc`, by name unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order {
    by: Column,
    descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Column {
    #[default]
    Name,
    Size,
    Date,
}

/// The two forms of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Json,
}

impl Form {
    /// The one that a client likes better; HTML where it likes both.
    pub(super) fn wanted(asked: &Asked) -> Self {
        if asked.prefers("application/json", "text/html") { Self::Json } else { Self::Html }
    }
}

impl Listing {
    /// Sorts, and leaves out what may not be told.
    pub(super) fn arrange(&mut self, hidden: bool) {
        self.entries.retain(|entry| is_served(entry.name.as_encoded_bytes(), hidden));
        let order = self.order;
        self.entries.sort_by_cached_key(|entry| entry.name.to_string_lossy().to_lowercase());
        match order.by {
            Column::Name => {}
            Column::Size => self.entries.sort_by_key(|entry| entry.size),
            Column::Date => self.entries.sort_by_key(|entry| entry.modified),
        }
        if order.descending {
            self.entries.reverse();
        }
    }

    /// The answer.
    pub(super) fn answer(&self, form: Form) -> Response {
        let mut response = Response::new(StatusCode::OK);
        match form {
            Form::Html => {
                page::describe(&mut response.fields);
                response.body = self.html().into();
            }
            Form::Json => {
                let kind = HeaderValue::from_static("application/json");
                response.fields.append(header::CONTENT_TYPE, kind);
                response.body = self.json().into();
            }
        }
        response.fields.append(header::VARY, HeaderValue::from_static("accept"));
        response
    }
}

impl Order {
    /// What a query chooses; what it does not know counts for nothing.
    pub(super) fn of(query: Option<&str>) -> Self {
        let mut order = Self::default();
        for pair in query.unwrap_or_default().split('&') {
            match pair {
                "sort=name" => order.by = Column::Name,
                "sort=size" => order.by = Column::Size,
                "sort=date" => order.by = Column::Date,
                "order=asc" => order.descending = false,
                "order=desc" => order.descending = true,
                _ => {}
            }
        }
        order
    }
}

impl Column {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Name, "name", "Name"),
        (Self::Size, "size", "Size"),
        (Self::Date, "date", "Modified"),
    ];
}

/// A moment of UTC as RFC 3339 writes it, to the second.
fn rfc3339(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(LATEST).min(LATEST),
        Err(before) => {
            -i64::try_from(before.duration().as_secs()).unwrap_or(LATEST).min(LATEST / 8)
        }
    };
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The date of a day, counted from 1970-01-01. The year is counted from March, so that a leap day is its last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let march = (5 * day + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day - (153 * march + 2) / 5 + 1)
}

/// A size as people say it: `1.4 MB`.
fn human(size: u64) -> String {
    let step = |(size, unit): (f64, usize)| (size >= 999.5).then_some((size / 1000.0, unit + 1));
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let start = (size as f64, 0);
    let (size, unit) = std::iter::successors(Some(start), |at| step(*at)).last().unwrap_or(start);
    let unit = UNITS.get(unit).copied().unwrap_or_default();
    let digits = usize::from(unit != "B" && size < 9.95);
    format!("{size:.digits$} {unit}")
}

/// The last second of the year 9999.
const LATEST: i64 = 253_402_300_799;
const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        let at = |seconds: i64| {
            let whole = Duration::from_secs(seconds.unsigned_abs());
            rfc3339(if seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole })
        };
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(784_111_777), "1994-11-06T08:49:37Z");
        assert_eq!(at(LATEST + 9), "9999-12-31T23:59:59Z");
        assert_eq!(at(-1), "1969-12-31T23:59:59Z");
        assert_eq!(at(-2_208_988_800), "1900-01-01T00:00:00Z");
    }

    #[test]
    fn sizes_are_told_as_people_say_them() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1449, "1.4 kB"),
            (9_949, "9.9 kB"),
            (9_951, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (1_500_000_000, "1.5 GB"),
            (u64::MAX, "18 EB"),
        ];
        for (size, told) in cases {
            assert_eq!(human(size), told);
        }
    }

    #[test]
    fn a_query_chooses_the_order() {
        assert_eq!(Order::of(None), Order::default());
        let by_size = Order { by: Column::Size, descending: true };
        assert_eq!(Order::of(Some("x=1&order=desc&sort=size")), by_size);
        assert_eq!(Order::of(Some("sort=nonsense")), Order::default());
    }
}
