//! `headers`: what a request costs that carries many fields.

use anyhow::Result;

use super::endpoints::Endpoint;
use super::trial::trial;
use crate::Run;
use crate::load::{Plan, get};
use crate::sample::Sample;
use crate::turns::{Value, turns};

/// From two fields to sixty, `Host` among them; fourteen are a browser's.
///
/// # Errors
///
/// None; a server that cannot is left out.
pub fn headers(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(run, &run.servers, &[2_usize, 8, 14, 30, 60], |peer, &fields| {
        let trial = trial(run, peer, &[], |address| {
            let requests = vec![get("/json", &browser(fields - 1))];
            Plan { requests, ..Endpoint::Json.plan(address) }
        })?;
        Ok(trial.reading([
            Value::new("headers.cpu", trial.cpu_per_answer(), "µs/req"),
            Value::new("headers.requests", trial.tally.per_second(), "req/s"),
        ]))
    }))
}

/// The first so many fields that Chrome sends beside `Host`, and then those that proxies and pages add.
pub fn browser(many: usize) -> Vec<(&'static str, &'static str)> {
    CHROME.iter().chain(MORE.iter().cycle()).copied().take(many).collect()
}

/// As Chrome 142 on Linux asks for what a page fetches.
const CHROME: [(&str, &str); 13] = [
    ("Connection", "keep-alive"),
    ("sec-ch-ua-platform", "\"Linux\""),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    ("Accept", "application/json"),
    ("sec-ch-ua", "\"Chromium\";v=\"142\", \"Google Chrome\";v=\"142\", \"Not_A Brand\";v=\"99\""),
    ("DNT", "1"),
    ("sec-ch-ua-mobile", "?0"),
    ("Sec-Fetch-Site", "same-origin"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Dest", "empty"),
    ("Referer", "http://127.0.0.1:8080/docs"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7"),
];

const MORE: [(&str, &str); 12] = [
    ("Cookie", "session=5f1d7a84-0e2c-4f0b-9d8e-1c6a8b7f3e21; theme=dark; consent=all"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("X-Forwarded-For", "203.0.113.7"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "api.example.org"),
    ("X-Real-IP", "203.0.113.7"),
    ("X-Request-Id", "01JD9W3V6E2B7Q8M4K5N0T1XYZ"),
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ("tracestate", "vendor=00f067aa0ba902b7"),
    ("X-Csrf-Token", "4f8d1b0c6a9e2d7f"),
    ("Priority", "u=1, i"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_fields_as_asked_for() {
        for many in [1, 13, 59] {
            let request = String::from_utf8(get("/json", &browser(many))).unwrap();
            assert_eq!(request.matches(": ").count(), many + 1, "{request}");
        }
    }
}
