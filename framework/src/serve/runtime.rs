//! The runtime under `main` and under a test, and the log on stderr.

use std::time::Duration;

/// Runs `main`'s body on a runtime of its own, with a log on stderr if there is none yet.
///
/// # Panics
/// If the operating system gives no thread or no poll.
#[doc(hidden)]
pub fn main<T>(body: impl Future<Output = T>) -> T {
    #[cfg(feature = "server")]
    log_to_stderr();
    let runtime = runtime();
    let done = runtime.block_on(body);
    // What still blocks a thread by then does not keep the program.
    runtime.shutdown_timeout(LEFT_OVER);
    done
}

/// Runs a test's body on a runtime of its own.
///
/// # Panics
/// If the operating system gives no poll; and whenever the body does.
#[doc(hidden)]
pub fn test<T>(body: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime for the test").block_on(body)
}

fn runtime() -> tokio::runtime::Runtime {
    #[cfg(feature = "server")]
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    #[cfg(not(feature = "server"))]
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime for the program")
}

/// `RUST_LOG` decides what is logged, as `level` or `target=level,…`; `info` if it is not set.
#[cfg(feature = "server")]
fn log_to_stderr() {
    use std::io::IsTerminal;

    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::prelude::*;

    let wanted = std::env::var("RUST_LOG").ok().and_then(|wanted| wanted.parse().ok());
    let targets = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
    // A subscriber that is there already is the program's own, and stays.
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
}

/// How long work on threads of its own may go on once `main` has returned.
const LEFT_OVER: Duration = Duration::from_secs(2);
