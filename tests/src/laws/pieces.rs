//! Any bytes as the choices of a test: numbers, words, places to cut.

use counterpart::proto::h1::Limits;

/// Reads choices off the front of bytes; when they are used up, every choice is the first.
pub(super) struct Pieces<'d>(pub(super) &'d [u8]);

impl<'d> Pieces<'d> {
    pub(super) fn byte(&mut self) -> u8 {
        let Some((&byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        byte
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// At most so many bytes.
    pub(super) fn bytes(&mut self, most: usize) -> &'d [u8] {
        let count = self.below(most + 1).min(self.0.len());
        let (bytes, rest) = self.0.split_at(count);
        self.0 = rest;
        bytes
    }

    /// At most so many bytes, as text.
    pub(super) fn text(&mut self, most: usize) -> String {
        String::from_utf8_lossy(self.bytes(most)).into_owned()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Limits so low that small messages meet them.
#[must_use]
pub fn low(mut limits: Limits) -> Limits {
    (limits.head, limits.fields, limits.target) = (120, 4, 20);
    (limits.body, limits.chunk_line, limits.chunk_extensions) = (20, 12, 10);
    (limits.trailer_fields, limits.trailer_bytes, limits.interim) = (2, 30, 2);
    limits
}

/// Plays bytes whole, one by one, and cut at a few places: what comes out is the same.
pub(super) fn assert_cuts_never_matter(
    bytes: &[u8],
    play: impl Fn(&mut dyn FnMut(usize) -> Vec<usize>) -> String,
) {
    let whole = play(&mut |_| Vec::new());
    assert_eq!(
        play(&mut |len| (1..len).collect()),
        whole,
        "byte by byte: {}",
        bytes.escape_ascii()
    );
    // As good as any, and others for other bytes.
    let mut seed = bytes
        .iter()
        .fold(bytes.len(), |sum, &byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let cut = play(&mut |len| {
        let mut cuts = [0; 3].map(|_| {
            seed = seed.wrapping_mul(0x5851_f42d).wrapping_add(1);
            (seed >> 8) % len.max(1)
        });
        cuts.sort_unstable();
        cuts.to_vec()
    });
    assert_eq!(cut, whole, "cut somewhere: {}", bytes.escape_ascii());
}
