//! Whether the process is up, and whether it should be sent requests.

use counterpart::prelude::*;

use crate::Db;

// ANCHOR: ready
/// Why no requests should be sent here now.
#[derive(Debug, PartialEq, Eq, ApiError)]
pub enum NotReady {
    /// It was told to stop.
    #[error(503, "the server is being stopped")]
    Draining,
    /// Its database is away.
    #[error(503, "the database does not answer")]
    NoDatabase,
}

/// The process is up.
#[get("/health")]
pub(crate) fn health() -> &'static str {
    "up"
}

/// The database answers, and nobody told the server to stop.
#[get("/ready")]
pub(crate) async fn ready(db: &Db, lifecycle: &Lifecycle) -> Result<&'static str, NotReady> {
    if lifecycle.is_draining() {
        return Err(NotReady::Draining);
    }
    db.answers().await.map_err(|_| NotReady::NoDatabase)?;
    Ok("ready")
}
// ANCHOR_END: ready

api!(
    /// What an orchestrator asks, and `ProbesClient`.
    pub Probes: health, ready
);
