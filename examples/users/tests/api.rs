//! The API by its own client: each test in process and over a socket, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use counterpart::prelude::*;
use users::{Db, NewUser, User, UserError, UserPatch, UsersClient, app};

use common::{Program, folder, new, postgres, sqlite};

/// The route's own error.
fn api<T: std::fmt::Debug>(answer: Result<T, CallError<UserError>>) -> UserError {
    match answer {
        Err(CallError::Api(error)) => error,
        other => panic!("no error of the API's own: {other:?}"),
    }
}

async fn every_route(users: UsersClient) {
    let ada = users.create_user(new("Ada")).await.unwrap().0;
    assert_eq!(
        (ada.name.as_str(), ada.email.as_str(), &ada.bio),
        ("Ada", "Ada@example.com", &None)
    );
    assert_eq!(ada.created, ada.updated);
    assert_eq!(users.get_user(ada.id).await.unwrap(), ada);
    assert_eq!(users.find_user("Ada").await.unwrap(), ada);
    assert_eq!(users.list_users().await.unwrap(), std::slice::from_ref(&ada));

    let bio = Some("wrote\nprograms".to_owned());
    let replaced = NewUser { name: "Ada/L %".into(), email: "ada@l".into(), bio: bio.clone() };
    let later = users.replace_user(ada.id, replaced).await.unwrap();
    assert_eq!((later.name.as_str(), later.email.as_str(), later.bio), ("Ada/L %", "ada@l", bio));
    assert!(later.updated > ada.updated && later.created == ada.created);
    assert_eq!(users.find_user("Ada/L %").await.unwrap().id, ada.id);

    users.delete_user(ada.id).await.unwrap();
    assert_eq!(users.list_users().await.unwrap(), []);
}

async fn a_patch_tells_absent_from_null(users: UsersClient) {
    let id = users.create_user(NewUser { bio: Some("old".into()), ..new("Ada") }).await.unwrap().id;
    let patched = users.patch_user(id, UserPatch::default()).await.unwrap();
    assert_eq!((patched.name.as_str(), patched.bio.as_deref()), ("Ada", Some("old")));
    let name = UserPatch { name: Patch::Value("Bea".into()), ..UserPatch::default() };
    let patched = users.patch_user(id, name).await.unwrap();
    assert_eq!((patched.name.as_str(), patched.bio.as_deref()), ("Bea", Some("old")));
    let cleared = UserPatch { bio: Patch::Null, ..UserPatch::default() };
    let patched = users.patch_user(id, cleared).await.unwrap();
    assert_eq!(
        (patched.name.as_str(), patched.email.as_str(), patched.bio),
        ("Bea", "Ada@example.com", None)
    );
    for member in ["name", "email"] {
        let answer =
            users.raw("PATCH", "/api/users/1").json(json!({ member: null })).await.unwrap();
        let problem = answer.problem().unwrap();
        assert_eq!((answer.status().as_u16(), problem.code.as_deref()), (422, Some("invalid")));
        assert_eq!(problem.take_member::<String>("member").as_deref(), Some(member));
    }
}

