//! What goes wrong with TLS, told apart.

use std::fmt;

/// Why two sides did not come to speak TLS; the fault's own words name the certificate, the date, the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsProblem {
    /// Nobody whom we trust has signed for the peer's certificate.
    UnknownIssuer,
    /// The peer's certificate is for another name.
    WrongName,
    /// The peer's certificate is not valid any more.
    Expired,
    /// The peer's certificate is not valid yet; or the clock here is wrong.
    NotYetValid,
    /// The peer's certificate was revoked.
    Revoked,
    /// The peer's certificate is broken, or not one for this use.
    BadCertificate,
    /// The peer refused us, with this alert (RFC 8446 §6).
    Refused(u8),
    /// There is no version of TLS that both speak.
    NoCommonVersion,
    /// There is no protocol to speak inside that both offer.
    NoCommonProtocol,
    /// The peer speaks something other than TLS, such as plain HTTP.
    NotTls,
    /// The peer closed the connection before there was an agreement.
    Closed,
    /// What is to be trusted cannot be told: the system has no roots.
    NoRoots,
    /// Something else, as the fault says.
    Other,
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => "the certificate is not trusted",
            Self::WrongName => "the certificate is for another name",
            Self::Expired => "the certificate has expired",
            Self::NotYetValid => "the certificate is not valid yet",
            Self::Revoked => "the certificate was revoked",
            Self::BadCertificate => "the certificate cannot be used",
            Self::Refused(_) => "the peer refused us",
            Self::NoCommonVersion => "there is no version of TLS that both speak",
            Self::NoCommonProtocol => "there is no protocol over TLS that both speak",
            Self::NotTls => "the peer does not speak TLS",
            Self::Closed => "the peer closed the connection during the handshake",
            Self::NoRoots => "there is nobody to trust",
            Self::Other => "TLS failed",
        })
    }
}
