//! From the options to what is served: all that is wrong with them is told at once.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::stderr;
use std::path::{Path, PathBuf};

use counterpart::files::{Files, Hidden, Symlinks};
use counterpart::http::{HeaderName, HeaderValue, header};
use counterpart::problem::chain;
use counterpart::server::{Config, access};

use crate::auth::Logins;
use crate::cors;
use crate::options::{LogForm, Options, Protocol};
use crate::site::Site;

/// What is served, and where.
pub(crate) struct Plan {
    pub(crate) folder: PathBuf,
    pub(crate) address: String,
    pub(crate) config: Config,
    pub(crate) site: Site,
}

/// What is wrong with the options.
#[derive(Default)]
pub(crate) struct Complaints(pub(crate) Vec<String>);

impl Complaints {
    /// The value, or a note of why there is none.
    fn note<T>(&mut self, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|why| self.0.push(why.to_string())).ok()
    }
}

impl Plan {
    /// Settles what the options mean.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(crate) fn of(options: Options) -> Result<Self, Complaints> {
        let mut complaints = Complaints::default();
        let (folder, port) = complaints.note(places(&options)).unwrap_or_default();
        let files = complaints.note(files(&options, &folder));
        let fields = fields(&options.header, &mut complaints);
        let kind = options.content_type.as_deref().map(kind);
        let kind = kind.and_then(|kind| complaints.note(kind));
        let cors =
            options.cors.as_ref().map(|origins| cors::layer(origins, options.cors_credentials));
        let cors = cors.and_then(|layer| complaints.note(layer));
        let logins = complaints.note(Logins::new(lines(options.auth), &options.realm)).flatten();
        let Some(mut files) = files.filter(|_| complaints.0.is_empty()) else {
            return Err(complaints);
        };
        if let Some(kind) = kind {
            files = files.default_content_type(&kind);
        }
        if let Some(seconds) = options.cache {
            files = files.cache_control(&kept(seconds, logins.is_some()));
        }
        let files =
            fields.into_iter().fold(files, |files, (name, value)| files.header(name, value));
        let mut site = Site::new(files);
        if options.compress {
            site = site.compressed();
        }
        if let Some(logins) = logins {
            site = site.for_those(logins);
        }
        if let Some(cors) = cors {
            site = site.shared(&cors);
        }
        if options.protocol == Protocol::Http10 {
            site = site.once();
        }
        let address = address(&options.bind, port);
        Ok(Self { folder, address, config: config(options.access_log), site })
    }
}

/// The folder and the port.
fn places(options: &Options) -> Result<(PathBuf, u16), String> {
    let (mut folder, mut port) = (options.directory.clone(), options.port);
    for place in &options.places {
        let taken = match port_of(place) {
            Some(number) => port.replace(number?).is_some(),
            None => folder.replace(place.into()).is_some(),
        };
        if taken {
            return Err(format!(
                "`{}`: there is one folder to serve, and one port",
                place.display()
            ));
        }
    }
    Ok((folder.unwrap_or_else(|| ".".into()), port.unwrap_or(8000)))
}

/// A number, unless there is a folder of that name.
fn port_of(place: &OsString) -> Option<Result<u16, String>> {
    let number = place.to_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    if number.is_empty() || Path::new(number).is_dir() {
        return None;
    }
    Some(
        number
            .parse()
            .map_err(|_| format!("`{number}` is neither a folder nor a port: ports end at 65535")),
    )
}

fn files(options: &Options, folder: &Path) -> Result<Files, String> {
    let files = Files::new(folder).map_err(|error| chain(&error))?;
    let symlinks = match (options.follow_symlinks, options.no_symlinks) {
        (true, _) => Symlinks::Follow,
        (_, true) => Symlinks::Deny,
        _ => Symlinks::default(),
    };
    let files = files
        .listing(!options.no_listing && options.spa.is_none())
        .hidden(if options.hidden { Hidden::Serve } else { Hidden::Deny })
        .symlinks(symlinks)
        .precompressed(options.precompressed);
    let Some(page) = &options.spa else { return Ok(files) };
    if !folder.join(page).is_file() {
        return Err(format!(
            "--spa: there is no file `{}` in `{}`",
            page.display(),
            folder.display()
        ));
    }
    Ok(files.spa(page))
}

fn fields(words: &[String], complaints: &mut Complaints) -> Vec<(HeaderName, HeaderValue)> {
    let pairs = words.chunks_exact(2);
    pairs.filter_map(|pair| complaints.note(field(&pair[0], &pair[1]))).collect()
}

fn field(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = |what| format!("--header: `{}` {what}", format!("{name}: {value}").escape_debug());
    let value = HeaderValue::from_str(value).map_err(|_| wrong("holds control characters"))?;
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(name) if FRAMING.contains(&name) => {
            Err(wrong("is for the server to say, which frames the answers"))
        }
        Ok(name) => Ok((name, value)),
        Err(_) => Err(wrong("has no name that a field may have")),
    }
}

/// A media type: two names with a slash between them, and perhaps parameters.
fn kind(kind: &str) -> Result<String, String> {
    let names = kind.split(';').next().unwrap_or_default().trim().split_once('/');
    let fine = names.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    match HeaderValue::from_str(kind) {
        Ok(_) if fine => Ok(kind.to_owned()),
        _ => {
            Err(format!("--content-type: `{}` is no type such as text/plain", kind.escape_debug()))
        }
    }
}

fn is_token(name: &str) -> bool {
    HeaderName::from_bytes(name.as_bytes()).is_ok()
}

/// How long files may be kept; where a password is asked for, by whoever knows it alone.
fn kept(seconds: u32, private: bool) -> String {
    match (seconds, private) {
        (0, _) => "no-cache".to_owned(),
        (_, true) => format!("private, max-age={seconds}"),
        (_, false) => format!("public, max-age={seconds}"),
    }
}

/// A host with the port, or words that need none.
fn address(bind: &str, port: u16) -> String {
    if bind.starts_with("unix:") || bind == "inherited" {
        return bind.to_owned();
    }
    let (host, options) = bind.split_at(bind.find('?').unwrap_or(bind.len()));
    // An IPv6 address stands in brackets before a port.
    let bare = host.contains(':') && !host.starts_with('[');
    let host = if bare { format!("[{host}]") } else { host.to_owned() };
    format!("{host}:{port}{options}")
}

fn config(form: LogForm) -> Config {
    let mut config = Config::default();
    config.access_log = match form {
        LogForm::Common => Some(access::common(stderr())),
        LogForm::Combined => Some(access::combined(stderr())),
        LogForm::Json => Some(access::json(stderr())),
        LogForm::Off => None,
    };
    config
}

/// Without the empty line at the end that an environment may have.
fn lines(mut logins: Vec<String>) -> Vec<String> {
    if logins.len() > 1 {
        logins.pop_if(|last| last.is_empty());
    }
    logins
}

/// What tells where an answer ends.
const FRAMING: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];
