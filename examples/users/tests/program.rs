//! The program as a process: killed under writes, asked to stop, and started where it cannot run.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use counterpart::prelude::*;
use tokio::task::JoinHandle;
use users::{NotReady, User, UserError, UsersClient};

use common::{Program, folder, new, postgres, sqlite};

const WRITERS: usize = 8;

/// Writes until the server is gone; what was acknowledged is in `kept`.
async fn write_on(users: UsersClient, next: Arc<AtomicUsize>, kept: Arc<Mutex<Vec<User>>>) {
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        match users.create_user(new(&format!("user {n}"))).await {
            Ok(made) => kept.lock().unwrap().push(made.0),
            Err(CallError::Api(error)) => panic!("{error}"),
            Err(_) => return,
        }
    }
}

async fn every_acknowledged_write_outlives_kill_9(database: &str) {
    let (next, kept) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    for round in 1..=3 {
        let program = Program::start(database);
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| tokio::spawn(write_on(program.client(), next.clone(), kept.clone())))
            .collect();
        while kept.lock().unwrap().len() < round * 200 {
            assert!(!writers.iter().all(JoinHandle::is_finished), "the server went away by itself");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.kill();
        for writer in writers {
            writer.await.unwrap();
        }

        let program = Program::start(database);
        let users = program.client();
        let kept = kept.lock().unwrap().clone();
        for user in &kept {
            assert_eq!(users.get_user(user.id).await.unwrap(), *user);
        }
        // Written and not acknowledged is possible: one for each writer that waited, and round.
        let newest = users.list_users().limit(1).await.unwrap().remove(0);
        assert!(newest.id as usize <= kept.len() + round * WRITERS);
        // The names are taken still.
        let taken = users.create_user(new(&kept.last().unwrap().name)).await;
        assert!(
            matches!(
                taken,
                Err(CallError::Api(UserError::NameTaken { .. } | UserError::EmailTaken { .. }))
            ),
            "{taken:?}"
        );
    }
}

#[counterpart::test]
async fn every_acknowledged_write_outlives_kill_9_on_sqlite() {
    every_acknowledged_write_outlives_kill_9(&sqlite("killed")).await;
}

#[counterpart::test]
async fn every_acknowledged_write_outlives_kill_9_on_postgres() {
    let Some(database) = postgres("killed").await else { return };
    every_acknowledged_write_outlives_kill_9(&database).await;
}

#[cfg(unix)]
#[counterpart::test]
async fn asked_to_stop_it_is_not_ready_and_then_stops_cleanly() {
    let database = sqlite("stopped");
    let program = Program::start_with(&database, &["--notice", "1"]);
    let (users, probes) = (program.client(), program.probes());
    users.create_user(new("Ada")).await.unwrap();
    assert_eq!(probes.ready().await.unwrap(), "ready");

    program.terminate();
    let not_ready = loop {
        match probes.ready().await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            Err(error) => break error,
        }
    };
    assert_eq!(not_ready, NotReady::Draining);
    // It says so, and still answers.
    assert_eq!(probes.health().await.unwrap(), "up");
    users.find_user("Ada").await.unwrap();

    assert!(program.ended().success());
    let after = users.list_users().await;
    assert!(matches!(after, Err(CallError::Transport(_))), "{after:?}");
    // SQLite has put all into its one file.
    assert!(!std::path::Path::new(&format!("{database}-wal")).exists());
}

#[test]
fn a_taken_port_is_named() {
    let first = Program::start(&sqlite("taken_first"));
    let address = first.url.strip_prefix("http://").unwrap();
    let port = address.rsplit(':').next().unwrap();
    let second = Program::run(&sqlite("taken_second"), port);
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains(address), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_database_that_is_none_is_refused() {
    let file = folder("foreign").join("users.db");
    std::fs::write(&file, "this is no database, although it is long enough to be one ".repeat(20))
        .unwrap();
    for (database, word) in [
        (file.to_str().unwrap(), "not a database"),
        ("/nowhere/at/all/users.db", "unable to open"),
        ("postgres://nobody:secret@127.0.0.1:1/users", "refused"),
        ("mysql://nobody:secret@127.0.0.1:1/users", "neither"),
        ("sqlite::memory:", "neither"),
    ] {
        let output = Program::run(database, "0");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("the database cannot be opened"), "{said}");
        assert!(said.contains(word) && !said.contains("panicked"), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn two_programs_start_on_one_new_file() {
    let database = sqlite("together");
    let start = || {
        std::thread::spawn({
            let database = database.clone();
            move || Program::start(&database)
        })
    };
    for program in [start(), start(), start(), start()] {
        program.join().unwrap();
    }
}
