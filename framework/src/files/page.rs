//! Pages: what listings and refusals have in common, drawn for light and for dark, without a script.

use std::fmt::{self, Display, Write};

use http::{HeaderValue, StatusCode, header};

use crate::text::Fields;
use crate::text::reason::phrase;

/// A page of this title and content, which is HTML already.
pub(super) fn page(title: &str, content: &str) -> String {
    let title = Escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{content}</body>\n</html>\n"
    )
}

/// The page of an answer that is none.
pub(super) fn refusal(status: StatusCode, detail: &str) -> String {
    let title = format!("{} {}", status.as_u16(), phrase(status));
    let mut content = String::new();
    // A string takes all that is written to it.
    let _ = write!(content, "<main>\n<h1>{title}</h1>\n<p>{}</p>\n</main>\n", Escaped(detail));
    page(&title, &content)
}

/// Says of an answer that it is such a page, and that a browser should do nothing that it does not need.
pub(super) fn describe(fields: &mut Fields) {
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    fields.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
}

/// Text as it may stand in HTML, in an attribute too. HTML has no control characters, and a terminal would obey them.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            control if control.is_control() => f.write_char(char::REPLACEMENT_CHARACTER),
            other => f.write_char(other),
        })
    }
}

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "
:root { --ink: #1c2024; --soft: #646b73; --line: #e4e7eb; --hover: #f3f6fa; --link: #0b5cc0; --paper: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #98a1ab; --line: #2c3238; --hover: #22272d; --link: #7ab3ff; --paper: #16191d }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
h1 { margin: 0 0 1.25rem; font-size: 1.35rem; font-weight: 600; overflow-wrap: anywhere }
h1 > :first-child { margin-right: .3em }
h1 .sep { color: var(--soft); font-weight: 400; margin: 0 .25em }
a { color: var(--link); text-decoration: none }
a:hover, a:focus-visible { text-decoration: underline }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th { font-size: .85rem; font-weight: 500; text-align: left; border-bottom: 1px solid var(--line) }
th a { color: var(--soft) }
th, td { padding: .4rem .6rem }
td { border-bottom: 1px solid var(--line) }
tbody tr:hover { background: var(--hover) }
td:first-child { overflow-wrap: anywhere }
.folder { font-weight: 600 }
.size, .date { width: 1%; white-space: nowrap; text-align: right; color: var(--soft) }
p { color: var(--soft) }
@media (max-width: 34rem) { .date { display: none } body { padding-top: 1rem } }
";
