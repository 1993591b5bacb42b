//! Credentials, as they stand in `Authorization`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

use crate::service::{Fault, FaultKind};

/// A name and a password (RFC 7617), as UTF-8.
pub(in crate::client) fn basic(user: &str, password: &str) -> Result<HeaderValue, Fault> {
    if user.contains(':') {
        return Err(invalid(
            "a name for basic authentication has no `:`; that is where its password begins",
        ));
    }
    if user.chars().chain(password.chars()).any(char::is_control) {
        return Err(invalid(
            "a name or a password for basic authentication has no control characters",
        ));
    }
    secret(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

/// A bearer token (RFC 6750).
pub(super) fn bearer(token: &str) -> Result<HeaderValue, Fault> {
    secret(&format!("Bearer {token}"))
}

/// Never with the value itself in the error.
fn secret(value: &str) -> Result<HeaderValue, Fault> {
    let value = HeaderValue::from_str(value);
    let mut value = value.map_err(|_| invalid("a token is visible ASCII"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn invalid(why: &'static str) -> Fault {
    Fault::new(FaultKind::InvalidRequest, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_password_are_one_word() {
        assert_eq!(basic("Aladdin", "open sesame").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        // The example of RFC 7617 §2.1.
        assert_eq!(basic("test", "123\u{a3}").unwrap(), "Basic dGVzdDoxMjPCow==");
        assert_eq!(basic("", "").unwrap(), "Basic Og==");
        assert!(basic("u", "p").unwrap().is_sensitive());
    }

    #[test]
    fn what_cannot_be_a_credential_is_refused_and_not_told() {
        for fault in [basic("a:b", "secret"), basic("a", "secret\n"), bearer("secret\r\nX: y")] {
            let fault = fault.unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidRequest);
            assert!(!fault.to_string().contains("secret"), "{fault}");
        }
    }
}
