//! Text: content, read as its `charset` says.

use bytes::Bytes;

use crate::body::BoxError;

/// Content of this `Content-Type` as text.
pub(super) fn text(kind: Option<&str>, content: Bytes) -> Result<String, BoxError> {
    let charset = kind.and_then(charset).unwrap_or("utf-8");
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(String::from_utf8(content.into())?),
        "iso-8859-1" | "latin1" | "latin-1" => {
            Ok(content.iter().copied().map(char::from).collect())
        }
        _ => {
            let charset = charset.escape_debug();
            let why = format!("its text is in `{charset}`, which is not read here: take its bytes");
            Err(why.into())
        }
    }
}

/// The `charset` of a media type (RFC 9110 §8.3.2).
fn charset(kind: &str) -> Option<&str> {
    kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("charset");
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, content: &'static [u8]) -> Result<String, String> {
        text(Some(kind), Bytes::from_static(content)).map_err(|error| error.to_string())
    }

    #[test]
    fn text_is_read_as_its_charset_says() {
        assert_eq!(text(None, Bytes::from_static(b"\xc3\xa9")).unwrap(), "\u{e9}");
        assert_eq!(read("text/html", b"\xc3\xa9").unwrap(), "\u{e9}");
        assert_eq!(read("text/html; Charset=\"UTF-8\"", b"\xc3\xa9").unwrap(), "\u{e9}");
        assert_eq!(read("text/html;charset=ISO-8859-1", b"\xe9").unwrap(), "\u{e9}");
        assert!(read("text/html", b"\xe9").is_err());
        let error = read("text/html; charset=koi8-r", b"\xe9").unwrap_err();
        assert!(error.contains("`koi8-r`"), "{error}");
    }
}
