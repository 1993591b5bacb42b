//! What the macros write, as files one can read: `golden/*.rs`. `BLESS=1 cargo test -p counterpart-macros`
//! rewrites them; read the difference.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use crate::door;
use crate::parse::attr::Door;

const GET: Door = Door::Named { word: "get", method: "GET" };
const POST: Door = Door::Named { word: "post", method: "POST" };

#[track_caller]
fn golden(name: &str, written: TokenStream) {
    let file = syn::parse2(written).unwrap();
    let text = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{name} has changed; if it should, run with BLESS=1. It would be:\n{text}"
    );
}

#[test]
fn get_user() {
    let item = quote! {
        /// Fetch one user.
        pub async fn get_user(id: u64, db: &Db) -> Result<User, UserError> {
            db.find(id).await
        }
    };
    golden("get_user.rs", door::route(GET, quote!("/api/users/{id}"), item));
}

#[test]
fn list_users() {
    let item = quote! {
        /// List users, newest first.
        async fn list_users(
            limit: Option<u32>,
            tag: Vec<String>,
            #[header("x-request-id")] request_id: Option<String>,
            session: Option<&Session>,
            #[server] pool: &super::Pool,
        ) -> Vec<User> {
            pool.list(limit, tag, request_id, session).await
        }
    };
    golden("list_users.rs", door::route(GET, quote!("/api/users"), item));
}

#[test]
fn create_user() {
    let item = quote! {
        /// Create a user.
        pub(crate) async fn create_user(new: NewUser, db: &Db) -> Result<Created<User>, UserError> {
            db.insert(new).await
        }
    };
    let words = quote!("/api/users", location = get_user, body_limit = "64 KiB");
    golden("create_user.rs", door::route(POST, words, item));
}

#[test]
fn upload() {
    let item = quote! {
        /// Put a file, whatever is in it.
        async fn upload(name: String, body: Body) -> Result<(), Problem> {
            files().write(name, body).await
        }
    };
    golden("upload.rs", door::route(POST, quote!("/files/{*name}", detach), item));
}

#[test]
fn a_broken_route() {
    let item = quote! {
        pub async fn get_user(user_id: u64, name: &str) -> User {
            users().find(user_id, name)
        }
    };
    golden("broken.rs", door::route(GET, quote!("/api/users/{id}"), item));
}

#[test]
fn users() {
    let list = quote!(pub Users: get_user, admin::{list_users as all_users}, Posts at "/posts");
    golden("users.rs", door::api(list));
}

#[test]
fn user_error() {
    let item = quote! {
        pub enum UserError {
            #[error(404, "there is no user {id}")]
            NotFound { id: u64 },
            #[error(409)]
            NameTaken { name: String },
            #[error(500)]
            Database(#[opaque] sqlx::Error),
            #[error(transparent)]
            Auth(AuthError),
        }
    };
    golden("user_error.rs", door::api_error(item));
}

#[test]
fn state() {
    golden(
        "state.rs",
        door::state(quote!(
            pub struct Db {
                pool: Pool,
            }
        )),
    );
}

#[test]
fn main_and_test() {
    let main = quote! {
        async fn main() -> counterpart::Result<()> {
            App::new().mount(Users).serve("127.0.0.1:8080").await
        }
    };
    let test = quote! {
        #[should_panic]
        async fn nobody_is_there() {
            users().get_user(7).await.unwrap();
        }
    };
    let main = door::entry("main", TokenStream::new(), main);
    let test = door::entry("test", TokenStream::new(), test);
    golden("main_and_test.rs", quote!(#main #test));
}
