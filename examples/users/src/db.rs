//! The store: a SQLite file or a PostgreSQL server, asked in the SQL that both speak.

use std::path::PathBuf;

use jiff::Timestamp;
use sqlx::any::{AnyArguments, AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::error::ErrorKind;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::query::QueryAs;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, SqlSafeStr};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use counterpart::prelude::*;

use crate::{NewUser, User, UserError, UserPatch};

/// The users in their database.
// ANCHOR: db
#[derive(Debug, State)]
pub struct Db {
    pool: AnyPool,
    writer: AnyPool,
    /// SQLite has one writer at a time: writes queue up, and those that wait together are committed together.
    /// PostgreSQL does that by itself.
    queue: Option<mpsc::Sender<Job>>,
}
// ANCHOR_END: db

/// One statement; it gives the users it is about.
type Statement = QueryAs<'static, Any, Row, AnyArguments>;
type Row = (i64, String, String, Option<String>, String, String);
type Job = (Statement, oneshot::Sender<sqlx::Result<Vec<Row>>>);

/// How long may be waited for a connection, and then for its answer, whatever became of the database. Disks under load
/// have been seen to stall for two seconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for who asks whether it is there.
const GLANCE: Duration = Duration::from_secs(2);
const CONNECTIONS: u32 = 8;
/// Writes of one commit.
const TOGETHER: usize = 256;

impl Db {
    /// Opens `postgres://…`, or the SQLite file of this path (`sqlite:` may stand before it), which need not be there yet;
    /// and brings the tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or is not a database of ours.
    pub async fn open(database: &str) -> sqlx::Result<Self> {
        install_default_drivers();
        if database.starts_with("postgres:") || database.starts_with("postgresql:") {
            return Self::postgres(database.parse()?).await;
        }
        let path = database.strip_prefix("sqlite:").unwrap_or(database);
        let is_url = path.contains("://") || path != database && path.contains('?');
        if is_url || path.contains(":memory:") {
            // It is not repeated: it may have a password in it.
            let known = "neither postgres://… nor a file; for SQLite say its path";
            return Err(sqlx::Error::Configuration(known.into()));
        }
        Self::sqlite(path.strip_prefix("//").unwrap_or(path)).await
    }

    async fn postgres(options: AnyConnectOptions) -> sqlx::Result<Self> {
        let mut connection = AnyConnection::connect_with(&options).await?;
        // The migrator holds a lock of the server's: of several programs that start, one does it.
        let create = include_str!("../migrations/postgres/0001_users.sql");
        migrations(&[("users", create)]).run(&mut connection).await?;
        connection.close().await?;
        let pool = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.connect_lazy_with(options);
        Ok(Self { writer: pool.clone(), pool, queue: None })
    }

