//! What the kernel knows of a process, read from `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// A running process.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

/// How long the threads of a process ran, and how long they wanted to and could not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// On a processor, user and system time, to the nanosecond.
    pub ran: Duration,
    /// Ready to run while another held the processor.
    pub waited: Duration,
}

/// What a process holds of the memory, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Now, all of it.
    pub resident: u64,
    /// Now, what is no file's.
    pub anonymous: u64,
    /// The most it ever held.
    pub peak: u64,
}

impl Process {
    /// This process.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// What its threads used since they began; a thread that has ended takes its time with it.
    ///
    /// # Errors
    ///
    /// If the process has ended.
    pub fn usage(self) -> Result<Usage> {
        let mut usage = Usage::default();
        let tasks = format!("/proc/{}/task", self.0);
        for task in fs::read_dir(&tasks).with_context(|| format!("process {} has ended", self.0))? {
            // It may end between the listing and the reading.
            let Ok(line) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
            usage += Usage::of(&line).with_context(|| format!("no schedstat: {line}"))?;
        }
        Ok(usage)
    }

    /// What it holds.
    ///
    /// # Errors
    ///
    /// If the process has ended.
    pub fn memory(self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let bytes = |name| field(&status, name).unwrap_or(0) * 1024;
        Ok(Memory {
            resident: bytes("VmRSS:"),
            anonymous: bytes("RssAnon:"),
            peak: bytes("VmHWM:"),
        })
    }
}

impl Usage {
    fn of(schedstat: &str) -> Option<Self> {
        let mut numbers = schedstat.split_whitespace().map(|word| word.parse().ok());
        let ran = Duration::from_nanos(numbers.next()??);
        Some(Self { ran, waited: Duration::from_nanos(numbers.next()??) })
    }

    /// What was used since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let ran = self.ran.saturating_sub(before.ran);
        Self { ran, waited: self.waited.saturating_sub(before.waited) }
    }
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.ran += other.ran;
        self.waited += other.waited;
    }
}

/// How long these processors were busy since the system began, whoever used them, and stolen time with it.
///
/// # Errors
///
/// If `/proc/stat` cannot be read.
pub fn busy(cpus: &[usize]) -> Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    Ok(cpus.iter().map(|cpu| Duration::from_millis(10 * busy_ticks(&stat, *cpu))).sum())
}

/// How long the children of this process ran that have ended and were waited for.
///
/// # Errors
///
/// If `/proc` cannot be read.
pub fn ended_children() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    Ok(Duration::from_millis(10 * children_ticks(&stat).context("no stat of this process")?))
}

/// User and system time of children: the 16th and 17th field; the second is a name in brackets.
fn children_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

/// Hundredths of a second: user, nice, system, irq, softirq and steal; not idle and iowait.
fn busy_ticks(stat: &str, cpu: usize) -> u64 {
    let name = format!("cpu{cpu} ");
    let line = stat.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or_default();
    let ticks: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    [0, 1, 2, 5, 6, 7].iter().filter_map(|&at| ticks.get(at)).sum()
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_kernel_writes() {
        let usage = Usage { ran: Duration::from_nanos(12), waited: Duration::from_nanos(54_891) };
        assert_eq!(Usage::of("12 54891 1\n"), Some(usage));
        assert_eq!(Usage::of("12"), None);
        assert_eq!(field("Name:\tx\nVmRSS:\t  1234 kB\n", "VmRSS:"), Some(1234));
        let stat = "1 (a) b) S 4 5 6 7 8 9 10 11 12 13 14 15 160 17 18";
        assert_eq!(children_ticks(stat), Some(177));
        let stat = "cpu  9 9 9\ncpu0 1 2 4 100 100 8 16 32 0 0\ncpu1 5 0 0 7 7 0 0 0 0 0\n";
        assert_eq!((busy_ticks(stat, 0), busy_ticks(stat, 1), busy_ticks(stat, 2)), (63, 5, 0));
    }

    #[test]
    fn knows_itself() {
        let before = Process::own().usage().unwrap();
        assert!(before.ran > Duration::ZERO);
        assert!(
            Process::own().usage().unwrap().since(before).ran < before.ran + Duration::from_secs(9)
        );
        let memory = Process::own().memory().unwrap();
        assert!(memory.anonymous > 0 && memory.resident <= memory.peak);
        assert!(Process(u32::MAX).usage().is_err());
    }
}
