//! What callgrind writes: the instructions that each function took, and how often which was called.
//!
//! The format is line by line, and names are written once and then referred to by number
//! (<https://valgrind.org/docs/manual/cl-format.html>). Only what is asked of it here is read.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};

/// What a program did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Instructions outside of the functions below.
    pub instructions: u64,
    /// Instructions inside of `memcpy`, `memmove` and `memset`.
    pub copying: u64,
    /// Calls that allocate.
    pub allocations: u64,
}

/// Reads the file that callgrind has written.
///
/// # Errors
///
/// If it is none, or without the names of libc's functions.
pub fn read(text: &str) -> Result<Counts> {
    ensure!(text.lines().any(|line| line == "events: Ir"), "callgrind counted no instructions");
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line).with_context(|| format!("callgrind wrote `{line}`"))?;
    }
    // Every program that starts copies something.
    ensure!(
        reader.names.values().any(|name| is_copying(name)),
        "libc's functions have no names here: install the package `libc6-dbg`"
    );
    Ok(reader.counts)
}

#[derive(Debug, Default)]
struct Reader<'a> {
    names: HashMap<&'a str, &'a str>,
    /// The function that takes the costs.
    function: &'a str,
    /// The function that it calls.
    called: &'a str,
    /// Whether the next cost is what the called one took.
    is_inclusive: bool,
    counts: Counts,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) -> Result<()> {
        if let Some(name) = line.strip_prefix("fn=") {
            self.function = self.name(name)?;
        } else if let Some(name) = line.strip_prefix("cfn=") {
            self.called = self.name(name)?;
        } else if let Some(call) = line.strip_prefix("calls=") {
            self.is_inclusive = true;
            self.call(number(call.split(' ').next())?);
        } else if line.starts_with(|c: char| c.is_ascii_digit() || "+-*".contains(c)) {
            let cost = line.split(' ').nth(1);
            if !std::mem::take(&mut self.is_inclusive) {
                self.cost(number(cost)?);
            }
        }
        Ok(())
    }

    /// `(12) memcpy` the first time, `(12)` from then on.
    fn name(&mut self, text: &'a str) -> Result<&'a str> {
        let (id, name) = text.split_once(')').context("a name without a number")?;
        match name.trim_start() {
            "" => self.names.get(id).copied().context("a number without a name"),
            name => {
                self.names.insert(id, name);
                Ok(name)
            }
        }
    }

    fn call(&mut self, times: u64) {
        // One that calls another of them has been counted.
        if ALLOCATES.contains(&self.called) && !ALLOCATES.contains(&self.function) {
            self.counts.allocations += times;
        }
    }

    fn cost(&mut self, instructions: u64) {
        match is_copying(self.function) {
            true => self.counts.copying += instructions,
            false => self.counts.instructions += instructions,
        }
    }
}

fn number(word: Option<&str>) -> Result<u64> {
    Ok(word.context("a number is missing")?.parse()?)
}

/// `__memcpy_avx_unaligned_erms` and its like: which one it is depends on the processor.
fn is_copying(function: &str) -> bool {
    let name = function.trim_start_matches('_');
    ["memcpy", "memmove", "memset", "mempcpy"].iter().any(|start| name.starts_with(start))
}

/// The allocator's doors, and those of `mimalloc`, which some bring.
const ALLOCATES: [&str; 12] = [
    "malloc",
    "calloc",
    "realloc",
    "aligned_alloc",
    "posix_memalign",
    "memalign",
    "mi_malloc",
    "mi_zalloc",
    "mi_realloc",
    "mi_malloc_aligned",
    "mi_zalloc_aligned",
    "mi_realloc_aligned",
];

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "\
# callgrind format
version: 1
positions: line
events: Ir
summary: 1155

ob=(1) /usr/bin/server
fl=(1) main.rs
fn=(1) server::main
10 100
+2 20
cfn=(2) malloc
calls=3 50
* 600
fi=(2) vec.rs
-1 5
cfn=(3) __memcpy_avx_unaligned_erms
calls=2 7
+1 90

fn=(2)
50 400
cfn=(4) realloc
calls=1 60
* 200

fn=(3)
7 90

fn=(4)
60 100
cfn=(2)
calls=1 50
* 100
fn=(5) __memset_avx2_unaligned_erms
8 40
";

    #[test]
    fn adds_up_what_each_function_took_itself() {
        let counts = read(WRITTEN).unwrap();
        assert_eq!(counts, Counts { instructions: 625, copying: 130, allocations: 3 });
    }

    #[test]
    fn says_what_it_lacks() {
        let nameless = WRITTEN.replace("__mem", "0x000000000016a0b0 ");
        assert!(read(&nameless).unwrap_err().to_string().contains("libc6-dbg"));
        assert!(read("").unwrap_err().to_string().contains("no instructions"));
        let broken = format!("{WRITTEN}fn=(99)\n");
        assert!(read(&broken).unwrap_err().to_string().contains("`fn=(99)`"));
    }
}