    async fn sqlite(path: &str) -> sqlx::Result<Self> {
        let escaped = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        // Only now may the file be made: if it vanishes later, that is no reason to begin an empty one.
        let first: AnyConnectOptions = format!("sqlite:{escaped}?mode=rwc").parse()?;
        let options: AnyConnectOptions = format!("sqlite:{escaped}?mode=rw").parse()?;
        let mut connection = AnyConnection::connect_with(&first).await?;
        connection.execute(PRAGMAS).await?;
        let mut locked = connection.begin_with("BEGIN IMMEDIATE").await?;
        let create = include_str!("../migrations/sqlite/0001_users.sql");
        let profile = include_str!("../migrations/sqlite/0002_profile.sql");
        migrations(&[("users", create), ("profile", profile)]).run(&mut *locked).await?;
        locked.commit().await?;
        connection.close().await?;

        let pool = |most| {
            let pool = AnyPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
            let prepared = pool.after_connect(|connection, _| {
                Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) })
            });
            // A connection outlives the name of its file, but who deleted that wants no more writes in it.
            let path = PathBuf::from(path);
            let checked = prepared.before_acquire(move |_, _| {
                let is_there = path.exists();
                Box::pin(async move { Ok(is_there) })
            });
            checked.connect_lazy_with(options.clone())
        };
        let (queue, jobs) = mpsc::channel(4 * TOGETHER);
        let writer = pool(1);
        tokio::spawn(commit_together(writer.clone(), jobs));
        Ok(Self { pool: pool(CONNECTIONS), writer, queue: Some(queue) })
    }

    /// Closes the connections, so that SQLite tidies up its file.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
        self.writer.close().await;
    }

    /// Whether it answers.
    pub(crate) async fn answers(&self) -> Result<(), UserError> {
        timeout(GLANCE, self.find(1)).await.map_err(|_| UserError::Unavailable)?.map(drop)
    }

    /// The user of this number.
    pub(crate) async fn find(&self, id: u64) -> Result<Option<User>, UserError> {
        let sql = "SELECT id, name, email, bio, created, updated FROM users WHERE id = $1";
        one(self.read(sqlx::query_as(sql).bind(key(id))).await?)
    }

    /// The user of this name.
    pub(crate) async fn named(&self, name: String) -> Result<Option<User>, UserError> {
        let sql = "SELECT id, name, email, bio, created, updated FROM users WHERE name = $1";
        one(self.read(sqlx::query_as(sql).bind(name)).await?)
    }

    /// Users with this in their name or e-mail address, from the newest to the oldest, from the one before `after`.
    pub(crate) async fn page(
        &self,
        search: &str,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<User>, UserError> {
        let sql = r"SELECT id, name, email, bio, created, updated FROM users
            WHERE id < $1 AND (name_folded LIKE $2 ESCAPE '\' OR email_folded LIKE $2 ESCAPE '\')
            ORDER BY id DESC LIMIT $3";
        let literally = folded(search).replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        let statement = sqlx::query_as(sql)
            .bind(after.map_or(i64::MAX, key))
            .bind(format!("%{literally}%"))
            .bind(i64::from(limit));
        self.read(statement).await?.into_iter().map(user).collect()
    }

    /// Adds a user.
    pub(crate) async fn insert(&self, new: NewUser) -> Result<User, UserError> {
        let sql =
            "INSERT INTO users (name, email, bio, created, updated, name_folded, email_folded)
            VALUES ($1, $2, $3, $4, $4, $5, $6)
            RETURNING id, name, email, bio, created, updated";
        let NewUser { name, email, bio } = new;
        let statement = sqlx::query_as(sql)
            .bind(name.clone())
            .bind(email.clone())
            .bind(bio)
            .bind(now())
            .bind(folded(&name))
            .bind(folded(&email));
        let made = one(self.write(statement, &name, &email).await?)?;
        made.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Changes what the patch says, and gives what became of the user.
    pub(crate) async fn patch(&self, id: u64, patch: UserPatch) -> Result<Option<User>, UserError> {
        let sql = "UPDATE users SET updated = $2,
                name = COALESCE($3, name), name_folded = COALESCE($4, name_folded),
                email = COALESCE($5, email), email_folded = COALESCE($6, email_folded),
                bio = CASE WHEN $7 THEN bio ELSE $8 END
            WHERE id = $1 RETURNING id, name, email, bio, created, updated";
        let (name, email) = (value(patch.name), value(patch.email));
        let statement = sqlx::query_as(sql)
            .bind(key(id))
            .bind(now())
            .bind(name.clone())
            .bind(name.as_deref().map(folded))
            .bind(email.clone())
            .bind(email.as_deref().map(folded))
            .bind(patch.bio.is_absent())
            .bind(value(patch.bio));
        let (name, email) = (name.unwrap_or_default(), email.unwrap_or_default());
        one(self.write(statement, &name, &email).await?)
    }

    /// Takes a user away, and gives it.
    pub(crate) async fn remove(&self, id: u64) -> Result<Option<User>, UserError> {
        let sql =
            "DELETE FROM users WHERE id = $1 RETURNING id, name, email, bio, created, updated";
        one(self.write(sqlx::query_as(sql).bind(key(id)), "", "").await?)
    }

    async fn read(&self, statement: Statement) -> Result<Vec<Row>, UserError> {
        run(self.pool.clone(), statement).await.map_err(failed)
    }

    /// Runs a statement that may want a name or an address that somebody has.
    async fn write(
        &self,
        statement: Statement,
        name: &str,
        email: &str,
    ) -> Result<Vec<Row>, UserError> {
        let done = match &self.queue {
            None => run(self.writer.clone(), statement).await,
            Some(queue) => {
                let (answer, done) = oneshot::channel();
                let _ = queue.send((statement, answer)).await;
                // A commit that failed has dropped all its answers.
                done.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
            }
        };
        done.map_err(|error| match &error {
            sqlx::Error::Database(broken) if broken.is_unique_violation() => {
                // Both databases name the column, and neither the value.
                match broken.message().contains("email") {
                    true => UserError::EmailTaken { email: email.into() },
                    false => UserError::NameTaken { name: name.into() },
                }
            }
            _ => failed(error),
        })
    }
}

/// Runs a statement in a task of its own: who asked may go away, but a connection in the middle of an answer could not
/// be used again.
async fn run(pool: AnyPool, statement: Statement) -> sqlx::Result<Vec<Row>> {
    let work = async move {
        let mut connection = pool.acquire().await?;
        timeout(PATIENCE, statement.fetch_all(&mut *connection)).await.unwrap_or_else(|_| {
            connection.close_on_drop();
            Err(sqlx::Error::PoolTimedOut)
        })
    };
    tokio::spawn(work).await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

// ANCHOR: together
/// Commits the writes that came in while the last commit went to the disk; each is answered after its commit.
async fn commit_together(pool: AnyPool, mut queue: mpsc::Receiver<Job>) {
    let mut jobs = Vec::new();
    while queue.recv_many(&mut jobs, TOGETHER).await > 0 {
        let (statements, answers): (Vec<_>, Vec<_>) = jobs.drain(..).unzip();
        match commit(&pool, statements).await {
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    let _ = answer.send(outcome);
                }
            }
            Err(error) => tracing::error!("nothing was written: {error}"),
        }
    }
}
// ANCHOR_END: together

async fn commit(
    pool: &AnyPool,
    statements: Vec<Statement>,
) -> sqlx::Result<Vec<sqlx::Result<Vec<Row>>>> {
    let mut connection = pool.acquire().await?;
    let mut outcomes = Vec::with_capacity(statements.len());
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for statement in statements {
        match statement.fetch_all(&mut *transaction).await {
            // A row that breaks a rule of the table fails alone.
            Err(sqlx::Error::Database(error)) if error.kind() != ErrorKind::Other => {
                outcomes.push(Err(sqlx::Error::Database(error)));
            }
            outcome => outcomes.push(Ok(outcome?)),
        }
    }
    transaction.commit().await?;
    Ok(outcomes)
}

/// What the caller hears of a failure: that it may be over soon, or nothing but that there is one.
fn failed(error: sqlx::Error) -> UserError {
    if !is_away(&error) {
        return error.into();
    }
    tracing::error!("the database is away: {error}");
    UserError::Unavailable
}

fn is_away(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    let Database(error) = error else {
        return matches!(
            error,
            Io(_) | Protocol(_) | Tls(_) | PoolClosed | PoolTimedOut | WorkerCrashed
        );
    };
    let code = error.code().unwrap_or_default();
    match code.parse::<u32>() {
        // SQLite: busy, locked, read-only, input or output, full, cannot open.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
        // PostgreSQL: connection, resources, shut down.
        _ => ["08", "53", "57P"].iter().any(|class| code.starts_with(class)),
    }
}

fn one(rows: Vec<Row>) -> Result<Option<User>, UserError> {
    rows.into_iter().next().map(user).transpose()
}

fn user((id, name, email, bio, created, updated): Row) -> Result<User, UserError> {
    let time =
        |text: &str| text.parse::<Timestamp>().map_err(|error| sqlx::Error::Decode(error.into()));
    let (created, updated) = (time(&created)?, time(&updated)?);
    Ok(User { id: id.cast_unsigned(), name, email, bio, created, updated })
}

fn value<T>(member: Patch<T>) -> Option<T> {
    let mut value = None;
    member.apply(&mut value);
    value
}

/// To the microsecond, so that all times are of one length.
fn now() -> String {
    format!("{:.6}", Timestamp::now())
}

/// As the search compares: the databases fold letters beyond ASCII differently, or not at all.
fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// The databases count in `i64`: a number beyond it belongs to nobody, and lies behind every other.
fn key(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// The `.sql` files, carried in the program.
fn migrations(files: &[(&'static str, &'static str)]) -> Migrator {
    let steps = (1..).zip(files).map(|(version, &(name, sql))| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}

/// Each commit is on the disk before the client hears of it; `NORMAL` would lose the last ones with the power, though
/// not with the process.
const PRAGMAS: &str =
    "PRAGMA busy_timeout = 1500; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
