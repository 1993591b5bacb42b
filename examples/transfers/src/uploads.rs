//! Uploads: what is sent is a file, once it is there as a whole.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use counterpart::prelude::*;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

/// The folder in which uploads are kept.
#[derive(Debug, State)]
pub struct Uploads(pub PathBuf);

// ANCHOR: upload
/// A file that is gone again, unless it was given another name.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Keeps what is sent, whole or not at all.
#[put("/uploads/{id}", body_limit = "1 GiB")]
pub async fn upload(id: u64, mut content: Body, uploads: &Uploads) -> Result<(), Problem> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::AlreadyExists => Problem::new(StatusCode::CONFLICT).detail("it is being sent"),
        ErrorKind::StorageFull => Problem::new(StatusCode::INSUFFICIENT_STORAGE),
        _ => Problem::internal(),
    };
    let part = uploads.0.join(format!(".{id}.part"));
    let mut file = File::create_new(&part).await.map_err(failed)?;
    let unfinished = Unfinished(part);
    while let Some(piece) = content.chunk().await? {
        file.write_all(&piece).await.map_err(failed)?;
    }
    // What could not be written is told by `flush`, and not by `sync_all`.
    file.flush().await.map_err(failed)?;
    file.sync_all().await.map_err(failed)?;
    fs::rename(&unfinished.0, uploads.0.join(id.to_string())).await.map_err(failed)
}
// ANCHOR_END: upload

api!(pub Transfers: upload);
