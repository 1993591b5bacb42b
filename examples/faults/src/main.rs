//! An app to be ill-treated: `cargo run --bin faults`, everything at its defaults, for fault tests.

use std::time::Duration;

use counterpart::prelude::*;
use serde_json::Value;

mod zeros;

use zeros::Zeros;

/// What is there when all is well.
#[get("/")]
async fn index() -> Text {
    "well".into()
}

/// Any JSON, and the same JSON back.
#[post("/echo")]
async fn echo(any: Value) -> Value {
    any
}

/// Answers after two seconds.
#[get("/slow")]
async fn slow() -> Text {
    tokio::time::sleep(Duration::from_secs(2)).await;
    "slow".into()
}

/// Panics.
#[get("/panic")]
async fn panic() {
    panic!("on purpose");
}

/// Never ends, and is no faster than whoever reads it.
#[get("/stream")]
async fn stream() -> Body {
    Body::wrap(Zeros::endless())
}

/// 100 MiB, of which no more than a piece is in memory.
#[get("/big")]
async fn big() -> Body {
    Body::wrap(Zeros::of(100 << 20))
}

api!(Faults: index, echo, slow, panic, stream, big);

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve(App::new().mount(Faults)).await
}

#[cfg(test)]
mod tests;
