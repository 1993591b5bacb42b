//! The documents of `tests/h1` over sockets: each case on a connection of its own, against a real server or client, and
//! what comes of it compared with what the machine says of it.
//!
//! Read in this order: `served` (requests), `expected` (what a server must answer, read off the events), `asked`
//! (responses).

mod asked;
mod expected;
mod served;

/// Runs futures side by side, and gives what came of them.
async fn side_by_side<F>(all: Vec<F>) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let tasks: Vec<_> = all.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// So few that no limit on open files is met.
const AT_A_TIME: usize = 64;
