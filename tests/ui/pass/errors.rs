//! Error enums: texts, codes, sources, nesting, and nothing at all.
#![deny(warnings)]

use std::error::Error as _;

use counterpart::ApiError as _;
use counterpart::prelude::*;

#[derive(Debug, PartialEq, ApiError)]
enum Auth {
    #[error(401, "who are you?")]
    Unknown,
    #[error(403, "{user:?} may not {r:>5} {{x}}", code = "not-yours")]
    Forbidden { user: String, r: String },
}

#[derive(Debug, ApiError)]
enum Outer {
    #[error(transparent)]
    Auth(Auth),
    #[error(404)]
    Gone,
    #[error(422, "{match} of {field_match}")]
    Raw { r#match: u8, field_match: u8 },
    #[error(500)]
    Io(#[opaque] std::io::Error),
    #[error(503, "later")]
    Boxed {
        #[opaque]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error(400)]
    Unit {},
}

fn read() -> Result<(), Outer> {
    std::fs::read("/there/is/no/such/file")?;
    Ok(())
}

fn main() {
    let error = read().unwrap_err();
    assert_eq!(error.to_string(), "internal server error");
    assert!(error.source().unwrap().to_string().contains("No such file"));
    assert_eq!(error.to_problem().code.as_deref(), Some("http.internal"));
    assert!(Outer::from_problem(&error.to_problem()).is_none());

    let boxed = Outer::from(Box::<dyn std::error::Error + Send + Sync>::from("no disk"));
    assert_eq!((boxed.to_string(), boxed.source().unwrap().to_string()), ("later".into(), "no disk".into()));

    let nested = Outer::Auth(Auth::Forbidden { user: "ada".into(), r: "go".into() });
    assert_eq!(nested.to_string(), "\"ada\" may not    go {x}");
    let problem = nested.to_problem();
    assert_eq!((problem.status.as_u16(), problem.code.as_deref()), (403, Some("not-yours")));
    assert!(matches!(Outer::from_problem(&problem), Some(Outer::Auth(Auth::Forbidden { user, .. })) if user == "ada"));

    assert_eq!(Outer::Gone.to_string(), "Not Found");
    assert_eq!(Outer::Raw { r#match: 1, field_match: 2 }.to_string(), "1 of 2");
    let raw = Outer::Raw { r#match: 1, field_match: 2 }.to_problem();
    assert!(matches!(Outer::from_problem(&raw), Some(Outer::Raw { r#match: 1, field_match: 2 })));
    assert!(matches!(Outer::from_problem(&Outer::Unit {}.to_problem()), Some(Outer::Unit {})));
    assert!(Outer::from(Auth::Unknown).source().is_none());
}
