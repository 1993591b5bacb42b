//! Names and passwords: the `Basic` scheme (RFC 7617).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use counterpart::http::{HeaderValue, StatusCode, header};
use counterpart::{Next, Problem, Request, Response};
use subtle::{Choice, ConstantTimeEq};

/// Who may see the files.
pub(crate) struct Logins {
    /// `user:password`, as it is sent.
    known: Vec<String>,
    challenge: HeaderValue,
}

impl Logins {
    /// Those of `user:password`; none if there are none. An empty one may end them, as a line ends the last.
    ///
    /// # Errors
    /// What is wrong, without what should be secret.
    pub(crate) fn new(known: &[String], realm: &str) -> Result<Option<Self>, String> {
        let known = match known {
            [] => return Ok(None),
            [rest @ .., last] if last.is_empty() && !rest.is_empty() => rest,
            known => known,
        };
        if let Some(at) = known.iter().position(|login| !is_login(login)) {
            let which = at + 1;
            return Err(format!(
                "--auth: number {which} is not USER:PASSWORD with a name before the colon"
            ));
        }
        let challenge = realm.replace('\\', "\\\\").replace('"', "\\\"");
        let challenge = format!("Basic realm=\"{challenge}\", charset=\"UTF-8\"");
        let challenge = HeaderValue::from_maybe_shared(challenge)
            .map_err(|_| "--realm: it holds control characters".to_owned())?;
        Ok(Some(Self { known: known.to_vec(), challenge }))
    }

    /// Lets a request through whose sender is known.
    pub(crate) async fn admit(&self, request: Request, next: Next) -> Response {
        if self.knows(&request) {
            return next.run(request).await;
        }
        Problem::new(StatusCode::UNAUTHORIZED)
            .with_field(header::WWW_AUTHENTICATE, self.challenge.clone())
            .into_response()
    }

    /// Compared with all, and each to its end, so that the time tells nothing of how near a guess is.
    fn knows(&self, request: &Request) -> bool {
        let Some(given) = request.head.fields.get(header::AUTHORIZATION).and_then(login) else {
            return false;
        };
        let none = Choice::from(0);
        self.known.iter().fold(none, |found, known| found | known.as_bytes().ct_eq(&given)).into()
    }
}

/// What a field of this scheme holds.
fn login(field: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = field.split_at_checked("Basic ".len())?;
    scheme.eq_ignore_ascii_case(b"Basic ").then_some(())?;
    BASE64_STANDARD.decode(rest.trim_ascii()).ok()
}

/// A name without a colon, a colon, and a password; control characters are in neither.
fn is_login(login: &str) -> bool {
    login.find(':').is_some_and(|at| at > 0) && !login.contains(char::is_control)
}
