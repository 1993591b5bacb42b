//! A database that goes away and comes back: 503 in the meantime, and nobody hangs.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::io;
use std::time::{Duration, Instant};

use counterpart::prelude::*;
use sqlx::{AnyConnection, Connection, Executor};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use users::{Db, NotReady, ProbesClient, UserError, UsersClient, app};

use common::{Program, new, postgres, sqlite};

/// Longer than any answer may take.
const LONG: Duration = Duration::from_secs(15);

fn is_away<T>(answer: &Result<T, CallError<UserError>>) -> bool {
    matches!(answer, Err(CallError::Api(UserError::Unavailable)))
}

#[counterpart::test]
async fn a_locked_file_refuses_writes_until_it_is_free() {
    let database = sqlite("locked");
    let program = Program::start(&database);
    let users = program.client();
    users.create_user(new("Ada")).await.unwrap();

    sqlx::any::install_default_drivers();
    let mut other = AnyConnection::connect(&format!("sqlite:{database}")).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let started = Instant::now();
    let calls: Vec<_> = (0..20)
        .map(|n| tokio::spawn(users.create_user(new(&format!("user {n}"))).timeout(LONG)))
        .collect();
    for call in calls {
        let refused = call.await.unwrap();
        assert!(is_away(&refused), "{refused:?}");
    }
    assert!(started.elapsed() < LONG);
    // Reading goes on.
    assert_eq!(users.list_users().await.unwrap().len(), 1);

    other.execute("ROLLBACK").await.unwrap();
    users.create_user(new("Bea")).await.unwrap();
    assert_eq!(users.list_users().await.unwrap().len(), 2);
}

#[counterpart::test]
async fn a_file_that_is_gone_takes_no_writes_until_it_is_back() {
    let database = sqlite("gone");
    let program = Program::start(&database);
    let (users, probes) = (program.client(), program.probes());
    users.create_user(new("Ada")).await.unwrap();

    let rename = |from: &str, to: &str| {
        for file in ["", "-wal", "-shm"] {
            std::fs::rename(format!("{database}{from}{file}"), format!("{database}{to}{file}"))
                .unwrap();
        }
    };
    rename("", ".gone");
    for n in 0..20 {
        assert!(is_away(&users.create_user(new(&format!("user {n}"))).timeout(LONG).await));
        assert!(is_away(&users.find_user("Ada").timeout(LONG).await));
    }
    assert_eq!(probes.ready().timeout(LONG).await.unwrap_err(), NotReady::NoDatabase);
    assert_eq!(probes.health().await.unwrap(), "up");

    rename(".gone", "");
    assert_eq!(probes.ready().await.unwrap(), "ready");
    users.create_user(new("Bea")).await.unwrap();
    assert_eq!(users.list_users().await.unwrap().len(), 2);
}

/// A wire to the real server that can be cut, and that can fall silent.
struct Wire {
    port: u16,
    to: String,
    task: JoinHandle<()>,
}

impl Wire {
    async fn open(to: String, port: u16, silent: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(carry(listener, to.clone(), silent));
        Self { port, to, task }
    }

    /// Cuts it: no connection lives, and none is taken.
    async fn cut(self) -> (String, u16) {
        self.task.abort();
        let _ = self.task.await;
        (self.to, self.port)
    }
}

async fn carry(listener: TcpListener, to: String, silent: bool) {
    let mut all = tokio::task::JoinSet::new();
    while let Ok((mut theirs, _)) = listener.accept().await {
        let to = to.clone();
        all.spawn(async move {
            if silent {
                std::future::pending::<()>().await;
            }
            let mut ours = TcpStream::connect(to).await?;
            tokio::io::copy_bidirectional(&mut theirs, &mut ours).await?;
            io::Result::Ok(())
        });
    }
}

#[counterpart::test]
async fn postgres_goes_away_falls_silent_and_comes_back() {
    let Some(database) = postgres("away").await else { return };
    let (before, path) = database.rsplit_once('/').unwrap();
    let (user, address) = before.rsplit_once('@').unwrap();
    let wire = Wire::open(address.to_owned(), 0, false).await;
    let through = format!("{user}@127.0.0.1:{}/{path}", wire.port);

    let app = || app_on(&through);
    let (users, probes) = app().await;
    users.create_user(new("Ada")).await.unwrap();
    assert_eq!(probes.ready().await.unwrap(), "ready");

    let mut at = wire.cut().await;
    for silent in [false, true] {
        let wire = match silent {
            true => Some(Wire::open(at.0.clone(), at.1, true).await),
            false => None,
        };
        let started = Instant::now();
        let calls: Vec<_> = (0..20)
            .map(|n| tokio::spawn(users.create_user(new(&format!("user {n}"))).timeout(LONG)))
            .collect();
        for call in calls {
            let refused = call.await.unwrap();
            assert!(is_away(&refused), "{refused:?}");
        }
        assert_eq!(probes.ready().timeout(LONG).await.unwrap_err(), NotReady::NoDatabase);
        assert_eq!(probes.health().await.unwrap(), "up");
        assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
        if let Some(wire) = wire {
            at = wire.cut().await;
        }

        let wire = Wire::open(at.0, at.1, false).await;
        assert_eq!(probes.ready().timeout(LONG).await.unwrap(), "ready");
        assert_eq!(users.find_user("Ada").await.unwrap().name, "Ada");
        users.create_user(new(&format!("back {silent}"))).await.unwrap();
        at = wire.cut().await;
    }
}

async fn app_on(database: &str) -> (UsersClient, ProbesClient) {
    let program = Db::open(database).await.unwrap();
    let app = app(program).assemble().unwrap();
    (UsersClient::over(app.clone()), ProbesClient::over(app))
}
