//! The users API as a program: `cargo run --bin users -- --port 8080 --database users.db`.

mod tls;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use clap::Parser;
use counterpart::server::Config;
use support::flags::announced;
use users::{Db, app};

// ANCHOR: settings
/// A users API on SQLite or PostgreSQL. `RUST_LOG` says what it logs.
#[derive(Parser)]
struct Settings {
    /// The address to listen on
    #[arg(long, env = "USERS_BIND", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The port, 0 for any free one
    #[arg(long, env = "USERS_PORT", default_value_t = 8080)]
    port: u16,
    /// postgres://… or the path of a SQLite file
    #[arg(long, env = "USERS_DATABASE", default_value = "users.db", hide_env_values = true)]
    database: String,
    /// Seconds for which it goes on, but is not ready, once it was told to stop
    #[arg(long, env = "USERS_NOTICE", default_value_t = 0)]
    notice: u64,
    /// Seconds that requests in flight may take after that
    #[arg(long, env = "USERS_SHUTDOWN", default_value_t = 30)]
    shutdown: u64,
    #[command(flatten)]
    tls: tls::Tls,
}
// ANCHOR_END: settings

// ANCHOR: main
#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let settings = Settings::parse();
    let db = Db::open(&settings.database).await.map_err(|error| {
        counterpart::Error::new(format!("the database cannot be opened: {error}"))
    })?;
    let app = app(db);
    let routes = app.routes();
    let mut config = Config::default();
    config.notice = Duration::from_secs(settings.notice);
    config.shutdown = Duration::from_secs(settings.shutdown);
    let mut bound =
        app.bind(SocketAddr::new(settings.bind, settings.port)).await?.with_config(config);
    let (mut words, mut curl) = (String::new(), "");
    if let Some(spoken) = settings.tls.spoken(settings.bind)? {
        bound = bound.with_tls(&spoken.tls);
        (words, curl) = (spoken.words, spoken.curl);
    }
    let url = bound.url();

    let greeting = format!(
        r#"{routes}
listening on {url}
{words}
curl {curl}-i {url}/api/users -H 'content-type: application/json' \
     -d '{{"name": "Ada", "email": "ada@example.com"}}'
curl {curl}-i {url}/api/users/1
curl {curl}-i '{url}/api/users?limit=10'
"#
    );
    announced(bound.serve(), &greeting).await
}
// ANCHOR_END: main
