//! A users API on SQLite: the program of Counterpart's README, whole.

mod db;

use counterpart::prelude::*;

pub use db::Db;

/// A user, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Given by the database, never twice.
    pub id: u64,
    /// Unique.
    pub name: String,
    /// Where to reach them.
    pub email: String,
}

/// A user to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewUser {
    /// A name nobody has yet.
    pub name: String,
    /// Where to reach them.
    pub email: String,
}

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
    /// Somebody has this name.
    #[error(409, "the name {name:?} is taken")]
    NameTaken {
        /// The name that was asked for.
        name: String,
    },
    /// A page that is empty, or too long for one answer.
    #[error(422, "a page holds 1 to 500 users, not {limit}")]
    PageSize {
        /// The limit that was asked for.
        limit: u32,
    },
    /// The database failed; the client hears no more than that.
    #[error(500)]
    Database(#[opaque] sqlx::Error),
}
// ANCHOR_END: error

const PAGE: u32 = 50;
const MAX_PAGE: u32 = 500;

/// Fetch one user.
#[get("/api/users/{id}")]
pub async fn get_user(id: u64, db: &Db) -> Result<User, UserError> {
    db.find(id).await?.ok_or(UserError::NotFound { id })
}

/// List users, newest first; `after` is the last id of the page before.
#[get("/api/users")]
pub async fn list_users(
    limit: Option<u32>,
    after: Option<u64>,
    db: &Db,
) -> Result<Vec<User>, UserError> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(UserError::PageSize { limit });
    }
    Ok(db.page(limit, after).await?)
}

/// Create a user.
#[post("/api/users", location = get_user)]
pub async fn create_user(new: NewUser, db: &Db) -> Result<Created<User>, UserError> {
    let NewUser { name, email } = new;
    match db.insert(&name, &email).await? {
        Some(id) => Ok(Created(User { id, name, email })),
        None => Err(UserError::NameTaken { name }),
    }
}

/// Delete a user.
#[delete("/api/users/{id}")]
pub async fn delete_user(id: u64, db: &Db) -> Result<(), UserError> {
    if db.remove(id).await? { Ok(()) } else { Err(UserError::NotFound { id }) }
}

api!(
    /// The users API: its routes, and `UsersClient`.
    pub Users: get_user, list_users, create_user, delete_user
);

/// The whole app over one database: what the program serves and the tests call.
pub fn app(db: Db) -> App {
    App::new().state(db).mount(Users)
}
