//! Flags, read without a library: `--name VALUE` or `--name=VALUE`.

use std::future::poll_fn;
use std::io::{Write, stdout};
use std::pin::pin;
use std::process::exit;

use counterpart::server::{Address, Server};
use counterpart::{App, Service};

/// What the command line said, or the defaults.
#[derive(Debug, PartialEq, Eq)]
pub struct Flags(Vec<(String, String)>);

/// Reads the command line of a program that knows `--bind`, `--port` and these, each with its default.
///
/// What it does not know ends the program with a usage line; so does `--help`.
#[must_use]
pub fn read(own: &[(&str, &str)]) -> Flags {
    let mut arguments = std::env::args();
    let program = arguments.next().unwrap_or_default();
    Flags::parse(own, arguments).unwrap_or_else(|complaint| {
        let known = Flags::defaults(own).0;
        let usage = known.iter().map(|(name, value)| format!(" [--{name} {value}]"));
        eprintln!("{complaint}usage: {program}{}", usage.collect::<String>());
        exit(if complaint.is_empty() { 0 } else { 2 })
    })
}

impl Flags {
    fn defaults(own: &[(&str, &str)]) -> Self {
        let all = [("bind", "127.0.0.1"), ("port", "8080")];
        let pair = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        Self(all.iter().chain(own).map(pair).collect())
    }

    fn parse(
        own: &[(&str, &str)],
        arguments: impl Iterator<Item = String>,
    ) -> Result<Self, String> {
        let mut flags = Self::defaults(own);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            if matches!(argument.as_str(), "--help" | "-h") {
                return Err(String::new());
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            let slot = flags.0.iter_mut().find(|(known, _)| name.strip_prefix("--") == Some(known));
            let (_, slot) = slot.ok_or_else(|| format!("`{name}` is not known here\n"))?;
            *slot = value
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("`{name}` needs a value\n"))?;
        }
        match flags.get("port").parse::<u16>() {
            Ok(_) => Ok(flags),
            Err(_) => {
                Err(format!("`{}` is no port: 0 to 65535, 0 for any free one\n", flags.get("port")))
            }
        }
    }

    /// The value of a flag.
    ///
    /// # Panics
    /// When the program never said that there is such a flag.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no flag is called `{name}`")).1
    }

    /// Serves an app there, and says where that is once it listens.
    ///
    /// # Errors
    /// As `App::bind` and `Bound::serve`.
    pub async fn serve(&self, app: App) -> counterpart::Result<()> {
        let bound = app.bind(self.address()).await?;
        let banner = banner(bound.addresses());
        announced(bound.serve(), &banner).await
    }

    /// The same for a service without an app.
    ///
    /// # Errors
    /// As `Server::bind` and `Server::serve`.
    pub async fn serve_by_hand(&self, service: impl Service) -> counterpart::Result<()> {
        let server = Server::bind(self.address()).await?;
        let banner = banner(server.addresses());
        Ok(announced(server.serve(service), &banner).await?)
    }

    /// Where to listen: a host with the port, or words that need none, such as `unix:/run/app.sock` and `inherited`.
    /// The host may carry options, as in `0.0.0.0?shared`.
    #[must_use]
    pub fn address(&self) -> String {
        let bind = self.get("bind");
        if bind.starts_with("unix:") || bind == "inherited" {
            return bind.to_owned();
        }
        let (host, options) = bind.split_at(bind.find('?').unwrap_or(bind.len()));
        // An IPv6 address stands in brackets before a port.
        let bare = host.contains(':') && !host.starts_with('[');
        let host = if bare { format!("[{host}]") } else { host.to_owned() };
        format!("{host}:{}{options}", self.get("port"))
    }
}

fn banner<'a>(addresses: impl Iterator<Item = &'a Address>) -> String {
    addresses.map(|address| format!("listening on {address}\n")).collect()
}

/// Serves, and says so once it does: whoever reads that may ask for an end at once.
pub async fn announced<F: Future>(serving: F, banner: &str) -> F::Output {
    let (mut serving, mut banner) = (pin!(serving), Some(banner));
    poll_fn(|cx| {
        let served = serving.as_mut().poll(cx);
        if let Some(banner) = banner.take_if(|_| served.is_pending()) {
            // Whoever started the program may not listen to it.
            let _ = stdout().write_all(banner.as_bytes());
        }
        served
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Flags, String> {
        Flags::parse(&[("database", "users.db")], words.iter().map(|&word| word.to_owned()))
    }

    #[test]
    fn flags_have_defaults_and_two_spellings() {
        let flags = parse(&[]).unwrap();
        assert_eq!(
            (flags.address().as_str(), flags.get("database")),
            ("127.0.0.1:8080", "users.db")
        );
        let flags = parse(&["--port", "0", "--database=a=b.db", "--bind", "::1"]).unwrap();
        assert_eq!((flags.address().as_str(), flags.get("database")), ("[::1]:0", "a=b.db"));
        for (bind, address) in [
            ("unix:/run/a.sock?mode=666", "unix:/run/a.sock?mode=666"),
            ("inherited", "inherited"),
            ("[::]?shared", "[::]:8080?shared"),
            ("::?only-v6", "[::]:8080?only-v6"),
            ("localhost", "localhost:8080"),
        ] {
            assert_eq!(parse(&["--bind", bind]).unwrap().address(), address);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse(&["--prot", "1"]).unwrap_err(), "`--prot` is not known here\n");
        assert_eq!(parse(&["--port"]).unwrap_err(), "`--port` needs a value\n");
        assert!(parse(&["--port", "70000"]).unwrap_err().contains("no port"));
        assert_eq!(parse(&["--help"]).unwrap_err(), "");
    }
}
