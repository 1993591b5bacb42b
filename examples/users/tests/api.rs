//! The API by its own client: one test, run in process and over a socket.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use counterpart::prelude::*;
use users::{Db, NewUser, UserError, UsersClient, app};

use common::{Program, folder};

async fn conforms(users: UsersClient) {
    let ada = NewUser { name: "Ada".into(), email: "ada@example.com".into() };

    let made = users.create_user(ada.clone()).await.unwrap();
    assert_eq!((made.name.as_str(), made.email.as_str()), ("Ada", "ada@example.com"));
    assert_eq!(users.get_user(made.id).await.unwrap(), *made);

    let taken = users.create_user(ada).await;
    let Err(CallError::Api(UserError::NameTaken { name })) = taken else { panic!("{taken:?}") };
    assert_eq!(name, "Ada");

    users.delete_user(made.id).await.unwrap();
    let gone = users.get_user(made.id).await;
    assert!(matches!(gone, Err(CallError::Api(UserError::NotFound { id })) if id == made.id));
    let gone = users.delete_user(made.id).await;
    assert!(matches!(gone, Err(CallError::Api(UserError::NotFound { .. }))));
}

async fn pages(users: UsersClient) {
    let mut made = Vec::new();
    for n in 0..7 {
        let new = NewUser { name: format!("user {n}"), email: format!("{n}@example.com") };
        made.push(users.create_user(new).await.unwrap().0);
    }
    made.reverse();
    assert_eq!(users.list_users().await.unwrap(), made);
    assert_eq!(users.list_users().limit(3).await.unwrap(), made[..3]);
    assert_eq!(users.list_users().limit(3).after(made[2].id).await.unwrap(), made[3..6]);
    assert_eq!(users.list_users().after(made[6].id).await.unwrap(), []);
    assert_eq!(users.list_users().after(u64::MAX).await.unwrap(), made);
    for limit in [0, 501, u32::MAX] {
        let refused = users.list_users().limit(limit).await;
        assert!(
            matches!(refused, Err(CallError::Api(UserError::PageSize { limit: l })) if l == limit)
        );
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
        ("PUT", "/api/users/1", 405),
        ("POST", "/api/users", 400),
    ] {
        let answer = users.raw(method, path).await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert!(answer.problem().is_some(), "{method} {path}");
    }
    let untyped =
        users.raw("POST", "/api/users").body(r#"{"name":"a","email":"b"}"#).await.unwrap();
    assert_eq!(untyped.status(), 415);
}

async fn one_name_is_given_once(users: UsersClient) {
    let new = NewUser { name: "Grace".into(), email: "grace@example.com".into() };
    let calls: Vec<_> = (0..16).map(|_| tokio::spawn(users.create_user(new.clone()))).collect();
    let mut made = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => made += 1,
            Err(CallError::Api(UserError::NameTaken { .. })) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(made, 1);
}

/// Each test twice: against the app itself, and against the program behind its socket.
macro_rules! both {
    ($($test:ident)*) => { $(
        mod $test {
            use super::*;

            #[counterpart::test]
            async fn in_process() {
                let folder = folder(concat!("local_", stringify!($test)));
                let db = Db::open(folder.join("users.db")).await.unwrap();
                super::$test(UsersClient::local(app(db))).await;
            }

            #[counterpart::test]
            async fn over_a_socket() {
                let folder = folder(concat!("socket_", stringify!($test)));
                let program = Program::start(&folder.join("users.db"));
                super::$test(program.client()).await;
            }
        }
    )* };
}

both!(conforms pages bad_input one_name_is_given_once);
