//! A users API on SQLite or PostgreSQL: the program of Counterpart's README, whole.

mod db;
mod probes;

use std::sync::Arc;

use counterpart::prelude::*;
use jiff::Timestamp;

pub use db::Db;
pub use probes::{NotReady, Probes, ProbesClient};

// ANCHOR: types
/// A user, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Given by the database, never twice.
    pub id: u64,
    /// Unique.
    pub name: String,
    /// Unique.
    pub email: String,
    /// What they say of themselves, if anything.
    pub bio: Option<String>,
    /// When the user was made.
    pub created: Timestamp,
    /// When the user was last changed.
    pub updated: Timestamp,
}

/// A user to be, or what an old one is replaced by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUser {
    /// A name nobody has yet.
    pub name: String,
    /// An address nobody has yet.
    pub email: String,
    /// May be left away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
}

/// What is to change: an absent member stays as it is, and `null` clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserPatch {
    /// Cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub name: Patch<String>,
    /// Cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub email: Patch<String>,
    /// Can.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    pub bio: Patch<String>,
}
// ANCHOR_END: types

/// What can go wrong.
// ANCHOR: error
#[derive(Debug, ApiError)]
pub enum UserError {
    /// Nobody has this number.
    #[error(404, "there is no user {id}")]
    NotFound {
        /// The number that was asked for.
        id: u64,
    },
    /// Nobody has this name.
    #[error(404, "there is no user called {name:?}")]
    NameNotFound {
        /// The name that was asked for.
        name: String,
    },
    /// Somebody has this name.
    #[error(409, "the name {name:?} is taken")]
    NameTaken {
        /// The name that was asked for.
        name: String,
    },
    /// Somebody has this e-mail address.
    #[error(409, "the e-mail address {email:?} is taken")]
    EmailTaken {
        /// The address that was asked for.
        email: String,
    },
    /// A member that breaks its rule.
    #[error(422, "`{member}` {rule}")]
    Invalid {
        /// The member of the body, or the key of the query.
        member: String,
        /// What it has to be.
        rule: String,
    },
    /// The database is away, or busy for too long; it may be back in a moment.
    #[error(503, "the database does not answer")]
    Unavailable,
    /// The database failed; the client hears no more than that.
    #[error(500)]
    Database(#[opaque] sqlx::Error),
}
// ANCHOR_END: error

const PAGE: u32 = 50;
const MAX_PAGE: u32 = 500;

// ANCHOR: read
/// Fetch one user.
#[get("/api/users/{id}")]
pub async fn get_user(id: u64, db: &Db) -> Result<User, UserError> {
    db.find(id).await?.ok_or(UserError::NotFound { id })
}

/// Find the user of a name.
#[get("/api/users/by-name/{name}")]
pub async fn find_user(name: String, db: &Db) -> Result<User, UserError> {
    // What cannot be a name is nobody's; PostgreSQL would choke on a U+0000.
    let found = if is_line(&name, 1, 200) { db.named(name.clone()).await? } else { None };
    found.ok_or(UserError::NameNotFound { name })
}

/// List users, newest first; `after` is the last id of the page before, `search` a part of a name or an address.
#[get("/api/users")]
pub async fn list_users(
    limit: Option<u32>,
    after: Option<u64>,
    search: Option<String>,
    db: &Db,
) -> Result<Vec<User>, UserError> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(invalid("limit", "is 1 to 500"));
    }
    let search = search.unwrap_or_default();
    check(is_line(&search, 0, 320), "search", "is one line of at most 320 characters")?;
    db.page(&search, after, limit).await
}
// ANCHOR_END: read

// ANCHOR: create
/// Create a user.
#[post("/api/users", location = get_user)]
pub async fn create_user(new: NewUser, db: &Db) -> Result<Created<User>, UserError> {
    check_user(Some(&new.name), Some(&new.email), new.bio.as_deref())?;
    Ok(Created(db.insert(new).await?))
}
// ANCHOR_END: create

// ANCHOR: change
/// Replace a user.
#[put("/api/users/{id}")]
pub async fn replace_user(id: u64, new: NewUser, db: &Db) -> Result<User, UserError> {
    let NewUser { name, email, bio } = new;
    let patch = UserPatch {
        name: Patch::Value(name),
        email: Patch::Value(email),
        bio: bio.map_or(Patch::Null, Patch::Value),
    };
    change(id, patch, db).await
}

/// Change a user: what is absent stays, `null` clears.
#[patch("/api/users/{id}")]
pub async fn patch_user(id: u64, patch: UserPatch, db: &Db) -> Result<User, UserError> {
    change(id, patch, db).await
}

async fn change(id: u64, patch: UserPatch, db: &Db) -> Result<User, UserError> {
    check(patch.name != Patch::Null, "name", "cannot be null")?;
    check(patch.email != Patch::Null, "email", "cannot be null")?;
    check_user(given(&patch.name), given(&patch.email), given(&patch.bio))?;
    db.patch(id, patch).await?.ok_or(UserError::NotFound { id })
}
// ANCHOR_END: change

/// Delete a user.
#[delete("/api/users/{id}")]
pub async fn delete_user(id: u64, db: &Db) -> Result<(), UserError> {
    db.remove(id).await?.map(drop).ok_or(UserError::NotFound { id })
}

// ANCHOR: api
api!(
    /// The users API: its routes, and `UsersClient`.
    pub Users: get_user, find_user, list_users, create_user, replace_user, patch_user, delete_user
);

/// The whole app over one database: what the program serves and the tests call.
pub fn app(db: Db) -> App {
    let db = Arc::new(db);
    let closing = db.clone();
    App::new()
        .shared(db)
        .mount(Users)
        .mount(Probes)
        .on_shutdown(async move || closing.close().await)
}
// ANCHOR_END: api

fn check_user(name: Option<&str>, email: Option<&str>, bio: Option<&str>) -> Result<(), UserError> {
    let is_name = |name: &str| is_line(name, 1, 200) && !name.trim().is_empty();
    let is_email = |email: &str| {
        let parts = email.rsplit_once('@');
        is_line(email, 3, 320)
            && parts.is_some_and(|(whom, host)| !whom.is_empty() && is_word(host))
    };
    let is_bio = |bio: &str| bio.chars().count() <= 2000 && !bio.contains('\0');
    check(name.is_none_or(is_name), "name", "is one line of 1 to 200 characters, not all blank")?;
    check(email.is_none_or(is_email), "email", "is somebody@somewhere, at most 320 characters")?;
    check(bio.is_none_or(is_bio), "bio", "has at most 2000 characters, none of them U+0000")
}

fn is_line(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count()) && !text.contains(char::is_control)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

fn check(holds: bool, member: &str, rule: &str) -> Result<(), UserError> {
    if holds { Ok(()) } else { Err(invalid(member, rule)) }
}

fn invalid(member: &str, rule: &str) -> UserError {
    UserError::Invalid { member: member.into(), rule: rule.into() }
}

fn given(member: &Patch<String>) -> Option<&str> {
    match member {
        Patch::Value(value) => Some(value),
        Patch::Absent | Patch::Null => None,
    }
}
