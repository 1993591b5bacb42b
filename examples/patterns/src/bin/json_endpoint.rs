//! An endpoint that answers JSON: `cargo run --bin json_endpoint`, then
//! `curl localhost:8080/api/users`.

use counterpart::prelude::*;

#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
    name: String,
}

/// List the users.
#[get("/api/users")]
fn users() -> Vec<User> {
    let user = |id, name: &str| User { id, name: name.into() };
    vec![user(1, "Alice"), user(2, "Bob")]
}

api!(Users: users);

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    support::flags::read(&[]).serve(App::new().mount(Users)).await
}
