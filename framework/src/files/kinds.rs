//! Which type a file has, by the end of its name.

use std::path::Path;

use http::HeaderValue;

/// The types that a service was told of, before those that everybody knows.
#[derive(Debug, Clone)]
pub(super) struct Kinds {
    /// An end of a name, in small letters and with its dot, and the type.
    told: Vec<(String, HeaderValue)>,
    pub(super) unknown: HeaderValue,
}

impl Default for Kinds {
    fn default() -> Self {
        Self { told: Vec::new(), unknown: HeaderValue::from_static("application/octet-stream") }
    }
}

impl Kinds {
    pub(super) fn tell(&mut self, extension: &str, kind: HeaderValue) {
        let extension = extension.trim_start_matches('.').to_ascii_lowercase();
        self.told.insert(0, (format!(".{extension}"), kind));
    }

    /// The type of a file of this name.
    pub(super) fn of(&self, path: &Path) -> HeaderValue {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if let Some((_, kind)) = self.told.iter().find(|(end, _)| name.ends_with(end.as_str())) {
            return kind.clone();
        }
        let end = name.rsplit_once('.').map(|(_, end)| end);
        let today = TODAY.iter().find(|(of, _)| end == Some(*of)).map(|(_, kind)| *kind);
        let known = today.or_else(|| mime_guess::from_path(&*name).first_raw());
        known.map_or_else(|| self.unknown.clone(), with_charset)
    }
}

/// Text is UTF-8 unless told otherwise; without a word a browser would guess.
fn with_charset(kind: &'static str) -> HeaderValue {
    match kind {
        // RFC 9239: what it is called today.
        "application/javascript" | "application/x-javascript" | "text/javascript" => {
            HeaderValue::from_static("text/javascript; charset=utf-8")
        }
        // Packed as any other, whatever the names of the archives in it.
        "application/x-compressed" => HeaderValue::from_static("application/gzip"),
        text if text.starts_with("text/") => {
            let text = HeaderValue::from_maybe_shared(format!("{text}; charset=utf-8"));
            text.unwrap_or_else(|_| HeaderValue::from_static(kind))
        }
        other => HeaderValue::from_static(other),
    }
}

/// What `mime_guess` calls by a name that is no longer in use: RFC 8081, and the type of a stream, not of a player.
const TODAY: [(&str, &str); 6] = [
    ("m2ts", "video/mp2t"),
    ("m4a", "audio/mp4"),
    ("mts", "video/mp2t"),
    ("otf", "font/otf"),
    ("ts", "video/mp2t"),
    ("woff", "font/woff"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// S47: types by the last extension, a charset on text, and no coding for what is packed.
    #[test]
    fn a_type_is_told_by_the_name() {
        let mut kinds = Kinds::default();
        kinds.tell(".tar.gz", HeaderValue::from_static("application/x-gtar"));
        kinds.tell("Foo", HeaderValue::from_static("x/y"));
        let cases = [
            ("a.txt", "text/plain; charset=utf-8"),
            ("a.TXT", "text/plain; charset=utf-8"),
            ("a/b.html", "text/html; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.json", "application/json"),
            ("a.svg", "image/svg+xml"),
            ("a.wasm", "application/wasm"),
            ("a.webp", "image/webp"),
            ("a.woff", "font/woff"),
            ("a.OTF", "font/otf"),
            ("a.ts", "video/mp2t"),
            ("a.gz", "application/gzip"),
            ("a.tar", "application/x-tar"),
            ("a.bz2", "application/x-bzip2"),
            ("a.xz", "application/x-xz"),
            ("a.tar.gz", "application/x-gtar"),
            ("a.foo", "x/y"),
            ("a", "application/octet-stream"),
            ("a.nobody-knows", "application/octet-stream"),
            (".txt", "application/octet-stream"),
        ];
        for (name, kind) in cases {
            assert_eq!(kinds.of(Path::new(name)), kind, "{name}");
        }
    }
}
