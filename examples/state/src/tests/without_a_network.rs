//! The ways of testing an app, from the handler to the socket.

use std::sync::atomic::{AtomicU32, Ordering};

use counterpart::app::AppService;
use counterpart::http::Method;
use counterpart::service::FaultKind;
use counterpart::{Fault, Service};

use super::*;

// ANCHOR: function
#[test]
fn a_handler_is_a_function() {
    let (session, board) = (session::Session { name: "ada".into() }, Board::default());
    let written = board::write(&session, line("milk"), &board).unwrap();
    assert_eq!(*written, "ada: milk");
    assert_eq!(board::read(&board), ["ada: milk"]);
}
// ANCHOR_END: function

// ANCHOR: service
#[counterpart::test]
async fn an_app_is_a_service() {
    let service = app(file("service")).unwrap().assemble().unwrap();
    let answer = service.call(Request::new(Method::GET, "/uptime")).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.fields.get_str("content-type"), Some("application/json"));
    assert_eq!(answer.body.collect(100).await.unwrap(), "0");
}
// ANCHOR_END: service

// ANCHOR: typed
#[counterpart::test]
async fn a_stranger_is_told_apart_from_a_guest() {
    let board = client();
    // An error that can be compared stands on the right of the call's.
    let refused = board.write(line("hello")).await.unwrap_err();
    assert_eq!(refused, BoardError::Auth(AuthError::TokenMissing));
    // By pattern: for errors that cannot be compared, or of which a part counts.
    let refused = board.write(line("hello")).bearer("guess").await;
    assert!(matches!(refused, Err(CallError::Api(BoardError::Auth(AuthError::TokenUnknown)))));
    // `wipe` has no error type, so what its guard says is nobody's variant.
    let refused = board.wipe().await.unwrap_err();
    assert_eq!(refused.problem().unwrap().code.as_deref(), Some("token-missing"));
}
// ANCHOR_END: typed

// ANCHOR: raw
#[counterpart::test]
async fn what_no_client_would_send_is_refused() {
    let ada = client().bearer("s3cret");
    let answer = ada.raw("POST", "/lines").json(json!({ "txet": "hello" })).await.unwrap();
    assert_eq!(answer.status(), 422);
    let problem = answer.problem().unwrap();
    assert_eq!((&*problem.errors[0].pointer, &*problem.errors[0].code), ("/text", "missing"));

    let answer = ada.raw("PATCH", "/lines").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.header("allow")),
        (405, Some("DELETE, GET, HEAD, OPTIONS, POST"))
    );

    let answer = ada.raw("GET", "/lines").header("accept", "text/csv").await.unwrap();
    assert_eq!(answer.json::<Vec<String>>().unwrap(), Vec::<String>::new());
}
// ANCHOR_END: raw

// ANCHOR: caller
/// What a screen in the hall shows.
async fn screen(board: &BlackboardClient) -> String {
    match board.read().await {
        Ok(lines) if lines.is_empty() => "nothing new".into(),
        Ok(lines) => lines.join(" / "),
        Err(CallError::Transport(_) | CallError::Timeout(_)) => "(no connection)".into(),
        Err(other) => format!("({other})"),
    }
}
// ANCHOR_END: caller

// ANCHOR: over
/// A server that nobody reaches.
struct Down;

impl Service for Down {
    async fn call(&self, _request: Request) -> Result<Response, Fault> {
        Err(FaultKind::Connect.into())
    }
}

/// A server that is down at first, and then is the app.
struct Waking(AtomicU32, AppService);

impl Service for Waking {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Err(FaultKind::Connect.into()),
            _ => self.1.call(request).await,
        }
    }
}

#[counterpart::test]
async fn the_screen_shows_something_whatever_happens() {
    assert_eq!(screen(&client()).await, "nothing new");
    assert_eq!(screen(&BlackboardClient::over(Down)).await, "(no connection)");

    let app = app(file("waking")).unwrap().assemble().unwrap();
    let waking = BlackboardClient::over(Waking(AtomicU32::new(0), app));
    assert_eq!(screen(&waking).await, "(no connection)");
    assert_eq!(screen(&waking).await, "nothing new");
}
// ANCHOR_END: over

// ANCHOR: layer
#[counterpart::test]
async fn the_screen_does_not_wait_for_ever() {
    async fn asleep(_request: Request, _next: Next) -> Text {
        std::future::pending().await
    }
    let app = app(file("asleep")).unwrap().around(asleep);
    let board = BlackboardClient::local(app).timeout(Duration::from_millis(10));
    assert_eq!(screen(&board).await, "(no connection)");
}
// ANCHOR_END: layer

// ANCHOR: both
/// Runs a test twice: in process, and over a socket.
async fn on_both(test: impl AsyncFn(BlackboardClient)) {
    test(client()).await;

    let bound = app(file("both")).unwrap().bind("127.0.0.1:0").await.unwrap();
    let over_a_socket = BlackboardClient::http(&bound.url()).unwrap();
    bound.serve_until(test(over_a_socket)).await.unwrap();
    std::fs::remove_file(file("both")).unwrap();
}

#[counterpart::test]
async fn what_is_written_is_read() {
    on_both(async |board| {
        let ada = board.bearer("s3cret");
        ada.write(line("a / b, ü, \"quoted\"")).await.unwrap();
        assert_eq!(board.read().await.unwrap(), ["ada: a / b, ü, \"quoted\""]);
    })
    .await;
}
// ANCHOR_END: both

#[test]
#[should_panic(expected = "the app cannot start")]
fn a_client_of_an_app_that_cannot_start_panics() {
    let _ = BlackboardClient::local(App::new().mount(Blackboard));
}
