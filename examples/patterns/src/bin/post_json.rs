//! Posts JSON, and reads JSON, such as that of the program `users`:
//! `cargo run --bin post_json -- http://127.0.0.1:8080/api/users`.

use counterpart::client::Client;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct NewUser {
    name: &'static str,
    email: &'static str,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    name: String,
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url], []) = support::words::read(["URL"], []);
    let new = NewUser { name: "Ada", email: "ada@example.com" };
    let answer = Client::default().post(url).json(&new).send().await?;
    let user: User = answer.error_for_status()?.json().await?;
    println!("{} is number {}", user.name, user.id);
    Ok(())
}
