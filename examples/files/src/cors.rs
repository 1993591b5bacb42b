//! Pages of other origins: who may read the files besides the pages among them.

use std::time::Duration;

use counterpart::http::{HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The layer that lets pages of these origins, or of all (`*`), read the files.
///
/// # Errors
/// What is wrong with which origin.
pub(crate) fn layer(origins: &[String], credentials: bool) -> Result<CorsLayer, String> {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allow_headers(ASKED_WITH)
        .expose_headers(TOLD)
        .max_age(KEPT);
    if origins.iter().any(|origin| origin == "*") {
        return match (credentials, origins.len()) {
            (true, _) => Err(NOT_FOR_ALL.into()),
            (false, 1) => Ok(layer.allow_origin(AllowOrigin::any())),
            (false, _) => Err("--cors: `*` are all origins, so none stands beside it".into()),
        };
    }
    let origins: Result<Vec<_>, _> = origins.iter().map(|origin| checked(origin)).collect();
    Ok(layer.allow_origin(AllowOrigin::list(origins?)).allow_credentials(credentials))
}

/// An origin as browsers write it (RFC 6454 §6.2).
fn checked(origin: &str) -> Result<HeaderValue, String> {
    if origin == "null" {
        return Err("--cors: `null` is the origin of any page that hides its own".into());
    }
    let wrong = || {
        format!(
            "--cors: `{origin}` is no origin; one is written as https://example.com or http://localhost:3000"
        )
    };
    let uri: Uri = origin.parse().map_err(|_| wrong())?;
    let written = format!(
        "{}://{}",
        uri.scheme_str().unwrap_or_default(),
        uri.authority().map_or("", |host| host.as_str())
    );
    if !origin.eq_ignore_ascii_case(&written) || written.contains('@') || written.ends_with("//") {
        return Err(wrong());
    }
    HeaderValue::from_maybe_shared(origin.to_ascii_lowercase()).map_err(|_| wrong())
}

const NOT_FOR_ALL: &str = "--cors-credentials: name the origins with --cors=ORIGIN; for all of them every page on the web \
                           could read the files with its reader's password";
/// What a page may ask with.
const ASKED_WITH: [header::HeaderName; 7] = [
    header::AUTHORIZATION,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];
/// What it may see of an answer, besides what all may.
const TOLD: [header::HeaderName; 5] = [
    header::ACCEPT_RANGES,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::ETAG,
];
/// How long a browser need not ask again.
const KEPT: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(origins: &[&str], credentials: bool) -> Option<String> {
        let origins: Vec<String> = origins.iter().map(|&origin| origin.to_owned()).collect();
        layer(&origins, credentials).err()
    }

    /// T60: what would let everybody in cannot be asked for.
    #[test]
    fn origins_are_exact() {
        for fine in ["https://example.com", "http://localhost:3000", "HTTP://[::1]:80"] {
            assert_eq!(complaint(&[fine], true), None, "{fine}");
        }
        let wrong = [
            "null",
            "",
            "example.com",
            "https://",
            "https://a/",
            "https://a/b",
            "https://u@a",
            "http://a b",
        ];
        for wrong in wrong {
            assert!(complaint(&[wrong], false).is_some(), "{wrong}");
        }
        assert_eq!(complaint(&["*"], false), None);
        assert!(complaint(&["*"], true).is_some());
        assert!(complaint(&["*", "https://a"], false).is_some());
    }
}
