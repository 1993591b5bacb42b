//! Signals: how a program is asked to stop.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::service::BoxFuture;

/// Ready at Ctrl-C, or at SIGTERM where there is such a thing.
///
/// If the operating system does not tell of signals, it is never ready.
pub async fn signalled() {
    let mut signals = Signals::new();
    poll_fn(|cx| signals.poll_next(cx)).await;
}

/// Serves until it is done, with a shutdown that is ready at the first signal. A second one ends it at once: whoever
/// asks twice does not want to wait for what is in flight.
pub(crate) async fn until_second_signal<F, E>(
    serve: impl FnOnce(BoxFuture<'static, ()>) -> F,
) -> Result<(), E>
where
    F: Future<Output = Result<(), E>>,
    E: From<io::Error>,
{
    let (tell, told) = oneshot::channel::<()>();
    // One who counts, who tells of the first: two who count might take two signals for one.
    let mut signals = Signals::new();
    let mut twice = pin!(async {
        poll_fn(|cx| signals.poll_next(cx)).await;
        drop(tell);
        poll_fn(|cx| signals.poll_next(cx)).await;
    });
    let mut serving = pin!(serve(Box::pin(async {
        let _ = told.await;
    })));
    poll_fn(|cx| {
        if twice.as_mut().poll(cx).is_ready() {
            let said = "stopped by a second signal, before all requests were answered";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::Interrupted, said).into()));
        }
        serving.as_mut().poll(cx)
    })
    .await
}

/// Ready with the first of two; the first of them is asked first.
pub(super) async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|cx| match one.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => other.as_mut().poll(cx),
    })
    .await;
}

/// The signals that ask for an end, one after the other, from now on.
#[cfg(unix)]
struct Signals([Option<tokio::signal::unix::Signal>; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        Self([SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok()))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // All are asked, so that each leaves word whom to wake.
        let came = self.0.iter_mut().flatten().filter_map(|signal| match signal.poll_recv(cx) {
            Poll::Ready(Some(())) => Some(()),
            _ => None,
        });
        if came.count() > 0 { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[cfg(not(unix))]
struct Signals(BoxFuture<'static, io::Result<()>>);

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self(Box::pin(tokio::signal::ctrl_c()))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.0.as_mut().poll(cx) {
            Poll::Ready(Ok(())) => {
                *self = Self::new();
                Poll::Ready(())
            }
            Poll::Ready(Err(_)) => {
                self.0 = Box::pin(std::future::pending());
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
