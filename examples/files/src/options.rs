//! What the command line may say.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Serves the files of a folder over HTTP/1.1.
///
/// For this machine alone unless told otherwise, without hidden files, and never anything from outside of the folder.
#[derive(Debug, Parser)]
#[command(name = "files", version, max_term_width = 100)]
#[command(after_help = "Examples:
  files                               the current folder, at http://127.0.0.1:8000
  files public 9000                   the folder `public`, at port 9000
  files dist --spa --cache 3600       a program that draws its pages itself
  files --bind 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --auth ada:secret share")]
pub(crate) struct Options {
    /// The folder to serve, the current one unless told; a number that is no folder is the port
    #[arg(value_name = "DIR|PORT", num_args = 0..=2)]
    pub(crate) places: Vec<OsString>,

    /// The folder to serve, too
    #[arg(short, long, value_name = "DIR", help_heading = "What is served")]
    pub(crate) directory: Option<PathBuf>,
    /// Serves and lists files whose names begin with a dot
    #[arg(long, help_heading = "What is served")]
    pub(crate) hidden: bool,
    /// Follows symbolic links that lead out of the folder as well; else only those that stay in it
    #[arg(long, help_heading = "What is served")]
    pub(crate) follow_symlinks: bool,
    /// Follows no symbolic link at all
    #[arg(long, conflicts_with = "follow_symlinks", help_heading = "What is served")]
    pub(crate) no_symlinks: bool,
    /// Lists no folders
    #[arg(long, help_heading = "What is served")]
    pub(crate) no_listing: bool,
    /// Answers where nothing is with this page, for programs that draw their pages themselves
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "index.html", help_heading = "What is served")]
    pub(crate) spa: Option<PathBuf>,

    /// The address to listen on: of this machine, a name, `unix:PATH` or `inherited`
    #[arg(short, long, env = "FILES_BIND", default_value = "127.0.0.1", help_heading = "Where")]
    pub(crate) bind: String,
    /// The port, 0 for any free one [default: 8000]
    #[arg(long, env = "FILES_PORT", help_heading = "Where")]
    pub(crate) port: Option<u16>,
    /// How connections are held: with HTTP/1.0 each ends with its answer. The status line says HTTP/1.1 with either,
    /// as that is what the server speaks (RFC 9110 §6.2)
    #[arg(
        short,
        long,
        value_enum,
        default_value_t,
        value_name = "VERSION",
        help_heading = "Where"
    )]
    pub(crate) protocol: Protocol,

    /// Speaks HTTPS with this certificate, in PEM, with those that lead to a root behind it
    #[arg(long, value_name = "FILE", help_heading = "HTTPS")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The key to it, if it is not in the same file
    #[arg(long, value_name = "FILE", help_heading = "HTTPS")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The password that the key is encrypted with, in PKCS #8
    #[arg(long, value_name = "FILE", help_heading = "HTTPS")]
    pub(crate) tls_password_file: Option<PathBuf>,

    /// A field of each answer; may be given several times
    #[arg(short = 'H', long, num_args = 2, value_names = ["NAME", "VALUE"], help_heading = "Answers")]
    pub(crate) header: Vec<String>,
    /// The type of files of which no type is known [default: application/octet-stream]
    #[arg(long, value_name = "TYPE", help_heading = "Answers")]
    pub(crate) content_type: Option<String>,
    /// Seconds for which files may be kept without asking again, 0 to ask each time
    #[arg(long, value_name = "SECONDS", help_heading = "Answers")]
    pub(crate) cache: Option<u32>,
    /// Sends `x.js.br`, `x.js.zst` or `x.js.gz` in the place of `x.js` to whoever takes it
    #[arg(long, help_heading = "Answers")]
    pub(crate) precompressed: bool,
    /// Compresses text as it is sent, for whoever takes it
    #[arg(long, help_heading = "Answers")]
    pub(crate) compress: bool,

    /// Lets pages of other origins read the files: those given, separated by commas, else all
    #[arg(long, value_name = "ORIGIN", num_args = 0..=1, require_equals = true)]
    #[arg(value_delimiter = ',', default_missing_value = "*", help_heading = "Who may")]
    pub(crate) cors: Option<Vec<String>>,
    /// Lets those pages do it with the password of their reader; not for all origins
    #[arg(long, requires = "cors", help_heading = "Who may")]
    pub(crate) cors_credentials: bool,
    /// Asks for a name and a password; may be given several times. Others see the command line: FILES_AUTH holds one a
    /// line as well
    #[arg(long, value_name = "USER:PASSWORD", env = "FILES_AUTH", hide_env_values = true)]
    #[arg(value_delimiter = '\n', help_heading = "Who may")]
    pub(crate) auth: Vec<String>,
    /// What the password is for, as browsers show it
    #[arg(long, default_value = "files", help_heading = "Who may")]
    pub(crate) realm: String,

    /// One line for each request, on stderr
    #[arg(long, value_enum, default_value_t, value_name = "FORM", help_heading = "Log")]
    pub(crate) access_log: LogForm,
}

