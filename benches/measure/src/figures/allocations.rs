//! `allocations`: how often a request asks the allocator for memory.

use anyhow::Result;

use super::counting::{Asked, Observed, once};
use super::instructions::Counted;
use crate::Run;
use crate::sample::Sample;
use crate::turns::{Reading, Value, turns};

/// Calls of `malloc` and its like, as callgrind counts them.
///
/// # Errors
///
/// None; what cannot be counted is left out.
pub fn allocations(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(&once(run), &run.servers, &Asked::all(), |peer, &asked| {
        let counted = Counted::of(&Observed { run, peer, asked })?;
        let values = vec![Value::new("allocations", counted.allocations, "calls/req")];
        Ok(Reading { values, disturbance: None })
    }))
}