async fn every_error(users: UsersClient) {
    let ada = users.create_user(new("Ada")).await.unwrap().0;
    let bea = users.create_user(new("Bea")).await.unwrap().0;

    let none = 1 << 40;
    let not_found =
        |error| assert!(matches!(error, UserError::NotFound { id } if id == none), "{error:?}");
    not_found(api(users.get_user(none).await));
    not_found(api(users.replace_user(none, new("Cay")).await));
    not_found(api(users.patch_user(none, UserPatch::default()).await));
    not_found(api(users.delete_user(none).await));
    for nobody in ["ada", "a\0b", " ", "..", "%"] {
        let error = api(users.find_user(nobody).await);
        assert!(matches!(&error, UserError::NameNotFound { name } if name == nobody), "{error:?}");
    }

    let same_name = NewUser { name: "Ada".into(), ..new("Dot") };
    let same_email = NewUser { email: "Ada@example.com".into(), ..new("Dot") };
    let patch = |new: &NewUser| UserPatch {
        name: Patch::Value(new.name.clone()),
        email: Patch::Value(new.email.clone()),
        ..UserPatch::default()
    };
    for error in [
        api(users.create_user(same_name.clone()).await),
        api(users.replace_user(bea.id, same_name.clone()).await),
        api(users.patch_user(bea.id, patch(&same_name)).await),
    ] {
        assert!(matches!(&error, UserError::NameTaken { name } if name == "Ada"), "{error:?}");
    }
    for error in [
        api(users.create_user(same_email.clone()).await),
        api(users.replace_user(bea.id, same_email.clone()).await),
        api(users.patch_user(bea.id, patch(&same_email)).await),
    ] {
        let taken = "Ada@example.com";
        assert!(matches!(&error, UserError::EmailTaken { email } if email == taken), "{error:?}");
    }

    let bad = |name: &str, email: &str, bio: Option<String>| NewUser {
        name: name.into(),
        email: email.into(),
        bio,
    };
    for (new, wrong) in [
        (bad("", "a@b", None), "name"),
        (bad(" \u{a0}", "a@b", None), "name"),
        (bad("a\0b", "a@b", None), "name"),
        (bad(&"x".repeat(201), "a@b", None), "name"),
        (bad("x", "", None), "email"),
        (bad("x", "nobody", None), "email"),
        (bad("x", "@b", None), "email"),
        (bad("x", "a@", None), "email"),
        (bad("x", "a@b c", None), "email"),
        (bad("x", &format!("{}@b", "a".repeat(319)), None), "email"),
        (bad("x", "a@b", Some("x".repeat(2001))), "bio"),
        (bad("x", "a@b", Some("a\0".into())), "bio"),
    ] {
        for error in [
            api(users.create_user(new.clone()).await),
            api(users.replace_user(ada.id, new.clone()).await),
        ] {
            let UserError::Invalid { member, .. } = error else { panic!("{error:?}") };
            assert_eq!(member, wrong, "{new:?}");
        }
    }
    // None of that did anything.
    assert_eq!(users.list_users().await.unwrap(), [bea, ada]);
}

async fn pages(users: UsersClient) {
    let mut made = Vec::new();
    for n in 0..7 {
        made.push(users.create_user(new(&format!("user {n}"))).await.unwrap().0);
    }
    made.reverse();
    assert_eq!(users.list_users().await.unwrap(), made);
    assert_eq!(users.list_users().limit(3).await.unwrap(), made[..3]);
    assert_eq!(users.list_users().limit(3).after(made[2].id).await.unwrap(), made[3..6]);
    assert_eq!(users.list_users().after(made[6].id).await.unwrap(), []);
    assert_eq!(users.list_users().after(u64::MAX).await.unwrap(), made);
    for limit in [0, 501, u32::MAX] {
        let error = api(users.list_users().limit(limit).await);
        assert!(matches!(&error, UserError::Invalid { member, .. } if member == "limit"));
    }
}

async fn a_search_is_literal_and_blind_to_case(users: UsersClient) {
    for (name, email) in [
        ("Ada", "x@one"),
        ("ÉMILE", "y@two"),
        ("100%", "under_score@three"),
        (r"back\slash", "z@Ada"),
    ] {
        let new = NewUser { name: name.into(), email: email.into(), bio: Some("Ada".into()) };
        users.create_user(new).await.unwrap();
    }
    for (search, found) in [
        ("ada", &[r"back\slash", "Ada"][..]),
        ("émile", &["ÉMILE"]),
        ("ÉM", &["ÉMILE"]),
        ("%", &["100%"]),
        ("_", &["100%"]),
        (r"\", &[r"back\slash"]),
        ("'", &[]),
        ("", &[r"back\slash", "100%", "ÉMILE", "Ada"]),
    ] {
        let names = users.list_users().search(search).await.unwrap();
        let names: Vec<_> = names.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, found, "{search:?}");
    }
    let page = users.list_users().search("ada").limit(1).await.unwrap();
    assert_eq!(users.list_users().search("ada").after(page[0].id).await.unwrap()[0].name, "Ada");
    for wrong in ["\0".to_owned(), "x".repeat(321)] {
        let error = api(users.list_users().search(wrong).await);
        assert!(matches!(&error, UserError::Invalid { member, .. } if member == "search"));
    }
}

