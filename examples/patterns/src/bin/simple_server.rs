//! A server of one function: `cargo run --bin simple_server -- --port 8000`.

use counterpart::http::Method;
use counterpart::prelude::*;
use counterpart::service::from_fn;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let hello = from_fn(async |request: Request| {
        Ok(match request.head.method {
            Method::GET => Text(format!("Hello from {}\n", request.path())).reply(),
            _ => Problem::new(StatusCode::NOT_IMPLEMENTED).into_response(),
        })
    });
    support::flags::read(&[]).serve_by_hand(hello).await
}
