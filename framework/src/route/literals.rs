//! The literals behind one slash of a path, and to which node each leads.
//!
//! A hash table, so that a word among ten thousand is found as soon as one among ten. Its words are the app's own, never a
//! peer's, so nobody can choose them to collide; what a peer asks for costs its length once, and nothing if it is longer
//! than every word.

/// Words, each with its node.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// A power of two, of which at most half are taken. A word stands at the place of its hash, or behind it.
    slots: Vec<Option<Literal>>,
    taken: usize,
    longest: usize,
}

#[derive(Debug)]
struct Literal {
    word: Box<[u8]>,
    hash: usize,
    node: usize,
}

impl Literals {
    /// The node of a word, which is `next` if the word is new.
    pub(super) fn get_or_insert(&mut self, word: &[u8], next: usize) -> usize {
        if let Some(node) = self.find(word) {
            return node;
        }
        if self.slots.len() <= 2 * self.taken {
            self.grow();
        }
        self.taken += 1;
        self.longest = self.longest.max(word.len());
        self.place(Literal { word: word.into(), hash: hash(word), node: next });
        next
    }

    /// The node of a word.
    #[inline(always)]
    pub(super) fn find(&self, word: &[u8]) -> Option<usize> {
        if self.taken == 0 || word.len() > self.longest {
            return None;
        }
        let hash = hash(word);
        let mut at = hash & (self.slots.len() - 1);
        while let Some(literal) = &self.slots[at] {
            if literal.hash == hash && *literal.word == *word {
                return Some(literal.node);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }

    fn grow(&mut self) {
        let room = (2 * self.slots.len()).max(2);
        let old = std::mem::take(&mut self.slots);
        self.slots.resize_with(room, || None);
        old.into_iter().flatten().for_each(|literal| self.place(literal));
    }

    fn place(&mut self, literal: Literal) {
        let mut at = literal.hash & (self.slots.len() - 1);
        while self.slots[at].is_some() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Some(literal);
    }
}

/// Eight bytes at a time, each mixed in by a multiplication, whose high bits are its best.
fn hash(word: &[u8]) -> usize {
    let (chunks, tail) = word.as_chunks();
    let words = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).chain([number(tail)]);
    words.fold(word.len() as u64, |hash, word| {
        let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    }) as usize
}

/// Up to seven bytes as a number: of four and more the first four and the last four, which may overlap.
fn number(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_node() {
        let mut literals = Literals::default();
        let words: Vec<String> =
            (0..1000).map(|at| format!("{}{at}", "x".repeat(at % 20))).collect();
        for (at, word) in words.iter().enumerate() {
            assert_eq!(literals.find(word.as_bytes()), None);
            assert_eq!(literals.get_or_insert(word.as_bytes(), at), at);
            assert_eq!(literals.get_or_insert(word.as_bytes(), 5000), at);
        }
        for (at, word) in words.iter().enumerate() {
            assert_eq!(literals.find(word.as_bytes()), Some(at));
        }
        assert_eq!(literals.find(b""), None);
        assert_eq!(literals.find("x".repeat(1000).as_bytes()), None);
    }

    /// A word that is not there ends the search soon too: no row of words grows long.
    #[test]
    fn words_that_are_alike_spread() {
        for prefix in ["", "svc", "service", "resources"] {
            let mut literals = Literals::default();
            for at in 0..10_000 {
                literals.get_or_insert(format!("{prefix}{at}").as_bytes(), at);
            }
            let rows = literals.slots.split(Option::is_none).map(<[_]>::len);
            assert!(rows.max() < Some(64), "{prefix}");
        }
    }
}
