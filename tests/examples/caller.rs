//! The client's side of the fault suite (`tests/faults`): calls each URL that stands on a line of its input, and says on a
//! line of its output how that went: `ok STATUS LENGTH` or `failed KIND`. `caller MILLISECONDS`: so long a head, and a
//! piece of a body, are waited for.

#![allow(clippy::unwrap_used, reason = "the suite sees it fail")]

use std::io::BufRead;
use std::time::Duration;

use counterpart::client::{Client, Timeouts};
use counterpart::http::Method;
use counterpart::{Request, Service};

#[counterpart::main]
async fn main() {
    let patience = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut timeouts = Timeouts::default();
    timeouts.head = Duration::from_millis(patience);
    timeouts.body = Duration::from_millis(patience);
    for url in std::io::stdin().lock().lines() {
        let said = call(&url.unwrap(), timeouts).await;
        println!("{said}");
    }
}

async fn call(url: &str, timeouts: Timeouts) -> String {
    let client = Client::new(url).unwrap().with_timeouts(timeouts);
    let response = match client.call(Request::new(Method::GET, "/")).await {
        Ok(response) => response,
        Err(fault) => return format!("failed {:?}", fault.kind()),
    };
    match response.body.collect(64 * 1024 * 1024).await {
        Ok(body) => format!("ok {} {}", response.status.as_u16(), body.len()),
        Err(error) => format!("failed {:?}", error.kind()),
    }
}
