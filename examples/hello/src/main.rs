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
    support::flags::read(&[]).serve(App::new().mount(Hello)).await
}

#[cfg(test)]
mod tests;
