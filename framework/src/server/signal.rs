//! Signals: how a program is asked to stop.

use std::io;
use std::pin::pin;
use std::task::Poll;

/// Ready at Ctrl-C, or at SIGTERM where there is such a thing.
///
/// If the operating system does not tell of signals, it is never ready.
pub async fn signalled() {
    either(interrupted(), terminated()).await;
}

/// Serves until it is done, or until a second signal: whoever asks twice does not want to wait for what is in
/// flight.
pub(crate) async fn until_second_signal<E: From<io::Error>>(
    serving: impl Future<Output = Result<(), E>>,
) -> Result<(), E> {
    let mut serving = pin!(serving);
    let mut twice = pin!(async {
        signalled().await;
        signalled().await;
    });
    std::future::poll_fn(|cx| match serving.as_mut().poll(cx) {
        Poll::Pending if twice.as_mut().poll(cx).is_ready() => {
            let said = "stopped by a second signal, before all requests were answered";
            Poll::Ready(Err(io::Error::new(io::ErrorKind::Interrupted, said).into()))
        }
        served => served,
    })
    .await
}

/// Ready with the first of two; the first of them is asked first.
pub(super) async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    std::future::poll_fn(|cx| match one.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => other.as_mut().poll(cx),
    })
    .await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
