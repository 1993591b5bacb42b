//! What the requests and answers are made of, and the state of the servers.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::HELLO;

/// What `GET /json` answers, and every added route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Greeting {
    /// The words.
    pub message: Cow<'static, str>,
}

impl Greeting {
    /// The one that all servers give.
    pub const fn hello() -> Self {
        Self { message: Cow::Borrowed(HELLO) }
    }
}

/// What `POST /api/users` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// In years.
    pub age: u8,
}

/// What `GET /api/users/{id}` and `POST /api/users` answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct User {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// In years.
    pub age: u8,
    /// Whether the account can be used.
    pub active: bool,
}

/// What `POST /upload` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Uploaded {
    /// How many came.
    pub bytes: u64,
}

/// The state of a server: a thousand users, and how many there are.
#[derive(Debug)]
pub struct Users {
    users: Vec<User>,
    next: AtomicU64,
}

impl Default for Users {
    fn default() -> Self {
        let user = |id| User {
            id,
            name: format!("User {id}"),
            email: format!("user{id}@example.org"),
            age: 30,
            active: true,
        };
        Self { users: (0..1000).map(user).collect(), next: AtomicU64::new(1000) }
    }
}

impl Users {
    /// A copy of one of the thousand, with the number that was asked for.
    pub fn read(&self, id: u64) -> User {
        let user = &self.users[(id % 1000) as usize];
        User { id, ..user.clone() }
    }

    /// One more, of whom no more is kept than the number.
    pub fn create(&self, NewUser { name, email, age }: NewUser) -> User {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        User { id, name, email, age, active: true }
    }
}
