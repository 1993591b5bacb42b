//! What is known of the TLS that a wire speaks; the wire itself is in `tls`.

use std::fmt;
use std::sync::Arc;

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// 1.2, of 2008 (RFC 5246).
    V1_2,
    /// 1.3, of 2018 (RFC 8446).
    V1_3,
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1_2 => "TLS 1.2",
            Self::V1_3 => "TLS 1.3",
        })
    }
}

/// What the two sides of a wire of TLS agreed on: an extension of each request that came over one, and a handler takes
/// it by reference.
///
/// ```
/// use counterpart::prelude::*;
/// use counterpart::wire::TlsInfo;
///
/// #[get("/")]
/// async fn index(tls: Option<&TlsInfo>) -> String {
///     match tls {
///         Some(tls) => format!("{} with {}", tls.version(), tls.cipher()),
///         None => "in the clear".into(),
///     }
/// }
/// # api!(Site: index);
/// # #[counterpart::main]
/// # async fn main() {
/// #     let site = SiteClient::local(App::new().mount(Site));
/// #     assert_eq!(site.index().await.unwrap(), "in the clear");
/// # }
/// ```
///
/// Taken as `&TlsInfo`, requests without TLS are refused with 403.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsInfo(Arc<Agreed>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Agreed {
    version: TlsVersion,
    cipher: String,
    server_name: Option<String>,
    protocol: Option<String>,
    certificates: Vec<Vec<u8>>,
}

impl TlsInfo {
    /// An agreement on this version and this cipher suite, as a test may attach it to a request.
    pub fn new(version: TlsVersion, cipher: impl Into<String>) -> Self {
        let cipher = cipher.into();
        let (server_name, protocol) = (None, None);
        Self(Arc::new(Agreed { version, cipher, server_name, protocol, certificates: Vec::new() }))
    }

    /// The same, with the name that the client called the server by (SNI, RFC 6066 §3).
    #[must_use]
    pub fn with_server_name(self, name: Option<impl Into<String>>) -> Self {
        self.with(|agreed| agreed.server_name = name.map(Into::into))
    }

    /// The same, with the protocol that is spoken inside (ALPN, RFC 7301).
    #[must_use]
    pub fn with_protocol(self, protocol: Option<impl Into<String>>) -> Self {
        self.with(|agreed| agreed.protocol = protocol.map(Into::into))
    }

    /// The same, with the certificates that the peer has shown, its own first, each as DER.
    #[must_use]
    pub fn with_peer_certificates(self, certificates: Vec<Vec<u8>>) -> Self {
        self.with(|agreed| agreed.certificates = certificates)
    }

    fn with(mut self, change: impl FnOnce(&mut Agreed)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> TlsVersion {
        self.0.version
    }

    /// The cipher suite, by the name that IANA lists it under: `TLS13_AES_256_GCM_SHA384`.
    #[must_use]
    pub fn cipher(&self) -> &str {
        &self.0.cipher
    }

    /// The name that the client called the server by, if it gave one: an address is never given (RFC 6066 §3).
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.0.server_name.as_deref()
    }

    /// The protocol that both agreed on by ALPN, if the client asked: `http/1.1`.
    #[must_use]
    pub fn protocol(&self) -> Option<&str> {
        self.0.protocol.as_deref()
    }

    /// The certificates that the peer has shown and that were found good, its own first, each as DER. Of a client, none
    /// unless the server asks for them.
    pub fn peer_certificates(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.0.certificates.iter().map(Vec::as_slice)
    }
}

/// `TLS 1.3, TLS13_AES_256_GCM_SHA384`
impl fmt::Display for TlsInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.version(), self.cipher())
    }
}
