//! The program as a process: killed under writes, asked to stop, and started where it cannot run.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use counterpart::prelude::*;
use tokio::task::JoinHandle;
use users::{NewUser, User, UserError, UsersClient};

use common::{Program, folder};

const WRITERS: usize = 8;

/// Writes until the server is gone; what was acknowledged is in `kept`.
async fn write_on(users: UsersClient, next: Arc<AtomicUsize>, kept: Arc<Mutex<Vec<User>>>) {
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let new = NewUser { name: format!("user {n}"), email: format!("{n}@example.com") };
        match users.create_user(new).await {
            Ok(made) => kept.lock().unwrap().push(made.0),
            Err(CallError::Api(error)) => panic!("{error}"),
            Err(_) => return,
        }
    }
}

#[counterpart::test]
async fn every_acknowledged_write_outlives_kill_9() {
    let database = folder("killed").join("users.db");
    let (next, kept) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    for round in 1..=3 {
        let program = Program::start(&database);
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

        let program = Program::start(&database);
        let users = program.client();
        let kept = kept.lock().unwrap().clone();
        for user in &kept {
            assert_eq!(users.get_user(user.id).await.unwrap(), *user);
        }
        // Written and not acknowledged is possible: one for each writer that waited, and round.
        let newest = users.list_users().limit(1).await.unwrap().remove(0);
        assert!(newest.id as usize <= kept.len() + round * WRITERS);
        // The names are taken still.
        let last = kept.last().unwrap();
        let again = NewUser { name: last.name.clone(), email: String::new() };
        let taken = users.create_user(again).await;
        assert!(matches!(taken, Err(CallError::Api(UserError::NameTaken { .. }))));
    }
}

#[cfg(unix)]
#[counterpart::test]
async fn asked_to_stop_it_stops_cleanly() {
    let program = Program::start(&folder("stopped").join("users.db"));
    let users = program.client();
    users.create_user(NewUser { name: "Ada".into(), email: String::new() }).await.unwrap();
    assert!(program.terminate().success());
    let after = users.list_users().await;
    assert!(matches!(after, Err(CallError::Transport(_))), "{after:?}");
}

#[test]
fn a_taken_port_is_named() {
    let folder = folder("taken");
    let first = Program::start(&folder.join("first.db"));
    let address = first.url.strip_prefix("http://").unwrap();
    let port = address.rsplit(':').next().unwrap();
    let second = Program::run(&folder.join("second.db"), port);
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains(address), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let file = folder("foreign").join("users.db");
    std::fs::write(&file, "this is no database, although it is long enough to be one ".repeat(20))
        .unwrap();
    let output = Program::run(&file, "0");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("not a database") && !said.contains("panicked"), "{said}");
}
