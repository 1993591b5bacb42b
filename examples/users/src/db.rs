//! The store: one SQLite file, one connection that writes, several that read.

use std::path::Path;

use counterpart::prelude::*;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, SqlitePool};

use crate::User;

/// The users in their file.
#[derive(Debug, State)]
pub struct Db {
    /// SQLite lets one connection write at a time; waiting here is fairer than waiting for its lock.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Db {
    /// Opens the file, creates it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, or is not a database of ours.
    pub async fn open(file: impl AsRef<Path>) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Each commit is on the disk before the client hears of it; `NORMAL` would lose the last
            // ones with the power, though not with the process.
            .synchronous(SqliteSynchronous::Full);
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrations().run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        Ok(Self { writer, readers })
    }

    /// The user of this number.
    pub(crate) async fn find(&self, id: u64) -> Result<Option<User>, sqlx::Error> {
        let row = sqlx::query_as("SELECT id, name, email FROM users WHERE id = ?")
            .bind(key(id))
            .fetch_optional(&self.readers);
        Ok(row.await?.map(user))
    }

    /// Users from the newest to the oldest, from the one before `after`.
    pub(crate) async fn page(
        &self,
        limit: u32,
        after: Option<u64>,
    ) -> Result<Vec<User>, sqlx::Error> {
        let rows = sqlx::query_as(
            "SELECT id, name, email FROM users WHERE id < ? ORDER BY id DESC LIMIT ?",
        )
        .bind(after.map_or(i64::MAX, key))
        .bind(limit)
        .fetch_all(&self.readers);
        Ok(rows.await?.into_iter().map(user).collect())
    }

    /// Adds a user; `None` if the name is taken.
    pub(crate) async fn insert(&self, name: &str, email: &str) -> Result<Option<u64>, sqlx::Error> {
        let done = sqlx::query("INSERT INTO users (name, email) VALUES (?, ?)")
            .bind(name)
            .bind(email)
            .execute(&self.writer);
        match done.await {
            Ok(done) => Ok(Some(done.last_insert_rowid().cast_unsigned())),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes a user away; `false` if there was none.
    pub(crate) async fn remove(&self, id: u64) -> Result<bool, sqlx::Error> {
        let done =
            sqlx::query("DELETE FROM users WHERE id = ?").bind(key(id)).execute(&self.writer);
        Ok(done.await?.rows_affected() == 1)
    }
}

type Row = (i64, String, String);

fn user((id, name, email): Row) -> User {
    User { id: id.cast_unsigned(), name, email }
}

/// SQLite counts in `i64`: a number beyond it belongs to nobody, and lies behind every other.
fn key(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// The `.sql` files, carried in the program.
fn migrations() -> Migrator {
    let create = include_str!("../migrations/0001_users.sql");
    let step = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![step(1, "users", create)])
}
