//! What is served and called: an API as its users write it.

use std::sync::atomic::{AtomicU64, Ordering};

use counterpart::prelude::*;

#[derive(Debug, Serialize, Deserialize)]
pub struct Greeting {
    pub message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub age: u8,
    pub active: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub age: u8,
}

#[derive(Debug, Deserialize)]
pub struct Search {
    pub page: Option<u32>,
    pub order: String,
    pub q: String,
}

/// Everybody there is, and the number of the next.
#[derive(Debug, State)]
pub struct Store {
    users: Vec<User>,
    next: AtomicU64,
}

#[get("/json")]
pub async fn json() -> Greeting {
    Greeting { message: "Hello, World!".into() }
}

#[get("/api/users/{id}")]
pub async fn get_user(store: &Store, id: u64) -> User {
    let at = usize::try_from(id).unwrap_or(0) % store.users.len();
    User { id, ..store.users[at].clone() }
}

#[post("/api/users")]
pub async fn create_user(store: &Store, new: NewUser) -> Created<User> {
    let NewUser { name, email, age } = new;
    let id = store.next.fetch_add(1, Ordering::Relaxed);
    Created(User { id, name, email, age, active: true })
}

api!(pub Service: json, get_user, create_user);

/// User `id`, as the store has it.
pub fn user(id: u64) -> User {
    let (name, email) = (format!("User {id}"), format!("user{id}@example.org"));
    User { id, name, email, age: 30, active: true }
}

pub fn app() -> App {
    let store = Store { users: (0..1000).map(user).collect(), next: AtomicU64::new(1000) };
    App::new().state(store).mount(Service)
}
