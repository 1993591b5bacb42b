//! `syscalls`: what a request asks of the kernel, counted by strace.

use std::fs;

use anyhow::{Context, Result};

use super::counting::{Asked, Observed, once};
use super::endpoints::Endpoint;
use crate::Run;
use crate::sample::Sample;
use crate::turns::{Reading, Value, turns};

/// The kinds there are, each with its calls. What is none of these is the last.
const KINDS: [(&str, &[&str]); 6] = [
    ("read", &["read", "readv", "recvfrom", "recvmsg"]),
    ("write", &["write", "writev", "sendto", "sendmsg"]),
    ("epoll_wait", &["epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll"]),
    ("epoll_ctl", &["epoll_ctl"]),
    ("futex", &["futex"]),
    ("other", &[]),
];

/// Of one `GET /json`, by kind.
///
/// # Errors
///
/// None; what cannot be counted is left out.
pub fn syscalls(run: &Run) -> Result<Vec<Sample>> {
    let asked = Asked::Plain(Endpoint::Json);
    let counted = turns(&once(run), &run.servers, &[asked], |peer, &asked| {
        let counts = Observed { run, peer, asked }.per_request(tool, |file| {
            counts(&fs::read_to_string(file).context("strace wrote nothing")?)
        })?;
        let value =
            |((kind, _), count): (&(&'static str, _), f64)| Value::new(kind, count, "calls/req");
        Ok(Reading { values: KINDS.iter().zip(counts).map(value).collect(), disturbance: None })
    });
    // One run counts all kinds, and each is a column.
    let column = |it: Sample| Sample { case: it.figure, figure: "syscalls".to_owned(), ..it };
    Ok(counted.into_iter().map(column).collect())
}

/// With all threads; and it ends when it is asked to, which is not the rule with `-o`.
fn tool(file: &str) -> Vec<String> {
    ["strace", "-f", "-c", "-I2", "-o", file].map(str::to_owned).to_vec()
}

/// Reads strace's table: `% time, seconds, usecs/call, calls, errors, syscall`, where errors may be empty.
fn counts(table: &str) -> Result<[f64; KINDS.len()]> {
    let mut counts = [0.0; KINDS.len()];
    for line in table.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ([_, _, _, calls, name] | [_, _, _, calls, _, name]) = words[..] else { continue };
        let Ok(calls) = calls.parse::<f64>() else { continue };
        if name != "total" {
            let kind = KINDS.iter().position(|(_, names)| names.contains(&name));
            counts[kind.unwrap_or(KINDS.len() - 1)] += calls;
        }
    }
    anyhow::ensure!(counts.iter().sum::<f64>() > 0.0, "strace counted nothing: {table}");
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 57.14    0.000012           0        64         2 read
 20.00    0.000005           0        63           sendto
 10.00    0.000005           0         3           epoll_wait
 10.00    0.000005           0         7           mmap
  2.00    0.000001           0         1         1 ioctl
------ ----------- ----------- --------- --------- ----------------
100.00    0.000021           0       138         3 total
";

    #[test]
    fn reads_the_table_of_strace() {
        assert_eq!(counts(TABLE).unwrap(), [64.0, 63.0, 3.0, 0.0, 0.0, 8.0]);
        assert!(counts("strace: nothing").is_err());
    }
}
