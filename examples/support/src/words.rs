//! Words on the command line, in their order: `program URL [CA-FILE]`.

use std::process::exit;

/// Reads the words of a program that needs some and can do without others.
///
/// Too few of them, or too many, end the program with a usage line; so does `--help`.
#[must_use]
pub fn read<const N: usize, const M: usize>(
    needed: [&str; N],
    optional: [&str; M],
) -> ([String; N], [Option<String>; M]) {
    let mut arguments = std::env::args();
    let program = arguments.next().unwrap_or_default();
    let words: Vec<_> = arguments.collect();
    let asked = words.iter().any(|word| matches!(word.as_str(), "--help" | "-h"));
    match parse(words) {
        Some(read) if !asked => read,
        _ => {
            let needed = needed.map(|name| format!(" {name}")).concat();
            let optional = optional.map(|name| format!(" [{name}]")).concat();
            eprintln!("usage: {program}{needed}{optional}");
            exit(if asked { 0 } else { 2 })
        }
    }
}

fn parse<const N: usize, const M: usize>(
    mut words: Vec<String>,
) -> Option<([String; N], [Option<String>; M])> {
    let mut more = words.split_off(N.min(words.len())).into_iter();
    let optional = std::array::from_fn(|_| more.next());
    let needed = words.try_into().ok()?;
    more.next().is_none().then_some((needed, optional))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Option<([String; 1], [Option<String>; 1])> {
        parse(words.iter().map(|&word| word.to_owned()).collect())
    }

    #[test]
    fn words_are_taken_in_their_order() {
        assert_eq!(parsed(&["a"]).unwrap(), (["a".to_owned()], [None]));
        assert_eq!(parsed(&["a", "b"]).unwrap(), (["a".to_owned()], [Some("b".to_owned())]));
        assert_eq!(parsed(&[]), None);
        assert_eq!(parsed(&["a", "b", "c"]), None);
    }
}
