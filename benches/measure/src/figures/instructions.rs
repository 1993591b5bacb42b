//! `instructions`: what a request costs in user space, counted by callgrind, and what it copies, counted by DHAT.

use std::collections::HashMap;
use std::fs;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::{Context, Result};

use super::counting::{Asked, Observed, callgrind, once};
use crate::Run;
use crate::sample::Sample;
use crate::turns::{Case, Reading, Value, turns};

/// Instructions outside and inside of `memcpy` and its like, and bytes copied.
///
/// # Errors
///
/// None; what cannot be counted is left out.
pub fn instructions(run: &Run) -> Result<Vec<Sample>> {
    Ok(turns(&once(run), &run.servers, &Asked::all(), |peer, &asked| {
        let observed = Observed { run, peer, asked };
        let counted = Counted::of(&observed)?;
        let values = vec![
            Value::new("instructions.count", counted.instructions, "instr/req"),
            Value::new("instructions.copying", counted.copying, "instr/req"),
            Value::new("instructions.moved", moved(&observed)?, "bytes/req"),
        ];
        Ok(Reading { values, disturbance: None })
    }))
}

/// What callgrind counted for a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) instructions: f64,
    pub(super) copying: f64,
    pub(super) allocations: f64,
}

impl Counted {
    /// Counts it, unless it was counted before: one run tells instructions and allocations.
    ///
    /// # Errors
    ///
    /// If it cannot be counted.
    pub(super) fn of(observed: &Observed<'_>) -> Result<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<(&str, String), Counted>>> =
            LazyLock::new(Mutex::default);
        let what = (observed.peer.name, observed.asked.name());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&counted) = known.get(&what) {
            return Ok(counted);
        }
        let counted = Self::anew(observed)?;
        known.insert(what, counted);
        Ok(counted)
    }

    #[expect(clippy::cast_precision_loss, reason = "there are never 2^52 instructions")]
    fn anew(observed: &Observed<'_>) -> Result<Self> {
        let tool = |file: &str| {
            let file = format!("--callgrind-out-file={file}");
            ["valgrind", "--tool=callgrind", &file].map(str::to_owned).to_vec()
        };
        let [instructions, copying, allocations] = observed.per_request(tool, |file| {
            let counts =
                callgrind::read(&fs::read_to_string(file).context("callgrind wrote nothing")?)?;
            Ok([counts.instructions, counts.copying, counts.allocations].map(|count| count as f64))
        })?;
        Ok(Self { instructions, copying, allocations })
    }
}

/// Bytes that were copied by functions made for it.
fn moved(observed: &Observed<'_>) -> Result<f64> {
    let tool = |file: &str| {
        let file = format!("--log-file={file}");
        let tool = ["valgrind", "--tool=dhat", "--mode=copy", "--dhat-out-file=/dev/null", &file];
        tool.map(str::to_owned).to_vec()
    };
    let [moved] = observed.per_request(tool, |file| Ok([total(&fs::read_to_string(file)?)?]))?;
    Ok(moved)
}

/// `==123== Total:     1,234 bytes in 5 blocks`
fn total(log: &str) -> Result<f64> {
    let line = log.lines().find_map(|line| line.split_once("Total:"));
    let (_, total) = line.with_context(|| format!("DHAT told no total: {log}"))?;
    let bytes = total.split_whitespace().next().context("DHAT told no bytes")?;
    Ok(bytes.replace(',', "").parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_total_of_dhat() {
        let log = "==7== \n==7== Total:     1,234,567 bytes in 89 blocks\n==7== \n";
        assert_eq!(total(log).unwrap(), 1_234_567.0);
        assert!(total("==7== nothing").is_err());
    }
}
