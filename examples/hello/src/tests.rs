//! What the book says of this program, run.

use super::*;

// ANCHOR: tests
#[counterpart::test]
async fn it_greets() {
    let client = HelloClient::local(App::new().mount(Hello));
    assert_eq!(client.hello("world").await.unwrap(), "Hello, world!");
    // Whatever the name holds: the client encodes it, the server decodes it.
    assert_eq!(client.hello("a/b? ü").await.unwrap(), "Hello, a/b? ü!");
}
// ANCHOR_END: tests

#[counterpart::test]
async fn the_book_tells_the_truth() {
    let transcripts = [
        include_str!("../hello.http"),
        include_str!("../not-found.http"),
        include_str!("../not-allowed.http"),
    ];
    support::transcript::replay(App::new().mount(Hello), &transcripts).await;
}
