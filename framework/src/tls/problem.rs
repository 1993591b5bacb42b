//! What went wrong, in the words of whoever has to put it right.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::pki_types::{ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, OtherError, PeerIncompatible,
};

use crate::service::{Fault, FaultKind, TlsProblem};

/// The fault that an error of a session is.
pub(super) fn fault(error: &Error) -> Fault {
    let (problem, said) = match error {
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::PeerIncompatible(why) => of_incompatible(why),
        Error::NoApplicationProtocol => {
            (TlsProblem::NoCommonProtocol, "we speak http/1.1 alone".into())
        }
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            (TlsProblem::NotTls, "what it says is no TLS; perhaps it is plain http".into())
        }
        Error::NoCertificatesPresented => {
            (TlsProblem::BadCertificate, "the peer has shown none, and one is required".into())
        }
        other => (TlsProblem::Other, other.to_string()),
    };
    new(problem, said)
}

/// A fault of this kind, in these words.
pub(super) fn new(problem: TlsProblem, said: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Tls(problem), said.into())
}

/// That a wire ended during the handshake.
pub(super) fn closed() -> Fault {
    FaultKind::Tls(TlsProblem::Closed).into()
}

/// That a wire broke during the handshake: mostly the peer has closed it, rudely.
pub(super) fn broken(error: io::Error) -> Fault {
    use io::ErrorKind as K;
    match error.kind() {
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => {
            Fault::new(FaultKind::Tls(TlsProblem::Closed), error)
        }
        _ => error.into(),
    }
}

/// That a wire ended, and its peer had not said that it would.
pub(super) fn cut() -> io::Error {
    let said = "the connection was cut: the peer has not said that it was done (close_notify)";
    io::Error::new(io::ErrorKind::UnexpectedEof, said)
}

fn of_certificate(error: &CertificateError) -> (TlsProblem, String) {
    use CertificateError as E;
    let problem = match error {
        E::Expired | E::ExpiredContext { .. } => TlsProblem::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => TlsProblem::NotYetValid,
        E::Revoked => TlsProblem::Revoked,
        E::UnknownIssuer => TlsProblem::UnknownIssuer,
        E::Other(other) if other.0.is::<Untrusted>() => TlsProblem::UnknownIssuer,
        E::NotValidForName | E::NotValidForNameContext { .. } => TlsProblem::WrongName,
        _ => TlsProblem::BadCertificate,
    };
    let said = match error {
        E::ExpiredContext { not_after, .. } => format!("it was valid until {}", date(*not_after)),
        E::NotValidYetContext { not_before, .. } => {
            format!("it is valid from {}; is the clock here right?", date(*not_before))
        }
        E::NotValidForNameContext { expected, presented } => wrong_name(expected, presented),
        E::UnknownIssuer => Untrusted("whoever issued it".into()).to_string(),
        E::Other(other) => other.0.to_string(),
        other => other.to_string(),
    };
    (problem, said)
}

/// That nobody who is trusted has signed, and who has: the subject of a sentence.
#[derive(Debug)]
pub(super) struct Untrusted(pub(super) String);

impl From<Untrusted> for Error {
    fn from(untrusted: Untrusted) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not among those who are trusted; if it should be, add it to the roots",
            self.0
        )
    }
}

impl std::error::Error for Untrusted {}

/// `it is for a.example and b.example, and not for c.example`
fn wrong_name(expected: &ServerName<'_>, presented: &[String]) -> String {
    // They come as `DnsName("a.example")` and `IpAddress(127.0.0.1)`.
    let plain = |name: &String| {
        let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner);
        inner.trim_end_matches(')').trim_matches('"').to_owned()
    };
    let names: Vec<_> = presented.iter().map(plain).collect();
    let names = if names.is_empty() { "no name at all".to_owned() } else { names.join(", ") };
    format!("it is for {names}, and not for {}", expected.to_str())
}

fn date(time: UnixTime) -> String {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs());
    httpdate::fmt_http_date(time)
}

fn of_alert(alert: AlertDescription) -> (TlsProblem, String) {
    use AlertDescription as A;
    let problem = match alert {
        A::ProtocolVersion => TlsProblem::NoCommonVersion,
        A::NoApplicationProtocol => TlsProblem::NoCommonProtocol,
        other => TlsProblem::Refused(other.into()),
    };
    let said = match alert {
        A::CertificateRequired => "it wants to see a certificate of ours",
        A::UnknownCA => "it does not trust whoever issued our certificate",
        A::CertificateExpired => "our certificate is not valid now",
        A::CertificateRevoked => "our certificate was revoked",
        A::BadCertificate | A::CertificateUnknown | A::UnsupportedCertificate => {
            "it cannot use our certificate"
        }
        A::UnrecognisedName => "it answers to no such name",
        A::HandshakeFailure => "it wants something that we do not offer, or a certificate of ours",
        A::ProtocolVersion => "ours are TLS 1.2 and 1.3",
        A::NoApplicationProtocol => "ours is http/1.1 alone",
        other => return (problem, format!("its alert is {other:?}")),
    };
    (problem, said.into())
}

fn of_incompatible(why: &PeerIncompatible) -> (TlsProblem, String) {
    use PeerIncompatible as P;
    let problem = match why {
        P::ServerDoesNotSupportTls12Or13
        | P::ServerTlsVersionIsDisabledByOurConfig
        | P::SupportedVersionsExtensionRequired
        | P::Tls12NotOffered
        | P::Tls12NotOfferedOrEnabled => TlsProblem::NoCommonVersion,
        _ => TlsProblem::Other,
    };
    (problem, Error::from(why.clone()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_told_with_the_right_ones() {
        let presented = ["DnsName(\"a.example\")", "IpAddress(::1)"].map(String::from).to_vec();
        let expected = ServerName::try_from("c.example").unwrap();
        let error = CertificateError::NotValidForNameContext { expected, presented };
        let said = fault(&error.into()).to_string();
        assert_eq!(
            said,
            "the certificate is for another name: it is for a.example, ::1, and not for c.example"
        );
    }
}
