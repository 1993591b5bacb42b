//! Files that were coded beforehand: `app.js.br` beside `app.js`.

use crate::text::{Fields, accept};

/// A content coding (RFC 9110 §8.4.1), and what a file's name ends in that is coded so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    /// The dearest first, where a client likes several alike.
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// Those that a client would rather have than the file as it is, the dearest first.
    pub(super) fn wanted(fields: &Fields) -> Vec<Self> {
        // A file as it is that nobody named stands behind every coding.
        let identity = accept::coding(fields, "identity").unwrap_or_default();
        let weight = |coding: Self| {
            let weight = accept::coding(fields, coding.name());
            weight.or_else(|| accept::coding(fields, coding.other_name())).unwrap_or_default()
        };
        let mut wanted = Vec::from(Self::ALL.map(|coding| (weight(coding), coding)));
        wanted.retain(|(weight, _)| *weight > 0 && *weight >= identity);
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.into_iter().map(|(_, coding)| coding).collect()
    }

    /// Its token.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    const fn other_name(self) -> &'static str {
        match self {
            Self::Gzip => "x-gzip",
            other => other.name(),
        }
    }

    /// What the name of such a file ends in.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
        }
    }
}
