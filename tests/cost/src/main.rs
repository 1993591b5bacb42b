//! The main paths, each done as often as one asks: `cost PATH N`. `tests/cost/run` counts what they cost.

#![allow(missing_docs, reason = "a program, whose modules are its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that fails is none")]

pub mod api;
pub mod calls;
pub mod parts;
pub mod peer;
pub mod requests;

/// A path by its name, and how it is done so many times.
type Path = (&'static str, fn(usize));

const PATHS: &[Path] = &[
    ("server-json", |n| requests::serve(requests::JSON, 1, n)),
    ("server-user", |n| requests::serve(requests::USER, 1, n)),
    ("server-post", |n| requests::serve(requests::POST, 1, n)),
    ("server-missed", |n| requests::serve(requests::MISSED, 1, n)),
    ("server-browser", |n| requests::serve(requests::BROWSER, 1, n)),
    ("server-pipelined", |n| requests::serve(requests::JSON, 16, n)),
    ("client-json", calls::json),
    ("client-user", calls::get_user),
    ("head-browser", parts::head),
    ("route-10", |n| parts::route(10, n)),
    ("route-1000", |n| parts::route(1000, n)),
    ("route-10000", |n| parts::route(10_000, n)),
    ("route-added", parts::add_routes),
    ("json-read", parts::json_read),
    ("json-write", parts::json_write),
    ("path-read", parts::path_read),
    ("path-write", parts::path_write),
    ("query-read", parts::query_read),
    ("query-struct", parts::query_struct),
    ("query-write", parts::query_write),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => PATHS.iter().for_each(|(name, _)| println!("{name}")),
        [name, n] => {
            let path = PATHS.iter().find(|(own, _)| *own == name).expect("a path of that name");
            (path.1)(n.parse().expect("a number"));
        }
        _ => eprintln!("cost | cost PATH N"),
    }
}
