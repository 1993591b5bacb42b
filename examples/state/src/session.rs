//! Who is there: tokens, and the names behind them.

use std::collections::BTreeMap;

use counterpart::prelude::*;

/// The members, by their tokens.
#[derive(Debug, State)]
pub struct Members(BTreeMap<String, String>);

impl Members {
    /// Members of these tokens and names.
    #[must_use]
    pub fn of<const N: usize>(members: [(&str, &str); N]) -> Self {
        Self(members.map(|(token, name)| (token.to_owned(), name.to_owned())).into())
    }
}

/// Who may write?
#[get("/members")]
pub fn members(members: &Members) -> Vec<String> {
    members.0.values().cloned().collect()
}

// ANCHOR: session
/// Whoever sent the request.
#[derive(Debug)]
pub struct Session {
    pub name: String,
}

/// Why nobody knows who did.
#[derive(Debug, PartialEq, Eq, ApiError)]
pub enum AuthError {
    #[error(401, "a token of a member is asked for")]
    TokenMissing,
    #[error(401, "no member has this token")]
    TokenUnknown,
}

impl FromRequest for Session {
    const NEEDS: &'static [Need] = &[Need::of::<Members>()];

    type Rejection = WithHeaders<AuthError>;

    async fn from_request(request: &RequestContext<'_>) -> Result<Self, Self::Rejection> {
        member(request).map(|name| Self { name }).map_err(|error| {
            let scheme = HeaderValue::from_static("Bearer");
            WithHeaders::new(error).with(http::header::WWW_AUTHENTICATE, scheme)
        })
    }
}

fn member(request: &RequestContext<'_>) -> Result<String, AuthError> {
    let field = request.fields().get_str("authorization");
    let token = field.and_then(|field| field.strip_prefix("Bearer "));
    let token = token.ok_or(AuthError::TokenMissing)?;
    let members = request.state::<Members>().ok_or(AuthError::TokenUnknown)?;
    members.0.get(token).cloned().ok_or(AuthError::TokenUnknown)
}
// ANCHOR_END: session