async fn bad_input(users: UsersClient) {
    let answer = users.raw("POST", "/api/users").json(json!({ "name": 7 })).await.unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.problem().unwrap().errors[0].pointer, "/name");

    let answer = users.raw("GET", "/api/users?limit=many&after=-1").await.unwrap();
    assert_eq!(answer.status(), 400);
    let problem = answer.problem().unwrap();
    let places: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["/limit", "/after"]);

    for (method, path, status) in [
        ("GET", "/api/users/ada", 400),
        ("GET", "/api/users/18446744073709551616", 400),
        ("GET", "/api/users/18446744073709551615", 404),
        ("GET", "/api/users/", 404),
        ("PUT", "/api/users", 405),
        ("POST", "/api/users", 400),
        ("PATCH", "/api/users/1", 400),
    ] {
        let answer = users.raw(method, path).await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert!(answer.problem().is_some(), "{method} {path}");
    }
    let untyped =
        users.raw("POST", "/api/users").body(r#"{"name":"a","email":"b"}"#).await.unwrap();
    assert_eq!(untyped.status(), 415);
}

// ANCHOR: one_name
async fn one_name_is_given_once(users: UsersClient) {
    let calls: Vec<_> = (0..16)
        .map(|n| NewUser { email: format!("{n}@example.com"), ..new("Grace") })
        .map(|new| tokio::spawn(users.create_user(new)))
        .collect();
    let mut made: Vec<User> = Vec::new();
    for call in calls {
        match call.await.unwrap() {
            Ok(user) => made.push(user.0),
            Err(CallError::Api(UserError::NameTaken { .. })) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(made.len(), 1);
    assert_eq!(users.list_users().await.unwrap(), made);
}
// ANCHOR_END: one_name

/// Each test three times: against the app itself, and against the program behind its socket on both databases.
macro_rules! everywhere {
    ($($test:ident)*) => { $(
        mod $test {
            use super::*;

            #[counterpart::test]
            async fn in_process() {
                let db = Db::open(&sqlite(concat!("local_", stringify!($test)))).await.unwrap();
                super::$test(UsersClient::local(app(db))).await;
            }

            #[counterpart::test]
            async fn over_a_socket() {
                let program = Program::start(&sqlite(concat!("socket_", stringify!($test))));
                super::$test(program.client()).await;
            }

            #[counterpart::test]
            async fn on_postgres() {
                let Some(database) = postgres(stringify!($test)).await else { return };
                let program = Program::start(&database);
                super::$test(program.client()).await;
            }
        }
    )* };
}

everywhere!(
    every_route
    a_patch_tells_absent_from_null
    every_error
    pages
    a_search_is_literal_and_blind_to_case
    bad_input
    one_name_is_given_once
);

/// A route that only this test has.
#[get("/panic")]
fn panics() -> String {
    panic!("on purpose")
}

api!(Panics: panics);

#[counterpart::test]
async fn a_panic_is_answered_and_the_next_request_too() {
    let db = Db::open(folder("panic").join("users.db").to_str().unwrap()).await.unwrap();
    let bound = app(db).mount(Panics).bind("127.0.0.1:0").await.unwrap();
    let (panics, users) =
        (PanicsClient::http(&bound.url()).unwrap(), UsersClient::http(&bound.url()).unwrap());
    let asked = async move {
        for _ in 0..3 {
            let error = panics.panics().await.unwrap_err();
            let problem = error.problem().unwrap();
            assert_eq!(problem.status, 500);
            assert!(problem.trace_id.is_some() && !problem.to_string().contains("on purpose"));
            users.create_user(new("Ada")).await.unwrap();
            users.delete_user(users.find_user("Ada").await.unwrap().id).await.unwrap();
        }
    };
    bound.serve_until(asked).await.unwrap();
}