/// How long a connection lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    #[value(name = "HTTP/1.0")]
    Http10,
    #[default]
    #[value(name = "HTTP/1.1")]
    Http11,
}

/// The form of the access log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    #[default]
    Common,
    Combined,
    Json,
    Off,
}

impl Options {
    /// What the command line says.
    pub(crate) fn read() -> Self {
        Self::parse_from(with_equals(std::env::args_os()))
    }
}

/// Takes `--cors ORIGIN…` and `--spa FILE` for what they look like. Both may stand alone, so they want a `=`, as what
/// follows could be the folder; an origin and a page are not.
fn with_equals(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut open = None;
    for argument in arguments {
        let follows = open.is_some_and(|open| follows(open, &argument.to_string_lossy()));
        match joined.last_mut() {
            Some(option) if follows => {
                option.push(if option.to_string_lossy().contains('=') { "," } else { "=" });
                option.push(&argument);
            }
            _ => {
                open = ["--cors", "--spa"].into_iter().find(|option| argument == *option);
                joined.push(argument);
            }
        }
    }
    joined
}

fn follows(option: &str, argument: &str) -> bool {
    match option {
        "--cors" => argument.contains("://") || matches!(argument, "*" | "null"),
        _ => argument.ends_with(".html") || argument.ends_with(".htm"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(words: &str) -> Options {
        let words = words.split(' ').map(OsString::from);
        Options::try_parse_from(with_equals(words)).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_options_do_not_contradict_each_other() {
        Options::command().debug_assert();
    }

    #[test]
    fn origins_and_pages_follow_with_or_without_an_equals_sign() {
        for words in ["files --cors http://a http://b dist", "files --cors=http://a,http://b dist"]
        {
            let options = read(words);
            assert_eq!(options.cors.unwrap_or_default(), ["http://a", "http://b"]);
            assert_eq!(options.places, ["dist"]);
        }
        let options = read("files --spa --cors dist");
        assert_eq!(options.spa, Some("index.html".into()));
        assert_eq!(options.cors.unwrap_or_default(), ["*"]);
        assert_eq!(options.places, ["dist"]);
        assert_eq!(read("files --spa app.html dist").spa, Some("app.html".into()));
        assert_eq!(read("files dist").cors, None);
    }

    /// S52: what Python's server is told.
    #[test]
    fn the_options_of_pythons_server() {
        let options = read(
            "files 9000 -b 0.0.0.0 -d public -p HTTP/1.0 -H X-A 1 --header X-B 2 --content-type text/plain",
        );
        assert_eq!(options.places, ["9000"]);
        assert_eq!(options.bind, "0.0.0.0");
        assert_eq!(options.directory, Some("public".into()));
        assert_eq!(options.protocol, Protocol::Http10);
        assert_eq!(options.header, ["X-A", "1", "X-B", "2"]);
        assert_eq!(options.content_type.as_deref(), Some("text/plain"));
    }
}
