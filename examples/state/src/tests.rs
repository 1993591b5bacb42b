//! What the book says of this program, run.

mod without_a_network;

use board::{BoardError, NewLine};
use session::AuthError;

use super::*;

fn file(test: &str) -> PathBuf {
    std::env::temp_dir().join(format!("counterpart-{test}-{}.txt", std::process::id()))
}

/// A board that is saved nowhere: nothing shuts the app down.
fn client() -> BlackboardClient {
    BlackboardClient::local(app(file("nowhere")).unwrap())
}

fn line(text: &str) -> NewLine {
    NewLine { text: text.into() }
}

// ANCHOR: tests
#[counterpart::test]
async fn members_write_and_strangers_read() {
    let board = client();
    let refused = board.write(line("hello")).await;
    assert_eq!(refused.unwrap_err(), BoardError::Auth(AuthError::TokenMissing));

    // A client like the other, whose calls carry a token.
    let ada = board.bearer("s3cret");
    assert_eq!(*ada.write(line("hello")).await.unwrap(), "ada: hello");
    assert_eq!(board.read().await.unwrap(), ["ada: hello"]);

    assert_eq!(ada.greet().await.unwrap(), "Hello, ada: be brief.");
    assert_eq!(board.greet().await.unwrap(), "Hello, stranger: be brief.");
}
// ANCHOR_END: tests

// ANCHOR: shutdown
#[counterpart::test]
async fn the_board_is_there_again_after_a_restart() {
    let file = file("board");
    let bound = app(file.clone()).unwrap().bind("127.0.0.1:0").await.unwrap();
    let ada = BlackboardClient::http(&bound.url()).unwrap().bearer("s3cret");
    let written = async move { drop(ada.write(line("milk")).await.unwrap()) };
    bound.serve_until(written).await.unwrap();

    let again = BlackboardClient::local(app(file.clone()).unwrap());
    assert_eq!(again.read().await.unwrap(), ["ada: milk"]);
    std::fs::remove_file(file).unwrap();
}
// ANCHOR_END: shutdown

// ANCHOR: refused
#[test]
fn an_app_without_its_states_does_not_start() {
    let error = App::new().mount(Blackboard).assemble().unwrap_err();
    assert_eq!(error.to_string(), include_str!("../refused.txt").trim_end());
}
// ANCHOR_END: refused

#[counterpart::test]
async fn a_motto_may_be_missing() {
    let app = App::new().state(Board::default()).state(Members::of([])).state(Instant::now());
    let board = BlackboardClient::local(app.mount(Blackboard));
    assert_eq!(board.greet().await.unwrap(), "Hello, stranger: write what you like.");
    assert_eq!(board.uptime().await.unwrap(), 0);
    assert!(board.members().await.unwrap().is_empty());
    board.ready().await.unwrap();
}

// ANCHOR: draining
#[counterpart::test]
async fn a_server_that_drains_is_not_ready() {
    let app = app(file("draining")).unwrap();
    let lifecycle = app.lifecycle();
    let board = BlackboardClient::local(app);
    board.ready().await.unwrap();
    lifecycle.drain();
    assert_eq!(board.ready().await.unwrap_err(), Unready::Draining);
}
// ANCHOR_END: draining

#[counterpart::test]
async fn a_full_board_says_so_and_a_wiped_one_is_empty() {
    let ada = client().bearer("s3cret");
    for _ in 0..100 {
        ada.write(line("again")).await.unwrap();
    }
    assert_eq!(ada.write(line("more")).await.unwrap_err(), BoardError::Full { lines: 100 });
    assert_eq!(*ada.wipe().await.unwrap(), "ada will be obeyed");
    while !ada.read().await.unwrap().is_empty() {
        std::thread::yield_now();
    }
}

#[counterpart::test]
async fn the_book_tells_the_truth() {
    let app = app(file("transcripts")).unwrap();
    support::transcript::replay(app, &[include_str!("../order.http")]).await;
}
