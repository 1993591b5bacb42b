//! Who is compared: the order of rows, and the colours, which are the same in all plots.

/// What a program is, which decides what it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// No more than sockets and canned bytes: the floor.
    Floor,
    /// What all of this is about.
    Ours,
    /// Everybody else.
    Other,
}

/// One program of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// On light and dark ground alike.
    pub(super) colour: &'static str,
}

const fn known(name: &'static str, kind: Kind, colour: &'static str) -> Known {
    Known { name, kind, colour }
}

/// The one whose row is the point.
pub(super) const OURS: &str = "counterpart";

/// In the order of the rows.
const KNOWN: [Known; 21] = [
    known("epoll", Kind::Floor, "#8a8f98"),
    known("sockets", Kind::Floor, "#8a8f98"),
    known("tokio", Kind::Floor, "#b0a48f"),
    known(OURS, Kind::Ours, "#e4572e"),
    known("counterpart-raw", Kind::Ours, "#f2a07f"),
    known("hyper", Kind::Other, "#4c8bd6"),
    known("hyper-util", Kind::Other, "#4c8bd6"),
    known("axum", Kind::Other, "#9a6fd0"),
    known("reqwest", Kind::Other, "#9a6fd0"),
    known("actix", Kind::Other, "#2f9e83"),
    known("awc", Kind::Other, "#2f9e83"),
    known("xitca", Kind::Other, "#c49a1a"),
    known("ureq", Kind::Other, "#c49a1a"),
    known("ntex", Kind::Other, "#5fa845"),
    known("may", Kind::Other, "#c060a1"),
    known("poem", Kind::Other, "#3aa5b8"),
    known("salvo", Kind::Other, "#a8763e"),
    known("rocket", Kind::Other, "#b5546b"),
    known("dropshot", Kind::Other, "#6c7bb8"),
    known("python", Kind::Other, "#7d9a56"),
    UNKNOWN,
];

const UNKNOWN: Known = known("", Kind::Other, "#777777");

/// What is known of a program; one that is not listed comes last, in grey.
pub(super) fn of(name: &str) -> Known {
    KNOWN.into_iter().find(|known| known.name == name).unwrap_or(UNKNOWN)
}

/// Where its row stands.
pub(super) fn rank(name: &str) -> usize {
    KNOWN.iter().position(|known| known.name == name).unwrap_or(KNOWN.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_the_floor_before_ours_before_others_before_the_unknown() {
        assert!(rank("epoll") < rank(OURS));
        assert!(rank(OURS) < rank("axum"));
        assert!(rank("axum") < rank("a new one"));
        assert_eq!(of("a new one").kind, Kind::Other);
    }
}
