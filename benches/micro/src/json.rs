//! JSON in and out, and problems, which are JSON too.

use counterpart::http::StatusCode;
use counterpart::problem::{Invalid, Place};
use counterpart::typed::{json, rejection};
use counterpart::{Problem, Response};
use divan::{Bencher, black_box};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
    name: String,
    email: String,
    age: u8,
    active: bool,
}

fn users(n: u64) -> Vec<User> {
    let user = |id| User {
        id,
        name: format!("User {id}"),
        email: format!("user{id}@example.org"),
        age: 30,
        active: true,
    };
    (0..n).map(user).collect()
}

#[divan::bench(args = [1, 100])]
fn read(bencher: Bencher<'_, '_>, n: u64) {
    let text = json::write(&users(n)).unwrap();
    bencher.bench_local(|| json::read::<Vec<User>>(black_box(&text)).unwrap());
}

#[divan::bench(args = [1, 100])]
fn write(bencher: Bencher<'_, '_>, n: u64) {
    let users = users(n);
    bencher.bench_local(|| json::write(black_box(&users)).unwrap());
}

/// The second reading, which looks for the place of the mistake.
#[divan::bench(args = [1, 100])]
fn refuse(bencher: Bencher<'_, '_>, n: u64) {
    let mut text = json::write(&users(n)).unwrap();
    text.truncate(text.len() - 7);
    text.extend_from_slice(b"1}]");
    bencher.bench_local(|| json::read::<Vec<User>>(black_box(&text)).map(|_| ()).unwrap_err());
}

#[divan::bench]
fn problem_write() -> Response {
    let detail = "`x` is no u64: invalid digit found in string".to_owned();
    rejection::invalid(vec![Invalid::new(Place::Path, "/id".into(), "invalid", detail)])
        .into_response()
}

#[divan::bench]
fn problem_not_found() -> Response {
    rejection::not_found(black_box("/api/nowhere")).into_response()
}

#[divan::bench]
fn problem_read() -> Problem {
    let text = br#"{"type":"about:blank","title":"Not Found","status":404,"code":"user.not_found","detail":"no user 7","id":7}"#;
    Problem::read(StatusCode::NOT_FOUND, black_box(text)).unwrap()
}
