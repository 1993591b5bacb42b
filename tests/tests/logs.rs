//! One line for each request, and every 5xx with its cause under the id that the client saw.
//!
//! A binary of its own: a subscriber hears the whole process.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io;
use std::sync::{Arc, Mutex};

use counterpart::prelude::*;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Debug, ApiError)]
pub(crate) enum Failed {
    #[error(503, "try later")]
    Disk(#[opaque] io::Error),
}

#[get("/fails")]
async fn fails() -> Result<(), Failed> {
    Err(io::Error::other("the disk is on fire"))?
}

#[get("/works")]
async fn works() {}

api!(Logged: fails, works);

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[counterpart::test]
async fn requests_and_failures_are_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let client = LoggedClient::local(App::new().mount(Logged));
    client.works().await.unwrap();
    let problem = match client.fails().await {
        Err(CallError::Problem(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let code = problem.code.as_deref();
    assert_eq!(
        (problem.status.as_u16(), code, &problem.detail),
        (503, Some("http.unavailable"), &None)
    );
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].contains("GET /works 204"), "{text}");
    let cause = lines[1];
    assert!(cause.contains("ERROR") && cause.contains("the disk is on fire"), "{text}");
    assert!(cause.contains(problem.trace_id.as_deref().unwrap()), "{text}");
    assert!(lines[2].contains("GET /fails 503"), "{text}");
}
