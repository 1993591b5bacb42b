//! The users API as a program: `cargo run --bin users -- --port 8080 --database users.db`.

use std::io::{Write, stdout};

use support::flags;
use users::{Db, app};

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = flags::read(&[("database", "users.db")]);
    let app = app(Db::open(flags.get("database")).await?);
    let routes = app.routes();
    let bound = app.bind(flags.address()).await?;
    let url = bound.url();

    let greeting = format!(
        r#"{routes}
listening on {url}

curl -i {url}/api/users -H 'content-type: application/json' \
     -d '{{"name": "Ada", "email": "ada@example.com"}}'
curl -i {url}/api/users/1
curl -i '{url}/api/users?limit=10'
"#
    );
    // Who closed our stdout wants to read no more of it, and the service all the same.
    let _ = stdout().write_all(greeting.as_bytes());

    bound.serve().await
}
