//! What is generated is quiet under the strictest lints; what the user wrote is theirs to answer for.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unnameable_types)]
#![deny(unused_results, unused_qualifications, single_use_lifetimes, trivial_casts, clippy::all)]

use counterpart::prelude::*;

/// A list.
pub mod list {
    use counterpart::prelude::*;

    /// A state.
    #[derive(Debug, State)]
    pub struct Db;

    /// What goes wrong.
    #[derive(Debug, ApiError)]
    pub enum Trouble {
        /// Missing.
        #[error(404, "there is no {id}")]
        Missing {
            /// The id.
            id: u64,
        },
        /// Broken.
        #[error(500)]
        Broken(#[opaque] std::io::Error),
        /// Boxed.
        #[error(503)]
        Boxed(#[opaque] Box<dyn std::error::Error + Send + Sync>),
    }

    /// Nothing can go wrong here.
    #[derive(Debug, ApiError)]
    pub enum Never {}

    /// One.
    #[get("/{id}")]
    pub async fn one(id: u64, name: Option<String>, tag: Vec<u8>, db: &Db) -> Result<u64, Trouble> {
        let _ = (name, tag, db);
        Err(Trouble::Missing { id })
    }

    #[get("/quiet")]
    pub(crate) async fn without_a_comment() -> Result<u8, Never> {
        Ok(1)
    }

    api!(
        /// All.
        pub List: one, without_a_comment
    );
}

api!(
    /// Outer.
    pub Outer: list::List at "/list"
);

fn main() {
    let _ = App::new().mount(Outer);
}
