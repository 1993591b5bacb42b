//! Codes: the name of a variant as a client compares it.

use syn::Ident;
use syn::ext::IdentExt;

/// `NotFound` is `not-found`.
pub(crate) fn kebab_case(name: &Ident) -> String {
    let text = name.unraw().to_string();
    let letters: Vec<char> = text.chars().collect();
    let mut kebab = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let after_small =
            before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || ends_capitals) {
            kebab.push('-');
        }
        match letter {
            '_' if kebab.ends_with('-') => {}
            '_' => kebab.push('-'),
            letter => kebab.extend(letter.to_lowercase()),
        }
    }
    kebab
}

/// Whether a written code is one: small letters, digits and single `-` between them.
pub(crate) fn is_kebab_case(code: &str) -> bool {
    !code.is_empty()
        && code.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn codes() {
        for (name, kebab) in [
            ("NotFound", "not-found"),
            ("HTTPError", "http-error"),
            ("V2Gone", "v2-gone"),
            ("A", "a"),
            ("Snake_Case", "snake-case"),
        ] {
            assert_eq!(kebab_case(&format_ident!("{name}")), kebab);
        }
        assert!(is_kebab_case("not-found-2"));
        for wrong in ["", "Not", "a.b", "a--b", "-a", "a_b"] {
            assert!(!is_kebab_case(wrong), "{wrong}");
        }
    }
}
