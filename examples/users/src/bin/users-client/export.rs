//! `export`: page after page, a line for each user.

use std::fs::{self, File};
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use indicatif::ProgressBar;
use users::UsersClient;

use crate::said::{Failure, lines, unwritten};

const PAGE: u32 = 500;

/// Writes all users to a file, which appears under its name only when it is whole; or to stdout.
pub(crate) async fn run(users: &UsersClient, file: Option<&Path>) -> Result<(), Failure> {
    let Some(file) = file else {
        return pages(users, &mut BufWriter::new(stdout())).await.map(drop);
    };
    let failed = |error: std::io::Error| Failure::file(file, &error);
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let mut out = BufWriter::new(File::create(&part).map_err(failed)?);
    let written = pages(users, &mut out).await;
    let written = written.and_then(|count| {
        out.get_ref().sync_all().and_then(|()| fs::rename(&part, file)).map_err(failed)?;
        Ok(count)
    });
    match written {
        Ok(count) => {
            eprintln!("{}: {count} users", file.display());
            Ok(())
        }
        Err(failure) => {
            let _ = fs::remove_file(&part);
            Err(failure)
        }
    }
}

// ANCHOR: pages
async fn pages(users: &UsersClient, out: &mut dyn Write) -> Result<usize, Failure> {
    let progress = ProgressBar::new_spinner();
    let (mut count, mut after) = (0, u64::MAX);
    loop {
        let page = users.list_users().limit(PAGE).after(after).await?;
        let Some(last) = page.last() else { break };
        lines(out, &page).map_err(|error| unwritten(&error))?;
        (count, after) = (count + page.len(), last.id);
        progress.set_message(format!("{count} users"));
        progress.tick();
    }
    out.flush().map_err(|error| unwritten(&error))?;
    progress.finish_and_clear();
    Ok(count)
}
// ANCHOR_END: pages
