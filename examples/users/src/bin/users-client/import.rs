//! `import`: the rows of a file, many at a time, each once however often it is run.

mod rows;

use std::path::Path;
use std::time::Instant;

use counterpart::prelude::*;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinSet;
use users::{NewUser, UserError, UsersClient};

use crate::Format;
use crate::said::Failure;
use rows::{Row, Rows};

/// What became of a row.
enum Outcome {
    Created,
    /// It was there, the same in each member.
    Present,
    /// The row is bad, or somebody else has its name.
    Refused(String),
    /// The server is gone or failed: what follows would fare no better.
    Stopped(Failure),
}

#[derive(Default)]
struct Count {
    created: usize,
    present: usize,
    refused: usize,
}

/// Creates the users of a file.
pub(crate) async fn run(
    users: &UsersClient,
    file: &Path,
    format: Option<Format>,
    concurrency: usize,
) -> Result<(), Failure> {
    let mut rows = Rows::open(file, format)?;
    let bar = ProgressBar::new(rows.size());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}% {msg} {eta} left") {
        bar.set_style(style);
    }
    let started = Instant::now();
    let (mut calls, mut count, mut stopped) = (JoinSet::new(), Count::default(), None);
    // ANCHOR: calls
    loop {
        while stopped.is_none() && calls.len() < concurrency {
            let Some(Row { line, user }) = rows.next() else { break };
            let users = users.clone();
            match user {
                Ok(new) => drop(calls.spawn(async move { (line, import(&users, new).await) })),
                Err(reason) => count.add(&bar, line, Outcome::Refused(reason), &mut stopped),
            }
        }
        let Some(done) = calls.join_next().await else { break };
        let (line, outcome) = done.map_err(|error| Failure::Server(error.to_string()))?;
        count.add(&bar, line, outcome, &mut stopped);
        bar.set_position(rows.position());
        bar.set_message(format!("{} rows", count.rows()));
    }
    // ANCHOR_END: calls
    bar.finish_and_clear();

    let Count { created, present, refused } = count;
    let seconds = started.elapsed().as_secs_f64();
    eprintln!(
        "{} rows in {seconds:.1} s: {created} created, {present} there already, {refused} refused",
        count.rows()
    );
    match stopped {
        Some(Failure::Server(reason)) => {
            Err(Failure::Server(format!("{reason}; run it again to go on where it stopped")))
        }
        Some(other) => Err(other),
        None if refused > 0 => Err(Failure::Refused(format!("{refused} rows were not imported"))),
        None => Ok(()),
    }
}

// ANCHOR: row
/// A row is there if we made it now, or if somebody did before: maybe this program, which was killed before it heard so.
async fn import(users: &UsersClient, new: NewUser) -> Outcome {
    match users.create_user(new.clone()).await {
        Ok(_) => Outcome::Created,
        Err(CallError::Api(
            taken @ (UserError::NameTaken { .. } | UserError::EmailTaken { .. }),
        )) => match users.find_user(&new.name).await {
            Ok(user) if (&user.email, &user.bio) == (&new.email, &new.bio) => Outcome::Present,
            Ok(user) => Outcome::Refused(format!(
                "user {} has the name {:?} and other data",
                user.id, user.name
            )),
            Err(CallError::Api(UserError::NameNotFound { .. })) => {
                Outcome::Refused(taken.to_string())
            }
            Err(error) => Outcome::of(error),
        },
        Err(error) => Outcome::of(error),
    }
}
// ANCHOR_END: row

impl Outcome {
    fn of(error: CallError<UserError>) -> Self {
        match error.into() {
            Failure::Refused(reason) | Failure::Usage(reason) => Self::Refused(reason),
            failure => Self::Stopped(failure),
        }
    }
}

impl Count {
    fn rows(&self) -> usize {
        self.created + self.present + self.refused
    }

    fn add(
        &mut self,
        bar: &ProgressBar,
        line: u64,
        outcome: Outcome,
        stopped: &mut Option<Failure>,
    ) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Present => self.present += 1,
            Outcome::Refused(reason) => {
                self.refused += 1;
                bar.suspend(|| eprintln!("line {line}: {reason}"));
            }
            Outcome::Stopped(failure) => drop(stopped.get_or_insert(failure)),
        }
    }
}
