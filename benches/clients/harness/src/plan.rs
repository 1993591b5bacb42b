//! The plan: what the flags ask for.

use std::net::SocketAddr;
use std::{env, process};

/// Whom to call, how often, and how many calls at a time.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The server, as `http://HOST:PORT`.
    pub url: String,
    /// How many calls are under way at a time.
    pub concurrency: usize,
    /// How many calls are measured.
    pub calls: u64,
    /// How many are made before these, to open connections and fill caches.
    pub warmup: u64,
}

impl Plan {
    /// What the arguments of the program say. Ends it with words and code 2 if they say nothing that can be done.
    #[must_use]
    pub fn from_args() -> Self {
        Self::read(env::args().skip(1)).unwrap_or_else(|why| refuse(&why))
    }

    /// The same for a program with a flag of its own, and whether that is there.
    #[must_use]
    pub fn from_args_and(flag: &str) -> (Self, bool) {
        let is_set = env::args().any(|word| word == flag);
        let plan = Self::read(env::args().skip(1).filter(|word| word != flag));
        (plan.unwrap_or_else(|why| refuse(&why)), is_set)
    }

    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plan = Self { url: String::new(), concurrency: 1, calls: 0, warmup: 0 };
        while let Some(word) = words.next() {
            let flag = match word.as_str() {
                "--concurrency" | "--calls" | "--warmup" => word,
                url if url.starts_with("http://") && plan.url.is_empty() => {
                    plan.url = url.trim_end_matches('/').to_owned();
                    continue;
                }
                other => return Err(format!("`{other}` is neither a URL nor a flag")),
            };
            let number = words.next().and_then(|word| word.parse().ok());
            let number = number.ok_or_else(|| format!("`{flag}` is followed by no number"))?;
            match flag.as_str() {
                "--concurrency" => plan.concurrency = usize::try_from(number).unwrap_or(usize::MAX),
                "--calls" => plan.calls = number,
                _ => plan.warmup = number,
            }
        }
        match (plan.url.is_empty(), plan.concurrency, plan.calls) {
            (true, ..) => Err("there is no URL".into()),
            (_, 0, _) | (.., 0) => Err("there must be one call at least".into()),
            _ => Ok(plan),
        }
    }

    /// The whole URL of the path that is called.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}{}", self.url, crate::PATH)
    }

    /// The host and the port, as a `Host` field names them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap_or_default()
    }

    /// The same, for a program that has no resolver. Ends it if the host is a name.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let address = self.authority().parse();
        address.unwrap_or_else(|_| crate::fail("the host must be an IP address, with a port"))
    }
}

fn refuse(why: &str) -> ! {
    eprintln!("{why}\nusage: http://HOST:PORT --concurrency C --calls N [--warmup W]");
    process::exit(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Plan, String> {
        Plan::read(words.split(' ').map(str::to_owned))
    }

    #[test]
    fn flags_are_read_in_any_order() {
        let plan = read("--calls 9 http://127.0.0.1:80/ --warmup 2 --concurrency 3").unwrap();
        assert_eq!((plan.concurrency, plan.calls, plan.warmup), (3, 9, 2));
        assert_eq!(plan.target(), "http://127.0.0.1:80/json");
        assert_eq!(plan.address(), "127.0.0.1:80".parse().unwrap());
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for words in [
            "--calls 1",
            "http://h",
            "http://h --calls x",
            "http://h --speed 1",
            "ftp://h --calls 1",
        ] {
            assert!(read(words).is_err(), "{words}");
        }
        assert!(read("http://h --calls 1 --concurrency 0").is_err());
    }
}
