//! What a folder holds of earlier runs, and what is measured now beside it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::grid::firsts;
use crate::sample::{Machine, Sample};

/// All that is kept, as it stands in `results.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Where and how, one for each run whose samples are here, the last one at the end.
    pub(super) runs: Vec<Machine>,
    /// The raw numbers, those of disturbed rounds too.
    pub(super) samples: Vec<Sample>,
}

impl Kept {
    /// What the file holds; nothing, if there is none.
    ///
    /// # Errors
    ///
    /// If it holds something else.
    pub(super) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} holds no results: choose another --out", path.display()))
    }

    /// Beside it, what was measured now. It takes the place of what the same peers had in the same figures.
    ///
    /// # Errors
    ///
    /// If the other results are another machine's: numbers of two machines make no table.
    pub(super) fn with(mut self, machine: &Machine, samples: &[Sample]) -> Result<Self> {
        if let Some(before) = self.runs.last() {
            let same = (&before.cpu, before.cores) == (&machine.cpu, machine.cores);
            ensure!(
                same,
                "the results there are of {}, {} processors: choose another --out",
                before.cpu,
                before.cores
            );
        }
        let again = firsts(samples.iter().map(|sample| (&sample.figure, &sample.peer)));
        self.samples.retain(|sample| !again.contains(&(&sample.figure, &sample.peer)));
        self.samples.extend_from_slice(samples);
        self.runs.retain(|run| run.flags != machine.flags);
        self.runs.push(machine.clone());
        Ok(self)
    }

    /// As it is written: a line for each sample.
    ///
    /// # Errors
    ///
    /// None that is known of.
    pub(super) fn to_json(&self) -> Result<String> {
        let runs = lines(&self.runs)?;
        Ok(format!("{{\"runs\": [\n{runs}\n], \"samples\": [\n{}\n]}}\n", lines(&self.samples)?))
    }
}

fn lines<T: Serialize>(all: &[T]) -> Result<String> {
    let lines: Result<Vec<_>, _> = all.iter().map(serde_json::to_string).collect();
    Ok(lines?.join(",\n"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::report::grid::tests::sample;

    /// A machine that does not exist.
    pub(in crate::report) fn machine(cpu: &str, flags: &str) -> Machine {
        let [cpu, flags] = [cpu, flags].map(str::to_owned);
        let [kernel, rustc, date] = ["6.18", "1.95.0", "2026-11-22"].map(str::to_owned);
        Machine { cpu, cores: 2, kernel, rustc, date, flags }
    }

    #[test]
    fn replaces_what_was_measured_again_and_keeps_the_rest() {
        let before = [
            sample("speed.cpu", "axum", "json", 1.0),
            sample("speed.cpu", "axum", "post", 2.0),
            sample("speed.cpu", "hyper", "json", 3.0),
            sample("idle", "axum", "http", 4.0),
        ];
        let kept = Kept::default().with(&machine("fast", "all"), &before).unwrap();
        let now = [sample("speed.cpu", "axum", "json", 5.0)];
        let kept = kept.with(&machine("fast", "speed --peers axum"), &now).unwrap();
        let values: Vec<_> = kept.samples.iter().map(|sample| sample.value).collect();
        assert_eq!(values, [3.0, 4.0, 5.0]);
        assert_eq!(kept.runs.len(), 2);
    }

    #[test]
    fn refuses_the_results_of_another_machine() {
        let kept = Kept::default().with(&machine("fast", "all"), &[]).unwrap();
        let error = kept.with(&machine("slow", "all"), &[]).unwrap_err();
        assert!(error.to_string().contains("--out"), "{error}");
    }

    #[test]
    fn reads_what_it_wrote() {
        let samples = [sample("idle", "axum", "http", 4.5)];
        let kept = Kept::default().with(&machine("fast", "idle"), &samples).unwrap();
        let read: Kept = serde_json::from_str(&kept.to_json().unwrap()).unwrap();
        assert_eq!((read.samples, read.runs), (kept.samples, kept.runs));
        let none: Kept = serde_json::from_str(&Kept::default().to_json().unwrap()).unwrap();
        assert!(none.samples.is_empty());
    }
}
