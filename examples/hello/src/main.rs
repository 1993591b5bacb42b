//! The smallest program: `cargo run --bin hello`.

use counterpart::prelude::*;

/// Greet somebody.
#[get("/hello/{name}")]
async fn hello(name: String) -> String {
    format!("Hello, {name}!")
}

api!(Hello: hello);

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    App::new().mount(Hello).serve(support::flags::read(&[]).address()).await
}

#[cfg(test)]
mod tests;
