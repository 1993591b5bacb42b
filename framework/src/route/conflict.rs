//! The compile-time check that no two routes of a list answer one method and path.
//!
//! Each route's shape (prefix, literals, the places of parameters, method) becomes a hash; the hashes are
//! sorted; neighbours that are equal are conflicts. All of it in `const`, in about `n log n` steps.

/// What the check needs to know of a route.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// The method token.
    pub method: &'static str,
    /// The prefixes of the lists it stands in, the outermost first.
    pub prefixes: Prefixes,
    /// The path template behind them.
    pub template: &'static str,
    /// The handler's name.
    pub name: &'static str,
    /// The file of the handler.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
}

/// The prefixes of a list in lists; of more than eight, the innermost are not told.
#[derive(Debug, Clone, Copy)]
pub struct Prefixes {
    all: [&'static str; 8],
    depth: usize,
}

impl Prefixes {
    /// No prefix.
    pub const NONE: Self = Self { all: [""; 8], depth: 0 };

    /// These and one more within.
    #[must_use]
    pub const fn with(mut self, prefix: &'static str) -> Self {
        if self.depth < self.all.len() {
            self.all[self.depth] = prefix;
            self.depth += 1;
        }
        self
    }
}

/// The hash of a path's shape: of `path` behind what `before` is the hash of.
#[must_use]
pub const fn shape(before: u64, path: &str) -> u64 {
    let bytes = path.as_bytes();
    // `/` under a prefix is the prefix itself, as `Template::new` has it.
    let root = bytes.len() == 1 && bytes[0] == b'/';
    if root && before != START {
        return before;
    }
    let (mut hash, mut at) = (before, 0);
    while at < bytes.len() {
        let mut byte = bytes[at];
        if byte == b'{' {
            byte = if bytes[at + 1] == b'*' { REST } else { PARAMETER };
            while bytes[at] != b'}' {
                at += 1;
            }
        }
        hash = step(hash, byte);
        at += 1;
    }
    hash
}

/// The hash of a method on a shape.
#[must_use]
pub const fn with_method(shape: u64, method: &str) -> u64 {
    let mut hash = step(shape, b' ');
    let (bytes, mut at) = (method.as_bytes(), 0);
    while at < bytes.len() {
        hash = step(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// The shape of no path.
pub const START: u64 = 0xcbf2_9ce4_8422_2325;
const PARAMETER: u8 = 1;
const REST: u8 = 2;

/// One step of FNV-1a.
const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// The sites of routes and their hashes, to be sorted.
#[derive(Debug)]
pub struct Sites<const N: usize> {
    hashes: [u64; N],
    /// Of each hash, which site it is of.
    places: [usize; N],
    sites: [Option<Site>; N],
    filled: usize,
}

impl<const N: usize> Sites<N> {
    /// Room for `N` routes.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "it is for const, where Default cannot be called"
    )]
    pub const fn new() -> Self {
        Self { hashes: [0; N], places: [0; N], sites: [None; N], filled: 0 }
    }

    /// Adds a route with the hash of its full shape and method.
    pub const fn add(&mut self, hash: u64, site: Site) {
        self.hashes[self.filled] = hash;
        self.places[self.filled] = self.filled;
        self.sites[self.filled] = Some(site);
        self.filled += 1;
    }

    /// Refuses two routes of one hash.
    ///
    /// # Panics
    /// With all conflicts, each route named with file and line: in `const`, a compile error.
    pub const fn refuse_conflicts(mut self) {
        self.sort();
        let (mut text, mut at, mut found) = (Text::new(), 1, false);
        while at < self.filled {
            if self.hashes[at] == self.hashes[at - 1] {
                found = true;
                let (one, other) = (self.places[at - 1], self.places[at]);
                if let (Some(one), Some(other)) = (self.sites[one], self.sites[other]) {
                    text.conflict(one, other);
                }
            }
            at += 1;
        }
        if found {
            panic!("{}", text.as_str());
        }
    }

    /// Heap sort: in place, and no worse than `n log n`.
    const fn sort(&mut self) {
        let mut root = self.filled / 2;
        while root > 0 {
            root -= 1;
            self.sift(root, self.filled);
        }
        let mut end = self.filled;
        while end > 1 {
            end -= 1;
            self.swap(0, end);
            self.sift(0, end);
        }
    }

    const fn sift(&mut self, mut root: usize, end: usize) {
        while 2 * root + 1 < end {
            let mut child = 2 * root + 1;
            if child + 1 < end && self.hashes[child] < self.hashes[child + 1] {
                child += 1;
            }
            if self.hashes[root] >= self.hashes[child] {
                return;
            }
            self.swap(root, child);
            root = child;
        }
    }

    const fn swap(&mut self, one: usize, other: usize) {
        let (hash, place) = (self.hashes[one], self.places[one]);
        self.hashes[one] = self.hashes[other];
        self.places[one] = self.places[other];
        self.hashes[other] = hash;
        self.places[other] = place;
    }
}

/// A message built in `const`; what does not fit is cut, at a line of its own.
struct Text {
    bytes: [u8; 4096],
    length: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 4096], length: 0 }
    }

    const fn conflict(&mut self, one: Site, other: Site) {
        if self.length + 1024 > self.bytes.len() {
            return;
        }
        self.push("\ntwo routes answer the same requests; change the path or the method of one\n");
        self.site(one);
        self.site(other);
    }

    const fn site(&mut self, site: Site) {
        self.push("  ");
        self.push(site.method);
        self.push(" ");
        let mut at = 0;
        while at < site.prefixes.depth {
            self.push(site.prefixes.all[at]);
            at += 1;
        }
        self.push(site.template);
        self.push("  `");
        self.push(site.name);
        self.push("` at ");
        self.push(site.file);
        self.push(":");
        self.number(site.line);
        self.push("\n");
    }

    const fn number(&mut self, number: u32) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.byte(b'0' + (number % 10) as u8);
    }

    const fn push(&mut self, text: &str) {
        let (bytes, mut at) = (text.as_bytes(), 0);
        while at < bytes.len() {
            self.byte(bytes[at]);
            at += 1;
        }
    }

    const fn byte(&mut self, byte: u8) {
        if self.length < self.bytes.len() {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "two routes answer the same requests",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(prefix: &str, template: &str) -> u64 {
        shape(shape(START, prefix), template)
    }

    #[test]
    fn shapes_are_equal_where_paths_are() {
        assert_eq!(hash("", "/u/{id}"), hash("/u", "/{name}"));
        assert_eq!(hash("/u", "/"), hash("", "/u"));
        assert_ne!(hash("", "/u/{id}"), hash("", "/u/{*id}"));
        assert_ne!(hash("", "/u/"), hash("", "/u"));
    }

    #[test]
    fn every_conflict_is_named() {
        let prefixes = Prefixes::NONE.with("/v1");
        let template = "/a";
        let site =
            |name, line| Site { method: "GET", prefixes, template, name, file: "a.rs", line };
        let mut sites = Sites::<5>::new();
        for (hash, name, line) in
            [(3, "a", 1), (1, "b", 20), (3, "c", 300), (2, "d", 4), (1, "e", 5)]
        {
            sites.add(hash, site(name, line));
        }
        let payload = std::panic::catch_unwind(|| sites.refuse_conflicts()).unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        for name in ["`a` at a.rs:1\n", "`c` at a.rs:300\n", "`b` at a.rs:20\n", "`e` at a.rs:5\n"]
        {
            assert!(text.contains(name), "{text}");
        }
        assert!(!text.contains("`d`"));
        assert!(text.contains("  GET /v1/a  `a`"));
    }
}
