//! A calendar without a store, all of it in the address: `cargo run --bin parameters`.

use counterpart::prelude::*;

// ANCHOR: path
/// Is this a leap year?
#[get("/leap/{year}")]
fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
// ANCHOR_END: path

// ANCHOR: query
/// List leap years, without those to be skipped.
#[get("/leap")]
fn leap_years(from: i32, limit: Option<usize>, skip: Vec<i32>) -> Vec<i32> {
    let years = (from..=9999).filter(|&year| is_leap(year) && !skip.contains(&year));
    years.take(limit.unwrap_or(5)).collect()
}
// ANCHOR_END: query

// ANCHOR: types
/// A month, as it stands in an address: `feb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Month {
    Jan,
    Feb,
    Mar,
    Apr,
    May,
    Jun,
    Jul,
    Aug,
    Sep,
    Oct,
    Nov,
    Dec,
}

/// What `days` answers.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Days {
    month: Month,
    days: u8,
}

/// How many days has this month?
#[get("/days/{year}/{month}")]
fn days(year: i32, month: Month) -> Days {
    let days = match month {
        Month::Feb => 28 + u8::from(is_leap(year)),
        Month::Apr | Month::Jun | Month::Sep | Month::Nov => 30,
        _ => 31,
    };
    Days { month, days }
}
// ANCHOR_END: types

// ANCHOR: header
/// Which languages does the caller read?
#[get("/languages")]
fn languages(#[header("accept-language")] accepted: Option<String>) -> Vec<String> {
    let accepted = accepted.unwrap_or_default();
    let tags = accepted.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}
// ANCHOR_END: header

// ANCHOR: api
api!(Calendar: is_leap, leap_years, days, languages);
// ANCHOR_END: api

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve(App::new().mount(Calendar)).await
}

#[cfg(test)]
mod tests;
