//! From the options to what is served: all that is wrong with them is told at once.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::stderr;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use counterpart::files::{Files, Hidden, Symlinks};
use counterpart::http::{HeaderName, HeaderValue, header};
use counterpart::problem::chain;
use counterpart::server::{Config, access};
use counterpart::tls::ServerTls;
use tower_http::cors::CorsLayer;

use crate::auth::Logins;
use crate::options::{LogForm, Options, Protocol};
use crate::site::Site;
use crate::{cors, keys};

/// What is served, and where.
pub(crate) struct Plan {
    pub(crate) folder: PathBuf,
    pub(crate) address: String,
    pub(crate) config: Config,
    pub(crate) site: Site,
    pub(crate) tls: Option<ServerTls>,
    /// Whether passwords can be read on their way.
    pub(crate) exposed: bool,
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
    pub(crate) fn of(options: &Options) -> Result<Self, Complaints> {
        let mut complaints = Complaints::default();
        let places = complaints.note(places(options));
        let files = places.as_ref().and_then(|(folder, _)| complaints.note(files(options, folder)));
        let told = told(options, &mut complaints);
        let logins = complaints.note(Logins::new(&options.auth, &options.realm)).flatten();
        let cors = options.cors.as_ref().map(|to| cors::layer(to, options.cors_credentials));
        let cors = cors.and_then(|layer| complaints.note(layer));
        let tls = complaints.note(keys::read(options)).flatten();
        let (Some((folder, port)), Some(files), true) = (places, files, complaints.0.is_empty())
        else {
            return Err(complaints);
        };
        let exposed = logins.is_some() && tls.is_none() && !is_local(&options.bind);
        let site = site(options, told.on(files, logins.is_some()), logins, cors);
        let address = address(&options.bind, port);
        Ok(Self { folder, address, config: config(options.access_log), site, tls, exposed })
    }
}

/// What answers are to have.
struct Told {
    fields: Vec<(HeaderName, HeaderValue)>,
    kind: Option<String>,
    cache: Option<u32>,
}

fn told(options: &Options, complaints: &mut Complaints) -> Told {
    let pairs = options.header.chunks_exact(2);
    let fields = pairs.filter_map(|pair| complaints.note(field(&pair[0], &pair[1]))).collect();
    let kind = options.content_type.as_deref().and_then(|it| complaints.note(kind(it)));
    Told { fields, kind, cache: options.cache }
}

impl Told {
    fn on(self, mut files: Files, private: bool) -> Files {
        if let Some(kind) = self.kind {
            files = files.default_content_type(&kind);
        }
        if let Some(seconds) = self.cache {
            files = files.cache_control(&kept(seconds, private));
        }
        self.fields.into_iter().fold(files, |files, (name, value)| files.header(name, value))
    }
}

/// The files with what was asked for around them: pages of other origins may ask without a password whether they may
/// ask with one.
fn site(options: &Options, files: Files, logins: Option<Logins>, cors: Option<CorsLayer>) -> Site {
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
    match options.protocol {
        Protocol::Http10 => site.once(),
        Protocol::Http11 => site,
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

/// Whether only programs of this machine can connect there.
fn is_local(bind: &str) -> bool {
    let host = bind.split('?').next().unwrap_or_default().trim_matches(['[', ']']);
    let address: Option<IpAddr> = host.parse().ok();
    host == "localhost" || host.starts_with("unix:") || address.is_some_and(|it| it.is_loopback())
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

/// What tells where an answer ends.
const FRAMING: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];
