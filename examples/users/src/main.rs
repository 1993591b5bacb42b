//! The users API as a program: `cargo run --bin users -- --port 8080 --database users.db`.

use std::io::{Write, stdout};

use counterpart::prelude::*;
use support::flags;
use users::{Db, app};

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = flags::read(&[("database", "users.db")]);
    let app = app(Db::open(flags.get("database")).await?);
    let routes = app.routes();
    let bound = app.bind(flags.address()).await?;
    let url = format!("http://{}", bound.addr());

    let mut out = stdout().lock();
    writeln!(out, "{routes}\nlistening on {url}\n")?;
    writeln!(out, "curl -i {url}/api/users -H 'content-type: application/json' \\")?;
    writeln!(out, "     -d '{{\"name\": \"Ada\", \"email\": \"ada@example.com\"}}'")?;
    writeln!(out, "curl -i {url}/api/users/1")?;
    writeln!(out, "curl -i '{url}/api/users?limit=10'")?;
    drop(out);

    bound.serve().await
}
