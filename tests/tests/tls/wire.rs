//! The wire: whatever the one below it does, what comes out is what went in, or an error.

use std::future::poll_fn;
use std::io;
use std::sync::LazyLock;

use bytes::BytesMut;
use counterpart::io::pair;
use counterpart::service::{FaultKind, TlsProblem};
use counterpart::tls::{ClientTls, ServerTls, TlsVersion};
use counterpart::wire::Wire;
use proptest::collection::vec;
use proptest::prelude::*;

use super::house::{Choppy, accept, end, hear, meet, say, sides};

static SIDES: LazyLock<(ServerTls, ClientTls)> = LazyLock::new(sides);

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[tokio::test]
async fn both_sides_know_what_they_agreed_on() {
    let (server, client) = &*SIDES;
    let (client, server) = meet(server, client, "A.Example.").await;
    let (client, server) = (client.unwrap(), server.unwrap());
    let (ours, theirs) = (client.tls().unwrap(), server.tls().unwrap());
    assert_eq!((ours.version(), ours.protocol()), (TlsVersion::V1_3, Some("http/1.1")));
    assert_eq!((theirs.version(), theirs.protocol()), (TlsVersion::V1_3, Some("http/1.1")));
    assert_eq!((ours.cipher(), theirs.server_name()), (theirs.cipher(), Some("a.example")));
    assert_eq!((ours.peer_certificates().len(), theirs.peer_certificates().len()), (1, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_goes_in_comes_out(
        room in 1_usize..2000,
        sizes in vec(0_usize..1000, 1..8).prop_filter("must go on", |sizes| sizes.iter().any(|size| *size > 0)),
        other in vec(1_usize..40_000, 1..4),
        question in 0_usize..60_000,
        answer in 0_usize..60_000,
        most in 1_usize..20_000,
    ) {
        let (server, client) = &*SIDES;
        let question: Vec<u8> = (0..question).map(|at| at as u8).collect();
        let answer: Vec<u8> = (0..answer).map(|at| (at >> 8) as u8).collect();
        run(async {
            let (ours, theirs) = pair(room);
            let asks = async {
                let mut wire = client.secure(Choppy::new(ours, &sizes), "a.example").await.unwrap();
                say(&mut wire, &question).await;
                end(&mut wire).await;
                hear(&mut wire, most).await.unwrap()
            };
            let answers = async {
                let mut wire = accept(server, Choppy::new(theirs, &other)).await.unwrap();
                let heard = hear(&mut wire, most).await.unwrap();
                // Our half goes on behind the end of theirs.
                say(&mut wire, &answer).await;
                end(&mut wire).await;
                heard
            };
            let (heard, asked) = tokio::join!(asks, answers);
            assert!(heard == answer && asked == question);
        });
    }
}

/// T77: a hello in records, and in pieces, of one byte.
#[tokio::test]
async fn byte_by_byte() {
    let (server, client) = &*SIDES;
    let (ours, theirs) = pair(1);
    let (asks, answers) = tokio::join!(
        client.secure(Choppy::new(ours, &[1, 0]), "a.example"),
        accept(server, Choppy::new(theirs, &[0, 1])),
    );
    assert!(asks.is_ok() && answers.is_ok());
}

/// How a client and a server end whose wires end after so many bytes that they read.
async fn cut(sides: &(ServerTls, ClientTls), after: [usize; 2]) -> [Result<(), FaultKind>; 2] {
    let (server, client) = sides;
    let (ours, theirs) = pair(1 << 16);
    let (ours, theirs) = (Choppy::cut_after(ours, after[0]), Choppy::cut_after(theirs, after[1]));
    let (asks, answers) = tokio::join!(client.secure(ours, "a.example"), accept(server, theirs));
    [asks.map(drop).map_err(|fault| fault.kind()), answers.map(drop).map_err(|fault| fault.kind())]
}

/// C03, T77: a handshake that breaks off anywhere is an error on the side that it breaks off for.
#[tokio::test]
async fn a_handshake_is_cut_at_every_byte() {
    // Not those of the other tests, whose clients remember the server: then there is less to say.
    let sides = sides();
    let closed = Err(FaultKind::Tls(TlsProblem::Closed));
    let [mut to_client, mut to_server] = [0, 0];
    while cut(&sides, [to_client, usize::MAX]).await[0] == closed {
        to_client += 1;
    }
    while cut(&sides, [usize::MAX, to_server]).await[1] == closed {
        to_server += 1;
    }
    assert!(to_client > 500 && to_server > 300, "{to_client} {to_server}");
    // Signatures are of several lengths.
    assert_eq!(cut(&sides, [to_client + 8, to_server + 8]).await, [Ok(()), Ok(())]);
}

/// C03: what ends without a word may have been cut.
#[tokio::test]
async fn an_end_without_a_word_is_an_error() {
    let (server, client) = &*SIDES;
    let (asks, answers) = meet(server, client, "a.example").await;
    let (mut asks, mut answers) = (asks.unwrap(), answers.unwrap());
    say(&mut asks, b"half").await;
    drop(asks);
    let mut heard = BytesMut::with_capacity(100);
    assert_eq!(poll_fn(|cx| answers.poll_read(cx, &mut heard)).await.unwrap(), 4);
    for _ in 0..2 {
        let error = poll_fn(|cx| answers.poll_read(cx, &mut heard)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}

#[tokio::test]
async fn what_was_changed_on_the_way_is_an_error_and_the_other_side_is_told() {
    let (server, client) = &*SIDES;
    let (asks, answers) = meet(server, client, "a.example").await;
    let (mut asks, mut answers) = (asks.unwrap(), answers.unwrap());
    say(&mut asks, b"good").await;
    // A record of content that nobody has encrypted.
    say(
        asks.get_mut(),
        &[23, 3, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
    .await;
    let mut heard = BytesMut::with_capacity(100);
    assert_eq!(poll_fn(|cx| answers.poll_read(cx, &mut heard)).await.unwrap(), 4);
    let error = poll_fn(|cx| answers.poll_read(cx, &mut heard)).await.unwrap_err();
    assert_eq!(counterpart::Fault::from(error).kind(), FaultKind::Tls(TlsProblem::Other));
    let told = counterpart::Fault::from(hear(&mut asks, 100).await.unwrap_err());
    assert_eq!(told.kind(), FaultKind::Tls(TlsProblem::Refused(20)), "{told}");
}

#[tokio::test]
async fn inside_of_another() {
    let (server, client) = &*SIDES;
    let (outer, below) = meet(server, client, "a.example").await;
    let (inner, within) =
        tokio::join!(client.secure(outer.unwrap(), "a.example"), accept(server, below.unwrap()),);
    let (mut inner, mut within) = (inner.unwrap(), within.unwrap());
    say(&mut inner, b"wrapped twice").await;
    end(&mut inner).await;
    assert_eq!(hear(&mut within, 5).await.unwrap(), b"wrapped twice");
}
